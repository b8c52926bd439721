"""The one gate: text from mails, calendars, servers and exceptions reaches a screen only through here.

Terminals act on control bytes, and Textual passes them on (a Subject could set the clipboard or the title), so
every control, format, bidi and invisible character becomes U+FFFD, unless a script or an emoji needs it where it
stands. Stored and outgoing values stay raw.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import LiteralString, NewType, TypeVar, cast

from regrets.domain.characters import (
    ARABIC,
    HIDDEN,
    JOINER,
    KEY,
    KEYCAP,
    NON_JOINER,
    NONSPACING,
    OTHER,
    SELECTOR,
    SIGN,
    SPACING,
    SYMBOL,
    VIRAMA,
    kinds,
)

Key = TypeVar("Key")
SafeText = NewType("SafeText", str)
"""Text that has passed the gate, or the program's own words. Widgets, stdout and stderr take nothing else, and a
checker sees it: `safe_line`, `safe_block` and their like make it of foreign text, `own` of what the source says."""

REPLACEMENT = "\ufffd"
_MOST_MARKS = 4  # on one character; points and accents of Hebrew are that many
_MOST_SPACING_MARKS = 4  # beside them: Burmese has a few
_MOST_JOINED = 3  # joiners in one emoji: a family of four
# What most lines consist of: nothing in it is hidden, and no character carries more than a few marks. Only for speed
_ORDINARY = re.compile(
    "(?:[\n -~\u00a0-\u00ac\u00ae-\u02ff\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0482\u048a-\u052f\u05d0-\u05ea"
    "\u060c\u061b\u061f\u0620-\u064a\u0660-\u066f\u0671-\u06d3\u06f0-\u06f9\u0904-\u0939\u0958-\u0961\u0964-\u0970"
    "\u0e01-\u0e30\u0e32\u0e33\u0e3f-\u0e46\u0e50-\u0e59\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u2100-\u214f\u2190-\u21ff\u3001-\u3029\u3041-\u3096\u30a0-\u30ff\u4e00-\u9ffc\uac00-\ud7a3]++"
    "[\u0300-\u034e\u0350-\u036f\u05b0-\u05bd\u064b-\u0655\u0670\u0900-\u0903\u093c\u093e-\u094d\u0e31\u0e34-\u0e3a"
    "\u0e47-\u0e4e]{0,4}+)*+"
)
_MARKS = f"{NONSPACING}{VIRAMA}{KEYCAP}{SPACING}"
_MANY_MARKS = re.compile(f"[{_MARKS}]{{{_MOST_MARKS + 1},}}")
_LONG_JOIN = re.compile(f"(?<!{SYMBOL})(?:{SYMBOL}++{SELECTOR}?+{JOINER}){{{_MOST_JOINED + 1},}}+")
# In emoji; in Indic scripts after a virama, in Persian between letters (much as RFC 5892, A.1 and A.2)
_IN_PLACE = re.compile(
    f"(?:(?<={SYMBOL})|(?<={SYMBOL}{SELECTOR})){JOINER}(?={SYMBOL})"
    f"|(?<={VIRAMA})[{JOINER}{NON_JOINER}](?![{_MARKS}])|(?<={ARABIC}){NON_JOINER}(?={ARABIC})"
    f"|(?<=[{SYMBOL}{SIGN}]){SELECTOR}|(?<={KEY}){SELECTOR}(?={KEYCAP})"
)
_OUT_OF_PLACE = re.compile(f"[{HIDDEN}{JOINER}{NON_JOINER}{SELECTOR}]+")
_SPACE = re.compile(r"[ \t\r\n\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LONGEST_DOMAIN = 253
_JAPANESE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"})


def _clean(text: str) -> str:
    """What is hidden becomes U+FFFD, and marks that pile up are thinned."""
    if _ORDINARY.fullmatch(text):
        return text
    found = kinds(text)
    if _MANY_MARKS.search(found):
        text = _thinned(text, found)
        found = kinds(text)
    found = _IN_PLACE.sub(OTHER, _LONG_JOIN.sub(_shortened, found))
    pieces, done = [], 0
    for hit in _OUT_OF_PLACE.finditer(found):
        pieces += [text[done : hit.start()], REPLACEMENT * (hit.end() - hit.start())]
        done = hit.end()
    return "".join([*pieces, text[done:]])


def _thinned(text: str, found: str) -> str:
    kept, done = [], 0
    for hit in _MANY_MARKS.finditer(found):
        kept.append(text[done : hit.start()])
        above = beside = 0
        for place in range(*hit.span()):
            spacing = found[place] == SPACING
            above, beside = above + (not spacing), beside + spacing
            if (beside <= _MOST_SPACING_MARKS) if spacing else (above <= _MOST_MARKS):
                kept.append(text[place])
        done = hit.end()
    return "".join([*kept, text[done:]])


def _shortened(hit: re.Match[str]) -> str:
    """A chain of joined emoji, broken where it gets longer than any emoji is."""
    links = hit[0].split(JOINER)
    return JOINER.join(links[: _MOST_JOINED + 1]) + HIDDEN + HIDDEN.join(links[_MOST_JOINED + 1 :])


def safe_line(text: object, most: int = 2000) -> SafeText:
    """One line for a label, a row, a log or stderr: all white space collapses to single spaces.

    At most `most` characters; what is longer ends in an ellipsis.
    """
    line = _SPACE.sub(" ", str(text)[: most * 4]).strip(" ")
    return SafeText(_clean(line if len(line) <= most else line[: most - 1] + "…"))


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

    A domain in one script, or in Latin letters, is shown as written; one that mixes scripts, or in which not
    everybody reads the same domain, is shown in punycode and marked; one that is written so comes with what it
    stands for.
    """
    local, at, domain = address.rpartition("@")
    domain = domain[:_LONGEST_DOMAIN]
    if not at or (domain.isascii() and "xn--" not in domain.lower()):
        return safe_line(address, 320)
    from regrets.domain.domain_names import punycoded, read_domain, wire_domain  # few addresses need it

    read, written = read_domain(domain), punycoded(domain)
    if len(scripts(read)) > 1:
        return safe_line(f"{local}@{written} (mixed scripts)", 400)
    if not wire_domain(domain):
        return safe_line(f"{local}@{written} (unclear domain)", 400)
    return safe_line(f"{local}@{written} ({read})" if read != domain else address, 400)


def scripts(text: str) -> set[str]:
    """The scripts of its letters by their Unicode names: LATIN, CYRILLIC, GREEK … Japanese counts as one."""
    names = (unicodedata.name(char, "?").partition(" ")[0] for char in text if char.isalpha())
    return {"CJK" if name in _JAPANESE else name for name in names}
