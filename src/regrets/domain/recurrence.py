"""A series in words, and when it takes place: bounded, whatever rule a mail brings."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterator
from dataclasses import dataclass

from regrets.domain.model import Invitation, Slot, TimeKind
from regrets.domain.rule_steps import RuleRefused, rule_of, wall_times
from regrets.domain.rule_words import in_words

MOST = 500
_A_DAY = dt.timedelta(days=1)
_GAP = dt.timedelta(days=800)  # longer than a rule of days or weeks can pause within its months
_LATEST = dt.datetime(2300, 1, 1)  # noqa: DTZ001
_FARTHEST_APART = dt.timedelta(days=2)  # of the clocks of two zones
_FARTHEST_OFFSET = dt.timedelta(hours=14)

Moment = dt.datetime | dt.date


@dataclass(frozen=True, slots=True)
class _Series:
    """An event in the wall time of its own zone."""

    invitation: Invitation
    start: dt.datetime  # naive
    length: dt.timedelta
    zone: dt.tzinfo

    def wall(self, moment: Moment) -> dt.datetime:
        """Any time as wall time here; a date is its midnight."""
        if not isinstance(moment, dt.datetime):
            return dt.datetime.combine(moment, dt.time())
        return moment.astimezone(self.zone).replace(tzinfo=None) if moment.tzinfo else moment

    def slot(self, wall: dt.datetime) -> Slot:
        """The occurrence that begins at a wall time."""
        begin = wall.replace(tzinfo=self.zone)
        return Slot(begin, (wall + self.length).replace(tzinfo=self.zone))


def _series(invitation: Invitation, zone: dt.tzinfo) -> _Series | None:
    """None where the event has no time, or one in an unknown zone. Days and floating times are meant in `zone`."""
    start, end = invitation.start, invitation.end
    if start is None or invitation.time_kind in (TimeKind.NONE, TimeKind.UNKNOWN_ZONE):
        return None
    if not isinstance(start, dt.datetime):
        first = dt.datetime.combine(start, dt.time())
        last = dt.datetime.combine(end, dt.time()) if end else first + _A_DAY
        return _Series(invitation, first, max(last - first, _A_DAY), zone)
    own = start.tzinfo or zone
    wall = start.replace(tzinfo=None)
    length = dt.timedelta()
    if isinstance(end, dt.datetime):
        length = end.astimezone(own).replace(tzinfo=None) - wall if end.tzinfo else end - wall
    return _Series(invitation, wall, max(length, dt.timedelta()), own)


def _walls(series: _Series, low: dt.datetime, high: dt.datetime) -> Iterator[dt.datetime]:
    """Wall times of the occurrences from `low` to `high`, in order. Raises RuleRefused."""
    invitation = series.invitation
    extra = sorted({series.wall(moment) for moment in invitation.rdates if _near(moment, low, high)})
    once = [moment for moment in extra if low <= moment <= high]
    if invitation.recurrence and invitation.recurrence_id is None:
        ruled = wall_times(rule_of(invitation.recurrence), series.start, low, high, series.zone)
    else:
        ruled = iter([series.start] if low <= series.start <= high else [])
    out = [moment for moment in invitation.exdates if _near(moment, low, high)]
    left_out = {series.wall(moment) for moment in out if isinstance(moment, dt.datetime)}
    days_out = {moment for moment in out if not isinstance(moment, dt.datetime)}
    for other in _overrides(invitation):
        moved = other.recurrence_start
        if moved is not None and _near(moved, low, high):
            left_out.add(series.wall(moved))
    seen = None
    for moment in heapq.merge(ruled, once):
        if moment != seen and moment not in left_out and moment.date() not in days_out:
            yield moment
        seen = moment


def _near(moment: Moment, low: dt.datetime, high: dt.datetime) -> bool:
    """Whether a time may lie between two wall times, whatever the zones; looking it up in them tells for sure."""
    wall = moment if isinstance(moment, dt.datetime) else dt.datetime.combine(moment, dt.time())
    return low - _FARTHEST_APART <= wall.replace(tzinfo=None) <= high + _FARTHEST_APART


def _overrides(invitation: Invitation) -> Iterator[Invitation]:
    """The single occurrences of this series that came with it (RFC 5545, 3.8.4.4)."""
    if invitation.recurrence_id is None:
        yield from (item for item in invitation.also if item.uid == invitation.uid and item.recurrence_id)


def _slots(invitation: Invitation, low: dt.datetime, high: dt.datetime, zone: dt.tzinfo) -> Iterator[Slot]:
    """The occurrences that end after `low` and begin before `high`, both aware; in order of their start."""
    series = _series(invitation, zone)
    if series is None:
        return
    first, last = series.wall(low) - series.length - _A_DAY, series.wall(high) + _A_DAY
    moved = sorted(
        (slot for other in _overrides(invitation) if (slot := _own_slot(other, zone))),
        key=lambda slot: slot.start,
    )
    ruled = (series.slot(wall) for wall in _walls(series, first, last))
    for slot in heapq.merge(ruled, moved, key=lambda slot: slot.start):
        if slot.start >= high:
            return
        if slot.end > low or slot.start >= low:
            yield slot


def _own_slot(invitation: Invitation, zone: dt.tzinfo) -> Slot | None:
    """When one occurrence takes place; None where it has no time or is cancelled."""
    series = _series(invitation, zone)
    return series.slot(series.start) if series and invitation.status != "CANCELLED" else None


def occurrences(
    invitation: Invitation, start: dt.datetime, end: dt.datetime, zone: dt.tzinfo, most: int = MOST
) -> list[Slot]:
    """The occurrences that overlap [start, end), both aware; at most `most`.

    Days and floating times are read in `zone`. Empty for an unknown time zone, and for a rule that is refused
    (SECONDLY, MINUTELY, HOURLY, INTERVAL below 1).
    """
    found: list[Slot] = []
    try:
        for slot in _slots(invitation, start, end, zone):
            if len(found) == most:
                break
            found.append(slot)
    except (RuleRefused, OverflowError):
        return []
    return found


def next_occurrence(invitation: Invitation, after: dt.datetime, zone: dt.tzinfo) -> Slot | None:
    """The first occurrence that is not over at `after` (aware); None where there is none or it can't be told."""
    try:
        return _next(invitation, after, zone)
    except RuleRefused:
        return None


