"""A last look at every calendar object before it goes out, by the rules of RFC 5545, 5546 and Microsoft's table.

It reads the finished bytes anew and knows nothing of how they were made. The ids are those of the design's list:
S syntax, C calendar, R REPLY, K COUNTER, D delegation (its REPLY, and the REQUEST to the delegate), X what must not
leak.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from regrets.domain.content_lines import (
    LONGEST,
    address_of,
    content_line,
    is_well_formed,
    parameters,
    tzid_of,
    unfolded,
)
from regrets.domain.model import ContentLine, Invitation

_ONCE = ("DTSTAMP", "ORGANIZER", "UID", "SEQUENCE")
_AT_MOST_ONCE = (
    *("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "CLASS"),
    *("CREATED", "GEO", "LAST-MODIFIED", "PRIORITY", "TRANSP", "URL"),
)
_RECURRENCE = ("RRULE", "RDATE", "EXDATE", "EXRULE")
_ANSWERS = ("ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED")
_PARTSTAT = re.compile(r";PARTSTAT=", re.IGNORECASE)
_TIMES = ("DTSTART", "DTEND", "X-MS-OLK-ORIGINALSTART", "X-MS-OLK-ORIGINALEND")
_LEAKS = ("X-MICROSOFT-CDO-", "X-MS-OLK-SENDER")


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The lines of the calendar itself, of its VEVENTs, and the names of all components."""

    own: list[ContentLine]
    events: list[list[ContentLine]]
    components: list[str]
    tzids: set[str]


def faults(invitation: Invitation, calendar: bytes) -> list[str]:
    """What is wrong with an answer to `invitation`, one "id: words" each; empty where it may go."""
    found, event, tree = _looked_at(calendar, ("REPLY", "COUNTER"))
    if event is None or tree is None:
        return found
    method = _value(tree.own, "METHOD").upper()
    return [
        *found,
        *_count_faults(event, _ONCE),
        *_identity_faults(invitation, event),
        *_attendee_faults(invitation, event, method),
        *_time_faults(event, tree.tzids),
        *_occurrence_faults(event),
        *(_counter_faults(invitation, event) if method == "COUNTER" else _reply_faults(event)),
    ]


def request_faults(invitation: Invitation, calendar: bytes) -> list[str]:
    """The same for the REQUEST that passes `invitation` on to a delegate (RFC 5546, 3.2.2 and 3.2.2.3)."""
    found, event, tree = _looked_at(calendar, ("REQUEST",))
    if event is None or tree is None:
        return found
    return [
        *found,
        *_count_faults(event, (*_ONCE, "DTSTART", "SUMMARY")),
        *_identity_faults(invitation, event),
        *_time_faults(event, tree.tzids),
        *_occurrence_faults(event),
        *_passed_on_faults(invitation, event),
    ]


def _looked_at(
    calendar: bytes, methods: tuple[str, ...]
) -> tuple[list[str], list[ContentLine] | None, _Calendar | None]:
    """The faults of the bytes and of the calendar itself; its one event, None where there is no such thing."""
    found = list(_bytes_faults(calendar))
    try:
        lines = [content_line(raw) for raw in unfolded(calendar)]
    except UnicodeDecodeError:
        return [*found, "S2: not UTF-8"], None, None
    found += [f"S7: no content line: {line.raw[:40]}" for line in lines if not is_well_formed(line.raw)]
    tree, balanced = _read(lines)
    if not balanced:
        found.append("S8: BEGIN and END do not match")
    found += _calendar_faults(tree, methods)
    if len(tree.events) != 1:  # Microsoft's table wants exactly one appointment
        return [*found, f"R2: {len(tree.events)} VEVENTs instead of one"], None, None
    return found, tree.events[0], tree


def _bytes_faults(calendar: bytes) -> Iterator[str]:
    if re.search(rb"(?<!\r)\n|\r(?!\n)", calendar) or not calendar.endswith(b"\r\n"):
        yield "S1: lines do not end in CRLF"
    physical = calendar.removesuffix(b"\r\n").split(b"\r\n")
    if any(len(line) > LONGEST for line in physical):
        yield "S3: a line is longer than 75 octets"
    if any(line[:1] in (b" ", b"\t") and line[1:2] and line[1] & 0xC0 == 0x80 for line in physical):
        yield "S4: a fold splits a character"
    if not all(physical):
        yield "S6: an empty line"


