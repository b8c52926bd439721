"""A message's own VTIMEZONE as a zone (RFC 5545, 3.6.5), evaluated year by year; what would cost too much is none."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from regrets.domain.calendar_text import Component
from regrets.domain.rule_steps import Rule, rule_of, wall_times

MOST_OBSERVANCES = 300
MOST_DATES = 1000
MOST_OFFSETS = 16  # the zone with most in tzdata has fewer
MOST_DAYS = 800  # that the rules look at in a year; the usual two look at 62
_DAYS_COUNTED = 10  # times as many for a rule with COUNT, which is stepped through from its start
_FIRST_COUNTED, _LAST_YEAR = 1600, 2200
_OFFSET = re.compile(r"([+-]?)(\d\d)(?::?(\d\d))?(?::?(\d\d))?")
_ONSET = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d))?Z?")
_END = dt.timedelta.max

Change = tuple[dt.datetime, dt.timedelta]  # wall time from which an offset holds, offset


@dataclass(frozen=True, slots=True)
class Observance:
    """One STANDARD or DAYLIGHT: since when, by which yearly rule, from which offset to which."""

    start: dt.datetime  # wall time by the clock before the change
    before: dt.timedelta
    after: dt.timedelta
    rule: Rule | None
    dates: tuple[dt.datetime, ...]

    def change(self, onset: dt.datetime) -> Change:
        """What an onset, by the clock before it, changes by the clock after it."""
        return onset + max(dt.timedelta(), self.after - self.before), self.after

    def last_year(self, year: int) -> int | None:
        """The last year up to `year` in which the rule holds, so that what is over is evaluated once; None: never."""
        if self.rule is None or self.start.year > year:
            return None
        end = self.rule.last(dt.timezone(self.before))
        if self.rule.count is not None:
            year = _LAST_YEAR
        return year if end is None else min(year, end.year)

    def ruled(self, year: int) -> Iterator[dt.datetime]:
        """The onsets by the rule in a year and the one before it; all of them where they are counted."""
        if self.rule is None:
            return
        low = dt.datetime(max(1, year - 1), 1, 1) if self.rule.count is None else self.start  # noqa: DTZ001
        high = dt.datetime(year, 12, 31, 23, 59, 59)  # noqa: DTZ001
        yield from wall_times(self.rule, self.start, low, high, dt.timezone(self.before))


class SentZone(dt.tzinfo):
    """A zone made of observances. A wall time in a gap is read by the offset before it, a repeated one as the
    first of the two (RFC 5545, 3.3.5)."""

    def __init__(self, tzid: str, observances: tuple[Observance, ...]) -> None:
        self.tzid = tzid
        self.observances = observances
        self._dated = sorted(part.change(onset) for part in observances for onset in (part.start, *part.dates))
        self._by_rule: dict[tuple[int, int], list[Change]] = {}  # of an observance in a year
        self._years: dict[int, list[Change]] = {}
        self._offsets = sorted({part.after for part in observances} | {self._earliest()}, reverse=True)

    def __reduce__(self) -> tuple[Any, ...]:
        return SentZone, (self.tzid, self.observances)

    def __repr__(self) -> str:
        return f"SentZone({self.tzid!r})"

    def _changes(self, year: int) -> list[Change]:
        """The changes by rules that may hold in a year, ascending."""
        if year not in self._years:
            found: list[Change] = []
            for number, part in enumerate(self.observances):
                last = part.last_year(year)
                if last is not None:
                    found += self._changes_by(number, last)
            self._years[year] = sorted(found)
        return self._years[year]

    def _changes_by(self, number: int, year: int) -> list[Change]:
        if (number, year) not in self._by_rule:
            part = self.observances[number]
            self._by_rule[number, year] = [part.change(onset) for onset in part.ruled(year)]
        return self._by_rule[number, year]

    def utcoffset(self, when: dt.datetime | None) -> dt.timedelta:
        """The offset that holds at a wall time; before the first change, the one it changes from."""
        if when is None:
            return self._earliest()
        wall = when.replace(tzinfo=None)
        held = [
            changes[place - 1]
            for changes in (self._dated, self._changes(wall.year))
            if (place := bisect.bisect_right(changes, (wall, _END)))
        ]
        return max(held)[1] if held else self._earliest()

    def _earliest(self) -> dt.timedelta:
        return min(self.observances, key=lambda part: part.start).before

    @property
    def later(self) -> dt.tzinfo | None:
        """Of a zone with a single observance the offset to which it changes: who writes only that one may mean it for
        times before it, too."""
        return dt.timezone(self.observances[0].after) if len(self.observances) == 1 else None

    def dst(self, when: dt.datetime | None) -> dt.timedelta | None:
        """Not told: nothing here depends on it."""
        return None

    def tzname(self, when: dt.datetime | None) -> str:
        """The TZID as sent."""
        return self.tzid

    def fromutc(self, when: dt.datetime) -> dt.datetime:
        """The wall time at which the offset fits; the earlier one where two do."""
        walls = [when + offset for offset in self._offsets]
        return next((wall for wall in walls if when + self.utcoffset(wall) == wall), walls[-1])


def sent_zone(tzid: str, definition: Component) -> SentZone:
    """The zone that a VTIMEZONE defines. Raises ValueError where it can't be evaluated within reason."""
    parts = [part for part in definition.parts if part.name in ("STANDARD", "DAYLIGHT")]
    if len(parts) > MOST_OBSERVANCES:
        raise ValueError("too many observances")
    observances = tuple(_observance(part) for part in parts)
    refuse_costly(observances)
    return SentZone(tzid, observances)


