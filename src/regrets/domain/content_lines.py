"""iCalendar content lines as text: taken apart, written, folded (RFC 5545, 3.1 and 3.2).

What the organiser wrote is echoed to the byte, so answers are made of lines and not of parsed values.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from regrets.domain.mailto import named
from regrets.domain.model import ContentLine

LONGEST = 75  # octets of a physical line without its CRLF
_NOT_TEXT = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_QSAFE, _SAFE = '"[^"\x00-\x08\x0a-\x1f\x7f]*"', '[^";:,\x00-\x08\x0a-\x1f\x7f]*'
_GRAMMAR = re.compile(
    rf"[A-Za-z0-9-]+(;[A-Za-z0-9-]+=({_QSAFE}|{_SAFE})(,({_QSAFE}|{_SAFE}))*)*:[^\x00-\x08\x0a-\x1f\x7f]*"
)
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')


def is_clean(text: str) -> bool:
    """Whether `text` can stand in a content line as it is: no control character (tab is allowed), no surrogate."""
    return _NOT_TEXT.search(text) is None


def scrubbed(text: str) -> str:
    """`text` without the characters that can't stand in a content line."""
    return _NOT_TEXT.sub("", text)


def is_well_formed(raw: str) -> bool:
    """Whether `raw` keeps to the grammar of a content line (RFC 5545, 3.1) and is clean."""
    return is_clean(raw) and _GRAMMAR.fullmatch(raw) is not None


def well_formed(line: ContentLine) -> str:
    """The line as written; where it breaks the grammar (`CN=3D"…"`, control characters in a name), without its
    parameters other than those that give the value its meaning."""
    raw = scrubbed(line.raw)
    if is_well_formed(raw):
        return raw
    kept = [(name, value) for name, value in parameters(line).items() if name in ("TZID", "VALUE", "RANGE")]
    return f"{line.name}{''.join(f';{name}={value}' for name, value in kept)}:{scrubbed(line.value)}"


def parameters(line: ContentLine) -> dict[str, str]:
    """The parameters by upper-case name, values verbatim with their quotes; the first of a name counts."""
    head = line.raw[: len(line.raw) - len(line.value) - 1]
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(head):
        found.setdefault(match[1].upper(), match[2])
    return found


def tzid_of(line: ContentLine) -> str:
    """The TZID parameter without its quotes; '' where there is none."""
    return parameters(line).get("TZID", "").strip('"')


def address_of(line: ContentLine) -> str:
    """The address that an ATTENDEE or ORGANIZER line names, as the reader understands it; '' where it is none."""
    return named(line.value, parameters(line).get("EMAIL", "").strip('"'))


def escaped(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11) of any text; line ends become \\n, other control characters go."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    joined = "\\n".join(scrubbed(part) for part in re.sub(r"([\\;,])", r"\\\1", plain).split("\n"))
    return joined.replace("\t", " ")


def time_value(moment: dt.datetime | dt.date) -> str:
    """A DATE, a local DATE-TIME (naive) or a UTC one (aware, whatever its zone)."""
    if not isinstance(moment, dt.datetime):
        return f"{moment.year:04}{moment:%m%d}"
    if moment.tzinfo is not None:
        return time_value(moment.astimezone(dt.UTC).replace(tzinfo=None)) + "Z"
    return f"{moment.year:04}{moment:%m%dT%H%M%S}"


def folded(lines: Iterable[str]) -> bytes:
    """Physical lines of at most 75 octets, CRLF after each; no UTF-8 sequence is split."""
    return b"".join(_fold(line.encode("utf-8")) for line in lines)


def _fold(line: bytes) -> bytes:
    pieces, room = [], LONGEST
    while len(line) > room:
        cut = room
        while line[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(line[:cut])
        line, room = line[cut:], LONGEST - 1
    return b"\r\n ".join([*pieces, line]) + b"\r\n"


def unfolded(data: bytes) -> list[str]:
    """The content lines of finished iCalendar bytes. Raises UnicodeDecodeError where they aren't UTF-8."""
    return re.sub(r"\r?\n[ \t]", "", data.decode("utf-8")).replace("\r\n", "\n").rstrip("\n").split("\n")


def content_line(raw: str) -> ContentLine:
    """A line with its name taken from its beginning."""
    return ContentLine(re.split("[;:]", raw, maxsplit=1)[0].strip().upper(), raw)
