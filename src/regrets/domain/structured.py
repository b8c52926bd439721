"""Structured header fields in pieces: atoms, quoted strings, comments, literals (RFC 5322, 3.2).

Linear in their length, never raising. Every reading of addresses and verdicts starts here, so that no two
of them disagree about where a comment ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

SPACE, COMMENT, QUOTED, LITERAL, ATOM, BROKEN = "space", "comment", "quoted", "literal", "atom", "broken"

_PLAIN = re.compile(r'(?P<space>[ \t]++)|(?P<atom>[^ \t()<>\[\]:;@\\,."]++)')
_WHOLE = {
    '"': (QUOTED, re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)),
    "[": (LITERAL, re.compile(r"\[[^\[\]\\]*+\]")),
}
_PARENTHESIS = re.compile(r"\\.|[()]", re.DOTALL)


class Piece(NamedTuple):
    """`kind` is one of the names above, or the special character itself; `text` as written, all pieces together give
    the field again."""

    kind: str
    text: str

    @property
    def blank(self) -> bool:
        """Whether it is what the grammar calls CFWS: white space or a comment."""
        return self.kind in (SPACE, COMMENT)

    @property
    def said(self) -> str:
        """What a quoted string or a comment says, its escapes undone; other pieces as written."""
        if self.kind not in (QUOTED, COMMENT):
            return self.text
        return re.sub(r"\\(.)", r"\1", self.text[1:-1], flags=re.DOTALL)


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of an unfolded field. Whatever is opened and never closed is one BROKEN piece up to the end."""
    place = 0
    while place < len(text):
        piece = _piece(text, place)
        yield piece
        place += len(piece.text)


def _piece(text: str, place: int) -> Piece:
    if hit := _PLAIN.match(text, place):
        return Piece(str(hit.lastgroup), hit[0])
    sign = text[place]
    if sign == "(":
        end = _end_of_comment(text, place)
        return Piece(COMMENT, text[place:end]) if end else Piece(BROKEN, text[place:])
    if sign in _WHOLE:
        kind, pattern = _WHOLE[sign]
        whole = pattern.match(text, place)
        return Piece(kind, whole[0]) if whole else Piece(BROKEN, text[place:])
    return Piece(sign, sign)


def _end_of_comment(text: str, place: int) -> int:
    """Behind the parenthesis that closes the one at `place`; 0 where none does."""
    depth = 0
    for hit in _PARENTHESIS.finditer(text, place):
        depth += {"(": 1, ")": -1}.get(hit[0], 0)
        if depth == 0 and hit[0] == ")":
            return hit.end()
    return 0
