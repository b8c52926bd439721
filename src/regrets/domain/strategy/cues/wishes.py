"""What somebody asks to have done: trades named in other words, and only where it is asked for, not mentioned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from regrets.domain.strategy.cues.lexicon import Lexicon, all_lexicons
from regrets.domain.strategy.cues.patterns import fold, joined

_STEM = 5  # letters that two forms of a word share at least, where they have as many
_NEAR = 2  # sentences after the one that names a trade, in which "could you do that" still means it


class Trade(NamedTuple):
    """A trade that a phrase of the settings means, and the words that narrow it (`wedding` of photography)."""

    name: str
    language: str
    narrower: tuple[str, ...]


@lru_cache(maxsize=1024)
def trades_of(phrase: str) -> tuple[Trade, ...]:
    """The trades that a phrase of the settings means, in whichever language it is written."""
    plain = joined(phrase)
    found = []
    for lexicon in all_lexicons():
        generic = frozenset(fold(word) for word in lexicon.words("generic"))
        for name in lexicon.trades_in(plain):
            if hits := lexicon.cue(f"trade:{name}").find(plain):
                covered = " ".join(hits).split()
                narrower = tuple(w for w in telling_words(phrase) if w not in covered and w not in generic)
                found.append(Trade(name, lexicon.language, narrower))
    return tuple(found)


@lru_cache(maxsize=1024)
def telling_words(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase without articles, prepositions and the like."""
    stop = frozenset(fold(word) for lexicon in all_lexicons() for word in lexicon.words("stop"))
    return tuple(word for word in joined(phrase).replace(".", " ").split() if len(word) > 2 and word not in stop)


@lru_cache(maxsize=4096)
def _undoubled(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)


def same_word(one: str, other: str) -> bool:
    """Whether two folded words are forms of one: they share a stem, and not much follows it.

    A doubled letter counts once: Finnish `fontti` is `fontin` in another case.
    """
    one, other = _undoubled(one), _undoubled(other)
    least = min(len(one), len(other))
    if least < 4:
        return one == other
    stem = min(_STEM, least - (least == 5)) if least < 7 else max(_STEM, round(least * 0.7))
    return one[:stem] == other[:stem] and abs(len(one) - len(other)) <= (6 if least >= 6 else 3)


def names(phrase: str, words: Sequence[str] | frozenset[str], share: float) -> bool:
    """Whether at least `share` of the phrase's words of weight stand among some words, in any form."""
    wanted = telling_words(phrase)
    hits = sum(any(same_word(word, other) for other in words) for word in wanted)
    return bool(wanted) and hits >= max(1, share * len(wanted))


def speaks_of(phrase: str, text: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether a text of `joined` speaks of what a phrase means: by its own words, or as the same trade.

    Where the phrase narrows its trade and is written in the language of the text, the text must do so too.
    """
    words = text.split()
    if names(phrase, words, 1.0):
        return True
    trades = trades_of(phrase)
    own = {lexicon.language for lexicon in lexicons}
    in_own = [trade for trade in trades if trade.language in own]
    for trade in in_own or trades:
        narrower = trade.narrower if in_own else ()
        if not all(any(same_word(word, other) for other in words) for word in narrower):
            continue
        if any(lexicon.cue(f"trade:{trade.name}")(text) for lexicon in lexicons):
            return True
    return False


def asks_for(phrase: str, subject: str, text: str, lexicons: Sequence[Lexicon]) -> bool:
    """Whether it is asked to do what a phrase means.

    A sentence names it and asks; or names it, and one of the next asks "can you do that" or for the price; or the
    subject names it and the text asks for something. `subject` and `text` are of `joined`.
    """
    sentences = [f" {part.strip()} " for part in text.split(" . ")]

    def asks(sentence: str, *cues: str) -> bool:
        return any(lexicon.cue(cue)(sentence) for lexicon in lexicons for cue in cues)

    if subject.strip() and speaks_of(phrase, subject, lexicons) and asks(text, "ask", "take_on"):
        return True
    for number, sentence in enumerate(sentences):
        if not speaks_of(phrase, sentence, lexicons):
            continue
        following = sentences[number + 1 : number + 1 + _NEAR]
        if asks(sentence, "ask", "take_on") or any(asks(later, "take_on") for later in following):
            return True
    return False
