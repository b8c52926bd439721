"""What was fetched of a mail, put together into one message that a reader of whole mails understands.

The header fields and the bodies stay as the server gave them, transfer encodings included. MIME headers are
written anew from the BODYSTRUCTURE, so that no second fetch is needed for them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from regrets.adapters.imap.structure import Choice, Leaf

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_TOKEN = re.compile(r"[A-Za-z0-9._+-]+")


def assemble(header: bytes, choice: Choice, bodies: Mapping[str, bytes], inner_header: bytes) -> bytes:
    """multipart/mixed of the chosen parts; a forwarded invitation stays inside its message/rfc822.

    `bodies` are by section; `header` and `inner_header` are header fields, with or without a final blank line.
    """
    parts = [_part(leaf, bodies.get(leaf.section, b"")) for leaf in (choice.text, choice.calendar) if leaf]
    if not choice.calendar.message:
        return _message(header, parts, choice.report)
    forwarded = b"Content-Type: message/rfc822\r\n\r\n" + _message(inner_header, parts)
    cover = [_part(choice.cover, bodies.get(choice.cover.section, b""))] if choice.cover else []
    return _message(header, [*cover, forwarded], choice.report)


def _message(header: bytes, parts: list[bytes], report: bool = False) -> bytes:
    boundary = b"regrets-" + hashlib.sha256(b"".join(parts)).hexdigest()[:32].encode()
    fields = header.strip(b"\r\n")
    lines = [
        *([fields] if fields else []),
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/%s; boundary="%s"' % (b"report" if report else b"mixed", boundary),
        b"",
        b"",
    ]
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return b"\r\n".join(lines) + body + b"--" + boundary + b"--\r\n"


def _part(leaf: Leaf, body: bytes) -> bytes:
    lines = [_header("Content-Type", leaf.type, leaf.params)]
    if leaf.encoding and _TOKEN.fullmatch(leaf.encoding):
        lines.append(f"Content-Transfer-Encoding: {leaf.encoding}")
    if leaf.disposition:
        lines.append(_header("Content-Disposition", leaf.disposition, leaf.disposition_params))
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body


def _header(name: str, value: str, params: tuple[tuple[str, str], ...]) -> str:
    lines = [f"{name}: {_printable(value)}"]
    for key, text in params:
        if key == "charset" and text.casefold() == "us-ascii":
            continue  # servers add this default; what is declared nowhere is UTF-8 nearly always
        if not _TOKEN.fullmatch(key.replace("*", "")):
            continue
        escaped = _printable(text).replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f"{key}={escaped}" if key.endswith("*") else f'{key}="{escaped}"')
    return ";\r\n ".join(lines)


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text)
