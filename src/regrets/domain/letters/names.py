"""Which name a greeting may use, and values as one clean line."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Two plain words that are a function, a firm or a title, not somebody's first and last name.
_NO_NAMES = """
    admin office team sales support info desk help service services group booking bookings reception calendar
    room marketing accounts accounting billing events studio agency company ltd llc inc gmbh oy ab as sia doo
    noreply the a mr mrs ms miss mx dr prof ing mag sir madam herr frau gospod gospa bey hanım sayın kungs kundze
    herra rouva
"""
_NO_NAME = frozenset(_NO_NAMES.split())


def one_line(text: str, most: int = 200) -> str:
    """Untrusted text as a value: white space becomes single spaces, control and format characters go.

    At most `most` characters; what is longer ends in an ellipsis.
    """
    spaced = " ".join(text[: most * 8].split())
    kept = "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    line = " ".join(kept.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def first_name(name: str, not_names: tuple[str, ...] = ()) -> str:
    """The first name where the display name is two plain words ("Anna Virtanen"), else ''.

    "VIRTANEN, Anna", "Anna V. (External)", "info@…" and "Sales Team" give none: a wrong name is worse than
    none. `not_names`: words that belong to the sender's company; a surname may be among them (Jure Zajc of Zajc
    Brewing), a first name not (Kovin Prodaja).
    """
    words = name.split()
    if len(words) != 2 or not all(_plain(word) for word in words):
        return ""
    company = {word.casefold() for text in not_names for word in re.split(r"\W+", text) if word}
    function = any(word.casefold() in _NO_NAME for word in words)
    return "" if function or words[0].casefold() in company else words[0]


def _plain(word: str) -> bool:
    return bool(_WORD.fullmatch(word)) and 2 <= len(word) <= 30 and word[0].isupper() and not word.isupper()
