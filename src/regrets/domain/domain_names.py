"""Domain names beyond ASCII, as far as everybody reads the same domain in them (RFC 5891, UTS 46).

A mail program of IDNA2003 sends `straße.example` to strasse.example, one of IDNA2008 to a domain that may be
somebody else's; full-width letters, the ideographic full stop and invisible characters are mapped by some and refused
by others. Whoever means such a domain can write its A-label (`xn--…`).
"""

from __future__ import annotations

import unicodedata

from regrets.domain.characters import HIDDEN, JOINER, NON_JOINER, SELECTOR, kinds

_LONGEST, _LONGEST_LABEL = 253, 63
_LETTERS = frozenset({"Ll", "Lo", "Lm", "Mn", "Mc", "Nd"})  # of RFC 5892, A.1: all that stay as they are when folded
_INVISIBLE = frozenset((HIDDEN, JOINER, NON_JOINER, SELECTOR))


def wire_domain(domain: str) -> str:
    """The domain as it goes over the wire: ASCII as it is, other labels as A-labels; '' where readings differ."""
    labels = [_a_label(label) for label in domain.split(".")] if len(domain) <= _LONGEST else [""]
    return ".".join(labels) if all(labels) else ""


def read_domain(domain: str) -> str:
    """The domain with its A-labels as what they stand for; one that stands for nothing stays."""
    return ".".join(map(_u_label, domain.split(".")))


def punycoded(domain: str) -> str:
    """The domain in ASCII, for showing: whatever is in it, letter by letter."""
    return ".".join(label if label.isascii() else _encoded(_folded(label)) for label in domain.split("."))


def _a_label(label: str) -> str:
    if label.isascii():
        return label
    folded = _folded(label)
    found = _encoded(folded)
    return found if _has_one_reading(folded) and _by_idna2003(label) in (found, "") else ""


def _folded(label: str) -> str:
    return unicodedata.normalize("NFC", label.lower())


def _encoded(label: str) -> str:
    return f"xn--{label.encode('punycode', 'replace').decode('ascii')}"


def _has_one_reading(label: str) -> bool:
    """Whether a label in small letters is what all mappings leave alone, and of letters, digits and hyphens."""
    if label.isascii():  # the Kelvin sign and the like
        return False
    mapped = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).casefold())
    if mapped != label or _INVISIBLE & set(kinds(label)):
        return False
    if label[0] == "-" or label[-1] == "-" or label[2:4] == "--" or unicodedata.category(label[0])[0] == "M":
        return False
    return all(char == "-" or unicodedata.category(char) in _LETTERS for char in label)


def _by_idna2003(label: str) -> str:
    """The label as Python and older programs encode it (RFC 3490, with Unicode 3.2); '' where they refuse it."""
    try:
        return label.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _u_label(label: str) -> str:
    """RFC 3492; what can't be read, or would be written otherwise, stays."""
    if label[:4].lower() != "xn--" or len(label) > _LONGEST_LABEL:
        return label
    try:
        read = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label
    return read if not read.isascii() and _encoded(read) == label.lower() else label
