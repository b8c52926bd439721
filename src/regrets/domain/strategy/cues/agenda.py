"""How many things a meeting is about: points of a list, questions that can be answered by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from regrets.domain.strategy.cues.lexicon import Lexicon
from regrets.domain.strategy.cues.patterns import fold, joined

_POINT = re.compile(r"(?:^|(?<=[\s:;,]))(?:\(?\d{1,2}[.)]|[a-h]\))\s+(?=\w)")
_BULLET = re.compile(r"^\s*[-*•–·▪]\s+\S", re.MULTILINE)
_AFTER_COLON = re.compile(r":\s+([^:\n.?!]{8,})")
_SENTENCE = re.compile(r"[^.?!\n]+[.?!\n]?")
_MOST_WORDS = 14  # of one point of a list in a sentence


def _numbered(text: str) -> int:
    """Points that are numbered 1, 2, 3 … in order; dates like 27. 11. are none."""
    expected = 1
    for match in _POINT.finditer(text):
        label = match[0].strip("() .\t\n")
        if label in (str(expected), chr(ord("a") + expected - 1)):
            expected += 1
    return expected - 1 if expected > 2 else 0


def _parts(text: str, conjunctions: frozenset[str]) -> int:
    """The points of a row like `prices, dates and who pays`."""
    words = "|".join(re.escape(word) for word in sorted(conjunctions))
    pieces = re.split(rf",|;|\s(?:{words})\s" if words else r",|;", text)
    pieces = [piece for piece in pieces if len(piece.strip()) > 2]
    return len(pieces) if all(len(piece.split()) <= _MOST_WORDS for piece in pieces) else 1


def listed_points(text: str, lexicons: Sequence[Lexicon]) -> int:
    """The points of the longest list in a text, numbered, with bullets, or in a row after a colon or after a
    word of decision; 0 where there is no list."""
    conjunctions = frozenset[str]().union(*(lexicon.words("topic_and") for lexicon in lexicons))
    counts = [_numbered(text), len(_BULLET.findall(text))]
    counts += [_parts(match[1], conjunctions) for match in _AFTER_COLON.finditer(text)]
    for sentence in _SENTENCE.findall(text):
        if any(lexicon.cue("decide")(joined(sentence)) for lexicon in lexicons):
            parts = _parts(sentence, conjunctions)
            counts.append(parts if "," in sentence or parts == 2 else 0)
    best = max(counts)
    return best if best > 1 else 0


def questions(text: str, lexicons: Sequence[Lexicon]) -> int:
    """Questions that want an answer of their own; those that only look for a time are none."""
    asked = 0
    for sentence in _SENTENCE.findall(text):
        plain = joined(sentence) if sentence.endswith("?") else ""
        if len(plain.split()) > 2 and not any(lexicon.cue("scheduling")(plain) for lexicon in lexicons):
            asked += 1
    return asked


def wanted_minutes(text: str, lexicons: Sequence[Lexicon]) -> int:
    """The minutes that the writer says it takes ("20 minutes will do"); 0 where nothing is said."""
    units = frozenset[str]().union(*(lexicon.words("ask_minutes") for lexicon in lexicons))
    match = re.search(rf"\b(\d{{1,2}}) ?(?:{'|'.join(sorted(map(fold, units)))})\b", fold(text)) if units else None
    return int(match[1]) if match else 0
