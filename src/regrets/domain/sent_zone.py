"""A message's own VTIMEZONE as a zone (RFC 5545, 3.6.5), evaluated year by year, each in bounded time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from regrets.domain.calendar_text import Component
from regrets.domain.rule_steps import Rule, RuleRefused, rule_of, wall_times

MOST_DATES = 500
_OFFSET = re.compile(r"([+-]?)(\d\d)(?::?(\d\d))?(?::?(\d\d))?")
_ONSET = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d))?Z?")


@dataclass(frozen=True, slots=True)
class Observance:
    """One STANDARD or DAYLIGHT: since when, by which yearly rule, from which offset to which."""

    start: dt.datetime  # wall time by the clock before the change
    before: dt.timedelta
    after: dt.timedelta
    rule: Rule | None
    dates: tuple[dt.datetime, ...]

    def onsets(self, year: int) -> Iterator[dt.datetime]:
        """When it begins, by the clock before the change: the last times before `year` and those in it."""
        high = dt.datetime(year, 12, 31, 23, 59, 59)  # noqa: DTZ001
        yield from (date for date in (self.start, *self.dates) if date <= high)
        if self.rule is None or self.start > high:
            return
        fixed = dt.timezone(self.before)
        end = self.rule.last(fixed)
        last = year if end is None else min(year, end.year)
        low = dt.datetime(max(1, last - 1), 1, 1)  # noqa: DTZ001
        yield from wall_times(self.rule, self.start, low, high, fixed)


class SentZone(dt.tzinfo):
    """A zone made of observances. A wall time in a gap is read by the offset before it, a repeated one as the
    first of the two (RFC 5545, 3.3.5)."""

    def __init__(self, tzid: str, observances: tuple[Observance, ...]) -> None:
        self.tzid = tzid
        self.observances = observances
        self._years: dict[int, list[tuple[dt.datetime, dt.timedelta]]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return SentZone, (self.tzid, self.observances)

    def __repr__(self) -> str:
        return f"SentZone({self.tzid!r})"

    def _changes(self, year: int) -> list[tuple[dt.datetime, dt.timedelta]]:
        """(wall time from which an offset holds, offset), ascending, up to the end of `year`."""
        if year not in self._years:
            found = [
                (onset + max(dt.timedelta(), part.after - part.before), part.after)
                for part in self.observances
                for onset in part.onsets(year)
            ]
            self._years[year] = sorted(found)
        return self._years[year]

    def utcoffset(self, when: dt.datetime | None) -> dt.timedelta:
        """The offset that holds at a wall time; before the first change, the one it changes from."""
        if when is None:
            return self._earliest()
        wall = when.replace(tzinfo=None)
        held = [offset for since, offset in self._changes(wall.year) if since <= wall]
        return held[-1] if held else self._earliest()

    def _earliest(self) -> dt.timedelta:
        first = min(self.observances, key=lambda part: part.start)
        return first.before if len(self.observances) > 1 else first.after

    def dst(self, when: dt.datetime | None) -> dt.timedelta | None:
        """Not told: nothing here depends on it."""
        return None

    def tzname(self, when: dt.datetime | None) -> str:
        """The TZID as sent."""
        return self.tzid

    def fromutc(self, when: dt.datetime) -> dt.datetime:
        """The wall time at which the offset fits; the earlier one where two do."""
        offsets = {part.after for part in self.observances} | {self._earliest()}
        walls = [when + offset for offset in sorted(offsets, reverse=True)]
        return next((wall for wall in walls if when + self.utcoffset(wall) == wall), walls[-1])


def sent_zone(tzid: str, definition: Component) -> SentZone:
    """The zone that a VTIMEZONE defines. Raises ValueError where it can't be evaluated within reason."""
    parts = [part for part in definition.parts if part.name in ("STANDARD", "DAYLIGHT")][:100]
    zone = SentZone(tzid, tuple(_observance(part) for part in parts))
    if not zone.observances:
        raise ValueError("no observance")
    return zone


def _observance(part: Component) -> Observance:
    written = _value(part, "RRULE")
    rule = rule_of(written) if written else None
    if rule and rule.frequency != "YEARLY":
        raise RuleRefused("a change that is not yearly")
    dates = [value for line in part.all("RDATE") for value in line.value.split(",")]
    if len(dates) > MOST_DATES:
        raise ValueError("too many changes")
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
