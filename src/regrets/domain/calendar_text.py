"""iCalendar text as a tree of components and properties (RFC 5545, 3.1), repaired where real senders break it.

A line that can't be understood costs only itself, and each keeps its text as the organiser wrote it: whole-file
parsers drop such properties or refuse the file, and can't echo a line to the byte. Values are left as text.
"""

from __future__ import annotations

import binascii
import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from regrets.domain.charsets import allowed, decoded

MOST_RAW = 16 * 1024 * 1024
MOST_BYTES = 1024 * 1024
MOST_LINE = 64 * 1024
MOST_DEPTH = 8
MOST_EVENTS = 500
MOST_TIMEZONES = 50

# Quantifiers are possessive: no backtracking on hostile lines.
_LINE = re.compile(r"([A-Za-z0-9_.-]++)((?:;[^=:;\"]*+(?:=(?:\"[^\"]*+\"|[^\":;])*+)?+)*+):(.*)", re.DOTALL)
_PARAMETER = re.compile(r";([^=:;\"]*+)=((?:\"[^\"]*+\"|[^\":;])*+)")
_QUOTED_PRINTABLE = re.compile(r"[A-Za-z-]++(?:;[^:;=]*+=[^:;=]*+)*?;[A-Za-z-]++=3D")
_UNQUOTED = re.compile(r";([^=;\"]*+)=(\"[^\"]*+\"|[^\";]*+)")
_NAME = re.compile(r"[A-Za-z0-9_.-]+(?=[;:])")
_MOMENT = re.compile(r"(.*?):(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z?|[^:\"]*)", re.DOTALL)
_PERSON = re.compile(  # no colon outside of quotes before that of an unquoted SENT-BY=mailto:… or =mailto\\:…
    r"((?:[^\":]++|\"[^\"]*+\")*+(?:(?<==mailto)|(?<==mailto\\)):[^\":;]*+):(mailto:[^:\"]*+)", re.IGNORECASE
)
_TIME_NAMES = frozenset({"DTSTART", "DTEND", "DUE", "RECURRENCE-ID", "EXDATE", "RDATE"})
_TEXT_NAMES = ("DESCRIPTION", "COMMENT", "SUMMARY", "X-ALT-DESC", "LOCATION")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CARET = {"^n": "\n", "^^": "^", "^'": '"'}


@dataclass(frozen=True, slots=True)
class Property:
    """One content line. `params` have upper-case names and unquoted values; `damaged`: it broke the grammar."""

    name: str
    params: dict[str, str]
    value: str
    raw: str
    damaged: bool = False

    @property
    def text(self) -> str:
        """The value with TEXT escapes undone (RFC 5545, 3.3.11), in vCalendar 1.0 quoted-printable first."""
        if self.params.get("ENCODING", "").upper() != "QUOTED-PRINTABLE":
            return unescaped(self.value)
        joined = re.sub(r"=(?:\\n)+", "", self.value).encode("utf-8", "replace")  # soft breaks, as they were mended
        return unescaped(decoded(binascii.a2b_qp(joined), self.params.get("CHARSET", "")))


@dataclass(slots=True)
class Component:
    """A BEGIN/END block, its name in upper case."""

    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        """The first property of that name with a value, else the first without."""
        found = [item for item in self.properties if item.name == name]
        return next((item for item in found if item.value.strip()), found[0] if found else None)

    def all(self, name: str) -> list[Property]:
        """All properties of that name."""
        return [item for item in self.properties if item.name == name]

    def inside(self, name: str) -> list[Component]:
        """The direct sub-components of that name."""
        return [part for part in self.parts if part.name == name]


@dataclass(slots=True)
class Calendar:
    """The tree under a nameless root, and what had to be done to get it."""

    root: Component
    truncated: bool = False
    damaged: bool = False


def unescaped(value: str) -> str:
    """TEXT with `\\n`, `\\,`, `\\;` and `\\\\` undone."""
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda hit: "\n" if hit[1] in "nN" else hit[1], value)


def parsed_line(raw: str) -> Property:
    """One unfolded line as a Property. A broken one gives what can be told of it, marked as damaged."""
    if _QUOTED_PRINTABLE.match(raw):  # its encoding was left in: read without it, kept as it is
        text = decoded(binascii.a2b_qp(raw.encode("utf-8", "replace")))
        return dataclasses.replace(_parsed_line(text), raw=raw)
    return _parsed_line(raw)


