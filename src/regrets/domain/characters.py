"""What each character of a text is to who reads it: a letter for its kind, by its Unicode category.

Kinds and not tables of code points: a table misses what the next version of Unicode adds.
"""

from __future__ import annotations

import unicodedata

HIDDEN, LETTER, ARABIC, SYMBOL, SIGN, KEY, OTHER = "hlasgk."
"""HIDDEN must not reach a screen; SYMBOL may be an emoji; KEY is what a keycap stands around."""
NONSPACING, VIRAMA, KEYCAP, SPACING = "nvKc"
"""The marks: all but SPACING are written over, under or around the character before them."""
JOINER, NON_JOINER, SELECTOR = "JZV"
"""U+200D, U+200C and the selectors of text or emoji: invisible, and needed in their places."""

_HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_ALONE = {"\n": OTHER, "\u200d": JOINER, "\u200c": NON_JOINER, "\ufe0e": SELECTOR, "\ufe0f": SELECTOR}
_ALONE |= {"\u20e3": KEYCAP, "\ufffd": OTHER, **dict.fromkeys("#*0123456789", KEY)}
_LOOKS_EMPTY = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0x13441, 0x13442, 0x16FE4, 0x1D159}
_LOOKS_EMPTY |= {*range(0x180B, 0x1810), *range(0xFE00, 0xFE0E), *range(0xE0000, 0xE1000)}
_VOWELS_AND_FINALS = (range(0x1161, 0x1200), range(0xD7B0, 0xD7FC))  # of Korean: letters that are written as marks
_ARABIC = range(0x0620, 0x0900)  # with Syriac and its like: letters that join
_EMOJI = range(0x1F000, 0x1FB00)  # what is unassigned here will be one
_VIRAMA_CLASS = 9
_MOST_KNOWN = 20_000


def kind(code: int) -> str:
    """The kind of one code point."""
    char = chr(code)
    if char in _ALONE:
        return _ALONE[char]
    category = unicodedata.category(char)
    if category == "Cn" and code in _EMOJI:
        return SYMBOL
    if category in _HIDDEN_CATEGORIES or code in _LOOKS_EMPTY:
        return HIDDEN
    if category[0] == "M" or any(code in letters for letters in _VOWELS_AND_FINALS):
        return _kind_of_mark(char, category)
    if category == "Lo":
        return ARABIC if code in _ARABIC else LETTER
    if category in ("So", "Sk"):
        return SYMBOL
    return SIGN if code > 0x7F and category[0] in "PS" else OTHER


def _kind_of_mark(char: str, category: str) -> str:
    placed = unicodedata.combining(char)
    if placed == _VIRAMA_CLASS:
        return VIRAMA
    return SPACING if category == "Mc" and not placed else NONSPACING


class _Kinds(dict[int, str]):
    """For `str.translate`; filled as characters are met, because all of Unicode would take too long at start."""

    def __missing__(self, code: int) -> str:
        found = kind(code)
        if len(self) < _MOST_KNOWN:
            self[code] = found
        return found


_KINDS = _Kinds()


def kinds(text: str) -> str:
    """The kinds of all characters of a text, in their places."""
    return text.translate(_KINDS)