def _read(lines: list[ContentLine]) -> tuple[_Calendar, bool]:
    tree, open_ = _Calendar([], [], [], set()), []
    for line in lines:
        if line.name == "BEGIN":
            open_.append(line.value.upper())
            tree.components.append(open_[-1])
            if open_[-1] == "VEVENT":
                tree.events.append([])
        elif line.name == "END":
            if not open_ or open_.pop() != line.value.upper():
                return tree, False
        elif open_[-1:] == ["VEVENT"]:
            tree.events[-1].append(line)
        elif open_ == ["VCALENDAR"]:
            tree.own.append(line)
        elif open_[-1:] == ["VTIMEZONE"] and line.name == "TZID":
            tree.tzids.add(_plain(line.value))
    return tree, not open_


def _calendar_faults(tree: _Calendar, methods: tuple[str, ...]) -> Iterator[str]:
    if tree.components[:1] != ["VCALENDAR"] or tree.components.count("VCALENDAR") != 1:
        yield "S9: not exactly one VCALENDAR"
    if _values(tree.own, "VERSION") != ["2.0"] or len(_values(tree.own, "PRODID")) != 1:
        yield "C1: VERSION or PRODID is wrong"
    if _values(tree.own, "METHOD") not in [[method] for method in methods]:
        yield f"R1: METHOD is not {' or '.join(methods)}"
    extra = set(tree.components) - {"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
    if extra:
        yield f"{'R14' if extra == {'VALARM'} else 'R2'}: {', '.join(sorted(extra))} in an answer"


def _count_faults(event: list[ContentLine], once: tuple[str, ...]) -> Iterator[str]:
    counts = {name: len(_values(event, name)) for name in (*once, *_AT_MOST_ONCE)}
    for name, count in counts.items():
        if count > 1 or (count == 0 and name in once):
            yield f"{'R4' if name in once else 'R5'}: {name} stands there {count} times"
    if counts["DTEND"] and counts["DURATION"]:
        yield "R6: DTEND and DURATION"
    if any(line.name.startswith(_LEAKS) for line in event):
        yield "X1: a property that is Outlook's own"
    if any(re.search(r"(?<!\\)(\\\\)*[,;]", value) for value in _values(event, "COMMENT")):
        yield "S10: unescaped , or ; in COMMENT"


def _identity_faults(invitation: Invitation, event: list[ContentLine]) -> Iterator[str]:
    for fault, name in (("R8", "UID"), ("R9", "ORGANIZER")):
        asked = invitation.source.first(name)
        if asked is None or not _echoes(event, name, [asked]):
            yield f"{fault}: {name} is not the request's"
    if not re.fullmatch(r"\d{8}T\d{6}Z", _value(event, "DTSTAMP")):
        yield "R7: DTSTAMP is not in UTC"
    asked = invitation.source.first("RECURRENCE-ID")
    wanted = [asked] if invitation.recurrence_id is not None and asked else []
    if not _echoes(event, "RECURRENCE-ID", wanted):
        yield "R15: RECURRENCE-ID is not the request's"
    sequence = _value(event, "SEQUENCE")
    asked = invitation.source.first("SEQUENCE")
    if sequence not in (str(max(0, invitation.sequence)), asked.value if asked else "0"):
        yield f"R16: SEQUENCE {sequence[:20]} is not the request's"


def _attendee_faults(invitation: Invitation, event: list[ContentLine], method: str) -> Iterator[str]:
    people = [line for line in event if line.name == "ATTENDEE"]
    if len(people) != 1:
        yield f"R10: {len(people)} ATTENDEEs instead of one"
        return
    person, values = people[0], parameters(people[0])
    asked = [line for line in invitation.source.lines if line.name == "ATTENDEE"]
    if person.value not in [line.value for line in asked]:
        yield f"{'K3' if method == 'COUNTER' else 'R11'}: {address_of(person)} was not invited"
    if values.get("PARTSTAT") not in (("TENTATIVE",) if method == "COUNTER" else _ANSWERS):
        yield f"R12: PARTSTAT {values.get('PARTSTAT')}"
    if len(_PARTSTAT.findall(person.raw)) > 1:
        yield "R12: more than one PARTSTAT"
    if "RSVP" in values:
        yield "R13: RSVP in an answer"
    if (values.get("PARTSTAT") == "DELEGATED") != ("DELEGATED-TO" in values):
        yield "D1: PARTSTAT and DELEGATED-TO don't belong together"
    if "DELEGATED-TO" in values:
        yield from _delegate_faults(invitation, person, values["DELEGATED-TO"])


def _delegate_faults(invitation: Invitation, person: ContentLine, delegate: str) -> Iterator[str]:
    """The address of DELEGATED-TO: one, quoted, neither the delegator's nor the organiser's."""
    whom = _linked(delegate)
    if not whom:
        yield "D2: DELEGATED-TO is not one quoted address"
    elif whom == address_of(person).casefold() or whom in _inviting(invitation):
        yield f"D3: {whom} can't be the delegate"


def _passed_on_faults(invitation: Invitation, event: list[ContentLine]) -> Iterator[str]:
    """The two ATTENDEEs of a delegation, everybody else, and the rule of the series."""
    people = [line for line in event if line.name == "ATTENDEE"]
    asked = {address_of(line).casefold() for line in invitation.source.lines if line.name == "ATTENDEE"}
    ours = [line for line in people if _unsaid(invitation, line)]
    givers = [line for line in ours if parameters(line).get("PARTSTAT") == "DELEGATED"]
    takers = [line for line in ours if "DELEGATED-FROM" in parameters(line) and line not in givers]
    if len(givers) != 1 or len(takers) != 1:
        yield f"D4: {len(givers)} delegators and {len(takers)} delegates instead of one each"
        return
    giver, taker = givers[0], takers[0]
    to, from_ = parameters(giver).get("DELEGATED-TO", ""), parameters(taker)["DELEGATED-FROM"]
    yield from _delegate_faults(invitation, giver, to)
    if (_linked(to), _linked(from_)) != (address_of(taker).casefold(), address_of(giver).casefold()):
        yield "D5: DELEGATED-TO and DELEGATED-FROM don't name each other"
    if address_of(giver).casefold() not in asked:
        yield f"R11: {address_of(giver)} was not invited"
    addresses = [address_of(line).casefold() for line in people]
    if not {each for each in addresses if each} - {address_of(taker).casefold()} <= asked:
        yield "D6: somebody who was not invited"
    if len(set(filter(None, addresses))) != len(list(filter(None, addresses))):
        yield "D6: somebody stands there twice"
    for name in _RECURRENCE:
        if not _echoes(event, name, [line for line in invitation.source.lines if line.name == name and line.value]):
            yield f"D7: {name} is not the request's"


def _unsaid(invitation: Invitation, line: ContentLine) -> bool:
    """Whether a line is ours: not the organiser's own, who may know of other delegations."""
    return line.raw not in [each.raw for each in invitation.source.lines]


def _linked(parameter: str) -> str:
    """The address in a DELEGATED-TO or DELEGATED-FROM of one person; '' for anything else."""
    hit = re.fullmatch(r'"mailto:([^",;:\s]+@[^",;:\s]+)"', parameter, re.IGNORECASE)
    return hit[1].casefold() if hit else ""


def _inviting(invitation: Invitation) -> set[str]:
    return {each.key for each in (invitation.organizer, invitation.sent_by) if each is not None}


def _occurrence_faults(event: list[ContentLine]) -> Iterator[str]:
    if _values(event, "RECURRENCE-ID") and any(line.name in _RECURRENCE for line in event):
        yield "R15: one meeting and the rule of its series"


def _reply_faults(event: list[ContentLine]) -> Iterator[str]:
    if any(line.name.startswith("X-MS-OLK-ORIGINAL") for line in event):
        yield "K4: Outlook's former times belong in a COUNTER"


def _time_faults(event: list[ContentLine], tzids: set[str]) -> Iterator[str]:
    for line in event:
        tzid = tzid_of(line)
        if line.name in _TIMES and tzid and _plain(tzid) not in tzids:
            yield f"R17: {line.name} names the zone {tzid}, which is not defined"
    start, end = _value(event, "DTSTART"), _value(event, "DTEND")
    if end and not start:
        yield "R5: DTEND without DTSTART"
    if start and end and ("T" in start) != ("T" in end):
        yield "R6: DTSTART and DTEND are of different forms"


def _counter_faults(invitation: Invitation, event: list[ContentLine]) -> Iterator[str]:
    for name in ("DTSTART", "DTEND", "SUMMARY"):
        if len(_values(event, name)) != 1:
            yield f"K1: a COUNTER needs one {name}"
    if not _values(event, "X-MS-OLK-ORIGINALSTART"):
        yield "K4: a COUNTER needs the former time for Outlook"
    if invitation.disallow_counter or invitation.recurring:
        yield "K2: a COUNTER is not possible here"


def _echoes(event: list[ContentLine], name: str, asked: list[ContentLine]) -> bool:
    """Whether the lines of that name are the asked ones to the byte; of a damaged line the value counts."""
    lines = [line for line in event if line.name == name]
    return len(lines) == len(asked) and all(
        line.raw == original.raw or (not is_well_formed(original.raw) and line.value == original.value)
        for line, original in zip(lines, asked, strict=True)
    )


def _values(lines: list[ContentLine], name: str) -> list[str]:
    return [line.value for line in lines if line.name == name]


def _value(lines: list[ContentLine], name: str) -> str:
    return next(iter(_values(lines, name)), "")


def _plain(tzid: str) -> str:
    return tzid.replace("\\", "").strip().strip('"')
