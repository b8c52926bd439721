"""What is filed in the user's own calendar: the organiser's event with the user's answer in it.

A stored object is no message: it has no METHOD (RFC 4791, 4.1), and of what the organiser wrote only that changes
which is the attendee's to change (RFC 6638, 3.2.2.1).
"""

from __future__ import annotations

import datetime as dt

from regrets.domain.answer_times import echoed_times, timezones
from regrets.domain.calendar_splice import without_event
from regrets.domain.content_lines import (
    address_of,
    content_line,
    folded,
    is_well_formed,
    parameters,
    time_value,
    tzid_of,
    well_formed,
)
from regrets.domain.errors import CalendarError
from regrets.domain.itip import PRODID
from regrets.domain.model import ContentLine, Invitation, Method, PartStat

YES = (PartStat.ACCEPTED, PartStat.TENTATIVE)
_BY_HAND = "Change it in your calendar program."
_TIMES = ("DTSTART", "DTEND", "DURATION")
_SERIES = ("RRULE", "RDATE", "EXDATE", "EXRULE")
# The organiser's view of how the copy is shown, and what only a message carries.
_LEFT_OUT = (*_TIMES, "RECURRENCE-ID", "X-MICROSOFT-CDO-BUSYSTATUS", "REQUEST-STATUS", "METHOD")


def event_to_file(invitation: Invitation, partstat: PartStat, attendee: str, now: dt.datetime) -> bytes:
    """The calendar object of one UID: a meeting, a series with its exceptions, or one meeting of a series.

    `partstat` is the answer (ACCEPTED, TENTATIVE) of `attendee`, an address as invited; `now` (aware) dates what has
    no DTSTAMP. The organiser's reminders and packed attachments are left out. Raises CalendarError where it can't
    stand in a calendar.
    """
    exceptions = _exceptions(invitation)
    events = [invitation, *(each for each in exceptions if each.status != "CANCELLED")]
    written = [_event(each, partstat, attendee, now) for each in events]
    used = [content_line(line) for event in written for line in event]
    filed = _calendar(_zones(invitation, used), written)
    for each in exceptions:
        if each.status == "CANCELLED":
            filed = without_event(filed, event_to_remove(each))
    return filed


def event_to_remove(invitation: Invitation) -> bytes:
    """The calendar object that names what goes: its UID, and the RECURRENCE-ID of one meeting of a series. Raises
    CalendarError."""
    if invitation.method is Method.ADD:
        raise CalendarError("This adds meetings to a series.", _BY_HAND)
    lines = [_uid(invitation), *_recurrence_id(invitation)]
    return _calendar(_zones(invitation, [content_line(line) for line in lines]), [lines])


def _exceptions(invitation: Invitation) -> list[Invitation]:
    """The changed and the cancelled meetings that came with a series."""
    if invitation.recurrence_id is not None:
        return []
    return [each for each in invitation.also if each.uid == invitation.uid and each.recurrence_id is not None]


def _calendar(zones: list[str], events: list[list[str]]) -> bytes:
    body = [line for event in events for line in ("BEGIN:VEVENT", *event, "END:VEVENT")]
    return folded(["BEGIN:VCALENDAR", f"PRODID:{PRODID}", "VERSION:2.0", *zones, *body, "END:VCALENDAR"])


def _event(invitation: Invitation, partstat: PartStat, attendee: str, now: dt.datetime) -> list[str]:
    if invitation.method in (Method.ADD, Method.CANCEL) or invitation.status == "CANCELLED":
        raise CalendarError("This message describes no meeting that takes place.", _BY_HAND)
    times = echoed_times(invitation)
    if not times:
        zone = f" (its time zone “{invitation.tzid}” is not known)" if invitation.tzid else ""
        raise CalendarError(f"The invitation names no time that a calendar could hold{zone}.", _BY_HAND)
    left_out = (*_LEFT_OUT, *(_SERIES if invitation.recurrence_id is not None else ()))
    wanted = address_key(attendee)
    own = [line for line in invitation.source.lines if line.name not in ("UID", *left_out)]
    lines = [written for line in own if (written := _written(line, partstat, wanted))]
    if partstat is PartStat.TENTATIVE:  # for programs that look at no ATTENDEE (RFC 4791, 7.10)
        lines = [*(line for line in lines if content_line(line).name != "STATUS"), "STATUS:TENTATIVE"]
    if not any(content_line(line).name == "DTSTAMP" for line in lines):
        lines.insert(0, f"DTSTAMP:{time_value(now)}")
    return [_uid(invitation), *_recurrence_id(invitation), *times, *lines]


def _written(line: ContentLine, partstat: PartStat, me: str) -> str:
    """A line as it is stored; '' for one that no calendar could read."""
    raw = well_formed(line)
    mended = content_line(raw)
    if not is_well_formed(raw) or not (mended.value.strip() or mended.name.startswith("X-")):
        return ""
    if mended.name == "ATTACH" and not mended.value.lower().startswith(("https://", "http://")):
        return ""  # neither a file that was packed into the mail nor a path on somebody's disk
    if mended.name == "ORGANIZER":
        # The answer went by mail: a CalDAV server that gets the file must not send another (RFC 6638, 7.1).
        return _with(mended, {"SCHEDULE-AGENT": "CLIENT"})
    if mended.name == "ATTENDEE" and me and address_key(address_of(mended)) == me:
        return _with(mended, {"PARTSTAT": str(partstat), "RSVP": ""})
    return raw


def _with(line: ContentLine, changes: dict[str, str]) -> str:
    """The line with other parameters; '' takes one away."""
    kept = {name: value for name, value in parameters(line).items() if name not in changes}
    kept.update({name: value for name, value in changes.items() if value})
    return f"{line.name}{''.join(f';{name}={value}' for name, value in kept.items())}:{line.value}"


def address_key(address: str) -> str:
    """For comparing whole addresses."""
    return address.strip().casefold()


def _uid(invitation: Invitation) -> str:
    line = invitation.source.first("UID")
    raw = well_formed(line) if line is not None else ""
    if line is None or not line.value.strip() or not is_well_formed(raw):
        raise CalendarError("The invitation has no UID by which a calendar could know it again.", _BY_HAND)
    return raw


def _recurrence_id(invitation: Invitation) -> list[str]:
    line = invitation.source.first("RECURRENCE-ID")
    if invitation.recurrence_id is None or line is None:
        return []
    if "RANGE" in parameters(line):
        raise CalendarError("This is about one meeting of a series and all that follow.", _BY_HAND)
    return [well_formed(line)]


def _zones(invitation: Invitation, used: list[ContentLine]) -> list[str]:
    """A VTIMEZONE for each TZID. Raises CalendarError for one that nobody knows: the time would be a wrong one."""
    zones = list(timezones(invitation, used))
    defined = {content_line(line).value for line in zones if content_line(line).name == "TZID"}
    for line in used:
        if (tzid := tzid_of(line)) and tzid not in defined and tzid.replace(",", "\\,") not in defined:
            raise CalendarError(f"The time zone “{tzid}” of the invitation is not known.", _BY_HAND)
    return zones
