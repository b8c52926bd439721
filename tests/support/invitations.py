"""Hand-made invitations for tests: the values and the organiser's own lines always agree."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from regrets.domain.model import (
    Attendee,
    ContentLine,
    EventSource,
    Invitation,
    Mailbox,
    MailFacts,
    Method,
    TimeKind,
)

ZONE = ZoneInfo("Europe/Ljubljana")
ORGANIZER = Mailbox("Marko Kovač", "marko@kovin.example")
ANA = Mailbox("Ana Novak", "ana@studio.example")
START = dt.datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
TIMEZONE_BLOCK = "\r\n".join(
    (
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Ljubljana",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "END:DAYLIGHT",
        "END:VTIMEZONE",
    )
)


def lines(*raw: str) -> tuple[ContentLine, ...]:
    """Content lines from raw text."""
    return tuple(ContentLine(text.partition(":")[0].partition(";")[0].upper(), text) for text in raw)


def make_invitation(**changes: Any) -> Invitation:
    """A REQUEST for one meeting, 24 November 2026, 10:00 to 11:00 in Ljubljana, from Marko to Ana.

    `changes` are fields of Invitation, and `mail_<field>` fields of MailFacts. `source` is written from the
    values unless it is given; `attendees` may be addresses. A changed `start` moves `end` along (one hour; a
    date gives a whole day) and sets `time_kind` and `tzid` unless those are given.
    """
    mail = {name[5:]: changes.pop(name) for name in list(changes) if name.startswith("mail_")}
    organizer = changes.get("organizer", ORGANIZER)
    attendees = tuple(
        Attendee(Mailbox("", person)) if isinstance(person, str) else person
        for person in changes.pop("attendees", (Attendee(ORGANIZER), Attendee(ANA, rsvp=True)))
    )
    values: dict[str, Any] = {
        "method": Method.REQUEST,
        "uid": "7f3a-quarterly@kovin.example",
        "sequence": 0,
        "dtstamp": dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC),
        "recurrence_id": None,
        "recurrence_start": None,
        "organizer": organizer,
        "sent_by": None,
        "attendees": attendees,
        "summary": "Quarterly review",
        "description": "Figures of the last quarter.",
        "location": "Room 4",
        "url": "",
        "status": "CONFIRMED",
        "recurrence": None,
        "rdates": (),
        "exdates": (),
        "disallow_counter": False,
        "declared_language": "",
        "conference_links": (),
    }
    values |= _times(changes)
    values |= changes
    values.setdefault("source", EventSource(()))
    values["mail"] = changes.get("mail", _mail(organizer, values["summary"]))
    if mail:
        values["mail"] = dataclasses.replace(values["mail"], **mail)
    invitation = Invitation(**values)
    return invitation if "source" in changes else dataclasses.replace(invitation, source=source_of(invitation))


def source_of(invitation: Invitation) -> EventSource:
    """The lines that an organiser would write for these values."""
    zoned = invitation.time_kind in (TimeKind.ZONED, TimeKind.UNKNOWN_ZONE) and invitation.tzid
    raw = [f"UID:{invitation.uid}", f"SEQUENCE:{invitation.sequence}"]
    if invitation.dtstamp:
        raw.append(f"DTSTAMP:{invitation.dtstamp:%Y%m%dT%H%M%SZ}")
    for name, value in (("DTSTART", invitation.start), ("DTEND", invitation.end)):
        if value is not None:
            raw.append(_time_line(name, value, invitation.tzid if zoned else ""))
    if invitation.recurrence_id is not None:
        raw.append(f"RECURRENCE-ID{_time_parameters(invitation)}:{invitation.recurrence_id}")
    if invitation.recurrence:
        raw.append(f"RRULE:{invitation.recurrence}")
    for name, text in (("SUMMARY", invitation.summary), ("LOCATION", invitation.location)):
        if text:
            raw.append(f"{name}:{_escaped(text)}")
    if invitation.description:
        raw.append(f"DESCRIPTION:{_escaped(invitation.description)}")
    if invitation.organizer:
        sent_by = f';SENT-BY="mailto:{invitation.sent_by.address}"' if invitation.sent_by else ""
        raw.append(f"ORGANIZER{_cn(invitation.organizer)}{sent_by}:mailto:{invitation.organizer.address}")
    raw += [_attendee_line(attendee) for attendee in invitation.attendees]
    if invitation.disallow_counter:
        raw.append("X-MICROSOFT-DISALLOW-COUNTER:TRUE")
    zones = ((("Europe/Ljubljana", TIMEZONE_BLOCK),)) if invitation.tzid == "Europe/Ljubljana" else ()
    return EventSource(lines(*raw), zones)


def _times(changes: dict[str, Any]) -> dict[str, Any]:
    start = changes.get("start", START)
    length = dt.timedelta(hours=1) if isinstance(start, dt.datetime) else dt.timedelta(days=1)
    kind, tzid = TimeKind.NONE, ""
    if isinstance(start, dt.datetime):
        kind = TimeKind.ZONED if start.tzinfo else TimeKind.FLOATING
        tzid = start.tzinfo.key if isinstance(start.tzinfo, ZoneInfo) and start.tzinfo.key != "UTC" else ""
    elif start is not None:
        kind = TimeKind.DAYS
    return {"start": start, "end": start and start + length, "time_kind": kind, "tzid": tzid}


def _mail(organizer: Mailbox | None, summary: str) -> MailFacts:
    sender = organizer or ORGANIZER
    return MailFacts(
        from_=sender,
        to=(ANA,),
        subject=f"Invitation: {summary}",
        date=dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC),
        message_id="<invite-1@kovin.example>",
        text="Dear Ana, the figures of the last quarter are in.",
    )


def _time_line(name: str, value: dt.datetime | dt.date, tzid: str) -> str:
    if not isinstance(value, dt.datetime):
        return f"{name};VALUE=DATE:{value:%Y%m%d}"
    if tzid:
        return f"{name};TZID={_quoted(tzid)}:{value:%Y%m%dT%H%M%S}"
    if value.tzinfo is None:
        return f"{name}:{value:%Y%m%dT%H%M%S}"
    return f"{name}:{value.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _time_parameters(invitation: Invitation) -> str:
    if invitation.time_kind is TimeKind.DAYS:
        return ";VALUE=DATE"
    return f";TZID={_quoted(invitation.tzid)}" if invitation.tzid else ""


def _attendee_line(attendee: Attendee) -> str:
    rsvp = "" if attendee.rsvp is None else f";RSVP={'TRUE' if attendee.rsvp else 'FALSE'}"
    parameters = f";CUTYPE={attendee.cutype};ROLE={attendee.role};PARTSTAT={attendee.partstat}{rsvp}"
    return f"ATTENDEE{parameters}{_cn(attendee.mailbox)}:mailto:{attendee.mailbox.address}"


def _cn(mailbox: Mailbox) -> str:
    return f";CN={_quoted(mailbox.name)}" if mailbox.name else ""


def _quoted(text: str) -> str:
    clean = text.replace('"', "'").replace("\r", " ").replace("\n", " ")
    return f'"{clean}"' if any(char in clean for char in ",;:") else clean


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
