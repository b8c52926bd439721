"""The small language of the cue files.

A pattern is a row of words that must follow each other within a sentence. `stem*` (a star anywhere) stands for any
letters, `a|b` for either word, `one_two` for two words in one place, `word?` for a word that may be missing, `..`
for up to three words and `...` for up to eight. `@name` stands for any pattern of another list of the same language.
`one & two` wants both in one sentence, in any order. A pattern that begins with `!` is a veto: a sentence in which
it stands says nothing.

Case, accents, apostrophes and punctuation don't count, in patterns and texts alike: people leave them out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ł": "l", "’": "", "'": "", "‘": "", "`": "", "ʼ": ""}
)
_ENDS = re.compile(r"[.!?;:\n\r•]+(?=\s|$)|[\n\r]+|\s[-–—]\s|[()]")
_WORDS = re.compile(r"[^\w%$€£.]+|(?<!\d)[.]|[.](?!\d)")
_GAPS = {"..": 3, "...": 8}
_JOINERS = re.compile(r"[-_/]")
_STOP = " . "
_HEAD = 3  # letters by which a word of a text is looked up among the first words of patterns
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


Lists = Mapping[str, Sequence[str]]


def _piece(written: str, lists: Lists) -> str:
    """One word of a pattern as a regular expression that eats the space after it."""
    if gap := _GAPS.get(written):
        return f"(?:{_WORD}){{0,{gap}}}"
    if "@" in written and ("|" in written or not written.startswith("@")):
        raise ValueError(f"{written!r}: a named list stands alone")
    if written.startswith("@"):
        rows = [row for row in lists.get(written[1:], ()) if not row.startswith("!") and " & " not in row]
        return f"(?:{'|'.join(_row(row, lists) for row in rows)})" if rows else "(?!)"
    words = (_JOINERS.sub(" ", word) for word in written.rstrip("?").split("|"))
    choice = "|".join(_ANY.join(re.escape(part) for part in word.split("*")) for word in words)
    return f"(?:(?:{choice}) )" + ("?" if written.endswith("?") else "")


def _row(pattern: str, lists: Lists) -> str:
    return "".join(_piece(word, lists) for word in fold(pattern).split())


def _regex(patterns: Sequence[str], lists: Lists) -> re.Pattern[str] | None:
    rows = [_row(pattern, lists) for pattern in patterns]
    return re.compile("(?<= )(?:" + "|".join(rows) + ")") if rows else None


def _heads(pattern: str, lists: Lists) -> frozenset[str] | None:
    """The first letters of the words with which a pattern may begin; None where it may begin with any."""
    found: set[str] = set()
    for word in fold(pattern).split():
        if word in _GAPS:
            return None
        if word.startswith("@"):
            rows = [row for row in lists.get(word[1:], ()) if not row.startswith("!") and " & " not in row]
            known = [_heads(row, lists) for row in rows]
            if any(each is None for each in known):
                return None
            return frozenset(found.union(*(each for each in known if each)))
        starts = [_JOINERS.sub(" ", each).split(" ")[0] for each in word.rstrip("?").split("|")]
        for start in starts:
            letters = start.partition("*")[0]
            if "*" in start and len(letters) < _HEAD:
                return None
            found.add(letters[:_HEAD])
        if not word.endswith("?"):
            return frozenset(found)
    return None


def heads_of(patterns: Iterable[str], lists: Lists) -> frozenset[str] | None:
    """The first letters of one of which some word must begin for any of the patterns to be found; None for none such.
    Of what counts only in company the first part is enough."""
    found: set[str] = set()
    for row in patterns:
        if not row.startswith("!"):
            heads = _heads(row.partition(" & ")[0], lists)
            if heads is None:
                return None
            found |= heads
    return frozenset(found)


def heads_in(text: str) -> frozenset[str]:
    """The first letters of the words of a text of `joined`."""
    return frozenset(word[:_HEAD] for word in text.split())


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence of a text of `joined` in which a hit stands."""
    begin = text.rfind(_STOP, 0, start) + 2
    close = text.find(_STOP, end - 1)
    return text[begin if begin > 1 else 0 : close + 1 if close >= 0 else len(text)]


@dataclass(frozen=True, slots=True)
class Cue:
    """A compiled list of patterns: what alone is enough, what counts only in company, and the vetoes."""

    wanted: re.Pattern[str] | None
    vetoed: re.Pattern[str] | None
    together: tuple[tuple[re.Pattern[str], ...], ...] = ()

    @classmethod
    def of(cls, patterns: Iterable[str], lists: Lists | None = None) -> Cue:
        """Compiles patterns; `lists` are those that `@name` may name."""
        rows, known = list(patterns), lists or {}
        pairs = [row.split(" & ") for row in rows if " & " in row]
        return cls(
            _regex([row for row in rows if not row.startswith("!") and " & " not in row], known),
            _regex([row[1:] for row in rows if row.startswith("!")], known),
            tuple(tuple(re.compile("(?<= )" + _row(part, known)) for part in parts) for parts in pairs),
        )

    def hits(self, text: str) -> Iterator[tuple[str, str]]:
        """What was found in a text of `joined`, each with its sentence, in sentences without a veto."""
        for first, *others in (*(((self.wanted,),) if self.wanted else ()), *self.together):
            for match in first.finditer(text):
                sentence = sentence_around(text, match.start(), match.end())
                if all(other.search(sentence) for other in others) and not (
                    self.vetoed and self.vetoed.search(sentence)
                ):
                    yield match[0].strip(), sentence

    def find(self, text: str) -> tuple[str, ...]:
        """What was found, each once."""
        return tuple(dict.fromkeys(hit for hit, _ in self.hits(text)))

    def __call__(self, text: str) -> bool:
        return next(self.hits(text), None) is not None
