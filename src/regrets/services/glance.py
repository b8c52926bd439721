"""The facts of an invitation at a glance: labelled lines, the most important first."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from regrets.domain.cases import ABOUT, WHO, Glance
from regrets.domain.model import Attendee, Invitation, PartStat, Suggestion, TimeKind, Warn
from regrets.domain.naming import safe_mailbox, short_address
from regrets.domain.recurrence import in_words, next_occurrence
from regrets.domain.registrable import same_owner
from regrets.domain.settings import Fit, Settings
from regrets.domain.text import safe_address
from regrets.domain.written import written
from regrets.services.methods import method_glances

WARNINGS = {
    Warn.SENDER_MISMATCH: "Sent by {sender}, who is not the organiser.",
    Warn.SENDER_UNREADABLE: "Its sender can't be read, so nobody knows whether it is from the organiser.",
    Warn.SPOOFED_UPDATE: "Claims to change a meeting of somebody else. Sent by {sender}.",
    Warn.NO_ORGANIZER: "It names no organiser; an answer goes to the sender of the mail.",
    Warn.ORGANIZER_UNREADABLE: "The organiser's address can't be read for sure; an answer goes to the mail's sender.",
    Warn.NO_REPLY_ADDRESS: "The organiser's address takes no mail.",
    Warn.UNKNOWN_TIMEZONE: "The time zone {tzid} is unknown: the hour is the organiser's own.",
    Warn.INVALID_TIME: "Its times make no sense: look at the original.",
    Warn.UNSOLICITED: "An answer would confirm your address to a stranger.",
    Warn.TRUNCATED: "It is larger than the limits; the rest was not read.",
    Warn.NOT_INVITED: "None of your addresses is invited.",
    Warn.SEVERAL_OF_ME: "More than one of your addresses is invited.",
    Warn.DAMAGED: "A part of its calendar data can't be read.",
    Warn.SUSPICIOUS_LINK: "It holds a link that leads elsewhere than it seems to: don't follow it.",
    Warn.INVISIBLE_TEXT: "Its text holds characters that nobody sees, or that turn it round: they show as \ufffd.",
    Warn.TIMEZONE_DIFFERS: "Name and definition of the time zone don't agree, or can't be compared: check the hour.",
}


def glances(
    invitation: Invitation, suggestion: Suggestion, settings: Settings, now: dt.datetime
) -> tuple[Glance, ...]:
    """Who, when, how long, whether I am needed, how many, what for, where, and what is odd about it."""
    zone = ZoneInfo(settings.me.timezone)
    lines = [_who(invitation, suggestion), _when(invitation, suggestion, zone, now)]
    lines += method_glances(invitation, in_my_time(invitation, zone, now))
    lines += _length(invitation, suggestion)
    lines += _people(invitation, suggestion)
    lines += _where(invitation)
    lines += _purpose(invitation)
    lines += fit_lines(invitation, suggestion, settings.fit)
    lines += warning_lines(invitation, suggestion)
    return tuple(lines)


def fit_lines(invitation: Invitation, suggestion: Suggestion, fit: Fit) -> list[Glance]:
    """Beside a stranger's request: the user's own words of [fit], and which of them the request names."""
    if suggestion.relation != "stranger" or not (fit.wanted or fit.unwanted):
        return []
    said = f"{invitation.summary} {invitation.description}".casefold()
    named = [words for words in fit.unwanted if words.casefold() in said]
    parts = [f"wanted: {', '.join(fit.wanted)}"] if fit.wanted else []
    parts += [f"unwanted: {', '.join(fit.unwanted)}"] if fit.unwanted else []
    parts += [f"it names {', '.join(named)}"] if named else []
    return [Glance("Fit", " · ".join(parts), alert=bool(named))]


def _who(invitation: Invitation, suggestion: Suggestion) -> Glance:
    person = invitation.organizer or invitation.mail.from_
    if person is None:
        return Glance(WHO, "nobody is named", alert=True)
    parts = [safe_mailbox(person.name, person.address), suggestion.relation]
    sender = invitation.mail.from_
    apart = sender is not None and sender.key != person.key
    parts += [f"sent by {short_address(sender.address)}"] if sender is not None and apart else []
    strange = sender is not None and apart and not same_owner(sender.address, person.address)
    return Glance(WHO, " · ".join(filter(None, parts)), alert=strange)


def in_my_time(invitation: Invitation, zone: ZoneInfo, now: dt.datetime) -> str:
    """The next time in the user's zone, with the organiser's own where it differs."""
    start, end = invitation.start, invitation.end
    if start is None:
        return "no time given"
    if invitation.time_kind is TimeKind.DAYS:
        return _days(start, end)
    if not isinstance(start, dt.datetime):
        return str(start)
    if invitation.time_kind is TimeKind.UNKNOWN_ZONE:
        return f"{_span(start, end, now)} in the zone {invitation.tzid}"
    if invitation.time_kind is TimeKind.FLOATING:
        return f"{_span(start, end, now)} (no zone given)"
    slot = next_occurrence(invitation, now, zone) if invitation.recurring else None
    first = slot.start if slot else start
    last = slot.end if slot else end
    mine = _span(first.astimezone(zone), last.astimezone(zone) if isinstance(last, dt.datetime) else None, now)
    # UTC says nothing about where the organiser is
    theirs = bool(invitation.tzid) and first.utcoffset() != first.astimezone(zone).utcoffset()
    return f"{mine} ({first:%H:%M} theirs)" if theirs else mine


def _when(invitation: Invitation, suggestion: Suggestion, zone: ZoneInfo, now: dt.datetime) -> Glance:
    text = in_my_time(invitation, zone, now)
    if suggestion.clashes:
        return Glance("When", f"{text} · CLASH {'; '.join(suggestion.clashes[:2])}", alert=True)
    if suggestion.outside_hours:
        return Glance("When", f"{text} · {suggestion.outside_hours}", alert=True)
    if invitation.time_kind in (TimeKind.NONE, TimeKind.UNKNOWN_ZONE):
        return Glance("When", text, alert=invitation.time_kind is TimeKind.UNKNOWN_ZONE)
    return Glance("When", f"{text} · {'free' if suggestion.calendar_known else 'calendar unknown'}")


def _span(start: dt.datetime, end: object, now: dt.datetime) -> str:
    far = abs(start.date() - now.date()) > dt.timedelta(days=180)
    first = f"{start:%a} {start.day} {start:%b}" + (f" {start.year}" if far else "")
    if not isinstance(end, dt.datetime):
        return f"{first} {start:%H:%M}"
    if end.date() == start.date():
        return f"{first} {start:%H:%M}-{end:%H:%M}"
    return f"{first} {start:%H:%M} to {end:%a} {end.day} {end:%b} {end:%H:%M}"


def _days(start: dt.date, end: object) -> str:
    first = f"{start:%a} {start.day} {start:%b}"
    last = end - dt.timedelta(days=1) if isinstance(end, dt.date) else start
    return f"{first}, all day" if last <= start else f"{first} to {last:%a} {last.day} {last:%b}, all day"


def _length(invitation: Invitation, suggestion: Suggestion) -> list[Glance]:
    parts = [f"{invitation.minutes} min"] if invitation.minutes is not None else []
    if invitation.recurrence:
        parts.append(in_words(invitation.recurrence, invitation.start))
    if suggestion.hours_a_year:
        parts.append(f"{suggestion.hours_a_year:.0f} h a year")
    if invitation.recurrence_id:
        parts.append("one occurrence of a series")
    return [Glance("Length", " · ".join(parts))] if parts else []


def _people(invitation: Invitation, suggestion: Suggestion) -> list[Glance]:
    people = [a for a in invitation.attendees if a.cutype not in ("ROOM", "RESOURCE")]
    if not people:
        return []
    everybody = {a.mailbox.key for a in people} | ({invitation.organizer.key} if invitation.organizer else set())
    accepted = sum(a.partstat is PartStat.ACCEPTED for a in people)
    count = "just the two of you" if len(everybody) == 2 else f"{len(everybody)} people"
    text = f"{_my_role(people, suggestion)} · {count}"
    return [Glance("People", f"{text}, {accepted} accepted" if accepted and len(everybody) > 2 else text)]


def _my_role(people: list[Attendee], suggestion: Suggestion) -> str:
    mine = (suggestion.attendee or "").casefold()
    me = next((a for a in people if a.mailbox.key == mine), None)
    if me is None:
        return "you are not listed"
    role = {"OPT-PARTICIPANT": "optional", "NON-PARTICIPANT": "for your information", "CHAIR": "you lead it"}
    asked = role.get(me.role, "you are needed")
    return f"{asked}, no reply was requested" if me.rsvp is False else asked


def _where(invitation: Invitation) -> list[Glance]:
    hosts = [urlsplit(link).hostname or link for link in invitation.conference_links[:1]]
    place = invitation.location if not invitation.location.startswith(("http://", "https://")) else ""
    text = " · ".join(part for part in (place, *hosts) if part)
    return [Glance("Where", text)] if text else []


def _purpose(invitation: Invitation) -> list[Glance]:
    text = " ".join(written(invitation).split())
    return [Glance(ABOUT, text)] if text else []


def warning_lines(invitation: Invitation, suggestion: Suggestion) -> list[Glance]:
    """Every warning as a sentence."""
    sender = safe_address(invitation.mail.from_.address) if invitation.mail.from_ else "somebody unnamed"
    codes = dict.fromkeys((*invitation.warnings, *suggestion.warnings))
    return [
        Glance("Mind", text.format(sender=sender, tzid=invitation.tzid), alert=True)
        for code in codes
        if (text := WARNINGS.get(Warn(code) if code in list(Warn) else Warn.DAMAGED, ""))
    ]
