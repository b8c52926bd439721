"""Where a meeting takes place: online, at the user's own, or elsewhere (strategies.md, rule 10)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from regrets.domain.strategy.cues.patterns import fold
from regrets.domain.strategy.cues.reading import location_cue

_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:zoom\.us|webex\.com|whereby\.com)\S*|\+?\d[\d ()/.-]{6,}", re.I
)
_MOST = 500  # characters of a LOCATION that are looked at
_STREET = re.compile(  # kinds of street, which people abbreviate or leave out
    r"\b(?:street|st|road|rd|avenue|ave|lane|ln|square|sq|caddesi|cad|cd|sokak|sokagi|sok|sk|ulica|ul|cesta|trg|iela|"
    r"gata|gate|gt|veien|vei|vegen|katu|tie)\b\.?"
)
_PART_OF = frozenset(  # words that name a part of a house
    (
        "unit",
        "floor",
        "suite",
        "room",
        "level",
        "etage",
        "etasje",
        "kerros",
        "nadstropje",
        "stavs",
        "kat",
        "oda",
        "no",
    )
)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", _STREET.sub(" ", fold(text)))


def is_own(location: str, places: Iterable[str]) -> bool:
    """Whether a LOCATION is one of the user's own places: its name, or its street with the number.

    The town alone is not enough: another street in it is elsewhere.
    """
    location = location[:_MOST]
    there = _words(location)
    parts_there = [_words(part) for part in re.split(r"[,;\n]", location)]
    for place in places:
        parts = [words for part in re.split(r"[,;\n]", place) if (words := _words(part))]
        telling = parts[:-1] or parts
        if any(_stands_in(words, there, parts_there) for words in telling):
            return True
    return False


def _stands_in(words: list[str], there: list[str], parts_there: list[list[str]]) -> bool:
    if words in parts_there:
        return not set(words) & _PART_OF
    if len(words) < 2 or set(words) & _PART_OF:
        return False
    return any(there[index : index + len(words)] == words for index in range(len(there)))


def is_elsewhere(location: str, places: Iterable[str]) -> bool:
    """Whether a LOCATION is an address that isn't the user's own: a street, a town, an office, a room.

    Nothing, a link, a telephone number, the name of a conference service, "to be announced" and "your office"
    are no such address.
    """
    text = _LINK.sub(" ", location[:_MOST]).strip(" ,;|-/()\t\r\n")
    if not re.search(r"[^\W\d_]{2}", text):
        return False
    if any(location_cue(name, text) for name in ("online", "unplaced", "your_place")):
        return False
    return not is_own(text, places)
