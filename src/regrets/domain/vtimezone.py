"""A small VTIMEZONE for an IANA zone, for organisers who name a TZID and don't define it (RFC 5545, 3.6.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from regrets.domain.content_lines import escaped

_MARGIN = dt.timedelta(days=366)
_STEP = dt.timedelta(days=7)
_LONGEST = dt.timedelta(days=3 * 366)
_EARLIEST, _LATEST = dt.datetime(1901, 1, 1), dt.datetime(9990, 1, 1)  # noqa: DTZ001 - local times


def timezone_lines(tzid: str, zone: ZoneInfo, moments: Sequence[dt.datetime]) -> list[str]:
    """Unfolded lines of a VTIMEZONE named `tzid` with every change of offset from a year before the first of
    `moments` to a year after the last, five years at most: enough for one appointment.

    icalendar's own `Timezone.from_tzinfo` (7.3) dates the start of daylight time an hour late.
    """
    local = [min(max(moment.replace(tzinfo=None), _EARLIEST), _LATEST) for moment in moments]
    instant = (max(min(local), max(local) - _LONGEST) - _MARGIN).replace(tzinfo=dt.UTC)
    last = (max(local) + _MARGIN).replace(tzinfo=dt.UTC)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{escaped(tzid)}", *_observance(zone, instant, None)]
    while instant < last:
        following = instant + _STEP
        if _offset(zone, following) != _offset(zone, instant):
            lines += _observance(zone, _first_after(zone, instant, following), instant)
        instant = following
    return [*lines, "END:VTIMEZONE"]


def _first_after(zone: ZoneInfo, low: dt.datetime, high: dt.datetime) -> dt.datetime:
    """The first second of the new offset between two instants."""
    while high - low > dt.timedelta(seconds=1):
        middle = low + dt.timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if _offset(zone, middle) == _offset(zone, low) else (low, middle)
    return high


def _observance(zone: ZoneInfo, onset: dt.datetime, before: dt.datetime | None) -> list[str]:
    """One STANDARD or DAYLIGHT; its DTSTART is local time by the offset that ends there."""
    there = onset.astimezone(zone)
    to = _offset(zone, onset)
    start = to if before is None else _offset(zone, before)
    name = "DAYLIGHT" if there.dst() else "STANDARD"
    local = (onset + start).replace(tzinfo=None)
    return [
        f"BEGIN:{name}",
        f"DTSTART:{local:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_utc_offset(start)}",
        f"TZOFFSETTO:{_utc_offset(to)}",
        f"END:{name}",
    ]


def _offset(zone: ZoneInfo, instant: dt.datetime) -> dt.timedelta:
    return instant.astimezone(zone).utcoffset() or dt.timedelta()


def _utc_offset(offset: dt.timedelta) -> str:
    seconds = int(offset.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    minutes, seconds_left = divmod(rest, 60)
    tail = f"{seconds_left:02}" if seconds_left else ""
    return f"{'-' if seconds < 0 else '+'}{hours:02}{minutes:02}{tail}"
