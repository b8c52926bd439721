"""The cue files of all languages, compiled when a language is first met."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

from regrets.domain.strategy.cues.patterns import Cue

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

    def words(self, name: str) -> frozenset[str]:
        """A plain list of words, as written."""
        return frozenset(self._patterns.get(name, ()))

    def cue(self, name: str) -> Cue:
        """The cue of that name; one that finds nothing where the language has none."""
        if name not in self._compiled:
            rows = self.trades.get(name.removeprefix("trade:")) if name.startswith("trade:") else None
            patterns = rows if rows is not None else self._patterns.get(name)
            self._compiled[name] = Cue.of(patterns, self._patterns) if patterns else _NOTHING
        return self._compiled[name]


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
