"""What the user's own mail provider says about a sender: Authentication-Results (RFC 8601)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from regrets.domain.structured import BROKEN, QUOTED, Piece, pieces

_RESULT = re.compile(r"\s*+([A-Za-z0-9-]++)\s*+(?:/\s*+\d++\s*+)?=\s*+([A-Za-z0-9-]++)")
_DECIDED = frozenset({"pass", "fail"})
_FAILED = frozenset({"fail", "softfail", "permerror"})


def check_failed(results: Iterable[str], authserv_id: str) -> bool:
    """Whether the user's own mail provider says that the sender failed its check.

    Only the top-most results of `authserv_id` are believed: DMARC where it says pass or fail, else SPF and DKIM where
    neither passed. Results that break off inside a quotation or a comment count as failed: what breaks them is a
    value that the sender chose.
    """
    for result in results if authserv_id else ():
        sections = list(_sections(result))
        if _name(sections[0]).casefold() == authserv_id.casefold():
            broken = any(piece.kind == BROKEN for section in sections for piece in section)
            return broken or _failed(sections[1:])
    return False


def _failed(sections: Iterable[list[Piece]]) -> bool:
    verdicts: dict[str, set[str]] = {}
    for section in sections:
        if hit := _RESULT.match(_text(section)):
            verdicts.setdefault(hit[1].casefold(), set()).add(hit[2].casefold())
    dmarc = verdicts.get("dmarc", set())
    if dmarc & _DECIDED:
        return "fail" in dmarc
    said = verdicts.get("spf", set()) | verdicts.get("dkim", set())
    return bool(said & _FAILED) and "pass" not in said


def _sections(result: str) -> Iterator[list[Piece]]:
    """What stands between the semicolons: the provider's name first, then a method with its result and properties."""
    section: list[Piece] = []
    for piece in pieces(result):
        if piece.kind == ";":
            yield section
            section = []
        else:
            section.append(piece)
    yield section


def _name(section: list[Piece]) -> str:
    """The authserv-id, without the version behind it."""
    rest = itertools.dropwhile(lambda piece: piece.blank, section)
    return "".join(piece.said for piece in itertools.takewhile(lambda piece: not piece.blank, rest))


def _text(section: list[Piece]) -> str:
    """A section without its comments; what is quoted is a value, never a method or its result."""
    return "".join(" " if piece.blank else '""' if piece.kind == QUOTED else piece.text for piece in section)
