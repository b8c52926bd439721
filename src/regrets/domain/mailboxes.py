"""Mailboxes of From, To, Reply-To and the like, by the grammar of RFC 5322, 3.4: the one reading of them all.

Comments, quoted strings and display names are the sender's to choose, so no address is ever taken out of one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from regrets.domain.headers import addr_spec, unfolded, words
from regrets.domain.model import Mailbox
from regrets.domain.structured import ATOM, COMMENT, QUOTED, Piece, pieces

MOST_MAILBOXES = 2000
MOST_TEXT = 512 * 1024  # of a list; what lies behind it is not read
MOST_SOLE_TEXT = 10_000  # of From: no sender's name is that long
_DOT_ATOM = re.compile(r"[^.]++(?:\.[^.]++)*+")
_NAME_AND_ADDRESS = re.compile(r'([^<>"()\\]*+)<([^<>"()\\]*+)>\s*+')


def mailboxes(value: object) -> tuple[Mailbox, ...]:
    """All usable mailboxes of To, Cc, Reply-To … in order; groups are opened, what is no mailbox is left out."""
    found = (_mailbox(entry) for entry in _entries(unfolded(value)[:MOST_TEXT]))
    return tuple(itertools.islice((mailbox for mailbox in found if mailbox), MOST_MAILBOXES))


def sole_mailbox(*values: object) -> Mailbox | None:
    """The mailbox of From or Sender, as long as there is one such field and it names exactly one; else None, which
    agrees with nobody. RFC 5322 allows several in From, but then nobody can say which of them sent the mail."""
    if len(values) != 1 or len(str(values[0])) > MOST_SOLE_TEXT:
        return None
    text = unfolded(values[0])
    found = [_mailbox(entry) for entry in itertools.islice(_entries(text), 2)]
    return found[0] if len(found) == 1 and found[0] else _unmistakable(text)


def _entries(text: str) -> Iterator[list[Piece]]:
    """What stands between the commas and semicolons outside of angle brackets, without the names of groups; only
    what isn't blank."""
    entry: list[Piece] = []
    angle = colon = False
    for piece in pieces(text):
        if piece.kind in "<>":
            angle = piece.kind == "<"
        if not angle and piece.kind in ",;":
            yield from _unless_blank(entry)
            entry, colon = [], False
        elif not angle and not colon and piece.kind == ":" and _is_phrase(entry):
            entry = []
        else:
            entry.append(piece)
            colon = colon or piece.kind == ":"
    yield from _unless_blank(entry)


def _unless_blank(entry: list[Piece]) -> Iterator[list[Piece]]:
    if not all(piece.blank for piece in entry):
        yield entry


def _mailbox(entry: Sequence[Piece]) -> Mailbox | None:
    return _by_the_grammar(entry) or _unmistakable("".join(piece.text for piece in entry))


def _by_the_grammar(entry: Sequence[Piece]) -> Mailbox | None:
    """`name <address>`, or an address alone, whose comment serves as its name."""
    kinds = [piece.kind for piece in entry]
    if "<" not in kinds:
        comments = [piece.said for piece in entry if piece.kind == COMMENT]
        return _named(" ".join(comments), _address(entry))
    opened = kinds.index("<")
    closed = kinds.index(">") if ">" in kinds else len(kinds)
    before, inside, after = entry[:opened], entry[opened + 1 : closed], entry[closed + 1 :]
    if closed == len(kinds) or not all(piece.blank for piece in after):
        return None
    if not _is_phrase(before) and not all(piece.blank for piece in before):
        return None
    name = "".join(piece.said if piece.kind == QUOTED else piece.text for piece in before)
    return _named(name, _address(inside))


def _named(name: str, address: str) -> Mailbox | None:
    return Mailbox(words(name.strip()).strip(), address) if address else None


def _is_phrase(entry: Sequence[Piece]) -> bool:
    """A display name: words, with dots between or behind them (RFC 5322, 4.1)."""
    kinds = [piece.kind for piece in entry if not piece.blank]
    return kinds[:1] in ([ATOM], [QUOTED]) and all(kind in (ATOM, QUOTED, ".") for kind in kinds)


def _address(entry: Sequence[Piece]) -> str:
    """An addr-spec with nothing but blanks around it and its @; '' for quoted local parts and domain literals, to
    which nobody answers here."""
    kinds = [piece.kind for piece in entry]
    if kinds.count("@") != 1:
        return ""
    place = kinds.index("@")
    halves = [_without_blank_ends(entry[:place]), _without_blank_ends(entry[place + 1 :])]
    if any(piece.kind not in (ATOM, ".") for half in halves for piece in half):
        return ""
    local, domain = ("".join(piece.text for piece in half) for half in halves)
    return addr_spec(f"{local}@{domain}") if _DOT_ATOM.fullmatch(local) and _DOT_ATOM.fullmatch(domain) else ""


def _without_blank_ends(entry: Sequence[Piece]) -> Sequence[Piece]:
    filled = [index for index, piece in enumerate(entry) if not piece.blank]
    return entry[filled[0] : filled[-1] + 1] if filled else ()


def _unmistakable(text: str) -> Mailbox | None:
    """What breaks the grammar and still can't be read in two ways: an address and nothing else, or one behind a name
    with neither quotes nor comments in it, which holds no other address: `Doe, John <john@x>`, `a@x <a@x>`."""
    if bare := addr_spec(text):
        return Mailbox("", bare)
    hit = _NAME_AND_ADDRESS.fullmatch(text)
    address = addr_spec(hit[2]) if hit else ""
    if hit is None or not address or ("@" in hit[1] and hit[1].strip().casefold() != address.casefold()):
        return None
    return _named(hit[1], address)
