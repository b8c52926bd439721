"""What an update changes against the version that the user saw or answered, and whether the answer still stands."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from regrets.domain.model import AnswerRecord, Invitation, PartStat, Row
from regrets.domain.versions import Version, arrange

TIMES = ("time", "repetition")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is other than before; `what` is stable: time, repetition, place, title."""

    what: str
    before: str  # in words; '' where there was nothing
    after: str


def changes_between(before: Row, after: Row, zone: dt.tzinfo) -> tuple[Change, ...]:
    """The differences that matter to somebody who is invited; times in `zone`, the user's. Untrusted text inside."""
    pairs = (
        ("time", _when(before, zone), _when(after, zone), _moments(before) != _moments(after)),
        ("repetition", before.recurrence or "", after.recurrence or "", None),
        ("place", before.location, after.location, None),
        ("title", before.summary, after.summary, None),
    )
    return tuple(
        Change(what, old, new) for what, old, new, differ in pairs if (old != new if differ is None else differ)
    )


def former_version(versions: Iterable[Version], row: Row, answer: AnswerRecord | None) -> Row | None:
    """The version of the same item that was answered, else the newest one before `row`; None for the first."""
    own = [placed.row for placed in arrange(versions) if placed.row.id == row.id and not placed.copy]
    older = [each for each in own if _age(each) < _age(row) and each.start is not None]
    answered = [each for each in older if answer is not None and each.sequence == answer.sequence]
    return max(answered or older, key=_age, default=None)


def usual_time(row: Row, invitation: Invitation) -> Row | None:
    """One meeting of a series as it would have been by the series' rule; None where that can't be told."""
    usual, start, end = invitation.recurrence_start, invitation.start, invitation.end
    if not isinstance(usual, dt.datetime) or not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
        return None
    if (usual.tzinfo is None) != (start.tzinfo is None):
        return None
    return dataclasses.replace(row, start=usual.isoformat(), end=(usual + (end - start)).isoformat())


def answer_stands(answer: AnswerRecord, invitation: Invitation, me: str | None, changes: tuple[Change, ...]) -> bool:
    """Whether the organiser's calendar still has the answer: it says so itself, or only lesser things changed."""
    mine = next((each for each in invitation.attendees if each.mailbox.key == (me or "").casefold()), None)
    if mine is not None and mine.partstat is not PartStat.NEEDS_ACTION:
        return mine.partstat is answer.partstat
    return not any(change.what in TIMES for change in changes)


def _age(row: Row) -> tuple[int, dt.datetime]:
    return row.sequence, row.dtstamp or dt.datetime.min.replace(tzinfo=dt.UTC)


def _moments(row: Row) -> tuple[object, object]:
    """Start and end for comparing: 09:00 UTC and 10:00 in Ljubljana are the same."""
    return _moment(row.start), _moment(row.end)


def _moment(text: str | None) -> dt.datetime | str | None:
    try:
        moment = dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        return text
    return moment.astimezone(dt.UTC) if moment and moment.tzinfo else text


def _when(row: Row, zone: dt.tzinfo) -> str:
    """`Tue 24 Nov 10:00-11:30`, as the list writes it."""
    try:
        start = dt.datetime.fromisoformat(row.start or "")
        end = dt.datetime.fromisoformat(row.end or "") if row.end else start
    except ValueError:
        return row.start or "no time"
    if row.all_day:
        end -= dt.timedelta(days=1)
        return _day(start) if end <= start else f"{_day(start)} to {_day(end)}"
    if start.tzinfo and end.tzinfo:
        start, end = start.astimezone(zone), end.astimezone(zone)
    last = f"{end:%H:%M}" if end.date() == start.date() else f"{_day(end)} {end:%H:%M}"
    return f"{_day(start)} {start:%H:%M}-{last}"


def _day(moment: dt.datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b}"
