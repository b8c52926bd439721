"""An event into the bytes of a calendar file, and out of it; every other byte stays as it was.

Events are known again by UID and RECURRENCE-ID (RFC 5545, 3.8.4.7 and 3.8.4.4). What the user added to a filed event
(reminders, categories, a colour) survives its update. All functions raise CalendarError for a file that isn't sound.
"""

from __future__ import annotations

import re

from regrets.domain.answer_times import in_form_of
from regrets.domain.calendar_scan import Holder, Key, Piece, Scan, instant, scan
from regrets.domain.calendar_zones import new_zones
from regrets.domain.content_lines import folded
from regrets.domain.errors import CalendarError
from regrets.domain.event import read_calendar
from regrets.domain.model import ContentLine, Invitation

_USERS_OWN = ("CATEGORIES", "COLOR")
_END = b"END:VEVENT\r\n"

Edit = tuple[int, int, bytes]  # start, end, and what stands there from now on


def with_event(data: bytes, new: bytes) -> bytes:
    """`data` with the events of `new`, a calendar object of one UID (`own_event.event_to_file`), in place of earlier
    versions of the same. A whole series replaces the exceptions of its older versions, too."""
    there = scan(data)
    if not there.holders:
        return new
    uid = uid_of(new)
    target = next((holder for holder in there.holders if holder.events(uid)), there.holders[0])
    new, zones = new_zones(there, target, new)
    own = scan(new)
    fresh, stored = _by_key(own, own.holders[0], uid), _by_key(there, target, uid)
    edits: list[Edit] = [(target.head, target.head, _in_style(there, zones))] if zones else []
    for key, piece in fresh.items():
        old = stored.get(key)
        text = own.text(piece) if old is None else _updated(there, target, old, own, piece)
        place = (old.start, old.end) if old is not None else (target.tail, target.tail)
        edits.append((*place, _in_style(there, text)))
    if None in fresh:
        edits += _older_exceptions(there, target, own, fresh, stored)
    elif None in stored:
        edits += [edit for key in fresh for edit in _without_exdate(there, target, stored[None], key)]
    return _applied(data, edits)


def without_event(data: bytes, gone: bytes) -> bytes:
    """`data` without what `gone` (`own_event.event_to_remove`) names: all events of a UID, or one meeting of a
    series, which then is an EXDATE of the series. `data` itself where it holds nothing of that."""
    there, named = scan(data), scan(gone)
    uid = uid_of(gone)
    edits: list[Edit] = []
    for holder in there.holders:
        stored = _by_key(there, holder, uid)
        for piece in named.holders[0].events(uid):
            key = named.key(named.holders[0], piece)
            if key is None:
                edits += [(each.start, each.end, b"") for each in holder.events(uid)]
            else:
                edits += _without_meeting(there, holder, stored, key, named.read(named.holders[0], piece))
    return _applied(data, edits)


def uid_of(calendar_object: bytes) -> str:
    """The UID of a calendar object."""
    return next((piece.uid for holder in scan(calendar_object).holders for piece in holder.pieces if piece.uid), "")


def may_hold(data: bytes, uid: str) -> bool:
    """Whether an event of that UID can be in it at all: quick, also for years of entries."""
    plain = max(re.findall(r"[A-Za-z0-9@._-]+", uid) or [""], key=len)  # whatever is escaped, this part is not
    return plain.encode() in re.sub(rb"\r?\n[ \t]", b"", data)


def is_bare(data: bytes) -> bool:
    """Whether nothing is left in it but time zones."""
    return not any(piece.name != "VTIMEZONE" for holder in scan(data).holders for piece in holder.pieces)


# --- into it ---------------------------------------------------------------------------------------------------


def _by_key(there: Scan, holder: Holder, uid: str) -> dict[Key, Piece]:
    return {there.key(holder, piece): piece for piece in holder.events(uid)}


def _updated(there: Scan, target: Holder, old: Piece, own: Scan, piece: Piece) -> bytes:
    """The new event with what the user had added to the old one."""
    before, after = there.read(target, old).sequence, own.read(own.holders[0], piece).sequence
    if before > after:
        raise CalendarError("The calendar holds a newer version of the meeting already.", "Nothing was changed.")
    kept = (*_USERS_OWN, *(("EXDATE",) if before == after else ()))  # meetings that the user has taken out
    written = {line.text for line in piece.lines}
    lines = [line for line in old.lines if line.parsed.name in kept and line.text not in written]
    spans = [*((line.start, line.end) for line in lines), *old.inner]
    added = b"".join(there.data[start:end] for start, end in spans)
    return own.text(piece).removesuffix(_END) + added + _END


def _older_exceptions(
    there: Scan, target: Holder, own: Scan, fresh: dict[Key, Piece], stored: dict[Key, Piece]
) -> list[Edit]:
    version = own.read(own.holders[0], fresh[None]).sequence
    others = [piece for key, piece in stored.items() if key is not None and key not in fresh]
    return [(each.start, each.end, b"") for each in others if there.read(target, each).sequence < version]


def _without_exdate(there: Scan, holder: Holder, series: Piece, key: Key) -> list[Edit]:
    """The series with the meeting in it again."""
    edits: list[Edit] = []
    for line in series.lines:
        if line.parsed.name != "EXDATE":
            continue
        values = line.parsed.value.split(",")
        kept = [value for value in values if instant(_moment(there, holder, line.parsed, value)) != key]
        if len(kept) < len(values):
            head = line.text.removesuffix(line.parsed.value)
            rest = folded([head + ",".join(kept)]) if kept else b""
            edits.append((line.start, line.end, _in_style(there, rest)))
    return edits


def _moment(there: Scan, holder: Holder, line: ContentLine, value: str) -> Key:
    zones = b"".join(there.text(zone) for zone in holder.zones().values())
    head = line.raw.removesuffix(line.value)
    event = f"BEGIN:VEVENT\nUID:-\n{head}{value}\nEND:VEVENT\n".encode()
    return next(iter(read_calendar(b"BEGIN:VCALENDAR\n" + zones + event + b"END:VCALENDAR\n").exdates), None)


# --- out of it -------------------------------------------------------------------------------------------------


def _without_meeting(
    there: Scan, holder: Holder, stored: dict[Key, Piece], key: Key, meeting: Invitation
) -> list[Edit]:
    edits: list[Edit] = [(stored[key].start, stored[key].end, b"")] if key in stored else []
    if None not in stored:
        return edits
    piece = stored[None]
    series = there.read(holder, piece)
    if not series.recurring:
        return [*edits, (piece.start, piece.end, b"")] if instant(series.start) == key else edits
    start = next((line for line in piece.lines if line.parsed.name == "DTSTART"), None)
    if start is None or meeting.recurrence_start is None or key in map(instant, series.exdates):
        return edits
    written = in_form_of(start.parsed, series, meeting.recurrence_start).raw
    line = folded([f"EXDATE{written.removeprefix('DTSTART')}"])
    return [*edits, (start.end, start.end, _in_style(there, line))]


# --- the bytes -------------------------------------------------------------------------------------------------


def _in_style(there: Scan, text: bytes) -> bytes:
    """With the file's own line ends."""
    return text.replace(b"\r\n", b"\n").replace(b"\n", there.newline)


def _applied(data: bytes, edits: list[Edit]) -> bytes:
    pieces, place = [], 0
    for start, end, text in sorted(edits, key=lambda edit: edit[0]):
        pieces += [data[place:start], text]
        place = end
    return b"".join([*pieces, data[place:]])
