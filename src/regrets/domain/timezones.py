"""TZID to time zone, freshly for each message: no mail's VTIMEZONE ever reaches another mail.

The order: an IANA name, also behind a producer's prefix, beats the message's VTIMEZONE, which beats a Windows name
(the sender knows the zone it calls so), which beats a display name. What can't be resolved is not guessed.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass

from regrets.domain.calendar_text import Component, unescaped
from regrets.domain.sent_zone import SentZone, sent_zone

_SAFE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(?:/[A-Za-z0-9_+-]{1,32}){0,2}")
_NO_ZONES = frozenset({"localtime", "posixrules", "factory", "leapseconds", "tzdata.zi", "right", "posix"})
_UTC_NAMES = frozenset(
    {"utc", "gmt", "z", "zulu", "uct", "etc/utc", "etc/gmt", "microsoft/utc", "coordinated universal time"}
)
_OFFSET_NAME = re.compile(r"(?:UTC|GMT)([+-])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
_DISPLAY = re.compile(r"\((?:UTC|GMT)(?:([+-])(\d\d)[:.](\d\d))?\)\s*(.+)", re.IGNORECASE)
_NAMED_DISPLAYS = {
    "pacific time (us & canada)": "America/Los_Angeles",
    "mountain time (us & canada)": "America/Denver",
    "central time (us & canada)": "America/Chicago",
    "eastern time (us & canada)": "America/New_York",
    "atlantic time (canada)": "America/Halifax",
    "arizona": "America/Phoenix",
    "coordinated universal time": "UTC",
}


@functools.lru_cache(maxsize=1)
def _known_names() -> dict[str, str]:
    """All IANA names by their case-folded form."""
    return {name.casefold(): name for name in zoneinfo.available_timezones()}


@functools.lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """IANA names by their last word: `amsterdam` is Europe/Amsterdam."""
    names = (name for name in _known_names().values() if "/" in name and not name.startswith("Etc/"))
    return {name.rpartition("/")[2].replace("_", " ").casefold(): name for name in sorted(names)}


def iana_zone(name: str) -> dt.tzinfo | None:
    """The zone of an IANA name; None for what is none, including `localtime` and the like."""
    if not _SAFE_NAME.fullmatch(name) or name.partition("/")[0].casefold() in _NO_ZONES:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = _known_names().get(name.casefold())
    return zoneinfo.ZoneInfo(known) if known else None


def _prefixed(tzid: str) -> dt.tzinfo | None:
    """`/mozilla.org/20050126_1/Europe/Riga`, `/freeassociation.sourceforge.net/Tzfile/Europe/Riga` …"""
    pieces = tzid.split("/")
    for length in (3, 2):
        if len(pieces) > length and (zone := iana_zone("/".join(pieces[-length:]))):
            return zone
    return None


@functools.lru_cache(maxsize=1)
def _windows_names() -> dict[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}


def windows_zone(name: str) -> dt.tzinfo | None:
    """The zone of a Windows name such as `W. Europe Standard Time` (CLDR)."""
    known = _windows_names().get(name.casefold())
    return iana_zone(known) if known else None


def _displayed(tzid: str) -> dt.tzinfo | None:
    """`(UTC+01:00) Amsterdam, Berlin …` where all its known cities agree with each other and with the offset."""
    hit = _DISPLAY.fullmatch(tzid.strip())
    if hit is None:
        return None
    words = hit[4].strip().casefold()
    stated = _signed(hit[1] or "+", hit[2] or "0", hit[3] or "0")
    named = next((zone for start, zone in _NAMED_DISPLAYS.items() if words.startswith(start)), None)
    names = [named] if named else [_cities()[city] for city in re.split(r"\s*,\s*", words) if city in _cities()]
    zones = [zone for zone in map(iana_zone, names) if zone]
    year = [dt.datetime(2024, month, 15) for month in range(1, 13)]  # noqa: DTZ001
    offsets = {tuple(zone.utcoffset(day) for day in year) for zone in zones}
    if len(offsets) != 1 or stated not in (zones[0].utcoffset(year[0]), zones[0].utcoffset(year[6])):
        return None
    standard = min(offset for offset in offsets.pop() if offset is not None)
    return zones[0] if standard == stated else None


def _signed(sign: str, hours: str, minutes: str, seconds: str = "0") -> dt.timedelta:
    offset = dt.timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    return -offset if sign == "-" else offset


def _fixed(tzid: str) -> dt.tzinfo | None:
    """UTC under its many names, and `UTC+2`, `GMT+02:00`."""
    if tzid.casefold().removeprefix("tzone://") in _UTC_NAMES:
        return dt.UTC
    hit = _OFFSET_NAME.fullmatch(tzid)
    if hit and int(hit[2]) <= 14:
        return dt.timezone(_signed(hit[1], hit[2], hit[3] or "0"))
    return None


def _name(tzid: str) -> str:
    """A TZID as a name: parameters don't escape commas and slashes, values do, and some senders do in both."""
    return unescaped(tzid).strip().strip('"').strip()


@dataclass(frozen=True, slots=True)
class Found:
    """What a TZID means. `rival` is another reading of it: where it differs at a time of the event, that is said.
    `doubtful`: what the message itself says of it can't be evaluated, so nobody knows whether it differs."""

    zone: dt.tzinfo | None
    rival: dt.tzinfo | None = None
    doubtful: bool = False


class Zones:
    """The zones of one message; made anew for each, so that nothing leaks into the next."""

    def __init__(self, definitions: Iterable[Component]) -> None:
        self._definitions: dict[str, Component] = {}
        self._found: dict[str, Found] = {}
        self._contradicted: set[str] = set()  # TZIDs that are defined in two ways
        for definition in definitions:
            line = definition.first("TZID")
            tzid = _name(line.value) if line else ""
            if self._definitions.setdefault(tzid, definition).parts != definition.parts:
                self._contradicted.add(tzid.casefold())
        for tzid, definition in list(
            self._definitions.items()
        ):  # another case means the same where nothing else does
            self._definitions.setdefault(tzid.casefold(), definition)

    def find(self, tzid: str) -> Found:
        """The zone for a TZID as it stands in a parameter; `Found(None)` where it can't be resolved."""
        tzid = _name(tzid)
        if tzid not in self._found:
            self._found[tzid] = self._search(tzid)
        return self._found[tzid]

    def _search(self, tzid: str) -> Found:
        if not tzid or len(tzid) > 255:
            return Found(None)
        sent = self._sent(tzid)
        definition = self._definition(tzid)
        doubtful = sent is None and definition is not None and bool(definition.parts)
        named = iana_zone(tzid.replace(" ", "_")) if "/" in tzid else None
        named = named or _prefixed(tzid)
        if named:
            return Found(named, sent, doubtful)
        other = windows_zone(tzid) or iana_zone(tzid)
        if sent:
            return Found(sent, other or sent.later)
        if definition:  # it means a zone of its own, which can't be evaluated
            return Found(other, doubtful=doubtful)
        return Found(other or _fixed(tzid) or _displayed(tzid))

    def _definition(self, tzid: str) -> Component | None:
        return self._definitions.get(tzid) or self._definitions.get(tzid.casefold())

    def _sent(self, tzid: str) -> SentZone | None:
        definition = self._definition(tzid)
        if definition is None or tzid.casefold() in self._contradicted:
            return None
        try:
            return sent_zone(tzid, definition)
        except (ValueError, OverflowError):
            return None
