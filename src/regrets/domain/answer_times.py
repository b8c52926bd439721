"""The times of an answer and their zones, in the form in which the organiser wrote them (RFC 5545, 3.3.5)."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from regrets.domain.calendar_text import unescaped
from regrets.domain.content_lines import content_line, is_clean, is_well_formed, time_value, tzid_of, well_formed
from regrets.domain.errors import CannotAnswer
from regrets.domain.model import ContentLine, Effect, Invitation, TimeKind
from regrets.domain.timezones import iana_zone
from regrets.domain.vtimezone import timezone_lines

_LARGEST_TIMEZONE = 32_768  # characters; a larger VTIMEZONE is no zone but an attack or an accident
_TIME = re.compile(r"\d{8}(T\d{6}Z?)?")
_DATE = re.compile(r"\d{8}")
_UNQUOTED_TZID = re.compile(r"([A-Za-z]+;TZID)=([^\";,]*):(\d{8}T\d{6})")
_OF_A_ZONE = {
    *("BEGIN", "END", "TZID", "TZURL", "TZUNTIL", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO", "DTSTART", "LAST-MODIFIED"),
    *("RRULE", "RDATE", "EXRULE", "EXDATE", "COMMENT"),
}
_DURATION = re.compile(r"\+?P(\d+W|(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)")


def time_line(invitation: Invitation, name: str) -> ContentLine | None:
    """A DTSTART, DTEND or DURATION line that is well formed, else None. A TZID with a colon in it gets its quotes,
    and a bare date says that it is one (RFC 5545, 3.3.4: ical.js refuses it otherwise)."""
    line = invitation.source.first(name)
    if line is None or not is_clean(line.raw):
        return None
    grammar = _DURATION if name == "DURATION" else _TIME
    if name != "DURATION" and _DATE.fullmatch(line.value.strip()):
        return content_line(f"{name};VALUE=DATE:{line.value.strip()}")
    if grammar.fullmatch(line.value.strip()):
        return content_line(well_formed(line))
    unquoted = _UNQUOTED_TZID.fullmatch(line.raw)
    return content_line(f'{unquoted[1]}="{unquoted[2]}":{unquoted[3]}') if unquoted else None


def echoed_times(invitation: Invitation) -> list[str]:
    """DTSTART with DTEND or DURATION; in UTC where a zone can neither be copied nor made, and none of them where that
    would say something else: of a series, or where the zone is unknown."""
    start = time_line(invitation, "DTSTART")
    if start is None or invitation.start is None:
        return []
    end = time_line(invitation, "DTEND") or time_line(invitation, "DURATION")
    if invitation.end is None or not _fits(invitation.start, invitation.end) or (end and not _alike(start, end)):
        end = None
    lines = [line for line in (start, end) if line is not None]
    if not any(lacks_zone(invitation, line) for line in lines):
        return [line.raw for line in lines]
    return [] if invitation.recurring else _in_utc(invitation)


def _in_utc(invitation: Invitation) -> list[str]:
    """DTSTART and DTEND as instants; empty where they are none."""
    moments = [("DTSTART", invitation.start), ("DTEND", invitation.end)]
    known = [(name, moment) for name, moment in moments if isinstance(moment, dt.datetime) and moment.tzinfo]
    return [f"{name}:{time_value(moment)}" for name, moment in known] if known[:1] == moments[:1] else []


def _alike(start: ContentLine, end: ContentLine) -> bool:
    """Whether both are dates or both are times, as they are written; a DURATION goes with either."""
    return end.name == "DURATION" or ("T" in start.value) == ("T" in end.value)


def _fits(start: dt.datetime | dt.date, end: dt.datetime | dt.date | None) -> bool:
    """Whether `end` is of the same kind as `start` and not before it."""
    try:
        return end is None or (isinstance(start, dt.datetime) == isinstance(end, dt.datetime) and end >= start)
    except TypeError:  # one with a zone, one without
        return False


def lacks_zone(invitation: Invitation, line: ContentLine) -> bool:
    """Whether a line names a zone whose VTIMEZONE can neither be copied nor made."""
    tzid = tzid_of(line)
    return bool(tzid) and not _copied_timezone(invitation, tzid) and _zone(invitation, tzid) is None


def counter_times(invitation: Invitation, effect: Effect) -> list[str]:
    """The new times in the form of the old ones, and the old ones for Outlook (MS-OXCICAL)."""
    old, old_end = time_line(invitation, "DTSTART"), time_line(invitation, "DTEND")
    if any(line is not None and lacks_zone(invitation, line) for line in (old, old_end)):
        found = [*map(content_line, _in_utc(invitation)), None, None]
        old, old_end = found[0], found[1]
    if old is None or effect.start is None or effect.end is None:
        raise CannotAnswer("The invitation names no time that could be moved.", "Answer “perhaps” instead.")
    start, end = (in_form_of(old, invitation, moment).raw for moment in _whole_days(effect, invitation))
    if old_end is None and invitation.end is not None:
        old_end = in_form_of(old, invitation, invitation.end)
    lines = [start, f"DTEND{end.removeprefix('DTSTART')}"]
    lines.append(f"X-MS-OLK-ORIGINALSTART{old.raw[len('DTSTART') :]}")
    if old_end is not None:
        lines.append(f"X-MS-OLK-ORIGINALEND{re.sub('^[A-Za-z]+', '', old_end.raw)}")
    return lines


def _whole_days(effect: Effect, invitation: Invitation) -> tuple[dt.datetime | dt.date, ...]:
    """The proposed times; as dates where an all-day event moves to whole days."""
    moments = [moment for moment in (effect.start, effect.end) if moment is not None]
    whole = invitation.all_day and all(moment.time() == dt.time() for moment in moments)
    return tuple(moment.date() for moment in moments) if whole else tuple(moments)


def in_form_of(old: ContentLine, invitation: Invitation, moment: dt.datetime | dt.date) -> ContentLine:
    """DTSTART for `moment`, written as `old` is: TZID, UTC, floating or a date. An aware moment for a floating
    event keeps its wall time; what a form can't say (the hour that comes twice in autumn) is written in UTC."""
    head = f"DTSTART{old.raw[len('DTSTART') : len(old.raw) - len(old.value)]}"
    if not isinstance(moment, dt.datetime):
        return content_line(f"DTSTART;VALUE=DATE:{time_value(moment)}")
    if invitation.time_kind is TimeKind.FLOATING or moment.tzinfo is None:
        return content_line(f"{head}{time_value(moment.replace(tzinfo=None))}")
    zone = invitation.start.tzinfo if isinstance(invitation.start, dt.datetime) else None
    if tzid_of(old) and zone is not None:
        local = moment.astimezone(zone)
        if not local.fold:
            return content_line(f"{head}{time_value(local.replace(tzinfo=None))}")
    return content_line(f"DTSTART:{time_value(moment)}")


