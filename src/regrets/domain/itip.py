"""Answers as iTIP objects: REPLY and COUNTER, made of the organiser's own lines (RFC 5546, 3.2.3 and 3.2.7), and the
REQUEST that a delegate gets (3.2.2.3).

Only what an answer changes is written anew; UID, ORGANIZER, RECURRENCE-ID and the address of the ATTENDEE are
echoed to the byte, because receivers compare them as text.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from regrets.domain.answer_times import counter_times, echoed_times, in_form_of, lacks_zone, timezones
from regrets.domain.calendar_text import unescaped
from regrets.domain.content_lines import (
    address_of,
    content_line,
    escaped,
    folded,
    is_clean,
    is_well_formed,
    parameters,
    scrubbed,
    time_value,
    well_formed,
)
from regrets.domain.effects import counter_problem
from regrets.domain.effects import possible_effect as possible_effect  # belongs to answering; kept apart for size
from regrets.domain.errors import CannotAnswer
from regrets.domain.mailto import address as address_in
from regrets.domain.model import ContentLine, Effect, EventSource, Invitation, Mailbox, Method, PartStat

PRODID = "-//regrets//regrets//EN"
ANSWERS = (PartStat.ACCEPTED, PartStat.DECLINED, PartStat.TENTATIVE)
_LONGEST_TEXT = 2000  # characters of an echoed SUMMARY or LOCATION
_LONGEST_DESCRIPTION = 32_768  # likewise for a delegate, who needs the link to join at its end
_RECURRENCE = ("RRULE", "RDATE", "EXDATE", "EXRULE")
_PASSED_ON = ("STATUS", "CLASS", "TRANSP", "PRIORITY", "URL", "X-MICROSOFT-DISALLOW-COUNTER")
_PLAIN_MAIL = "Answer with a plain mail instead."


def answer_calendar(
    invitation: Invitation,
    effect: Effect,
    attendee: str,
    *,
    dtstamp: dt.datetime,
    comment: str,
    delegate: str = "",
) -> bytes:
    """The finished VCALENDAR of an answer: UTF-8, folded at 75 octets, CRLF.

    `attendee` is the invited address, `dtstamp` an aware UTC datetime (`answer_dtstamp`), `comment` plain text or '',
    `delegate` the address of who takes part instead, where the answer is DELEGATED.
    Raises CannotAnswer where no correct answer of that kind can be written; the message says what can be done.
    """
    refuse_impossible(invitation, effect, delegate)
    if effect.method is Method.COUNTER:
        times = counter_times(invitation, effect)
        partstat = PartStat.TENTATIVE  # Outlook knows a COUNTER only with TENTATIVE (MS-OXCICAL 2.1.3.1.1.1)
    else:
        times, partstat = echoed_times(invitation), effect.partstat or PartStat.TENTATIVE
    recurrence_id = _recurrence_id(invitation)
    event = [
        _identity(invitation, "UID").raw,
        *recurrence_id,
        _sequence(invitation),
        f"DTSTAMP:{time_value(dtstamp)}",
        *times,
        *_summary(invitation, needed=effect.method is Method.COUNTER),
        *_text(invitation, "LOCATION"),
        _identity(invitation, "ORGANIZER").raw,
        _attendee(invitation, attendee, partstat, delegate),
    ]
    if comment.strip():
        event.append(f"COMMENT:{escaped(comment.strip())}")
    return _calendar(invitation, Method(effect.method or Method.REPLY), event, [*recurrence_id, *times])


def delegated_request(invitation: Invitation, attendee: str, delegate: Mailbox, *, dtstamp: dt.datetime) -> bytes:
    """The organiser's REQUEST as `attendee` passes it on to `delegate` (RFC 5546, 3.2.2.3 and 4.2.5): the same event
    with the two linked by DELEGATED-TO and DELEGATED-FROM. Bytes and `dtstamp` as of `answer_calendar`.

    Raises CannotAnswer where the event can't be told to somebody else without loss.
    """
    times = echoed_times(invitation)
    rules = [line for line in invitation.source.lines if line.name in _RECURRENCE and line.value.strip()]
    if not times or any(lacks_zone(invitation, line) or not is_well_formed(line.raw) for line in rules):
        raise CannotAnswer(
            "The times of this meeting can't be passed on in a form that every calendar understands.",
            "Decline it, and write to the colleague when it takes place.",
        )
    recurrence_id, repeats = _recurrence_id(invitation), [line.raw for line in rules]
    event = [
        _identity(invitation, "UID").raw,
        *recurrence_id,
        _sequence(invitation),
        f"DTSTAMP:{time_value(dtstamp)}",
        *times,
        *repeats,
        *_summary(invitation, needed=True),
        *_text(invitation, "LOCATION"),
        *_text(invitation, "DESCRIPTION", _LONGEST_DESCRIPTION),
        *_plain_lines(invitation, _PASSED_ON),
        _identity(invitation, "ORGANIZER").raw,
        _attendee(invitation, attendee, PartStat.DELEGATED, delegate.address),
        _delegate(invitation, attendee, delegate),
        *_others(invitation, attendee, delegate),
    ]
    return _calendar(invitation, Method.REQUEST, event, [*recurrence_id, *times, *repeats])


def _calendar(invitation: Invitation, method: Method, event: list[str], timed: list[str]) -> bytes:
    """The whole object; `timed` are the lines of the event whose zones must be defined."""
    return folded(
        [
            "BEGIN:VCALENDAR",
            f"PRODID:{PRODID}",
            "VERSION:2.0",
            f"METHOD:{method}",
            *timezones(invitation, [content_line(raw) for raw in timed]),
            "BEGIN:VEVENT",
            *event,
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )


def answer_dtstamp(now: dt.datetime, invitation: Invitation, last: dt.datetime | None) -> dt.datetime:
    """DTSTAMP of an answer, whole seconds in UTC: not before the organiser's, and later than `last`, my former
    answer's, because receivers drop an answer that isn't newer (interop.md, T1)."""
    moments = [now.astimezone(dt.UTC)]
    if invitation.dtstamp:
        moments.append(invitation.dtstamp.astimezone(dt.UTC))
    if last:
        moments.append(last.astimezone(dt.UTC) + dt.timedelta(seconds=1))
    return max(moments).replace(microsecond=0)


def occurrence(invitation: Invitation, start: dt.datetime | dt.date) -> Invitation:
    """One occurrence of a series as an invitation of its own, so that an answer to it leaves the others alone.

    `start` is a start of the series in the form of `invitation.start` (aware, naive or a date). Raises
    CannotAnswer where the invitation is no series or its DTSTART can't be read.
    """
    line = invitation.source.first("DTSTART")
    if not invitation.recurring or line is None or invitation.start is None:
        raise CannotAnswer("This invitation is no series.", "Answer it as a whole.")
    written = in_form_of(line, invitation, start)
    length = invitation.end - invitation.start if invitation.end else None
    end = start + length if length is not None else None
    value = written.value
    moved = [content_line(written.raw), content_line(f"RECURRENCE-ID{written.raw.removeprefix('DTSTART')}")]
    if end is not None:
        moved.append(content_line(f"DTEND{in_form_of(line, invitation, end).raw.removeprefix('DTSTART')}"))
    dropped = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID")
    kept = [each for each in invitation.source.lines if each.name not in dropped]
    return dataclasses.replace(
        invitation,
        recurrence_id=value,
        recurrence_start=start,
        start=start,
        end=end,
        recurrence=None,
        rdates=(),
        exdates=(),
        source=EventSource((*kept, *moved), invitation.source.timezones),
    )


def refuse_impossible(invitation: Invitation, effect: Effect, delegate: str = "") -> None:
    """Raises CannotAnswer where `effect` can't be told to the organiser's calendar; DELEGATED needs a `delegate`."""
    if effect.method not in (Method.REPLY, Method.COUNTER):
        raise CannotAnswer("A plain mail carries no calendar answer.", _PLAIN_MAIL)
    if invitation.organizer is None:
        raise CannotAnswer("The invitation names no organiser to whom an answer could go.", _PLAIN_MAIL)
    known = (*ANSWERS, PartStat.DELEGATED) if delegate else ANSWERS
    if effect.method is Method.REPLY and effect.partstat not in known:
        raise CannotAnswer(f"{effect.partstat} is no answer.", "Choose yes, no or perhaps.")
    if effect.method is Method.COUNTER:
        problem = counter_problem(invitation)
        if not problem and (effect.start is None or effect.end is None or effect.end <= effect.start):
            problem = "A proposal needs a start and a later end."
        if problem:
            raise CannotAnswer(problem, "Answer “perhaps” and propose the time in the letter.")


# --- the lines -------------------------------------------------------------------------------------------------


def _identity(invitation: Invitation, name: str) -> ContentLine:
    """A line that must be echoed to the byte; only parameters that no parser could read go."""
    line = invitation.source.first(name)
    if line is None or not line.value.strip():
        raise CannotAnswer(f"The invitation has no {name}.", _PLAIN_MAIL)
    if not is_clean(line.value):
        raise CannotAnswer(f"The {name} of the invitation holds control characters.", _PLAIN_MAIL)
    return content_line(well_formed(line))


def _recurrence_id(invitation: Invitation) -> list[str]:
    return [] if invitation.recurrence_id is None else [_identity(invitation, "RECURRENCE-ID").raw]


def _sequence(invitation: Invitation) -> str:
    """As text, since real ones exceed 32 bits; 0 where the request has none, which libical wants said."""
    line = invitation.source.first("SEQUENCE")
    usable = line is not None and is_well_formed(line.raw) and re.fullmatch(r"[0-9]{1,20}", line.value)
    return line.raw if line is not None and usable else f"SEQUENCE:{max(0, invitation.sequence)}"


def _invited(invitation: Invitation, address: str) -> ContentLine:
    """The ATTENDEE line of an address: whole addresses compared, never parts of them."""
    wanted = address.strip().casefold()
    lines = [line for line in invitation.source.lines if line.name == "ATTENDEE" and is_clean(line.value)]
    matching = [line for line in lines if address_of(line).casefold() == wanted and wanted]
    if not matching:
        raise CannotAnswer(f"{address or 'Nobody of you'} is not among the invited.", _PLAIN_MAIL)
    return next((line for line in matching if address_of(line) == address), matching[0])


def _attendee(invitation: Invitation, address: str, partstat: PartStat, delegate: str = "") -> str:
    """One ATTENDEE: the organiser's value and CN as written; DELEGATED-FROM where I stand in for somebody myself."""
    line = _invited(invitation, address)
    given = parameters(line)
    kept = [name for name in ("CN", "EMAIL", "DELEGATED-FROM") if given.get(name, "").strip('"')]
    if address_in(line.value):  # EMAIL names the address where the value is a path (RFC 7986, 6.2)
        kept = [name for name in kept if name != "EMAIL"]
    head = f"ATTENDEE;PARTSTAT={partstat}"
    if partstat is PartStat.DELEGATED:
        head += f';DELEGATED-TO="mailto:{delegate}"'
    full = f"{head}{''.join(f';{name}={given[name]}' for name in kept)}:{line.value}"
    return full if is_well_formed(full) else f"{head}:{line.value}"


