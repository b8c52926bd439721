"""`line by line`, `linje for linje`, `stavek po stavku`, `satır satır`, `rivi riviltä`: going through something in
pieces, known by the word that comes twice."""

from __future__ import annotations

import re
from functools import lru_cache

from regrets.domain.strategy.cues.lexicon import Lexicon
from regrets.domain.strategy.cues.patterns import fold


@lru_cache(maxsize=16)
def _pattern(links: frozenset[str]) -> re.Pattern[str]:
    between = "|".join(sorted(re.escape(fold(link)) + " " if link else "" for link in links))
    return re.compile(rf"(?<= )([^\W\d_]{{3,20}}?)([^\W\d_]{{0,3}}) (?:{between})\1([^\W\d_]{{0,4}})(?= )")


def piece_by_piece(text: str, lexicon: Lexicon) -> bool:
    """Whether a text of `joined` names a piece twice, with a word of `each` (or none) between."""
    links = lexicon.words("each")
    if not links:
        return False
    others = {fold(word) for word in lexicon.words("not_each")}
    return any((match[1] + match[2]) not in others for match in _pattern(links).finditer(text))