def timezones(invitation: Invitation, lines: list[ContentLine]) -> Iterable[str]:
    """One VTIMEZONE for each TZID used: the organiser's, else one made from the IANA zone it stands for."""
    for tzid in dict.fromkeys(tzid_of(line) for line in lines if tzid_of(line)):
        copied = _copied_timezone(invitation, tzid)
        zone = None if copied else _zone(invitation, tzid)
        yield from copied
        if zone is not None:
            yield from timezone_lines(tzid, zone, _moments(lines))


def _copied_timezone(invitation: Invitation, tzid: str) -> list[str]:
    """The organiser's VTIMEZONE of that name, if it is sane."""
    for name, block in invitation.source.timezones:
        if _zone_key(name) != _zone_key(tzid) or len(block) > _LARGEST_TIMEZONE:
            continue
        lines = [line for line in block.replace("\r\n", "\n").split("\n") if line.strip()]
        if _is_whole(lines) and all(map(is_well_formed, lines)):
            return lines
    return []


def _is_whole(lines: list[str]) -> bool:
    """A VTIMEZONE with STANDARD and DAYLIGHT in it, one after the other, and nothing that belongs elsewhere
    (RFC 5545, 3.6.5): what is copied from here stands in the answer."""
    open_, inner = [""], [content_line(line) for line in lines[1:-1]]
    names = {line.name for line in inner}
    if not names >= {"BEGIN", "TZID"} or any(name not in _OF_A_ZONE and not name.startswith("X-") for name in names):
        return False
    for line in inner:
        if line.name == "BEGIN" and (open_[-1] or line.value not in ("STANDARD", "DAYLIGHT")):
            return False
        if line.name == "BEGIN":
            open_.append(line.value)
        elif line.name == "END" and (line.value != open_.pop() or not line.value):
            return False
    return open_ == [""] and lines[:1] == ["BEGIN:VTIMEZONE"] and lines[-1] == "END:VTIMEZONE"


def _zone_key(tzid: str) -> str:
    return unescaped(tzid).strip().strip('"')


def _zone(invitation: Invitation, tzid: str) -> ZoneInfo | None:
    """The IANA zone that a TZID stands for: what the reader resolved it to, else its own name."""
    start = invitation.start.tzinfo if isinstance(invitation.start, dt.datetime) else None
    if isinstance(start, ZoneInfo) and _zone_key(tzid) == _zone_key(invitation.tzid):
        return start
    named = iana_zone(_zone_key(tzid))
    return named if isinstance(named, ZoneInfo) else None


def _moments(lines: list[ContentLine]) -> list[dt.datetime]:
    values = [line.value.strip().rstrip("Z") for line in lines if _TIME.fullmatch(line.value.strip())]
    stamps = []
    for value in values:
        with contextlib.suppress(ValueError):  # days that are none, as of 30 February
            stamps += [dt.datetime.strptime(value, "%Y%m%dT%H%M%S")] if "T" in value else []  # noqa: DTZ007
    return stamps or [dt.datetime(2026, 1, 1)]  # noqa: DTZ001 - local times, only to find the years
