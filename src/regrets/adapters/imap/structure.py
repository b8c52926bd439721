"""A mail's BODYSTRUCTURE as its leaves, and which of them are worth fetching (RFC 3501, 6.4.5 and 7.4.2)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from regrets.adapters.imap.responses import Value
from regrets.domain.headers import words

MOST_PARTS = 100
MOST_DEPTH = 12

# One look over a raw line decides whether it is parsed at all: 97 of 100 mails hold nothing of this.
WORTH_PARSING = re.compile(
    rb'CALENDAR"|"(?:X-)?ICS"|\.(?:ics|vcs|ical)\b|MS-TNEF"|winmail\.dat|%2e(?:ics|vcs|ical)'
    rb'|OCTET-STREAM".{0,300}=\?',
    re.IGNORECASE | re.DOTALL,
)
_CALENDAR_TYPES = ("text/calendar", "application/ics", "text/x-vcalendar")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part without children. `section` is its number; `message` that of the message/rfc822 around it, or ''."""

    section: str
    message: str
    type: str  # lower case
    params: tuple[tuple[str, str], ...]  # of Content-Type; names lower case
    encoding: str
    size: int  # octets as transferred
    disposition: str = ""  # lower case
    disposition_params: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What the part is called, of both headers, raw."""
        both = (*self.params, *self.disposition_params)
        return tuple(value for name, value in both if name.startswith(("name", "filename")))

    @property
    def calendar(self) -> bool:
        """Whether iCalendar data is to be expected in it."""
        return self.type in _CALENDAR_TYPES or any(_is_ics(name) for name in self.names)

    @property
    def tnef(self) -> bool:
        """Outlook's winmail.dat."""
        return self.type.endswith("ms-tnef") or any(name.lower() == "winmail.dat" for name in self.names)

    @property
    def attached(self) -> bool:
        """Whether it is a file rather than something to read."""
        return self.disposition == "attachment" or bool(self.names)


def _is_ics(name: str) -> bool:
    return name.lower().replace("%2e", ".").rstrip().endswith((".ics", ".vcs", ".ical"))


def leaves(structure: Value) -> list[Leaf]:
    """All leaves in order, also those of forwarded messages. Raises ValueError where it can't be understood."""
    found: list[Leaf] = []
    stack: list[tuple[Value, str, str, int]] = [(structure, "", "", 0)]
    while stack:
        node, section, message, depth = stack.pop()
        if not isinstance(node, list) or not node or depth > MOST_DEPTH or len(found) >= MOST_PARTS:
            raise ValueError("a BODYSTRUCTURE can't be understood")
        if isinstance(node[0], list):
            children = itertools.takewhile(lambda child: isinstance(child, list), node[: MOST_PARTS + 1])
            numbered = [
                (child, f"{section}.{index}".lstrip("."), message, depth + 1)
                for index, child in enumerate(children, 1)
            ]
            stack.extend(reversed(numbered))
        elif _kind(node) in ("message/rfc822", "message/global") and len(node) > 8:
            section = section or "1"
            inner = node[8]
            single = isinstance(inner, list) and bool(inner) and not isinstance(inner[0], list)
            stack.append((inner, f"{section}.1" if single else section, section, depth + 1))
        else:
            found.append(_leaf(node, section or "1", message))
    return found


def _kind(node: Sequence[Value]) -> str:
    return f"{_text(node[0])}/{_text(node[1]) if len(node) > 1 else ''}".lower()


def _leaf(node: Sequence[Value], section: str, message: str) -> Leaf:
    kind = _kind(node)
    if len(node) < 7:
        raise ValueError("a BODYSTRUCTURE lacks fields")
    after = 9 if kind.startswith("text/") else 8
    disposition = node[after] if len(node) > after else None
    name = ""
    params: tuple[tuple[str, str], ...] = ()
    if isinstance(disposition, list) and disposition:
        name = _text(disposition[0]).lower()
        params = _params(disposition[1]) if len(disposition) > 1 else ()
    size = _text(node[6])
    return Leaf(
        section,
        message,
        kind,
        _params(node[2]),
        _text(node[5]).lower(),
        int(size) if size.isdigit() else 0,
        name,
        params,
    )


def _params(value: Value) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        return ()
    pairs = zip(value[::2], value[1::2], strict=False)
    return tuple((_text(name).lower(), _decoded(_text(text))) for name, text in pairs)


def _decoded(text: str) -> str:
    """Many programs write file names as encoded words, which RFC 2047 forbids."""
    return words(text) if "=?" in text else text


def _text(value: Value) -> str:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to fetch of a mail: its calendar part, the text beside it, and the text around a forwarded one."""

    calendar: Leaf
    text: Leaf | None
    cover: Leaf | None = None  # the forwarder's own text
    report: bool = False  # a multipart/report: a bounce, which is no invitation

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """All of them, the cover first."""
        return tuple(leaf for leaf in (self.cover, self.text, self.calendar) if leaf)


def choose(structure: Value) -> Choice | None:
    """The first best calendar part, else winmail.dat; None for a mail without either. Raises ValueError."""
    found = leaves(structure)
    candidates = [leaf for leaf in found if leaf.calendar] or [leaf for leaf in found if leaf.tnef]
    if not candidates:
        return None
    best = min(candidates, key=_rank)
    cover = _readable(found, "") if best.message else None
    return Choice(best, _readable(found, best.message), cover, _is_report(structure))


def _is_report(structure: Value) -> bool:
    if not isinstance(structure, list) or not isinstance(structure[0], list):
        return False
    return _text(next((node for node in structure if not isinstance(node, list)), None)).lower() == "report"


def _rank(leaf: Leaf) -> tuple[bool, bool, int]:
    """Not empty, not forwarded, and text/calendar with a method before files."""
    plain = leaf.type == "text/calendar"
    named = any(name == "method" for name, _ in leaf.params)
    kind = 0 if plain and named else 1 if plain else 2 if leaf.type in _CALENDAR_TYPES else 3
    return (leaf.size == 0, bool(leaf.message), kind)


def _readable(found: Sequence[Leaf], message: str) -> Leaf | None:
    here = [leaf for leaf in found if leaf.message == message and not leaf.attached]
    for kind in ("text/plain", "text/html"):
        for leaf in here:
            if leaf.type == kind:
                return leaf
    return None
