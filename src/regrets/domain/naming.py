"""How people are named on a screen: no display name passes for an address, or for somebody else.

Anybody may write any name before an address (RFC 5322, 3.4). Where a name could be taken for an address, the real one
stands before it; where there is no room for both, in its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from regrets.domain.text import REPLACEMENT, SafeText, safe_address, safe_line, scripts

if TYPE_CHECKING:
    from regrets.domain.stored import Row

LONGEST_NAME, LONGEST_ADDRESS = 40, 48
"""Of somebody in a line of facts: however long the name is, the address after it is still on the screen."""

# An @ or the brackets of an address, the slashes of a link, a dot that parts the labels of a domain (the ideographic
# one, too: RFC 3490, 3.1); all of them in any width, by NFKC
_LIKE_AN_ADDRESS = re.compile(r"[@<>]|//|\w[.。]\w{2}")
_LETTERS = re.compile(r"[^\W\d_]+")
_QUOTES = "\"'“”‘’"


def poses(name: str) -> bool:
    """Whether a display name could be taken for an address, a link or a domain, hides something, or mixes scripts
    within a word, as `Marko` with a Cyrillic a does."""
    return _poses(safe_line(name))


@lru_cache(maxsize=2048)
def _poses(shown: str) -> bool:
    if REPLACEMENT in shown or _LIKE_AN_ADDRESS.search(unicodedata.normalize("NFKC", shown)):
        return True
    return not shown.isascii() and any(len(scripts(word)) > 1 for word in _LETTERS.findall(shown))


def safe_mailbox(name: str, address: str) -> SafeText:
    """Somebody with the address always shown: `Ana Novak <ana@studio.example>`, and `evil@x.example (boss@corp)`
    where the name could be taken for another address."""
    shown, where = safe_line(name, LONGEST_NAME), short_address(address)
    if not shown or _is_address(shown, address):
        return where
    return SafeText(f"{where} ({shown})" if poses(name) else f"{shown} <{where}>")


def short_address(address: str) -> SafeText:
    """An address in a line of facts: of a very long one its end."""
    return end_of(safe_address(address), LONGEST_ADDRESS)


def safe_name(name: str, address: str, cells: int, *, namesake: bool = False) -> SafeText:
    """Somebody where there is no room for both: the name; where it could be taken for another address, or is borne by
    others (`namesake`), the address, as much of its end as `cells` cells hold."""
    shown = safe_line(name, LONGEST_NAME)
    if shown and not namesake and not poses(name):
        return shown
    return end_of(safe_address(address), cells)


def spoken(name: str, address: str) -> str:
    """Somebody within a sentence, as received: the name, or the address where the name could be taken for another."""
    return address if not name or poses(name) else name


def end_of(address: SafeText, cells: int) -> SafeText:
    """An address in at most `cells` cells, without its beginning: the end says whose it is."""
    kept, used = len(address), 0
    while kept and used + _width(address[kept - 1]) <= cells:
        kept -= 1
        used += _width(address[kept])
    if not kept:
        return address
    while kept < len(address) and used + 1 > cells:  # room for the ellipsis
        used -= _width(address[kept])
        kept += 1
    return SafeText(f"…{address[kept:]}")


def told_apart(rows: Iterable[Row]) -> list[Row]:
    """The rows; where the names of two organisers are the same but for case, accents and order, both are marked."""
    rows = list(rows)
    bearers: dict[str, str] = {}
    shared = set()
    for row in rows:
        if row.organizer_name:
            key, address = _key(row.organizer_name[:200]), row.organizer_address.casefold()
            if bearers.setdefault(key, address) != address:
                shared.add(key)
    if not shared:
        return rows
    return [replace(row, namesake=True) if _key(row.organizer_name[:200]) in shared else row for row in rows]


def _is_address(shown: str, address: str) -> bool:
    """Some programs write the address once more in place of a name, often in quotes."""
    return shown.strip(_QUOTES).casefold() == address.casefold()


@lru_cache(maxsize=8192)
def _key(name: str) -> str:
    bare = name if name.isascii() else unicodedata.normalize("NFKD", name)
    plain = "".join(char for char in bare if not unicodedata.combining(char)).casefold()
    return " ".join(sorted(re.findall(r"\w+", plain)))


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
