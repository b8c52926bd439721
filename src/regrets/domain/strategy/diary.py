"""The user's calendar entries, indexed once so that many invitations are cheap."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator

from regrets.domain.model import Busy, Slot
from regrets.domain.settings import is_mine

_LONG = dt.timedelta(days=2)


class Diary:
    """Entries of one window. Those that are no meeting (declined, cancelled) count for nothing but the UID."""

    def __init__(self, entries: Iterable[Busy] = (), me: tuple[str, ...] = ()) -> None:
        self._me = me
        everything = sorted(entries, key=lambda entry: entry.slot.start)
        self._entries = [entry for entry in everything if not entry.declined]
        self._short = [entry for entry in self._entries if entry.slot.end - entry.slot.start <= _LONG]
        self._long = [entry for entry in self._entries if entry.slot.end - entry.slot.start > _LONG]
        self._starts = [entry.slot.start for entry in self._short]
        self._by_uid: dict[str, list[Busy]] = defaultdict(list)
        self._people: set[str] = set()
        for entry in everything:
            self._by_uid[entry.uid].append(entry)
            self._people.update(person.casefold() for person in (*entry.people, entry.organizer) if person)

    def __iter__(self) -> Iterator[Busy]:
        return iter(self._entries)

    def between(self, start: dt.datetime, end: dt.datetime) -> list[Busy]:
        """Meetings that share more than an edge with a stretch of time, by their start."""
        low = bisect_left(self._starts, start - _LONG)
        high = bisect_left(self._starts, end)
        wanted = Slot(start, end)
        hits = [entry for entry in self._short[low:high] if entry.slot.overlaps(wanted)]
        long = [entry for entry in self._long if entry.slot.overlaps(wanted)]
        return sorted(hits + long, key=lambda entry: entry.slot.start) if long else hits

    def busy(self, start: dt.datetime, end: dt.datetime) -> list[Busy]:
        """What is opaque in that time."""
        return [entry for entry in self.between(start, end) if entry.opaque]

    def of_uid(self, uid: str) -> list[Busy]:
        """All entries of one UID, declined and cancelled ones included."""
        return self._by_uid.get(uid, [])

    def knows(self, address: str, apart_from: str = "") -> bool:
        """Whether anybody with that address stands in an entry other than those of the UID `apart_from`."""
        wanted = address.casefold()
        if wanted not in self._people:
            return False
        return any(
            entry.uid != apart_from and wanted in {person.casefold() for person in (*entry.people, entry.organizer)}
            for entry in self._entries
        )

    def with_others(self, entry: Busy) -> bool:
        """Whether somebody but the user takes part."""
        return any(not is_mine(person, self._me) for person in (*entry.people, entry.organizer) if person)

    def booked_minutes(self, start: dt.datetime, end: dt.datetime, apart_from: str = "") -> int:
        """Minutes of busy events with other people in a stretch of time; what overlaps counts once."""
        total, reached = dt.timedelta(), start
        for entry in self.busy(start, end):
            if entry.uid == apart_from or entry.all_day or not self.with_others(entry):
                continue
            begin, close = max(entry.slot.start, reached), min(entry.slot.end, end)
            if close > begin:
                total += close - begin
                reached = close
        return round(total.total_seconds() / 60)
