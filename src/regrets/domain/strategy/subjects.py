"""When two meetings have the same subject."""

from __future__ import annotations

import re
import unicodedata

_PREFIX = re.compile(
    r"^\s*(?:(?:re|aw|sv|vs|ynt|fwd?|vl|ilt|pd|updated|(?:updated )?invitation|accepted|tentative)\s*[:：]\s*)+",
    re.IGNORECASE,
)
_COUNTER = re.compile(r"[\W_]+|\d+")


def same_subject(one: str, other: str) -> bool:
    """Whether two subjects are one, reply prefixes, numbers, dates and punctuation aside."""
    first, second = _plain(one), _plain(other)
    return bool(first) and first == second


def _plain(subject: str) -> str:
    text = unicodedata.normalize("NFKC", _PREFIX.sub("", subject)).casefold()
    return " ".join(_COUNTER.sub(" ", text).split())
