"""The user's own choice teaches (strategies.md, the end of section 3)."""

from __future__ import annotations

from collections.abc import Iterable

from regrets.domain.model import AnswerRecord, Strategy

LEARNED = "learned"
_TIMES = 3
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


def learned(answers: Iterable[AnswerRecord], organizer: str, rule: str, suggested: Strategy) -> Strategy | None:
    """The strategy that the user picked three times in a row for this organiser and rule instead of the suggested
    one; None where there is none.

    `answers` are newest first. Once it leads, choosing it goes on with the row and choosing another ends it. It
    never overrules rules 0 to 3, and is never one that ends a relation.
    """
    if int(rule.rstrip("abcdefghijklmnopqrstuvwxyz")) <= 3:
        return None
    row = [answer.strategy for answer in answers if answer.organizer == organizer and answer.rule in (rule, LEARNED)][
        :_TIMES
    ]
    if len(row) < _TIMES or len(set(row)) > 1:
        return None
    choice = row[0]
    return None if choice in (suggested, Strategy.NONE) or choice.final else choice


def learned_reason(strategy: Strategy) -> str:
    """Why a learned strategy leads."""
    return f"You chose “{WORDS.get(strategy, strategy.value)}” the last {_TIMES} times."
