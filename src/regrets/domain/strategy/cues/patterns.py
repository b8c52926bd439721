"""The small language of the cue files.

A pattern is a row of words that must follow each other within a sentence. `stem*` (a star anywhere) stands for any
letters, `a|b` for either word, `one_two` for two words in one place, `word?` for a word that may be missing, `..`
for up to three words and `...` for up to eight. A pattern that begins with `!` is a veto: a sentence in which it
stands says nothing.

Case, accents, apostrophes and punctuation don't count, in patterns and texts alike: people leave them out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ł": "l", "’": "", "'": "", "‘": "", "`": "", "ʼ": ""}
)
_ENDS = re.compile(r"[.!?;:\n\r•]+(?=\s|$)|[\n\r]+|\s[-–—]\s|[()]")
_WORDS = re.compile(r"[^\w%$€£.]+|(?<!\d)[.]|[.](?!\d)")
_GAPS = {"..": 3, "...": 8}
_JOINERS = re.compile(r"[-_/]")
_STOP = " . "
_ANY = r"[^ .]*"
_WORD = r"[^ .]+ "


def fold(text: str) -> str:
    """Lower case without accents, apostrophes and dots on or under letters, for comparing."""
    plain = unicodedata.normalize("NFKD", text.replace("İ", "i").replace("I", "i").casefold())
    return "".join(char for char in plain if not unicodedata.combining(char)).translate(_LETTERS)


def sentences(text: str) -> list[str]:
    """The folded sentences, each a row of words with one space around each."""
    parts = (_WORDS.sub(" ", part.replace("_", " ")) for part in _ENDS.split(fold(text)))
    return [f" {' '.join(part.split())} " for part in parts if part.strip()]


def joined(text: str) -> str:
    """The folded sentences in one string that patterns are searched in."""
    return _STOP.join(sentences(text)).replace("  ", " ")


def _piece(written: str) -> str:
    """One word of a pattern as a regular expression that eats the space after it."""
    if gap := _GAPS.get(written):
        return f"(?:{_WORD}){{0,{gap}}}"
    words = (_JOINERS.sub(" ", word) for word in written.rstrip("?").split("|"))
    choice = "|".join(_ANY.join(re.escape(part) for part in word.split("*")) for word in words)
    return f"(?:(?:{choice}) )" + ("?" if written.endswith("?") else "")


def _regex(patterns: list[str]) -> re.Pattern[str] | None:
    rows = ["".join(_piece(word) for word in fold(pattern).split()) for pattern in patterns]
    return re.compile("(?<= )(?:" + "|".join(rows) + ")") if rows else None


@dataclass(frozen=True, slots=True)
class Cue:
    """A compiled list of patterns and of the vetoes among them."""

    wanted: re.Pattern[str] | None
    vetoed: re.Pattern[str] | None

    @classmethod
    def of(cls, patterns: Iterable[str]) -> Cue:
        """Compiles patterns; those that begin with `!` are vetoes."""
        rows = list(patterns)
        return cls(
            _regex([row for row in rows if not row.startswith("!")]),
            _regex([row[1:] for row in rows if row.startswith("!")]),
        )

    def find(self, text: str) -> tuple[str, ...]:
        """What was found in a text of `joined`, in sentences without a veto; each match once."""
        if self.wanted is None:
            return ()
        found = dict[str, None]()
        for match in self.wanted.finditer(text):
            begin = text.rfind(_STOP, 0, match.start()) + 2
            end = text.find(_STOP, match.end() - 1)
            sentence = text[begin if begin > 1 else 0 : end + 1 if end >= 0 else len(text)]
            if self.vetoed is None or not self.vetoed.search(sentence):
                found[match[0].strip()] = None
        return tuple(found)

    def __call__(self, text: str) -> bool:
        return bool(self.find(text))
