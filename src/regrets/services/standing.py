"""Where each item stands once the user's own answers and decisions are laid over what the mails say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from regrets.domain.stored import (
    AGREED,
    CLEARED,
    REMOVED,
    WAITING,
    AnswerRecord,
    Decision,
    Row,
    Stands,
    State,
)

if TYPE_CHECKING:
    from regrets.domain.ports import OwnStore


@dataclass(frozen=True, slots=True)
class Standing:
    """One look at the user's database, to be applied to many rows."""

    now: dt.datetime
    answers: dict[tuple[str, str | None], Stands]  # item, RECURRENCE-ID of what was answered
    queued: frozenset[str]
    decisions: dict[str, Decision]

    @classmethod
    def of(cls, own: OwnStore, now: dt.datetime) -> Standing:
        """Reads what it needs of answers, outbox and decisions: no letters, no messages."""
        answers: dict[tuple[str, str | None], Stands] = {}
        for answer in own.standings():
            answers.setdefault((answer.item_id, answer.recurrence_id), answer)
        return cls(now, answers, own.queued(), own.decisions())

    def apply(self, row: Row) -> Row:
        """The row with its true state. An update of the organiser's opens an answered item again, and so does the
        organiser's own word after somebody else's; an answer to one meeting of a series leaves the series open."""
        if row.id in self.queued:
            return replace(row, state=State.QUEUED)
        if row.state is State.OPEN:
            answer = self.answers.get((row.id, row.recurrence_id))
            if answer is not None and holds(answer, row):
                return replace(row, state=State.ANSWERED)
            if answer is not None and _agreed(row, answer):
                row = replace(row, note=AGREED)
        decision = self.decisions.get(row.id)
        if decision is None or decision.sequence < row.sequence or hearsay(decision, row):
            return row
        if decision.kind in ("dismissed", CLEARED, REMOVED):
            return replace(row, state=State.DISMISSED)
        if decision.until is not None and decision.until > self.now and row.state in WAITING:
            return replace(row, state=State.SNOOZED, snoozed_until=decision.until)
        return row


def holds(answer: Stands | AnswerRecord, row: Row) -> bool:
    """Whether it was given to what the item shows now. Of what somebody else had sent, only the time counts for the
    organiser's own: any SEQUENCE could stand there."""
    if hearsay(answer, row):
        return answer.start is not None and answer.start == _start(row)
    return answer.sequence >= row.sequence


def hearsay(made: Stands | AnswerRecord | Decision, row: Row) -> bool:
    """Whether it was made on somebody else's word, where the organiser's own is there now."""
    if not made.secondhand:
        return False
    from regrets.domain.versions import secondhand  # seldom needed, and the list is painted without it

    return not secondhand(row)


def _agreed(row: Row, answer: Stands) -> bool:
    """Whether the newer invitation is for a time that the answer proposed."""
    if not answer.proposals or row.all_day or not row.start or not row.end:
        return False
    start, end = dt.datetime.fromisoformat(row.start), dt.datetime.fromisoformat(row.end)
    return start.tzinfo is not None and end.tzinfo is not None and (start, end) in answer.proposals


def overtaken(answer: AnswerRecord, row: Row) -> bool:
    """Whether the organiser cancelled or changed the meeting after this answer to it was written."""
    if row.state is State.CANCELLED or row.sequence > answer.sequence:
        return True
    if hearsay(answer, row) and not holds(answer, row):
        return True
    start = _start(row)
    moved = start is not None and answer.start is not None and start != answer.start
    return moved and answer.recurrence_id == row.recurrence_id


def _start(row: Row) -> dt.datetime | None:
    """None where it is a day, or a time in no zone."""
    start = dt.datetime.fromisoformat(row.start) if row.start and not row.all_day else None
    return start if start and start.tzinfo else None
