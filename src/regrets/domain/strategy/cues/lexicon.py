"""The cue files of all languages, compiled when a language is first met."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

from regrets.domain.strategy.cues.patterns import Cue, heads_in, heads_of

LANGUAGES = ("en", "nb", "sl", "tr", "lv", "fi")
# A text in a neighbouring language is read with the cues of the one that it resembles most.
_KIN = {"no": "nb", "nn": "nb", "sv": "nb", "da": "nb", "hr": "sl", "sr": "sl", "bs": "sl", "az": "tr"}
_NOTHING = Cue(None, None)


class Lexicon:
    """The cues of one language."""

    def __init__(self, language: str) -> None:
        file = resources.files(__package__) / f"{language}.toml"
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        self.language = language
        self.trades: dict[str, tuple[str, ...]] = {
            name: tuple(words) for name, words in raw.pop("trades", {}).items()
        }
        self._patterns: dict[str, list[str]] = raw
        self._compiled: dict[str, Cue] = {}
        self._heads: dict[str, frozenset[str] | None] = {}

    def words(self, name: str) -> frozenset[str]:
        """A plain list of words, as written."""
        return frozenset(self._patterns.get(name, ()))

    def cue(self, name: str) -> Cue:
        """The cue of that name; one that finds nothing where the language has none."""
        if name not in self._compiled:
            patterns = self._rows(name)
            self._compiled[name] = Cue.of(patterns, self._patterns) if patterns else _NOTHING
        return self._compiled[name]

    def trades_in(self, text: str) -> tuple[str, ...]:
        """The trades of which a text of `joined` may speak, by the first letters of its words: few of many, so that
        the others need not be compiled."""
        seen = heads_in(text)
        found = []
        for name in self.trades:
            if name not in self._heads:
                self._heads[name] = heads_of(self.trades[name], self._patterns)
            heads = self._heads[name]
            if heads is None or heads & seen:
                found.append(name)
        return tuple(found)

    def _rows(self, name: str) -> Sequence[str]:
        trade = name.startswith("trade:")
        return self.trades.get(name.removeprefix("trade:"), ()) if trade else self._patterns.get(name, ())


@lru_cache(maxsize=16)
def _lexicon(language: str) -> Lexicon:
    return Lexicon(language)


def lexicons(language: str | None) -> tuple[Lexicon, ...]:
    """The cues for a text in a language: its own, those of its next of kin, or all where it isn't known."""
    if language in LANGUAGES:
        return (_lexicon(language),)
    if language in _KIN:
        return (_lexicon(_KIN[language]),)
    return tuple(_lexicon(each) for each in LANGUAGES)


def all_lexicons() -> tuple[Lexicon, ...]:
    """Every language; for what the user wrote in the settings, in whichever language."""
    return tuple(_lexicon(each) for each in LANGUAGES)