def refuse_costly(observances: tuple[Observance, ...]) -> None:
    """Raises ValueError for what is no zone, or changes more than a zone does: each time of an event is looked up in
    it, in the program itself."""
    rules = [part.rule for part in observances if part.rule is not None]
    if not observances or any(rule.frequency != "YEARLY" or rule.interval < 1 for rule in rules):
        raise ValueError("a zone without an observance, or with one that does not change yearly")
    if any(part.rule and part.rule.count and part.start.year < _FIRST_COUNTED for part in observances):
        raise ValueError("changes that are counted from too long ago")
    days = sum(rule.days_of_step * (1 if rule.count is None else _DAYS_COUNTED) for rule in rules)
    dates = sum(len(part.dates) for part in observances)
    offsets = {offset for part in observances for offset in (part.before, part.after)}
    if dates > MOST_DATES or days > MOST_DAYS or len(offsets) > MOST_OFFSETS or len(observances) > MOST_OBSERVANCES:
        raise ValueError("too many changes")


def _observance(part: Component) -> Observance:
    written = _value(part, "RRULE")
    rule = rule_of(written) if written else None
    dates = [value for line in part.all("RDATE") for value in line.value.split(",")]
    return Observance(
        start=_onset(_value(part, "DTSTART")),
        before=_offset(_value(part, "TZOFFSETFROM") or _value(part, "TZOFFSETTO")),
        after=_offset(_value(part, "TZOFFSETTO")),
        rule=rule,
        dates=tuple(_onset(value) for value in dates if value.strip()),
    )


def _value(part: Component, name: str) -> str:
    line = part.first(name)
    return line.value.strip() if line else ""


def _onset(value: str) -> dt.datetime:
    hit = _ONSET.fullmatch(value.strip().partition("/")[0])
    if hit is None:
        raise ValueError("a change without a time")
    return dt.datetime(*(int(number or 0) for number in hit.groups()))  # type: ignore[arg-type] # noqa: DTZ001


def _offset(value: str) -> dt.timedelta:
    hit = _OFFSET.fullmatch(value)
    if hit is None or int(hit[2]) > 23:
        raise ValueError("a change without an offset")
    offset = dt.timedelta(hours=int(hit[2]), minutes=int(hit[3] or 0), seconds=int(hit[4] or 0))
    return -offset if hit[1] == "-" else offset
