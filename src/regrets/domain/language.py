"""In which language is this written? (libraries.md, section 1)"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import Any

# The six languages with letters and those that are easily taken for one of them: with too few to choose from,
# a detector forces every text into the set.
_CANDIDATES = (
    "en", "no", "nb", "nn", "sl", "tr", "lv", "fi",
    "sv", "da", "de", "nl", "fr", "es", "it", "pt", "pl", "cs", "sk", "hr", "sr", "bs",
    "hu", "ro", "lt", "et", "az",
)  # fmt: skip
_THRESHOLD = 0.5
_ONE = {"no": "nb", "nn": "nb"}
_ENOUGH = 12  # letters; anything shorter is a guess
_MOST = 20_000  # characters that are looked at
_NOISE = re.compile(r"(?:https?://|www\.)\S+|[\d_*<>#|=~+/:-]+")
_LOADING = threading.Lock()


def primary(tag: str) -> str:
    """The language of a tag ("sl-SI" gives "sl"), Norwegian of every kind as "nb"; '' where there is none."""
    language = re.split(r"[-_]", tag.strip().casefold(), maxsplit=1)[0]
    language = _ONE.get(language, language)
    return language if language.isalpha() and len(language) in (2, 3) else ""


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = set(identifier.labels) if hasattr(identifier, "labels") else set(_CANDIDATES)
    identifier.set_languages([language for language in _CANDIDATES if language in known])
    return identifier


@lru_cache(maxsize=2048)
def detect(text: str, declared: str = "") -> str | None:
    """The language of a person's text, as a two-letter code; None where it can't be told.

    `text` comes without join-the-meeting blocks, signatures and footers. `declared` (SUMMARY;LANGUAGE=,
    Content-Language) is a prior and no proof: it is the sender's program that speaks. It decides where the text
    is too short or nothing in it is certain.
    """
    words = [word for word in text[:_MOST].split() if "@" not in word[1:-1]]
    plain = " ".join(_NOISE.sub(" ", " ".join(words)).split())[:4000]
    prior = primary(declared)
    letters = sum(char.isalpha() for char in plain)
    if letters < _ENOUGH:
        return prior or None
    with _LOADING:
        identifier = _identifier()
    ranked = dict[str, float]()
    for language, share in identifier.rank(plain):
        key = _ONE.get(language, language)
        ranked[key] = ranked.get(key, 0.0) + float(share)
    if not ranked:
        return prior or None
    best = max(ranked, key=lambda language: ranked[language])
    if prior and best != prior and ranked.get(prior, 0.0) >= 0.2:
        return prior
    if ranked[best] >= _THRESHOLD:
        return best
    return prior or None
