"""A limited walk over a mail's parts (RFC 2045, 2046).

The limits hold before the standard parser sees anything: it would recurse into thousands of nested parts. So the
body is cut at its boundaries here, and only header blocks go through `email`, by its quick compat32 policy.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from regrets.domain.headers import words

MOST_HEADER_BYTES = 256 * 1024
MOST_LINE_BYTES = 64 * 1024
MOST_STRUCTURED = 4096  # of a Content-Type or Content-Disposition
MOST_DEPTH = 10
MOST_PARTS = 100

_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n|\A[ \t]*\r?\n")
_CONTINUED = re.compile(rb"\r?\n[ \t]")
_PADDING = re.compile(rb"={1,2}[ \t]*(?:\r?\n|\Z)")
_NO_HEADER = re.compile(
    rb"(?m)^(?![!-9;-~]+:|[ \t])[^\n]*(?:\n[ \t][^\n]*)*\n?"
)  # the parser would end the block there
_BLANK_BEFORE_COLON = re.compile(rb"(?m)^([!-9;-~]++)[ \t]++:")
_PLAIN_CALENDAR = re.compile(rb"\s*BEGIN:VCALENDAR", re.IGNORECASE)  # a colon: certainly no base64
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


@dataclass(slots=True)
class Walk:
    """What a walk has found out besides the parts."""

    truncated: bool = False
    report: bool = False  # a multipart/report: a bounce or a receipt
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of the tree. `nested`: it lies inside a message/rfc822, whose headers are `within`."""

    headers: Message
    body: bytes = field(repr=False)
    nested: bool = False
    within: Message | None = None

    @property
    def content_type(self) -> str:
        """Lower case, text/plain where nothing usable is said."""
        return content_type(self.headers)

    @property
    def charset(self) -> str:
        """As declared; '' where it is not."""
        return parameter(self.headers, "content-type", "charset")

    @property
    def filename(self) -> str:
        """Lower case; of Content-Disposition, else the name of Content-Type."""
        named = parameter(self.headers, "content-disposition", "filename")
        return words(named or parameter(self.headers, "content-type", "name")).lower()

    @property
    def attached(self) -> bool:
        """Whether Content-Disposition says attachment."""
        return str(self.headers.get("content-disposition", ""))[:40].strip().lower().startswith("attachment")

    def content(self) -> bytes:
        """The body with its transfer encoding undone, as far as it can be."""
        return transferred(self.body, str(self.headers.get("content-transfer-encoding", "")))


def content_type(headers: Message) -> str:
    """The media type of a header block, lower case."""
    value = str(headers.get("content-type", ""))[:200].partition(";")[0].strip().lower()
    return value if value.count("/") == 1 else "text/plain"


def parameter(headers: Message, header: str, name: str) -> str:
    """A parameter of a structured header (RFC 2231 too), '' where absent."""
    try:
        found = headers.get_param(name, "", header)
    except (ValueError, TypeError, IndexError, LookupError):
        return ""
    return (found[2] if isinstance(found, tuple) else str(found)).strip()


def transferred(body: bytes, encoding: str) -> bytes:
    """Undoes base64 and quoted-printable; broken base64 gives what can be decoded of it."""
    encoding = re.split(r"[;(]", encoding, maxsplit=1)[0].strip().lower()
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding != "base64" or _PLAIN_CALENDAR.match(body):
        return body
    end = _PADDING.search(body)  # what follows it was added on the way, as by a mailing list
    letters = _NOT_BASE64.sub(b"", body[: end.start()] if end else body)
    if len(letters) % 4 == 1:  # a cut-off quantum
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def split(data: bytes, walk: Walk) -> tuple[Message, bytes]:
    """A message or part as its headers and its body."""
    end = _BLANK_LINE.search(data)
    block, body = (data[: end.start()], data[end.end() :]) if end else (data, b"")
    if len(block) > MOST_LINE_BYTES:
        block = _without_long_headers(block, walk)
    if len(block) > MOST_HEADER_BYTES:
        walk.truncated = True
        block = block[:MOST_HEADER_BYTES].rpartition(b"\n")[0]
    block = _NO_HEADER.sub(b"", _BLANK_BEFORE_COLON.sub(rb"\1:", block))
    headers = BytesHeaderParser(policy=compat32).parsebytes(block + b"\n\n")
    for name in ("content-type", "content-disposition"):  # taking parameters apart is quadratic
        if len(str(headers.get(name, ""))) > MOST_STRUCTURED:
            headers.replace_header(name, str(headers[name])[:MOST_STRUCTURED])
    return headers, body


def _without_long_headers(block: bytes, walk: Walk) -> bytes:
    """Each header cut to the limit."""
    kept = []
    for header in re.split(rb"\r?\n(?![ \t])", block):
        if len(header) > MOST_LINE_BYTES:
            walk.truncated = True
        kept.append(_CONTINUED.sub(b" ", header)[:MOST_LINE_BYTES] if len(header) > MOST_LINE_BYTES else header)
    return b"\n".join(kept)


def _children(body: bytes, boundary: str) -> Iterator[bytes]:
    """The parts between boundary lines; a missing last boundary ends at the end."""
    mark = b"--" + boundary.encode("utf-8", "surrogateescape")
    begin = -1
    for hit in re.finditer(rb"(?:\A|\r?\n)" + re.escape(mark) + rb"(--)?[ \t]*(?=\r?\n|\Z)", body):
        if begin >= 0:
            yield body[begin : hit.start()]
        if hit[1]:
            return
        begin = re.compile(rb"\r?\n?").match(body, hit.end()).end()  # type: ignore[union-attr]
    if begin >= 0:
        yield body[begin:]


def leaves(headers: Message, body: bytes, walk: Walk) -> Iterator[Part]:
    """Depth first, in order, all parts that are no multipart; also those of forwarded messages.

    Sets `walk.truncated` where a limit cut something off.
    """
    stack: list[tuple[Message, bytes, int, bool, Message | None]] = [(headers, body, 0, False, None)]
    while stack:
        top, text, depth, nested, within = stack.pop()
        kind = content_type(top)
        walk.parts += 1
        if walk.parts > MOST_PARTS or depth > MOST_DEPTH:
            walk.truncated = True
            continue
        boundary = parameter(top, "content-type", "boundary") if kind.startswith("multipart/") else ""
        if kind == "multipart/report":
            walk.report = True
        if boundary:
            pieces = _first(_children(text, boundary), MOST_PARTS + 1)
            inner = [(*split(piece, walk), depth + 1, nested, within) for piece in pieces]
            stack.extend(reversed(inner))
        elif kind in ("message/rfc822", "message/global"):
            forwarded, rest = split(transferred(text, str(top.get("content-transfer-encoding", ""))).lstrip(), walk)
            stack.append((forwarded, rest, depth + 1, True, within or forwarded))
        else:
            yield Part(top, text, nested, within)


def _first(pieces: Iterator[bytes], most: int) -> list[bytes]:
    return [piece for _, piece in zip(range(most), pieces, strict=False)]