def _parsed_line(raw: str) -> Property:
    name = raw[: _NAME.match(raw).end()].upper() if _NAME.match(raw) else ""  # type: ignore[union-attr]
    if name in _TIME_NAMES and (hit := _MOMENT.fullmatch(raw)):
        # Times hold no colon, but unquoted TZIDs do: "(UTC+01:00) Amsterdam", "tzone://…".
        return Property(name, _parameters(_UNQUOTED.findall(hit[1])), hit[2].strip(), raw)
    if name in ("ORGANIZER", "ATTENDEE") and (hit := _PERSON.fullmatch(raw)):  # SENT-BY=mailto:… without its quotes
        return Property(name, _parameters(_UNQUOTED.findall(hit[1])), hit[2].strip(), raw)
    hit = _LINE.fullmatch(raw)
    if hit and name in ("ORGANIZER", "ATTENDEE") and (colon := _colon_in_name(hit[3])):
        colon += hit.start(3)
        pairs = _UNQUOTED.findall(raw[:colon])
        return Property(name, _parameters(pairs), raw[colon + 1 :].strip(), raw, damaged=True)
    if hit:
        return Property(name, _parameters(_PARAMETER.findall(hit[2])) if hit[2] else {}, hit[3], raw)
    address = re.search(r"(?i):(mailto:[^:;\"\s]*)\s*$", raw[-400:])
    value = address[1] if address else "" if '"' in raw or ";" in raw else raw.partition(":")[2]
    pairs = _PARAMETER.findall(raw)
    return Property(name, _parameters(pairs), value, raw, damaged=True)


def _colon_in_name(value: str) -> int:
    """Where the address begins in what stands behind the first colon of an unquoted CN (`CN=Room 4: Marko:mailto:…`):
    its colon, or 0 where it is no such thing."""
    lower = value.lower()
    named = not lower.lstrip().startswith("mailto:") and lower.count("mailto:") == 1
    return max(0, lower.find(":mailto:")) if named else 0


def _parameters(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """RFC 6868 carets undone, quotes taken off."""
    return {
        name.strip().upper(): re.sub(r"\^[n^']", lambda hit: _CARET[hit[0]], value).strip().strip('"').strip()
        for name, value in reversed(pairs)
    }


def _logical_lines(data: bytes, charset: str, calendar: Calendar) -> Iterator[str]:
    """Unfolded lines without blank ones. Folds are undone on bytes: some senders fold inside a character."""
    if len(data) > MOST_RAW:
        calendar.truncated, data = True, data[:MOST_RAW]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or allowed(charset).startswith("utf-16"):
        data, charset = decoded(data, charset).encode("utf-8", "replace"), "utf-8"
    data = re.sub(rb"\A(?:\xef\xbb\xbf)+", b"", data).replace(b"\x00", b"")
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    data = re.sub(rb"\n(?:[ \t]*\n)+", b"\n", data)
    text = decoded(re.sub(rb"\n[ \t]", b"", data), charset)
    total = 0
    for line in text.split("\n"):
        if len(line) > MOST_LINE:
            calendar.truncated, line = True, line[:MOST_LINE]
        total += len(line)
        if total > MOST_BYTES:
            calendar.truncated = True
            return
        if line.strip():
            yield line


def _mended_lines(lines: Iterator[str]) -> Iterator[str]:
    """Joins lines that are no property to the one before: their fold has lost its blank."""
    held: list[str] = []
    joint = ""
    for line in lines:
        if held and not _NAME.match(line):
            if held[0][:4].upper() == "END:":
                continue  # a footer that was added on the way
            held.append(joint + line)
            continue
        if held:
            yield "".join(held)
        held, joint = [line], "\\n" if line.upper().startswith(_TEXT_NAMES) else ""
    if held:
        yield "".join(held)


def parsed(data: bytes, charset: str = "") -> Calendar:
    """The tree of `data`. Missing END lines are supplied; of a text cut off in mid-line the last line is left out."""
    calendar = Calendar(Component(""))
    stack = [calendar.root]
    counts = {"VEVENT": 0, "VTIMEZONE": 0}
    skipped = 0
    last: list[Property] = []
    for line in _mended_lines(_logical_lines(data, charset, calendar)):
        word = line[:6].upper()
        if word == "BEGIN:":
            name = line[6:].strip().upper()
            counts[name] = counts.get(name, 0) + 1
            too_many = counts["VEVENT"] > MOST_EVENTS or counts["VTIMEZONE"] > MOST_TIMEZONES
            if skipped or too_many or len(stack) > MOST_DEPTH:
                calendar.truncated, skipped = True, skipped + 1
                continue
            stack[-1].parts.append(Component(name))
            stack.append(stack[-1].parts[-1])
        elif line[:4].upper() == "END:":
            skipped = max(0, skipped - 1) if skipped else _close(stack, line[4:].strip().upper())
        elif not skipped:
            last = stack[-1].properties
            last.append(parsed_line(line))
    if len(stack) > 1:
        calendar.damaged = True
        if last and not data.endswith((b"\n", b"\r")):
            last.pop()
    return calendar


def _close(stack: list[Component], name: str) -> int:
    """Leaves the innermost open component of that name; an END without BEGIN is ignored."""
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].name == name:
            del stack[depth:]
            break
    return 0
