"""Finding a letter: the user's own, then the built-in one; in the wanted language, else in the next best."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from regrets.domain.errors import LetterError

Overrides = Callable[[str, str], str | None]
"""(language, letter) to the text of the user's own file, or None where there is none."""

BRIEF = "brief"  # the second message of `bow_out`, to the colleague
_FENCE = "+++"
_KEYS = {
    "reviewed_by": str,
    "needs": list,
    "greeting": str,
    "named": str,  # a greeting with {first} or {full}, where the name is certain
    "closing": str,
    "manner": str,
    "to": str,
}


@dataclass(frozen=True, slots=True)
class Source:
    """One letter file. `body` keeps its place: line N of it is line N of the file."""

    language: str
    letter: str  # a strategy's id, or "brief"
    name: str  # for messages: letters/en/decline.md
    body: str
    own: bool = False
    head: dict[str, Any] = field(default_factory=dict)
    raw: str = ""  # the whole file

    def text(self, key: str) -> str:
        """A text of the head; '' where it is absent."""
        return str(self.head.get(key, ""))

    @property
    def needs(self) -> tuple[str, ...]:
        """The values without which the letter should not go out."""
        return tuple(str(name) for name in self.head.get("needs", ()))


def base(language: str) -> str:
    """The part of a language tag under which letters are filed: "sl" of "sl-SI"."""
    return language.replace("_", "-").partition("-")[0].casefold()


@lru_cache(maxsize=1)
def available_languages() -> tuple[str, ...]:
    """Languages with built-in letters, sorted."""
    root = resources.files("regrets") / "letters"
    return tuple(sorted(one.name for one in root.iterdir() if one.is_dir() and (one / "frame.toml").is_file()))


def find(letter: str, language: str, *, fallback: str = "en", overrides: Overrides | None = None) -> Source:
    """The letter in `language`, else in `fallback` (the user's own language), else in English.

    In each language the user's own file comes before the built-in one. Raises LetterError.
    """
    for tag in dict.fromkeys((base(language), base(fallback), "en")):
        own = overrides(tag, letter) if overrides else None
        text = own if own is not None else built_in(tag, letter)
        if text is not None:
            return parse(text, tag, letter, own=own is not None)
    raise LetterError(f"There is no letter {letter!r}.", "`regrets letters list` shows those there are.")


@lru_cache(maxsize=256)
def built_in(language: str, letter: str) -> str | None:
    """The text of a file in regrets/letters, or None."""
    if not (language.isalpha() and letter.replace("_", "").isalpha()):
        return None
    file = resources.files("regrets") / "letters" / language / f"{letter}.md"
    return file.read_text(encoding="utf-8") if file.is_file() else None


def parse(text: str, language: str, letter: str, *, own: bool) -> Source:
    """Splits off the TOML head between two +++ lines. Raises LetterError with file and line."""
    name = f"letters/{language}/{letter}.md"
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].strip() != _FENCE:
        return Source(language, letter, name, "\n".join(lines), own, raw=text)
    end = next((index for index, line in enumerate(lines[1:], 1) if line.strip() == _FENCE), 0)
    if not end:
        raise LetterError(f"{name}, line 1: the head is not closed.", "Put a line +++ after it.")
    try:
        head = tomllib.loads("\n" + "\n".join(lines[1:end]))
    except tomllib.TOMLDecodeError as error:
        raise LetterError(f"{name}: the head is no TOML: {error}.", "Mend it, or remove the head.") from error
    for key, value in head.items():
        if key not in _KEYS or not isinstance(value, _KEYS[key]):
            raise LetterError(f"{name}: {key!r} has no place in the head.", f"Allowed: {', '.join(_KEYS)}.")
    return Source(language, letter, name, "\n" * (end + 1) + "\n".join(lines[end + 1 :]), own, head, text)