def _next(invitation: Invitation, after: dt.datetime, zone: dt.tzinfo) -> Slot | None:
    """Raises RuleRefused where it can't be told."""
    series = _series(invitation, zone)
    if series is None:
        return None
    try:
        reach = _reach(invitation)
        start = series.start.replace(tzinfo=series.zone)
        high = min(max(after, start) + reach, _LATEST.replace(tzinfo=dt.UTC))
        return next(_slots(invitation, after, high, zone), None)
    except OverflowError:
        return None


def _reach(invitation: Invitation) -> dt.timedelta:
    """How far ahead the next occurrence of a rule may lie: a leap day of every nth year is the farthest."""
    if not (invitation.recurring and invitation.recurrence):
        return dt.timedelta(days=366 * 50)
    step = rule_of(invitation.recurrence).step_days
    return _GAP + dt.timedelta(days=min(step * (12 if step >= 28 else 2), 366 * 100))


def series_over(invitation: Invitation, now: dt.datetime, zone: dt.tzinfo) -> bool:
    """Whether no occurrence lies ahead of `now` (aware). What can't be told is not over."""
    if invitation.start is None:
        return False
    if invitation.time_kind is TimeKind.UNKNOWN_ZONE:
        return not invitation.recurring and _surely_past(invitation, now)
    try:
        return _next(invitation, now, zone) is None
    except RuleRefused:
        return False


def _surely_past(invitation: Invitation, now: dt.datetime) -> bool:
    """A wall time that is past in every zone of the world."""
    last = invitation.end or invitation.start
    if not isinstance(last, dt.datetime):
        return False
    return last.replace(tzinfo=dt.UTC) + _FARTHEST_OFFSET < now


__all__ = ["in_words", "next_occurrence", "occurrences", "series_over"]
