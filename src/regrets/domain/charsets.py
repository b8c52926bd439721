"""Bytes of a stated or unstated charset to text. Python's own codec lookup is never given a sender's word."""

from __future__ import annotations

import codecs

_ALLOWED = frozenset(
    {
        *("utf-8", "utf-16", "utf-16-be", "utf-16-le", "ascii", "koi8-r", "koi8-u", "mac-roman"),
        *(f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
        *(f"cp{page}" for page in (437, 850, 852, 866, 874, 932, 949, 950, *range(1250, 1259))),
        *("gb2312", "gbk", "gb18030", "big5", "big5hkscs", "shift_jis", "euc_jp", "iso2022_jp", "euc_kr"),
    }
)
_CLAIMED_BY_DEFAULT = frozenset({"ascii", "iso8859-1", "cp1252"})
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def allowed(charset: str) -> str:
    """The codec name for a declared charset, or '' where it is unknown or no plain charset (rot13 …)."""
    try:
        name = codecs.lookup(charset.strip().strip("\"'")[:40]).name if charset.isascii() else ""
    except (LookupError, ValueError):
        return ""
    return name if name in _ALLOWED else ""


def decoded(data: bytes, charset: str = "") -> str:
    """Text of `data`: byte order mark, then the declared charset, then UTF-8, then cp1252; never raises.

    A declared Latin-1 or ASCII that is valid UTF-8 is UTF-8: senders leave their default label on it.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    declared = allowed(charset)
    order = ("utf-8", declared) if declared in _CLAIMED_BY_DEFAULT else (declared, "utf-8")
    for name in filter(None, order):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, UnicodeError):
            continue
    return data.decode("cp1252", "replace")
