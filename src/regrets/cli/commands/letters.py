"""`regrets letters`: the letters, built in and your own."""

from __future__ import annotations

from functools import partial

import click

from regrets.cli import editing, output
from regrets.cli.context import Program, global_options
from regrets.cli.groups import ListingGroup
from regrets.domain.errors import LetterError
from regrets.domain.model import Strategy
from regrets.domain.text import own, safe_block, safe_line

_LETTERS = [*(str(strategy) for strategy in Strategy if strategy is not Strategy.NONE), "brief"]


@click.group(cls=ListingGroup)
def letters() -> None:
    """The letters: list them, read one, write your own, check all.

    \b
    regrets letters show shorten
    regrets letters edit decline --language en
    regrets letters check
    """


@letters.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@global_options
def list_letters(program: Program, as_json: bool) -> None:
    """Every letter in every language; `own` where yours is used."""
    from regrets.domain.letters.library import available_languages, find

    for language in available_languages():
        for letter in _LETTERS:
            source = find(letter, language, overrides=program.own_letter)
            if source.language != language:
                continue
            kind = "own" if source.own else "built in"
            if as_json:
                output.as_json({"language": language, "letter": letter, "own": source.own})
            else:
                output.columns([(safe_line(language), 3), (safe_line(letter), 15), (safe_line(kind), 0)])


@letters.command()
@click.argument("letter", type=click.Choice(_LETTERS))
@click.option("--language", default="", metavar="CODE", help="Default: your own.")
@click.option("--formal/--informal", default=None, help="Default: as the language's business mail has it.")
@click.option("--reason", is_flag=True, help="With the reason named.")
@global_options
def show(program: Program, letter: str, language: str, formal: bool | None, reason: bool) -> None:
    """One letter, filled with an example."""
    from regrets.domain.letters.frames import formal_by_default
    from regrets.domain.letters.samples import SAMPLES
    from regrets.domain.letters.writing import write

    wanted = language or program.settings().me.language
    example = next(iter(SAMPLES.values()))
    formal = formal_by_default(wanted) if formal is None else formal
    written = write(letter, wanted, example, formal=formal, reason=reason, overrides=program.own_letter)
    if written.language != wanted:
        output.say(safe_line(f"There is no such letter in {wanted}; this is the one that would be used."))
    output.block(safe_block(written.body.rstrip("\n")))


@letters.command()
@click.argument("letter", type=click.Choice(_LETTERS))
@click.option("--language", default="", metavar="CODE", help="Default: your own.")
@global_options
def edit(program: Program, letter: str, language: str) -> int:
    """Your own version of a letter, in $EDITOR; it starts as a copy of the built-in one."""
    from regrets.domain.letters.check import check
    from regrets.domain.letters.library import find

    wanted = language or program.settings().me.language
    path = program.own_letter_file(wanted, letter)
    before = find(letter, wanted, overrides=program.own_letter).raw
    if not editing.edit(before, partial(program.save_own_letter, wanted, letter)):
        output.say(own("Nothing was changed."))
        return 0
    output.line(safe_line(f"Saved as {path}"))
    try:
        faults = [fault for fault in check(find(letter, wanted, overrides=program.own_letter)) if not fault.note]
    except LetterError as error:
        output.say(safe_line(f"regrets: {error}"))
        return 1
    for fault in faults:
        output.say(safe_line(f"regrets: {fault}"))
    return 1 if faults else 0


@letters.command("check")
@click.option("--language", default="", metavar="CODE", help="Only this one.")
@click.option("--notes", is_flag=True, help="Also what is worth knowing though nothing is wrong.")
@global_options
def check_letters(program: Program, language: str, notes: bool) -> int:
    """Renders every letter in every variant and reports what a reader would stumble over."""
    from regrets.domain.letters.check import check_all

    faults = check_all(program.own_letter, (language,) if language else ())
    for fault in faults:
        if notes or not fault.note:
            output.line(safe_line(fault))
    wrong = sum(not fault.note for fault in faults)
    output.say(safe_line(f"{wrong} to mend.") if wrong else own("All letters are fine."))
    return 1 if wrong else 0
