"""Where each item stands once the user's own answers and decisions are laid over what the mails say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from regrets.domain.stored import (
    AGREED,
    CLEARED,
    WAITING,
    AnswerRecord,
    Decision,
    OutboxEntry,
    OutboxState,
    Row,
    State,
)

if TYPE_CHECKING:
    from regrets.domain.ports import OwnStore


@dataclass(frozen=True, slots=True)
class Standing:
    """One look at the user's database, to be applied to many rows."""

    now: dt.datetime
    answers: dict[tuple[str, str | None], AnswerRecord]  # item, RECURRENCE-ID of what was answered
    waiting: dict[str, OutboxEntry]
    decisions: dict[str, Decision]

    @classmethod
    def of(cls, own: OwnStore, now: dt.datetime) -> Standing:
        """Reads answers, outbox and decisions."""
        answers: dict[tuple[str, str | None], AnswerRecord] = {}
        for answer in own.answers():
            answers.setdefault((answer.item_id, answer.recurrence_id), answer)
        waiting: dict[str, OutboxEntry] = {}
        for entry in own.entries():
            if entry.follows:  # a brief on its way leaves the invitation answered
                continue
            if entry.state.live or (entry.state is OutboxState.FAILED and not entry.permanent):
                waiting.setdefault(entry.item_id, entry)
        return cls(now, answers, waiting, own.decisions())

    def apply(self, row: Row) -> Row:
        """The row with its true state. An update of the organiser's opens an answered item again; an answer to one
        meeting of a series leaves the series open."""
        if row.id in self.waiting:
            return replace(row, state=State.QUEUED)
        if row.state is State.OPEN:
            answer = self.answers.get((row.id, row.recurrence_id))
            if answer is not None and answer.sequence >= row.sequence:
                return replace(row, state=State.ANSWERED)
            if answer is not None and _agreed(row, answer):
                row = replace(row, note=AGREED)
        decision = self.decisions.get(row.id)
        if decision is None or decision.sequence < row.sequence:
            return row
        if decision.kind in ("dismissed", CLEARED):
            return replace(row, state=State.DISMISSED)
        if decision.until is not None and decision.until > self.now and row.state in WAITING:
            return replace(row, state=State.SNOOZED, snoozed_until=decision.until)
        return row


def _agreed(row: Row, answer: AnswerRecord) -> bool:
    """Whether the newer invitation is for a time that the answer proposed."""
    if not answer.proposals or row.all_day or not row.start or not row.end:
        return False
    start, end = dt.datetime.fromisoformat(row.start), dt.datetime.fromisoformat(row.end)
    return start.tzinfo is not None and end.tzinfo is not None and (start, end) in answer.proposals
