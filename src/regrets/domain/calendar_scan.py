"""Where in the bytes of a calendar file its components stand, so that one can be changed and the rest left as it is.

Whole-file parsers write back what they understood of the other entries; here nobody else's byte is touched. A file
that isn't sound is refused rather than mended: it is the user's only copy.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from regrets.domain.calendar_text import unescaped
from regrets.domain.content_lines import content_line, parameters
from regrets.domain.errors import CalendarError
from regrets.domain.event import NoEvent, read_calendar
from regrets.domain.model import ContentLine, Invitation

_PHYSICAL = re.compile(rb"[^\n]*\n|[^\n]+\Z")
_UNSOUND = "Mend or export it again; nothing in it was changed."

Key = dt.datetime | dt.date | None  # when RECURRENCE-ID says; None for a whole event


@dataclass(frozen=True, slots=True)
class Line:
    """One content line: its place in the file, and its text unfolded."""

    start: int
    end: int
    text: str

    @property
    def parsed(self) -> ContentLine:
        """By name."""
        return content_line(self.text)


@dataclass(frozen=True, slots=True)
class Piece:
    """A component right inside a VCALENDAR: `lines` are its own, `inner` the spans of what is nested in it."""

    name: str
    start: int
    end: int
    lines: tuple[Line, ...]
    inner: tuple[tuple[int, int], ...]

    def first(self, name: str) -> ContentLine | None:
        """The first of its own lines with that name."""
        return next((line.parsed for line in self.lines if line.parsed.name == name), None)

    @property
    def uid(self) -> str:
        """As text; '' where there is none."""
        line = self.first("UID")
        return unescaped(line.value).strip() if line else ""

    @property
    def tzid(self) -> str:
        """The name that a VTIMEZONE defines."""
        line = self.first("TZID")
        return line.value.strip() if line else ""


@dataclass(frozen=True, slots=True)
class Holder:
    """A VCALENDAR: where its first component may stand, where its END line stands, and what is in it."""

    head: int
    tail: int
    pieces: tuple[Piece, ...]

    def events(self, uid: str) -> list[Piece]:
        """Its VEVENTs of one UID."""
        return [piece for piece in self.pieces if piece.name == "VEVENT" and piece.uid == uid]

    def zones(self) -> dict[str, Piece]:
        """Its VTIMEZONEs by name."""
        return {piece.tzid: piece for piece in self.pieces if piece.name == "VTIMEZONE"}


@dataclass(frozen=True, slots=True)
class Scan:
    """A calendar file taken apart."""

    data: bytes
    newline: bytes
    holders: tuple[Holder, ...]

    def text(self, piece: Piece) -> bytes:
        """The piece as it stands in the file."""
        return self.data[piece.start : piece.end]

    def read(self, holder: Holder, piece: Piece) -> Invitation:
        """A VEVENT as the rest of the program reads it. Raises CalendarError."""
        named = {parameters(line.parsed).get("TZID", "").strip('"') for line in piece.lines}
        zones = [self.text(zone) for tzid, zone in holder.zones().items() if tzid in named]
        lines = (b"BEGIN:VCALENDAR", *zones, self.text(piece), b"END:VCALENDAR")
        try:
            return read_calendar(b"\n".join(lines))
        except NoEvent:
            raise CalendarError("An entry of that UID in the file can't be read.", _UNSOUND) from None

    def key(self, holder: Holder, piece: Piece) -> Key:
        """Which meeting of a series it is, whatever zone that is written in."""
        if piece.first("RECURRENCE-ID") is None:
            return None
        return instant(self.read(holder, piece).recurrence_start)


def instant(moment: dt.datetime | dt.date | None) -> Key:
    """For comparing: aware times in UTC, the others as they are."""
    aware = isinstance(moment, dt.datetime) and moment.tzinfo is not None
    return moment.astimezone(dt.UTC) if aware and isinstance(moment, dt.datetime) else moment


def scan(data: bytes) -> Scan:
    """The file taken apart; an empty one has no VCALENDAR. Raises CalendarError where it isn't sound."""
    newline = b"\r\n" if b"\r\n" in data[: data.find(b"\n") + 1] or not data else b"\n"
    taking = _Taking()
    for line in _content_lines(data):
        word, _, name = line.text.strip().upper().partition(":")
        if word == "BEGIN":
            taking.begin(name, line)
        elif word == "END":
            taking.end(name, line)
        elif line.text.strip():
            taking.add(line)
    if taking.open:
        raise CalendarError(f"The file isn't sound: it ends within a {taking.open[-1].name}.", _UNSOUND)
    return Scan(data, newline, tuple(taking.holders))


@dataclass(slots=True)
class _Open:
    """A component whose END is still to come."""

    name: str
    start: int
    lines: list[Line] = field(default_factory=list)
    inner: list[tuple[int, int]] = field(default_factory=list)


class _Taking:
    """Components as they begin and end, line by line."""

    def __init__(self) -> None:
        self.holders: list[Holder] = []
        self.open: list[_Open] = []
        self._pieces: list[Piece] = []

    def begin(self, name: str, line: Line) -> None:
        if not self.open and name != "VCALENDAR":
            raise CalendarError(f"The file holds a {name or 'nameless part'} outside of a calendar.", _UNSOUND)
        self.open.append(_Open(name, line.start))

    def end(self, name: str, line: Line) -> None:
        if not self.open or self.open[-1].name != name:
            raise CalendarError(f"The file isn't sound: END:{name} ends nothing.", _UNSOUND)
        over = self.open.pop()
        if not self.open:
            head = self._pieces[0].start if self._pieces else line.start
            self.holders.append(Holder(head, line.start, tuple(self._pieces)))
            self._pieces = []
        elif len(self.open) == 1:
            self._pieces.append(Piece(over.name, over.start, line.end, tuple(over.lines), tuple(over.inner)))
        elif len(self.open) == 2:
            self.open[-1].inner.append((over.start, line.end))

    def add(self, line: Line) -> None:
        if not self.open:
            raise CalendarError("The file is no calendar: it doesn't begin with BEGIN:VCALENDAR.", _UNSOUND)
        self.open[-1].lines.append(line)


def _content_lines(data: bytes) -> list[Line]:
    """The lines with their folds undone (on bytes: some programs fold inside a character)."""
    found: list[tuple[int, int, list[bytes]]] = []
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    for hit in _PHYSICAL.finditer(data, start):
        text = hit[0].rstrip(b"\r\n")
        if text[:1] in (b" ", b"\t") and found:
            found[-1] = (found[-1][0], hit.end(), [*found[-1][2], text[1:]])
        else:
            found.append((hit.start(), hit.end(), [text]))
    return [Line(start, end, b"".join(texts).decode("utf-8", "replace")) for start, end, texts in found]
