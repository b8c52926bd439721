"""iCalendar data to Invitations: which VEVENT is meant, and what its properties say (RFC 5545, RFC 5546)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from regrets.domain.calendar_text import Calendar, Component, Property, parsed
from regrets.domain.event_times import Moment, Reader, event_times
from regrets.domain.mailto import mailbox, sent_by
from regrets.domain.model import (
    Attendee,
    ContentLine,
    EventSource,
    Invitation,
    Method,
    PartStat,
    Warn,
)
from regrets.domain.timezones import Zones

MOST_ATTENDEES = 2000
MOST_DIGITS = 18  # of a SEQUENCE: what a 64-bit column holds


class NoEvent(Exception):
    """Calendar data without a VEVENT: `kinds` are the components it has instead."""

    def __init__(self, kinds: tuple[str, ...]) -> None:
        self.kinds = kinds
        super().__init__(", ".join(kinds))


def read_calendar(data: bytes, charset: str = "", method: str = "") -> Invitation:
    """The invitation in iCalendar data; the other VEVENTs in `also`. `method` is the MIME parameter: what the
    data itself says comes first. Raises NoEvent."""
    calendar = parsed(data, charset)
    holders = [part for part in calendar.root.parts if part.name == "VCALENDAR"] or [calendar.root]
    events = [(event, holder) for holder in holders for event in holder.inside("VEVENT")]
    if not events:
        raise NoEvent(tuple(dict.fromkeys(part.name for holder in holders for part in holder.parts)))
    zones = {id(holder): Zones(holder.inside("VTIMEZONE")) for holder in holders}  # made once for all their events
    found = [_invitation(event, holder, calendar, method, zones[id(holder)]) for event, holder in events]
    first = _meant(found)
    others = tuple(item for item in found if item is not first)
    return replace(first, also=others) if others else first


def _meant(found: list[Invitation]) -> Invitation:
    """The series' master, else its first occurrence; of several events the first."""
    same = [item for item in found if item.uid == found[0].uid]
    masters = [item for item in same if item.recurrence_id is None]
    if masters:
        return masters[0]
    return min(same, key=lambda item: _order(item.start))


def _order(moment: Moment | None) -> tuple[bool, str]:
    """Sorts times of every kind; the unknown last."""
    if isinstance(moment, dt.datetime) and moment.tzinfo:
        moment = moment.astimezone(dt.UTC)
    return moment is None, moment.isoformat() if moment else ""


def _method(holder: Component, fallback: str) -> Method | None:
    line = holder.first("METHOD")
    word = (line.value if line and line.value.strip() else fallback).strip().strip("\"'").upper()
    return Method(word) if word in Method.__members__ else None


def _text(event: Component, name: str) -> str:
    line = event.first(name)
    return line.text.strip() if line else ""


def _invitation(event: Component, holder: Component, calendar: Calendar, method: str, zones: Zones) -> Invitation:
    reader = Reader(zones)
    times = event_times(event, reader)
    occurrence = event.first("RECURRENCE-ID")
    recurrence_start, _ = reader.of(occurrence)
    organizer_line = event.first("ORGANIZER")
    organizer = mailbox(organizer_line) if organizer_line else None
    if organizer is None:
        reader.warn(Warn.NO_ORGANIZER)
        if organizer_line is not None and _names_somebody(organizer_line):
            reader.warn(Warn.ORGANIZER_UNREADABLE)
    if calendar.truncated or len(event.all("ATTENDEE")) > MOST_ATTENDEES:
        reader.warn(Warn.TRUNCATED)
    sequence = _sequence(event, reader)
    attendees = _attendees(event, reader)
    if calendar.damaged or any(line.damaged for line in event.properties):
        reader.warn(Warn.DAMAGED)
    rdates, exdates = reader.list_of(event, "RDATE"), reader.list_of(event, "EXDATE")
    return Invitation(
        method=_method(holder, method),
        uid=_text(event, "UID"),
        sequence=sequence,
        dtstamp=_stamp(event, reader),
        recurrence_id=occurrence.value.strip() if occurrence and occurrence.value.strip() else None,
        recurrence_start=recurrence_start,
        organizer=organizer,
        sent_by=sent_by(organizer_line) if organizer_line else None,
        attendees=attendees,
        summary=_text(event, "SUMMARY"),
        description=_text(event, "DESCRIPTION"),
        location=_text(event, "LOCATION"),
        url=_text(event, "URL"),
        start=times.start,
        end=times.end,
        time_kind=times.kind,
        tzid=times.tzid,
        recurrence=_rule(event),
        rdates=rdates,
        exdates=exdates,
        status=_text(event, "STATUS").upper(),
        disallow_counter=_text(event, "X-MICROSOFT-DISALLOW-COUNTER").upper() == "TRUE",
        declared_language=_language(event),
        conference_links=(),
        source=_source(event, holder.inside("VTIMEZONE")),
        warnings=tuple(str(warning) for warning in reader.warnings),
    )


