"""The one gate: text from mails, calendars, servers and exceptions reaches a screen only through here.

Terminals act on control bytes, and Textual passes them on (a Subject could set the clipboard or the title), so
every control, format, bidi and invisible character becomes U+FFFD. Stored and outgoing values stay raw.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import LiteralString, NewType, TypeVar, cast

Key = TypeVar("Key")

SafeText = NewType("SafeText", str)
"""Text that has passed the gate, or the program's own words. Widgets, stdout and stderr take nothing else, and a
checker sees it: `safe_line`, `safe_block` and their like make it of foreign text, `own` of what the source says."""

REPLACEMENT = "\ufffd"
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINER = re.compile("\u200d")
_SPACE = re.compile(r"[ \t\r\n\u00a0\u2000-\u200a\u3000]+")
_LONGEST_DOMAIN, _LONGEST_LABEL = 253, 63
_JAPANESE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"})
_MOST_MARKS = 4
_TOO_MANY_MARKS = re.compile(
    rf"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{{{_MOST_MARKS}}})"
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


def _keep_emoji_joiner(text: str) -> str:
    """U+200D is kept only between two emoji (category So or a variation selector before it)."""

    def decide(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        joins = bool(before and after) and (before == "\ufe0f" or unicodedata.category(before) in ("So", "Sk"))
        return "\u200d" if joins and unicodedata.category(after) == "So" else REPLACEMENT

    return _JOINER.sub(decide, text) if "\u200d" in text else text


def _clean(text: str) -> str:
    return _TOO_MANY_MARKS.sub(r"\1", _keep_emoji_joiner(_UNSAFE.sub(REPLACEMENT, text)))


def safe_line(text: object, most: int = 2000) -> SafeText:
    """One line for a label, a row, a log or stderr: all white space collapses to single spaces.

    At most `most` characters; what is longer ends in an ellipsis.
    """
    line = _clean(_SPACE.sub(" ", str(text)[: most * 4])).strip()
    return SafeText(line if len(line) <= most else line[: most - 1] + "…")


def safe_block(text: object, most: int = 200_000) -> SafeText:
    """Several lines for a pane: line ends become LF, tabs four spaces; at most `most` characters."""
    block = str(text)[:most].replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return SafeText(_clean(block))


def own(words: LiteralString, *values: SafeText | float) -> SafeText:
    """The program's own words: a literal in the source (a test sees to it: mypy takes a LiteralString for any str);
    `{}` in it stands for a value each. A sentence about foreign text is `safe_line(f"…")`."""
    return SafeText(words.format(*values) if values else words)


def owned(words: Mapping[Key, LiteralString]) -> dict[Key, SafeText]:
    """A table of such words: a literal, too."""
    return cast("dict[Key, SafeText]", words)


NOTHING = own("")


def joined(between: SafeText, parts: Iterable[SafeText]) -> SafeText:
    """One after the other; `own(", ")` between them."""
    return SafeText(between.join(parts))


def repeated(sign: SafeText, times: int) -> SafeText:
    """So many of it, for rules and bars."""
    return SafeText(sign * times)


def safe_address(address: str) -> SafeText:
    """An address whose domain can't pass for another one.

    A domain in one script, or in Latin letters, is shown as written; one that mixes scripts is shown as it goes over
    the wire and marked; one that is written in punycode is shown so, with what it stands for.
    """
    local, at, domain = address.rpartition("@")
    labels = domain[:_LONGEST_DOMAIN].split(".")
    read = ".".join(map(_from_punycode, labels))
    if not at or (read.isascii() and read == domain):
        return safe_line(address, 320)
    wire = ".".join(map(_to_punycode, labels))
    if len(scripts(read)) > 1:
        return safe_line(f"{local}@{wire} (mixed scripts)", 400)
    return safe_line(f"{local}@{wire} ({read})" if read != domain else address, 400)


def scripts(text: str) -> set[str]:
    """The scripts of its letters by their Unicode names: LATIN, CYRILLIC, GREEK … Japanese counts as one."""
    names = (unicodedata.name(char, "?").partition(" ")[0] for char in text if char.isalpha())
    return {"CJK" if name in _JAPANESE else name for name in names}


def _from_punycode(label: str) -> str:
    """RFC 3492; what can't be read stays."""
    if label[:4].casefold() != "xn--" or len(label) > _LONGEST_LABEL:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


def _to_punycode(label: str) -> str:
    folded = unicodedata.normalize("NFC", label.casefold())
    return label if label.isascii() else f"xn--{folded.encode('punycode', 'replace').decode('ascii')}"
