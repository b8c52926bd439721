"""The lint of letters: each is tried with every sample, and what a reader would stumble over is reported.

Words are counted on the text alone, lists included: without greeting, closing and signature (strategies.md,
section 4). Refusal letters mark their parts with {# thanks #}, {# no #}, {# reason #} and {# close #}.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from regrets.domain.errors import LetterError
from regrets.domain.letters.context import SLOTS, TRUTHS, context
from regrets.domain.letters.frames import Frame, frame
from regrets.domain.letters.library import BRIEF, Overrides, Source, available_languages, find
from regrets.domain.letters.render import render
from regrets.domain.letters.samples import SAMPLES
from regrets.domain.letters.writing import write
from regrets.domain.model import Strategy

LETTERS = tuple(strategy for strategy in Strategy if strategy is not Strategy.NONE)
REFUSALS = frozenset(
    {
        Strategy.DECLINE,
        Strategy.NO_GUARANTEE,
        Strategy.NOT_A_FIT,
        Strategy.ALREADY_HELPED,
        Strategy.FIRST_PERSON,
        Strategy.UNPAID,
        Strategy.PART_WAYS,
    }
)
_SHORT = frozenset({Strategy.ACCEPT, Strategy.RESPECT})
_LONG_WORDS = frozenset({"fi", "lv", "sl", "tr"})
_PARTS = ("thanks", "no", "reason", "close")
_MARK = re.compile(r"\{#\s*(thanks|no|reason|close)\s*#\}")
_GLUED = re.compile(r"\{\{\s*(\w+)\s*\}\}(?=[\w'’])")
_BEFORE = re.compile(r"\b(\w+)\s+[\"“”„«»']?\{\{\s*(\w+)\s*\}\}")
_LEFT_OVER = re.compile(
    r"\{\{|\}\}|\{%|%\}|\bNone\b|\(\s*\)|\"\"|“”|„”|«»|»«|[ \t]{2}|\s[.,;:!?](?:\s|$)|[,;:]\.|\.\.(?!\.)"
)
_SENTINELS = {part: chr(0xE000 + index) for index, part in enumerate(_PARTS)}


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding. `note`: worth knowing, but nothing is wrong."""

    file: str
    line: int  # 0: the whole file
    message: str
    note: bool = False

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.message}"


def word_range(letter: str, language: str) -> tuple[int, int]:
    """The fewest and the most words of a letter's text (strategies.md, section 4)."""
    if letter in _SHORT:
        return 15, 60
    return (25 if language in _LONG_WORDS else 30), 120


def check_all(overrides: Overrides | None = None, languages: tuple[str, ...] = ()) -> list[Fault]:
    """Every letter of every language, the user's own ones in place of those that they overrule."""
    faults: list[Fault] = []
    for language, letter in product(languages or available_languages(), (*LETTERS, BRIEF)):
        try:
            source = find(letter, language, overrides=overrides)
        except LetterError as error:
            faults.append(Fault(f"letters/{language}/{letter}.md", 0, str(error)))
            continue
        if source.language == language:
            faults += check(source)
        elif letter != BRIEF:
            faults.append(Fault(f"letters/{language}/{letter}.md", 0, "this letter is not there."))
    return faults


def check(source: Source) -> list[Fault]:
    """One letter: its form, then the letter itself with every sample."""
    faults = list(_form(source))
    seen = {fault.message for fault in faults}
    for fault in _tried(source):
        if fault.message not in seen:
            seen.add(fault.message)
            faults.append(fault)
    return faults


def _form(source: Source) -> Iterator[Fault]:
    around = frame(source.language)
    if not source.own and "reviewed_by" not in source.head:
        yield Fault(source.name, 1, "the head has no reviewed_by.")
    elif not source.own and not source.text("reviewed_by"):
        yield Fault(source.name, 1, "no native reader has signed it yet.", note=True)
    for name in source.needs:
        if name not in SLOTS:
            yield Fault(source.name, 1, f"needs names {name!r}, which is no slot.")
    for number, line in enumerate(source.body.split("\n"), 1):
        yield from _line(source, around, number, line)
    if source.letter in REFUSALS or source.letter == Strategy.RESPECT:
        yield from _parts(source)


