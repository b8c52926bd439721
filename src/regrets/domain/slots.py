"""The search for free slots (strategies.md, `reschedule` and `office_hours`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from regrets.domain.model import Slot
from regrets.domain.settings import Away, Hours
from regrets.domain.workdays import working_days

_STEP = dt.timedelta(minutes=30)
_OFFICE = (dt.time(9), dt.time(17))  # when people elsewhere are assumed to work
_HORIZON = 30  # calendar days


@dataclass(frozen=True, slots=True)
class Search:
    """What a slot must respect. `taken` are busy events and other pending invitations, in any order."""

    hours: Hours
    zone: dt.tzinfo
    taken: tuple[Slot, ...] = ()
    away: tuple[Away, ...] = ()
    their_zone: dt.tzinfo | None = None  # the organiser's, where it is known

    def free(self, slot: Slot) -> bool:
        """Whether nothing stands in the way, the buffer on both sides included."""
        buffer = dt.timedelta(minutes=self.hours.buffer_minutes)
        padded = Slot(slot.start - buffer, slot.end + buffer)
        gone = any(slot.start < away.end and away.start < slot.end for away in self.away)
        return not gone and not any(padded.overlaps(other) for other in self.taken)


def near_slots(search: Search, minutes: int, after: dt.datetime, wish: dt.time) -> tuple[Slot, ...]:
    """Up to three free slots from `after` on, one a day, each as near to the wished time of day as can be."""
    found = []
    for starts in _by_day(search, minutes, after):
        free = [slot for slot in starts if search.free(slot)]
        if free:
            found.append(min(free, key=lambda slot: (_distance(slot, wish, search.zone), slot.start)))
        if len(found) == 3:
            break
    return tuple(found)


def next_slots(search: Search, minutes: int, after: dt.datetime) -> tuple[Slot, ...]:
    """Up to three free slots in working hours from `after` on, the first of each day."""
    found = []
    for starts in _by_day(search, minutes, after):
        first = next((slot for slot in starts if search.free(slot)), None)
        if first:
            found.append(first)
        if len(found) == 3:
            break
    return tuple(found)


def _by_day(search: Search, minutes: int, after: dt.datetime) -> Iterator[Sequence[Slot]]:
    """For each working day the slots that begin on :00 or :30 and lie within both sides' hours; where no day
    has hours in common, within the user's alone."""
    days = list(_days(search, minutes, after, search.their_zone))
    if not any(days) and search.their_zone is not None:
        days = list(_days(search, minutes, after, None))
    return iter(days)


def _days(search: Search, minutes: int, after: dt.datetime, their_zone: dt.tzinfo | None) -> Iterator[list[Slot]]:
    length = dt.timedelta(minutes=minutes)
    for day in working_days(after.astimezone(search.zone).date(), search.hours, _HORIZON):
        begin = _next_half_hour(dt.datetime.combine(day, search.hours.start, search.zone))
        close = dt.datetime.combine(day, search.hours.end, search.zone)
        slots = []
        while begin + length <= close:
            if begin >= after and (their_zone is None or _suits(begin, begin + length, their_zone)):
                slots.append(Slot(begin, begin + length))
            begin += _STEP
        yield slots


def _next_half_hour(moment: dt.datetime) -> dt.datetime:
    over = moment.minute % 30
    return moment + dt.timedelta(minutes=30 - over) if over else moment


def _suits(start: dt.datetime, end: dt.datetime, zone: dt.tzinfo) -> bool:
    there, until = start.astimezone(zone), end.astimezone(zone)
    return (
        there.weekday() < 5
        and there.date() == until.date()
        and _OFFICE[0] <= there.time()
        and until.time() <= _OFFICE[1]
    )


def _distance(slot: Slot, wish: dt.time, zone: dt.tzinfo) -> int:
    there = slot.start.astimezone(zone)
    return abs((there.hour * 60 + there.minute) - (wish.hour * 60 + wish.minute))
