"""A whole letter: greeting, text, closing, signature."""

from __future__ import annotations

from dataclasses import dataclass

from regrets.domain.letters import frames
from regrets.domain.letters.context import context
from regrets.domain.letters.library import BRIEF, Overrides, Source, base, find
from regrets.domain.letters.names import one_line
from regrets.domain.letters.render import render
from regrets.domain.letters.values import LetterValues
from regrets.domain.model import Strategy


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished text with LF line ends. `missing`: slots that it should have and that are unknown."""

    language: str
    body: str
    missing: tuple[str, ...] = ()


def write(
    strategy: Strategy | str,
    language: str,
    values: LetterValues,
    *,
    formal: bool,
    reason: bool,
    taking_back: bool = False,
    fallback: str = "en",
    overrides: Overrides | None = None,
) -> Letter:
    """The letter for a strategy (or "brief", to the colleague).

    `language` is a tag; its letters may come from `fallback` or English where it has none, which
    `Letter.language` tells. `reason` names the reason where one is known; `taking_back` is for a meeting that
    was accepted before. Raises LetterError.
    """
    source = find(str(strategy), language, fallback=fallback, overrides=overrides)
    tag = language if base(language) == source.language else source.language
    slots = context(values, tag, formal=formal, reason=reason, taking_back=taking_back)
    text = render(source, slots)
    greeting, closing = _frame(source, values, formal=formal)
    missing = tuple(name for name in source.needs if not slots.get(name))
    ending = "\n".join(line for line in (closing, *_signature(values)) if line)
    text = frames.continue_after(greeting, text, source.language)
    text = "\n\n".join((text, *_additions(source, values, text, str(slots["when"]))))
    body = f"{greeting}\n\n{text}\n\n{ending}\n"
    return Letter(source.language, body, missing)


def _frame(source: Source, values: LetterValues, *, formal: bool) -> tuple[str, str]:
    if _to_colleague(source):
        first = values.colleague_first
        return frames.lines(source, formal=False, first=first, full=values.colleague, salutation="")
    tongue = base(values.salutation_language)
    salutation = one_line(values.salutation) if tongue in ("", source.language) else ""
    first, full = values.addressee_first, values.addressee_name
    return frames.lines(source, formal=formal, first=first, full=full, salutation=salutation)


def _additions(source: Source, values: LetterValues, text: str, when: str) -> list[str]:
    """What a letter has to say besides: which meeting of a series it means, and to whom it should be passed on."""
    final = source.letter in (Strategy.RESPECT, Strategy.PART_WAYS)
    lines = [frames.only_this(source, when)] if values.occurrence and not final and when not in text else []
    if values.forwarded:
        lines.append(frames.pass_on(source, values.organizer_name))
    return [line for line in lines if line and not _to_colleague(source)]


def _to_colleague(source: Source) -> bool:
    return source.letter == BRIEF or source.text("to") == "colleague"


def _signature(values: LetterValues) -> list[str]:
    return [line for line in (one_line(line) for line in values.signature.splitlines()) if line]
