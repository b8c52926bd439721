"""`regrets learn`: what was learned from your choices, and how to unlearn it."""

from __future__ import annotations

from contextlib import closing

import click

from regrets.cli import output
from regrets.cli.commands.listing import name_read_only
from regrets.cli.context import Program, global_options
from regrets.cli.groups import ListingGroup
from regrets.domain.errors import NotFound
from regrets.domain.text import own, safe_line


@click.group(cls=ListingGroup)
def learn() -> None:
    """What was learned from your choices: list it, forget it.

    What you choose three times in a row for the same organiser, where the same rule suggested something else, leads
    from then on. It never overrules what should be refused, and stays on this machine.

    \b
    regrets learn list
    regrets learn forget marko@kovin.example
    regrets learn forget marko@kovin.example --rule 11
    """


@learn.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@global_options
def list_lessons(program: Program, as_json: bool) -> None:
    """By organiser and rule: what was suggested, what you chose, and how often in a row."""
    from regrets.domain.strategy.learning import TIMES, lessons

    with closing(program.desk()) as desk:
        name_read_only(desk)
        found = lessons(desk.choices())
    for lesson in found:
        if as_json:
            output.as_json(
                {
                    "organizer": lesson.organizer,
                    "rule": lesson.rule,
                    "suggested": str(lesson.suggested),
                    "chosen": str(lesson.strategy),
                    "times": lesson.times,
                    "leads": lesson.leads,
                    "last": lesson.last.isoformat(),
                }
            )
        else:
            state = "leads now" if lesson.leads else f"{min(lesson.times, TIMES)} of {TIMES}"
            cells = [(lesson.organizer, 32), (f"rule {lesson.rule}", 9), (state, 10)]
            cells.append((f"{lesson.strategy} instead of {lesson.suggested}", 0))
            output.columns((safe_line(text), width) for text, width in cells)
    if not found and not as_json and not desk.read_only:
        output.say(own("Nothing was learned yet: your choices follow the suggestions."))


@learn.command()
@click.argument("organizer", metavar="ORGANIZER")
@click.option("--rule", metavar="R", help="Only what was learned where this rule suggests something.")
@global_options
def forget(program: Program, organizer: str, rule: str | None) -> None:
    """Forgets what you chose for an organiser; your answers stay as they are."""
    with closing(program.desk()) as desk:
        count = desk.forget_choices(organizer, rule)
    if not count:
        where = f" and rule {rule}" if rule else ""
        raise NotFound(f"Nothing was learned for {organizer}{where}.", "See `regrets learn list`.")
    output.line(safe_line(f"{count} choice{'s' if count > 1 else ''} forgotten: the rules alone suggest again."))
