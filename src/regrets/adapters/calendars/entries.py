"""One calendar file as busy entries: parsed, expanded within a window, in the user's terms."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Iterable, Iterator
from typing import Any

from regrets.domain.mailto import address as address_in
from regrets.domain.model import Busy, Slot
from regrets.domain.settings import is_mine
from regrets.domain.timezones import Zones

_PARSING = threading.Lock()  # icalendar keeps time zones for the whole process
_ALARM = re.compile(rb"^BEGIN:VALARM\r?$.*?^END:VALARM\r?\n?", re.DOTALL | re.MULTILINE | re.IGNORECASE)
_STEPS = re.compile(r"FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)\b")
_NO_STEP = re.compile(r"INTERVAL=0*(?![1-9])")
_LONGEST_RULE = 500  # characters
_NO_PEOPLE = ("ROOM", "RESOURCE")
_MOST_OCCURRENCES = 2000  # of one series within a window
_DAMAGE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, IndexError)


class CalendarBroken(Exception):
    """A file is no calendar; the text is a sentence for the user."""


def busy_entries(
    data: bytes,
    start: dt.datetime,
    end: dt.datetime,
    me: tuple[str, ...],
    zone: dt.tzinfo,
    *,
    dated: bool = True,
) -> tuple[list[Busy], int]:
    """The entries between two aware instants, and how many can't be read. Raises CalendarBroken.

    `dated` False leaves DTSTAMP out: services that export a feed write the moment of the export there.
    """
    with _PARSING:
        groups, damaged = _by_uid(_calendars(data))
        entries: list[Busy] = []
        for group in groups:
            try:
                for component, override in _occurrences(group, start, end):
                    entry = _entry(component, override, me, zone, dated)
                    if entry and entry.slot.start < end and start < max(entry.slot.end, entry.slot.start):
                        entries.append(entry)
            except _DAMAGE:
                damaged += 1
    return entries, damaged


def _calendars(data: bytes) -> list[Any]:
    import icalendar
    from icalendar.timezone import tzp

    clean = data.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"")
    for text in (clean, _ALARM.sub(b"", clean)):
        tzp.use_zoneinfo()  # forgets the VTIMEZONEs of other files
        try:
            calendars = icalendar.Calendar.from_ical(text, multiple=True)
        except _DAMAGE:
            continue
        if calendars:
            return list(calendars)
    raise CalendarBroken("is no calendar that can be read. Export it again, or take it out of config.toml.")


def _by_uid(calendars: Iterable[Any]) -> tuple[list[list[Any]], int]:
    groups: dict[str, list[Any]] = {}
    damaged = 0
    for calendar in calendars:
        for event in calendar.walk("VEVENT"):
            try:
                if event.get("DTSTART") is None:
                    raise ValueError
                event["DTSTART"].dt  # noqa: B018 - a broken date only shows when it is asked for
                groups.setdefault(str(event.get("UID", id(event))), []).append(event)
            except _DAMAGE:
                damaged += 1
    return list(groups.values()), damaged


def _occurrences(group: list[Any], start: dt.datetime, end: dt.datetime) -> Iterator[tuple[Any, str | None]]:
    """The occurrences of one UID with the RECURRENCE-ID of those that were moved or changed on their own."""
    if not any(event.get("RRULE") or event.get("RDATE") for event in group):
        for event in group:
            yield event, _recurrence_id(event)
        return
    import icalendar
    import recurring_ical_events

    for event in group:
        _refuse_endless(event)
    changed = {_recurrence_id(event) for event in group} - {None}
    calendar = icalendar.Calendar()
    for event in group:
        calendar.add_component(event)
    found = recurring_ical_events.of(calendar, skip_bad_series=True).between(start, end)
    for event in found[:_MOST_OCCURRENCES]:
        own = _recurrence_id(event)
        yield event, own if own in changed else None


def _refuse_endless(event: Any) -> None:
    """Raises ValueError for rules that would step for ever: by the hour or less, or by nothing."""
    rules = event.get("RRULE") or []
    for rule in rules if isinstance(rules, list) else [rules]:
        text = rule.to_ical().decode("ascii", "replace").upper()
        if len(text) > _LONGEST_RULE or not _STEPS.search(text) or _NO_STEP.search(text):
            raise ValueError(text[:80])


def _recurrence_id(event: Any) -> str | None:
    value = event.get("RECURRENCE-ID")
    return value.to_ical().decode("ascii", "replace") if value is not None else None


def _entry(event: Any, override: str | None, me: tuple[str, ...], zone: dt.tzinfo, dated: bool) -> Busy | None:
    slot = _slot(event, zone)
    if slot is None:
        return None
    people, own = _people(event, me)
    status = str(event.get("STATUS", "")).upper()
    shown = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    declined = status == "CANCELLED" or own == "DECLINED"
    transparent = str(event.get("TRANSP", "")).upper() == "TRANSPARENT" or shown == "FREE"
    organizer = _address(event.get("ORGANIZER"))
    return Busy(
        slot=slot,
        summary=str(event.get("SUMMARY", "")),
        uid=str(event.get("UID", "")),
        recurrence_id=override,
        tentative="TENTATIVE" in (status, own, shown) or own == "NEEDS-ACTION",
        opaque=not declined and not transparent,
        all_day=not isinstance(event["DTSTART"].dt, dt.datetime),
        declined=declined,
        organizer=organizer,
        people=tuple(dict.fromkeys(person for person in (organizer, *people) if person)),
        sequence=int(event.get("SEQUENCE", 0) or 0),
        dtstamp=_stamp(event) if dated else None,
        sent_by=_address(getattr(event.get("ORGANIZER"), "params", {}).get("SENT-BY")),
    )


def _slot(event: Any, zone: dt.tzinfo) -> Slot | None:
    begin = _aware(event["DTSTART"], zone)
    if event.get("DTEND") is not None:
        end = _aware(event["DTEND"], zone)
    elif event.get("DURATION") is not None:
        end = begin + event["DURATION"].dt
    else:
        whole = not isinstance(event["DTSTART"].dt, dt.datetime)
        end = begin + dt.timedelta(days=1) if whole else begin
    return Slot(begin, end) if end >= begin else None


def _aware(value: Any, zone: dt.tzinfo) -> dt.datetime:
    """Days and floating times are in the user's zone; so are zones that nobody knows."""
    moment = value.dt
    if not isinstance(moment, dt.datetime):
        return dt.datetime.combine(moment, dt.time(), zone)
    if moment.tzinfo is not None:
        return moment
    named = Zones(()).find(str(value.params.get("TZID", ""))).zone
    return moment.replace(tzinfo=named or zone)


def _people(event: Any, me: tuple[str, ...]) -> tuple[list[str], str]:
    """Addresses of the attendees, rooms left out, and the user's own PARTSTAT ('' where they are none)."""
    attendees = event.get("ATTENDEE") or []
    people, own = [], ""
    for attendee in attendees if isinstance(attendees, list) else [attendees]:
        address = _address(attendee)
        if str(attendee.params.get("CUTYPE", "")).upper() not in _NO_PEOPLE:
            people.append(address)
        if is_mine(address, me):
            own = str(attendee.params.get("PARTSTAT", "NEEDS-ACTION")).upper()
    return people, own


def _address(value: Any) -> str:
    """The address as the reader of invitations finds it; what is none stays as it is: it is somebody, too."""
    text = str(value or "").strip()
    return address_in(text) or text


def _stamp(event: Any) -> dt.datetime | None:
    value = event.get("DTSTAMP")
    moment = getattr(value, "dt", None)
    if not isinstance(moment, dt.datetime):
        return None
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
