"""Whether a mail names an address, however it is folded or encoded; bounded by the mail's length."""

from __future__ import annotations

import base64
import html
import quopri
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

_FOLDS = (
    b"=\r\n",
    b"\r\n ",
    b"\r\n\t",
    b"=\n",
    b"\n ",
    b"\n\t",
)  # soft breaks (RFC 2045, 6.7), folded lines (RFC 5545, 3.1)
_ENCODED = re.compile(rb"(?:^[a-z0-9+/]{4,}={0,2}\r?$\n?)+", re.MULTILINE | re.IGNORECASE)

# A number of any length would be a fault of Python's, and no name of a character in ASCII is longer.
_ENTITY = re.compile(rb"&(?:#0{0,60}[0-9]{1,7}|#[xX]0{0,60}[0-9a-fA-F]{1,6}|[A-Za-z]{2,12});?")


def mentions(address: str) -> Callable[[bytes], bool]:
    """Tells of any bytes or stored text whether they name the address, as a whole and in either case."""
    local, _, domain = address.strip().casefold().rpartition("@")
    whole = re.escape(f"{local}@{domain}".encode())
    named = re.compile(rb"(?<![a-z0-9_.+-])" + whole + rb"(?![a-z0-9_-]|\.[a-z0-9])")
    end = domain.encode()

    def told(data: bytes) -> bool:
        return any(end in form and named.search(form) for each in _forms(data) for form in _readings(each))

    return told


def _forms(data: bytes) -> Iterator[bytes]:
    """As it is, unfolded, decoded."""
    plain = data.lower()
    yield data
    yield _unfolded(data)
    if b"quoted-printable" in plain:
        yield _unfolded(quopri.decodestring(data))
    for block in _ENCODED.finditer(data) if b"base64" in plain else ():
        text = b"".join(block.group().split()).rstrip(b"=")
        text = text[:-1] if len(text) % 4 == 1 else text  # one letter too many is a word, not base64
        yield _unfolded(base64.b64decode(text + b"=" * (-len(text) % 4)))


def _readings(form: bytes) -> Iterator[bytes]:
    """In small letters: as it is, and as HTML and links are read (`&#64;`, `%40`)."""
    yield form.lower()
    if b"&" in form or b"%" in form:
        yield unquote_to_bytes(_ENTITY.sub(_character, form)).lower()


def _character(entity: re.Match[bytes]) -> bytes:
    return html.unescape(entity[0].decode("ascii")).encode("utf-8", "replace")


def _unfolded(data: bytes) -> bytes:
    for fold in _FOLDS:
        data = data.replace(fold, b"")
    return data
