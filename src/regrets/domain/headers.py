"""Header values of a mail: encoded words, message ids, dates. Linear in their length, never raising."""

from __future__ import annotations

import binascii
import datetime as dt
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from regrets.domain.charsets import decoded
from regrets.domain.domain_names import wire_domain

_WORD = re.compile(r"=\?([A-Za-z0-9_.:-]+)(?:\*[A-Za-z0-9-]+)?\?([bBqQ])\?([^?\s]*(?:[ ][^?\s]+)*)\?=")
_BREAK = re.compile(r"[\r\n\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+[ \t]*")
_QUOTED_BYTE = re.compile(rb"=([0-9A-Fa-f]{2})")
_ADDR_SPEC = re.compile(r"[^\s\x00-\x1f\x7f()<>\[\]:;@\\,\"]+@[^\s\x00-\x1f\x7f()<>\[\]:;@\\,\"?]+")
_FIRST_YEAR, _LAST_YEAR = 1971, 9000
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")


def addr_spec(text: str) -> str:
    """`text` if it is exactly one plain address (RFC 5322, 3.4.1, without quoting), else ''."""
    text = text.strip()
    if len(text) > 320 or not text.isprintable() or not _ADDR_SPEC.fullmatch(text):
        return ""
    domain = text.rpartition("@")[2]
    return text if domain.isascii() or wire_domain(domain) else ""  # who compares it must know which domain it is


def unfolded(value: object) -> str:
    """A raw header value as text on one line. Raw 8-bit bytes (surrogates of the parser) are decoded."""
    text = str(value)
    if not text.isascii():
        text = decoded(text.encode("utf-8", "surrogateescape"))
    return _BREAK.sub(" ", text).strip()


def _word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return _QUOTED_BYTE.sub(lambda hit: bytes([int(hit[1], 16)]), raw.replace(b"_", b" "))
    try:
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return raw


def _runs(text: str) -> Iterator[tuple[str | None, bytes | str]]:
    """Stretches of (charset, bytes) and (None, plain text); neighbours of one charset belong together."""
    last_end, charset, pending = 0, "", b""
    for hit in _WORD.finditer(text):
        between = text[last_end : hit.start()]
        if pending and (between.strip() or hit[1].lower() != charset):
            yield charset, pending
            pending = b""
        if between.strip() or (last_end == 0 and between):
            yield None, between
        charset, pending = hit[1].lower(), pending + _word_bytes(hit[2], hit[3])
        last_end = hit.end()
    if pending:
        yield charset, pending
    yield None, text[last_end:]


def words(value: object) -> str:
    """A header value with its encoded words decoded (RFC 2047), on one line."""
    text = unfolded(value)
    if "=?" not in text:
        return text
    parts = (decoded(run, charset or "") if isinstance(run, bytes) else run for charset, run in _runs(text))
    return _BREAK.sub(" ", "".join(parts)).strip()


def message_ids(value: object, most: int = 100) -> tuple[str, ...]:
    """Message ids with their angle brackets, printable ASCII only; the last `most` of them."""
    return tuple(_MESSAGE_ID.findall(str(value)))[-most:]


def moment(value: object) -> dt.datetime | None:
    """A Date header as an aware datetime; None where it is none, or of a year in which nobody has written mail: at
    the calendar's ends a time can't be told in another zone."""
    try:
        when = parsedate_to_datetime(str(value)[:200])
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    if not _FIRST_YEAR <= when.year <= _LAST_YEAR:
        return None
    return when if when.tzinfo else when.replace(tzinfo=dt.UTC)
