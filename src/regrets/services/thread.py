"""What went before in an event's thread: my earlier answers, and the time from which it was moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from regrets.domain.letters.briefing import Thread as Thread
from regrets.domain.stored import AnswerRecord, Method, Row, Warn
from regrets.domain.versions import Version, arrange


def thread_of(row: Row, versions: Sequence[Version], answers: Iterable[AnswerRecord]) -> Thread:
    """Of the event that `row` shows; `answers` are newest first, of all events."""
    mine = tuple(each for each in answers if each.account == row.account and each.uid == row.uid)
    return Thread(mine, _moved_from(row, versions))


def _moved_from(
    row: Row, versions: Sequence[Version]
) -> tuple[dt.datetime | dt.date, dt.datetime | dt.date | None] | None:
    """The last time that the organiser named before the present one."""
    earlier = [
        each.row
        for each in arrange(versions)
        if each.row.id == row.id
        and not each.copy
        and each.row.method == Method.REQUEST
        and each.row.sequence < row.sequence
        and not {Warn.SENDER_MISMATCH, Warn.SPOOFED_UPDATE} & set(each.row.warnings)
        and each.row.start
    ]
    last = max(earlier, key=lambda each: (each.sequence, each.received), default=None)
    if last is None or (last.start, last.end) == (row.start, row.end):
        return None
    start = _time(last.start)
    return (start, _time(last.end)) if start is not None else None


def _time(text: str | None) -> dt.datetime | dt.date | None:
    if not text:
        return None
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
