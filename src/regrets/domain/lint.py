"""A last look at every calendar object before it goes out, by the rules of RFC 5545, 5546 and Microsoft's table.

It reads the finished bytes anew and knows nothing of how they were made. The ids are those of the design's list:
S syntax, C calendar, R REPLY, K COUNTER, X what must not leak.
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
_AT_MOST_ONCE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS")
_ANSWERS = ("ACCEPTED", "DECLINED", "TENTATIVE")
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
    found = list(_bytes_faults(calendar))
    try:
        lines = [content_line(raw) for raw in unfolded(calendar)]
    except UnicodeDecodeError:
        return [*found, "S2: not UTF-8"]
    found += [f"S7: no content line: {line.raw[:40]}" for line in lines if not is_well_formed(line.raw)]
    tree, balanced = _read(lines)
    if not balanced:
        found.append("S8: BEGIN and END do not match")
    found += _calendar_faults(tree)
    if len(tree.events) != 1:
        return [*found, f"R2: {len(tree.events)} VEVENTs instead of one"]
    method = _value(tree.own, "METHOD").upper()
    event = tree.events[0]
    return [
        *found,
        *_count_faults(event),
        *_identity_faults(invitation, event),
        *_attendee_faults(invitation, event, method),
        *_time_faults(invitation, event, tree.tzids),
        *(_counter_faults(invitation, event) if method == "COUNTER" else ()),
    ]


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


def _calendar_faults(tree: _Calendar) -> Iterator[str]:
    if tree.components[:1] != ["VCALENDAR"] or tree.components.count("VCALENDAR") != 1:
        yield "S9: not exactly one VCALENDAR"
    if _values(tree.own, "VERSION") != ["2.0"] or len(_values(tree.own, "PRODID")) != 1:
        yield "C1: VERSION or PRODID is wrong"
    if _values(tree.own, "METHOD") not in (["REPLY"], ["COUNTER"]):
        yield "R1: METHOD is neither REPLY nor COUNTER"
    extra = set(tree.components) - {"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
    if extra:
        yield f"{'R14' if extra == {'VALARM'} else 'R2'}: {', '.join(sorted(extra))} in an answer"


def _count_faults(event: list[ContentLine]) -> Iterator[str]:
    counts = {name: len(_values(event, name)) for name in (*_ONCE, *_AT_MOST_ONCE)}
    for name, count in counts.items():
        if count > 1 or (count == 0 and name in _ONCE):
            yield f"{'R4' if name in _ONCE else 'R5'}: {name} stands there {count} times"
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
    if "RSVP" in values:
        yield "R13: RSVP in an answer"


def _time_faults(invitation: Invitation, event: list[ContentLine], tzids: set[str]) -> Iterator[str]:
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