def _names_somebody(line: Property) -> bool:
    """Whether a line without a usable address means somebody all the same: several addresses, a path, a name."""
    return bool(re.sub(r"(?i)^mailto:", "", line.value.strip()) or line.params.get("CN") or line.damaged)


def _sequence(event: Component, reader: Reader) -> int:
    line = event.first("SEQUENCE")
    text = line.value.strip() if line else ""
    if re.fullmatch(rf"\+?\d{{1,{MOST_DIGITS}}}", text):
        return int(text)
    if text:
        reader.warn(Warn.DAMAGED)
    return 0


def _stamp(event: Component, reader: Reader) -> dt.datetime | None:
    """DTSTAMP in UTC, as RFC 5545 demands it; a floating one is taken for UTC."""
    line = event.first("DTSTAMP")
    if line is None:
        return None
    moment, _ = reader.moment(line.value, line.params.get("TZID", ""))
    if not isinstance(moment, dt.datetime):
        return None
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _attendees(event: Component, reader: Reader) -> tuple[Attendee, ...]:
    found = []
    for line in event.all("ATTENDEE")[:MOST_ATTENDEES]:
        person = mailbox(line)
        if person is None:
            if line.damaged:
                reader.warn(Warn.DAMAGED)
            continue
        partstat = line.params.get("PARTSTAT", "").upper()
        rsvp = line.params.get("RSVP", "").upper()
        known = partstat in PartStat._value2member_map_
        found.append(
            Attendee(
                mailbox=person,
                partstat=PartStat(partstat) if known else PartStat.NEEDS_ACTION,
                role=line.params.get("ROLE", "").upper() or "REQ-PARTICIPANT",
                cutype=line.params.get("CUTYPE", "").upper() or "INDIVIDUAL",
                rsvp={"TRUE": True, "FALSE": False}.get(rsvp),
            )
        )
    return tuple(found)


def _rule(event: Component) -> str | None:
    line = event.first("RRULE")
    rule = re.sub(r"\s", "", line.value) if line else ""
    return rule or None


def _language(event: Component) -> str:
    for name in ("SUMMARY", "DESCRIPTION"):
        line = event.first(name)
        if line and line.params.get("LANGUAGE"):
            return line.params["LANGUAGE"][:35]
    return ""


def _echoed(line: Property) -> ContentLine:
    """The line as written; one in which only this reader finds the person (a quote too many, a colon in an unquoted
    name) with nothing but what it finds, so that who answers finds the same."""
    written = ContentLine(line.name, line.raw)
    if (
        line.name not in ("ORGANIZER", "ATTENDEE")
        or not line.value.strip()
        or written.value.strip() == line.value.strip()
    ):
        return written
    return ContentLine(line.name, f"{line.name}:{line.value.strip()}")


def _source(event: Component, zones: list[Component]) -> EventSource:
    return EventSource(
        tuple(map(_echoed, event.properties)), tuple((_tzid(zone), "\r\n".join(_block(zone))) for zone in zones)
    )


def _tzid(zone: Component) -> str:
    line = zone.first("TZID")
    return line.value.strip() if line else ""


def _block(component: Component) -> list[str]:
    inner = [line for part in component.parts for line in _block(part)]
    lines = [line.raw for line in component.properties]
    return [f"BEGIN:{component.name}", *lines, *inner, f"END:{component.name}"]