def _line(source: Source, around: Frame | None, number: int, line: str) -> Iterator[Fault]:
    for slot in _GLUED.findall(line):
        yield Fault(source.name, number, f"{slot} is glued to letters: a slot keeps the form it comes in.")
    for name in re.findall(r"\{\{\s*(\w+)\s*\}\}", line):
        if name in TRUTHS:
            yield Fault(source.name, number, f"{name} is a truth: it belongs into an if.")
    for word, slot in _BEFORE.findall(line):
        fits = around is not None and slot == "date" and word.casefold() in around.before_date
        if around and word.casefold() in around.prepositions and not fits:
            yield Fault(source.name, number, f"{slot} stands after {word!r}, which wants another case.")


def _parts(source: Source) -> Iterator[Fault]:
    if source.own:
        return
    found = [mark for mark in _MARK.findall(source.body) if mark != "reason"]
    wanted = ["no"] if source.letter == Strategy.RESPECT else ["thanks", "no", "close"]
    marks = _MARK.findall(source.body)
    if found != wanted:
        yield Fault(source.name, 0, f"its parts are {found}, not {wanted}.")
    elif "reason" in marks and marks != list(_PARTS):
        yield Fault(source.name, 0, "the reason stands between the no and the close.")


def _tried(source: Source) -> Iterator[Fault]:
    truths = (True, False)
    for (label, values), formal, reason, taking_back in product(SAMPLES.items(), truths, truths, truths):
        how = f"{label}{', with reason' if reason else ''}{', taking back' if taking_back else ''}"
        try:
            letter = write(
                source.letter,
                source.language,
                values,
                formal=formal,
                reason=reason,
                taking_back=taking_back,
                overrides=lambda _language, _letter: source.raw,
            )
            slots = context(values, source.language, formal=formal, reason=reason, taking_back=taking_back)
            text = render(source, slots)
            marked = render(_with_sentinels(source), slots)
        except LetterError as error:
            yield Fault(source.name, 0, str(error).removeprefix(f"{source.name}: "))
            return
        yield from _read(source, letter.body, text, how)
        if source.letter in REFUSALS and not source.own:
            yield from _no_in_first_half(source, marked, how)


def _read(source: Source, body: str, text: str, how: str) -> Iterator[Fault]:
    count = len(text.split())
    least, most = word_range(source.letter, source.language)
    if not least <= count <= most and source.letter != BRIEF:
        yield Fault(source.name, 0, f"{count} words ({how}), not {least} to {most}.")
    left = _LEFT_OVER.search(text)
    if left:
        near = text[max(0, left.start() - 20) : left.end() + 20].replace("\n", "¶")
        yield Fault(source.name, 0, f"something is left unfilled or badly spaced ({how}): …{near}…")
    around = frame(source.language)
    if around is None:
        return
    greeting, first = body.split("\n", 1)[0], body.split("\n\n", 2)[1][:1]
    lower = around.lower_after_comma and greeting.endswith(",")
    if first.isalpha() and first.islower() != lower:
        yield Fault(source.name, 0, f"the text starts with {first!r} after {greeting!r}.")
    closing = body.rstrip("\n").rsplit("\n\n", 1)[1].split("\n", 1)[0]
    if closing.endswith(",") != around.closing_comma:
        yield Fault(source.name, 0, f"the closing {closing!r} has its comma wrong.")


def _no_in_first_half(source: Source, marked: str, how: str) -> Iterator[Fault]:
    before = len(marked.split(_SENTINELS["no"])[0].split())
    if before > len(marked.split()) / 2:
        yield Fault(source.name, 0, f"the no comes after the first half ({how}).")


def _with_sentinels(source: Source) -> Source:
    body = _MARK.sub(lambda match: _SENTINELS[match[1]], source.body)
    return Source(source.language, source.letter, source.name, body, source.own, source.head)
