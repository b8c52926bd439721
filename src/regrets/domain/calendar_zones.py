"""The time zones that an event brings into a calendar file: one name may not mean two things in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from regrets.domain.calendar_scan import Holder, Scan, scan
from regrets.domain.calendar_text import parsed
from regrets.domain.content_lines import content_line, folded, parameters, tzid_of, unfolded
from regrets.domain.sent_zone import sent_zone
from regrets.domain.timezones import iana_zone

_YEARS = 3


def new_zones(there: Scan, target: Holder, new: bytes) -> tuple[bytes, bytes]:
    """The calendar object `new` as it goes into `target`, and the VTIMEZONEs that it needs and the file lacks.

    A zone of the same name is used again where it means the same; else the new one gets a name of its own.
    """
    own, known = scan(new), target.zones()
    (holder,) = own.holders
    year = max((moment.year for moment in _starts(own, holder)), default=2026)
    renamed: dict[str, str] = {}
    for tzid, zone in holder.zones().items():
        if tzid in known and not _same(tzid, there.text(known[tzid]), own.text(zone), year):
            renamed[tzid] = _free_name(tzid, known)
    new = _renamed(new, renamed) if renamed else new
    own = scan(new)
    missing = [zone for tzid, zone in own.holders[0].zones().items() if tzid not in known]
    return new, b"".join(own.text(zone) for zone in missing)


def _starts(own: Scan, holder: Holder) -> list[dt.date]:
    found = [own.read(holder, piece).start for piece in holder.pieces if piece.name == "VEVENT"]
    return [start for start in found if start is not None]


def _same(tzid: str, one: bytes, other: bytes, year: int) -> bool:
    """An IANA name says all; else both must give the same offsets around the event."""
    return ("/" in tzid and iana_zone(tzid) is not None) or one.split() == other.split() or _agree(one, other, year)


def _agree(one: bytes, other: bytes, year: int) -> bool:
    days = [
        dt.datetime(each, month, day)  # noqa: DTZ001 - local times
        for each in range(year, year + _YEARS)
        for month in range(1, 13)
        for day in (1, 15, 28)
    ]
    try:
        mine, theirs = (sent_zone("-", parsed(block).root.parts[0]) for block in (one, other))
        return mine is not None and theirs is not None and all(mine.utcoffset(x) == theirs.utcoffset(x) for x in days)
    except (ValueError, OverflowError, IndexError):
        return False


def _free_name(tzid: str, known: Mapping[str, object]) -> str:
    number = 2
    while f"{tzid} {number}" in known:
        number += 1
    return f"{tzid} {number}"


def _renamed(new: bytes, names: Mapping[str, str]) -> bytes:
    lines = []
    for raw in unfolded(new):
        line = content_line(raw)
        if line.name == "TZID" and line.value.strip() in names:
            raw = f"TZID:{names[line.value.strip()]}"
        elif (tzid := tzid_of(line)) in names:
            pairs = parameters(line) | {"TZID": f'"{names[tzid]}"'}
            raw = f"{line.name}{''.join(f';{name}={value}' for name, value in pairs.items())}:{line.value}"
        lines.append(raw)
    return folded(lines)
