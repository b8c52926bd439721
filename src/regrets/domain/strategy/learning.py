"""The user's own choice teaches (strategies.md, the end of section 3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from regrets.domain.model import Strategy
from regrets.domain.stored import LEARNED as LEARNED
from regrets.domain.stored import Chosen

TIMES = 3
WORDS = {
    Strategy.ACCEPT: "Yes",
    Strategy.TIMEBOX: "Yes, with an agenda",
    Strategy.INVOLVE: "Yes, and draw them in",
    Strategy.CALL: "Call",
    Strategy.SHORTEN: "Shorter",
    Strategy.EMAIL: "E-mail",
    Strategy.BOW_OUT: "Leave it to a colleague",
    Strategy.RESCHEDULE: "Another time",
    Strategy.OFFICE_HOURS: "In working hours",
    Strategy.CHECKPOINT: "Wait for the report",
    Strategy.LIGHTEN: "Let me carry that",
    Strategy.DECLINE: "No",
    Strategy.NO_GUARANTEE: "No guarantee",
    Strategy.NOT_A_FIT: "Not what I do",
    Strategy.ALREADY_HELPED: "Answered before",
    Strategy.FIRST_PERSON: "They should come themselves",
    Strategy.UNPAID: "No unpaid work",
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was chosen in a row for one organiser and rule instead of what was suggested."""

    organizer: str
    rule: str
    suggested: Strategy
    strategy: Strategy
    times: int
    leads: bool  # often enough: it is suggested first from now on
    last: dt.datetime


def learned(choices: Iterable[Chosen], organizer: str, rule: str, suggested: Strategy) -> Strategy | None:
    """The strategy that the user picked three times in a row for this organiser and rule instead of the suggested
    one; None where there is none.

    `choices` are newest first. Once it leads, choosing it goes on with the row and choosing another ends it. It
    never overrules rules 0 to 3, and is never one that ends a relation.
    """
    if int(rule.rstrip("abcdefghijklmnopqrstuvwxyz")) <= 3:
        return None
    row = [each.strategy for each in _of(choices, organizer, rule)][:TIMES]
    if len(row) < TIMES or len(set(row)) > 1:
        return None
    choice = row[0]
    return None if choice in (suggested, Strategy.NONE) or choice.final else choice


def learned_reason(strategy: Strategy) -> str:
    """Why a learned strategy leads."""
    return f"You chose “{WORDS.get(strategy, strategy.value)}” the last {TIMES} times."


def lessons(choices: Sequence[Chosen]) -> list[Lesson]:
    """All that was learned or is about to be, newest first; `choices` are newest first."""
    found = []
    for organizer, rule in dict.fromkeys((each.organizer, each.rule) for each in choices if each.rule != LEARNED):
        row = _of(choices, organizer, rule)
        suggested = next(each.suggested for each in row if each.rule == rule)
        times = next((count for count, each in enumerate(row) if each.strategy is not row[0].strategy), len(row))
        if row[0].strategy is not suggested:
            leads = learned(choices, organizer, rule, suggested) is not None
            found.append(Lesson(organizer, rule, suggested, row[0].strategy, times, leads, row[0].at))
    return sorted(found, key=lambda lesson: lesson.last, reverse=True)


def _of(choices: Iterable[Chosen], organizer: str, rule: str) -> list[Chosen]:
    return [each for each in choices if each.organizer == organizer and each.rule in (rule, LEARNED)]