def _delegate(invitation: Invitation, attendee: str, delegate: Mailbox) -> str:
    """The ATTENDEE who takes part instead, linked to the one who was invited."""
    mine = _invited(invitation, attendee).value
    mine = mine if is_clean(mine) and re.fullmatch(r"(?i)mailto:[^\"\s]+", mine) else f"mailto:{attendee}"
    name = scrubbed(delegate.name).replace('"', "'").strip()
    named = f';CN="{name}"' if name else ""
    state = "ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
    return f'ATTENDEE{named};{state};DELEGATED-FROM="{mine}":mailto:{delegate.address}'


def _others(invitation: Invitation, attendee: str, delegate: Mailbox) -> list[str]:
    """Everybody else who is invited, as the organiser wrote them."""
    known = {attendee.casefold(), delegate.key}
    people = [line for line in invitation.source.lines if line.name == "ATTENDEE" and line.value.strip()]
    return [well_formed(line) for line in people if address_of(line).casefold() not in known]


def _plain_lines(invitation: Invitation, names: tuple[str, ...]) -> list[str]:
    """The first line of each name, where it says something."""
    found = (invitation.source.first(name) for name in names)
    return [line.raw for line in found if line is not None and line.value.strip() and is_well_formed(line.raw)]


def _text(invitation: Invitation, name: str, longest: int = _LONGEST_TEXT) -> list[str]:
    """A text property verbatim; nothing where it is empty (libical calls that an error)."""
    line = invitation.source.first(name)
    if line is None or not line.value.strip():
        return []
    if is_well_formed(line.raw) and len(line.raw) <= longest:
        return [line.raw]
    plain = scrubbed(unescaped(line.value).replace("\n", " "))[:longest]
    return [f"{name}:{escaped(plain)}"] if plain.strip() else []


def _summary(invitation: Invitation, *, needed: bool) -> list[str]:
    found = _text(invitation, "SUMMARY")
    if found or not needed:  # RFC 5546, 3.2.7 wants one in a COUNTER
        return found
    return [f"SUMMARY:{escaped(invitation.mail.subject.strip()[:_LONGEST_TEXT]) or '-'}"]
