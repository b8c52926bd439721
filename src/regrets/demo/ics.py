"""Calendar data of the demo, each in the manner of the program that is said to have made it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from icalendar import (
    Calendar,
    Component,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vRecur,
    vText,
)

from regrets.demo.scenario import Planned, PlannedMail
from regrets.demo.words import WORDS
from regrets.domain.model import Mailbox

PRODUCERS = {
    "google": "-//Google Inc//Google Calendar 70.9054//EN",
    "outlook": "Microsoft Exchange Server 2010",
    "apple": "-//Apple Inc.//macOS 15.1//EN",
    "plain": "-//Booking page//EN",
}
WINDOWS_NAMES = {
    "Europe/Helsinki": "FLE Standard Time",
    "Europe/Istanbul": "Turkey Standard Time",
    "Europe/Ljubljana": "Central Europe Standard Time",
    "Europe/London": "GMT Standard Time",
    "Europe/Oslo": "W. Europe Standard Time",
    "Europe/Riga": "FLE Standard Time",
}
# Hours; all but Istanbul, which has no summer time, follow the rule of the EU.
_STANDARD_OFFSET = {
    "Europe/Helsinki": 2,
    "Europe/Istanbul": 3,
    "Europe/Ljubljana": 1,
    "Europe/London": 0,
    "Europe/Oslo": 1,
    "Europe/Riga": 2,
}
_NO_SUMMER = ("Europe/Istanbul",)
_RULE_SINCE = dt.datetime(1601, 1, 1)  # noqa: DTZ001  # a VTIMEZONE is in wall time; Outlook starts there


def invitation_ics(mail: PlannedMail, description: str, place: str) -> str:
    """The iTIP message of a mail."""
    assert mail.event is not None
    calendar = _calendar(mail.shape)
    calendar.add("method", mail.method)
    tzid = _tzid(mail)
    if tzid and mail.shape != "plain":
        calendar.add_component(_timezone(tzid, mail.event.zone))
    event = Event()
    event.add("uid", _uid(mail))
    _add_times(event, mail, tzid)
    event.add("dtstamp", mail.received.astimezone(dt.UTC))
    event.add("sequence", mail.sequence)
    event["organizer"] = _person(mail.from_)
    for person in _attendees(mail):
        event.add("attendee", person, encode=False)
    event.add("summary", mail.event.summary)
    event.add("description", description)
    if place:
        event.add("location", place)
    event.add("status", "CANCELLED" if mail.method == "CANCEL" else "CONFIRMED")
    if mail.weeks:
        event["rrule"] = vRecur({"FREQ": ["WEEKLY"], "COUNT": [mail.weeks]})
    if mail.shape == "outlook":
        event["summary"].params["LANGUAGE"] = WORDS[mail.language].locale
        event.add("x-microsoft-cdo-busystatus", "TENTATIVE")
        event.add("x-microsoft-disallow-counter", "FALSE")
    calendar.add_component(event)
    return str(calendar.to_ical().decode("utf-8"))


def calendar_ics(entries: Iterable[Planned], me: Mailbox) -> bytes:
    """The user's own calendar as one file; every entry with others has them as guests."""
    calendar = _calendar("apple")
    for number, entry in enumerate(entries):
        event = Event()
        event.add("uid", f"own-{number}@studio.example")
        event.add("dtstamp", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        event.add("dtstart", _utc(entry.start))
        event.add("dtend", _utc(entry.end))
        event.add("summary", entry.summary)
        if entry.others:
            event["organizer"] = _person(me)
            for other in (me, *entry.others):
                event.add("attendee", _person(other, PARTSTAT="ACCEPTED"), encode=False)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar(shape: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCERS[shape])
    calendar.add("version", "2.0")
    return calendar


def _utc(when: dt.datetime | dt.date) -> dt.datetime | dt.date:
    return when.astimezone(dt.UTC) if isinstance(when, dt.datetime) else when


def _tzid(mail: PlannedMail) -> str:
    """The TZID as that program writes it; '' for days and for UTC."""
    assert mail.event is not None
    if mail.event.all_day or mail.shape == "google":
        return ""
    return WINDOWS_NAMES[mail.event.zone] if mail.shape == "outlook" else mail.event.zone


def _add_times(event: Event, mail: PlannedMail, tzid: str) -> None:
    assert mail.event is not None
    start, end = mail.event.start, mail.event.end
    if not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
        event.add("dtstart", start)
        event.add("dtend", end)
    elif not tzid:
        event.add("dtstart", start.astimezone(dt.UTC))
        event.add("dtend", end.astimezone(dt.UTC))
    else:
        event.add("dtstart", start.replace(tzinfo=None), parameters={"TZID": tzid})
        if mail.shape == "plain":
            event.add("duration", end - start)
        else:
            event.add("dtend", end.replace(tzinfo=None), parameters={"TZID": tzid})


def _attendees(mail: PlannedMail) -> list[vCalAddress]:
    assert mail.event is not None
    invited = _person(
        mail.invited or mail.to, CUTYPE="INDIVIDUAL", ROLE=mail.role, PARTSTAT="NEEDS-ACTION", RSVP="TRUE"
    )
    others = [
        _person(other, CUTYPE="INDIVIDUAL", ROLE="REQ-PARTICIPANT", PARTSTAT="NEEDS-ACTION", RSVP="TRUE")
        for other in mail.event.others
    ]
    if mail.shape == "google":  # lists the organiser among the guests
        others.append(_person(mail.from_, CUTYPE="INDIVIDUAL", ROLE="REQ-PARTICIPANT", PARTSTAT="ACCEPTED"))
    return [invited, *others]


def _person(mailbox: Mailbox, **parameters: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{mailbox.address}")
    for name, value in parameters.items():
        person.params[name] = vText(value)
    person.params["CN"] = vText(mailbox.name)
    return person


def _uid(mail: PlannedMail) -> str:
    digest = hashlib.sha256(mail.event_id.encode()).hexdigest()
    match mail.shape:
        case "google":
            return f"{digest[:26]}@google.com"
        case "outlook":
            return f"040000008200E00074C5B7101A82E008{digest[:48].upper()}"
        case "apple":
            parts = (digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32])
            return "-".join(parts).upper()
        case _:
            return f"{mail.event_id}@{mail.from_.domain}"


def _timezone(tzid: str, name: str) -> Timezone:
    """Summer time from the last Sunday of March to that of October, at 01:00 UTC."""
    zone = Timezone()
    zone.add("tzid", tzid)
    winter = dt.timedelta(hours=_STANDARD_OFFSET[name])
    if name in _NO_SUMMER:
        zone.add_component(_observance(TimezoneStandard(), winter, winter))
        return zone
    summer = winter + dt.timedelta(hours=1)
    for part, before, after, month in (
        (TimezoneStandard(), summer, winter, 10),
        (TimezoneDaylight(), winter, summer, 3),
    ):
        part["rrule"] = vRecur({"FREQ": ["YEARLY"], "BYDAY": ["-1SU"], "BYMONTH": [month]})
        zone.add_component(_observance(part, before, after))
    return zone


def _observance(part: Component, before: dt.timedelta, after: dt.timedelta) -> Component:
    part.add("dtstart", _RULE_SINCE + before + dt.timedelta(hours=1))
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    return part
