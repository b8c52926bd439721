"""Times of an event: what DTSTART, DTEND, DURATION and RECURRENCE-ID say, and no more than that."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from regrets.domain.calendar_text import Component, Property
from regrets.domain.model import TimeKind, Warn
from regrets.domain.timezones import Zones

FIRST_YEAR, LAST_YEAR = 1900, 2199  # beyond them zones and formats break down
MOST_DATES = 1000  # of all RDATE lines, and of all EXDATE lines
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?(Z?))?", re.IGNORECASE)

Moment = dt.datetime | dt.date


@dataclass(slots=True)
class Reader:
    """Reads time values of one message and gathers what has to be said about them."""

    zones: Zones
    warnings: list[Warn] = field(default_factory=list)

    def warn(self, warning: Warn) -> None:
        """Notes a warning once."""
        if warning not in self.warnings:
            self.warnings.append(warning)

    def moment(self, value: str, tzid: str) -> tuple[Moment | None, TimeKind]:
        """One DATE or DATE-TIME. Naive with UNKNOWN_ZONE where TZID can't be resolved; (None, NONE) if it is none."""
        hit = _MOMENT.fullmatch(re.sub(r"[\s:-]", "", value))
        if hit is None or not FIRST_YEAR <= int(hit[1]) <= LAST_YEAR:
            return None, TimeKind.NONE
        try:
            if hit[4] is None:
                return dt.date(int(hit[1]), int(hit[2]), int(hit[3])), TimeKind.DAYS
            numbers = [int(number or 0) for number in hit.groups()[:6]]
            numbers[5] = min(numbers[5], 59)  # a leap second
            wall = dt.datetime(*numbers)  # type: ignore[arg-type] # noqa: DTZ001
        except ValueError:
            return None, TimeKind.NONE
        if hit[7]:
            return wall.replace(tzinfo=dt.UTC), TimeKind.ZONED
        return self._in_zone(wall, tzid) if tzid else (wall, TimeKind.FLOATING)

    def _in_zone(self, wall: dt.datetime, tzid: str) -> tuple[Moment, TimeKind]:
        found = self.zones.find(tzid)
        if found.zone is None:
            self.warn(Warn.UNKNOWN_TIMEZONE)
            return wall, TimeKind.UNKNOWN_ZONE
        when = wall.replace(tzinfo=found.zone)
        if found.doubtful or (found.rival and found.rival.utcoffset(wall) != when.utcoffset()):
            self.warn(Warn.TIMEZONE_DIFFERS)
        return when, TimeKind.ZONED

    def of(self, line: Property | None) -> tuple[Moment | None, TimeKind]:
        """The time of a property; a value that is none is warned about."""
        if line is None or not line.value.strip():
            return None, TimeKind.NONE
        moment, kind = self.moment(line.value, line.params.get("TZID", ""))
        if moment is None:
            self.warn(Warn.INVALID_TIME)
        return moment, kind

    def list_of(self, event: Component, name: str) -> tuple[Moment, ...]:
        """The times of all RDATE or EXDATE lines; of a PERIOD its start. That there are too many is warned about."""
        values = [(value, line) for line in event.all(name) for value in line.value.split(",")]
        if len(values) > MOST_DATES:
            self.warn(Warn.TRUNCATED)
        found = []
        for value, line in values[:MOST_DATES]:
            moment, kind = self.moment(value.partition("/")[0], line.params.get("TZID", ""))
            if moment is not None and kind is not TimeKind.UNKNOWN_ZONE:
                found.append(moment)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Times:
    """When an event is. `end` is exclusive, and None where nothing is said of it."""

    start: Moment | None
    end: Moment | None
    kind: TimeKind
    tzid: str


def event_times(event: Component, reader: Reader) -> Times:
    """DTSTART with DTEND or DURATION. An end of another kind than the start, or before it, is not shown."""
    line = event.first("DTSTART")
    start, kind = reader.of(line)
    if start is None:
        return Times(None, None, TimeKind.NONE, "")
    zoned = (
        kind in (TimeKind.ZONED, TimeKind.UNKNOWN_ZONE) and line is not None and line.value.strip()[-1:] not in "zZ"
    )
    tzid = line.params.get("TZID", "") if zoned and line else ""
    end_line = event.first("DTEND")
    if end_line is not None and end_line.value.strip():
        end, end_kind = reader.of(end_line)
        if end is not None and end_kind is not kind:
            reader.warn(Warn.INVALID_TIME)
            end = None
    else:
        end = _after(start, event.first("DURATION"), reader)
    if end is not None and end < start:
        reader.warn(Warn.INVALID_TIME)
        end = None
    if isinstance(start, dt.datetime) and isinstance(end, dt.datetime) and _whole_days(event, start, end):
        return Times(start.date(), end.date(), TimeKind.DAYS, "")
    return Times(start, end, kind, tzid)


def _whole_days(event: Component, start: dt.datetime, end: dt.datetime) -> bool:
    """Exchange may write a day event as midnight to midnight in a zone, and say so."""
    line = event.first("X-MICROSOFT-CDO-ALLDAYEVENT")
    if line is None or line.value.strip().upper() != "TRUE" or start.tzinfo in (None, dt.UTC):
        return False
    return start.time() == end.time() == dt.time() and end > start


def _after(start: Moment, line: Property | None, reader: Reader) -> Moment | None:
    """`start` plus DURATION: days by the clock, hours in real time (RFC 5545, 3.3.6)."""
    if line is None or not line.value.strip():
        return None
    from icalendar.prop import vDuration

    try:
        length = vDuration.from_ical(line.value.strip().upper())  # type: ignore[no-untyped-call]
        if length < dt.timedelta():
            raise ValueError("a negative duration")
        if not isinstance(start, dt.datetime):
            end: Moment = start + dt.timedelta(days=length.days)
        elif start.tzinfo is None:
            end = start + length
        else:
            by_clock = start + dt.timedelta(days=length.days)
            rest = dt.timedelta(seconds=length.seconds)
            end = (by_clock.astimezone(dt.UTC) + rest).astimezone(start.tzinfo) if rest else by_clock
    except (ValueError, TypeError, OverflowError):
        reader.warn(Warn.INVALID_TIME)
        return None
    if not FIRST_YEAR <= end.year <= LAST_YEAR:
        reader.warn(Warn.INVALID_TIME)
        return None
    return end
