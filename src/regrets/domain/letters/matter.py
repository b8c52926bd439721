"""Whether an invitation says what it is about: who has just told us is not asked for an agenda.

Less is enough for this than for an agenda in the sense of the ladder (strategies.md, section 3): one question, one
wish, one thing will do.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources

from regrets.domain.letters.topics import topics
from regrets.domain.model import Invitation
from regrets.domain.strategy.cues.lexicon import lexicons
from regrets.domain.strategy.cues.patterns import Cue, joined
from regrets.domain.written import written

_SENTENCE = re.compile(r"[^.?!\n]+")
_ENOUGH = 6  # words; fewer are a greeting, a thank-you or a name
_LONG = 12  # words; whoever says more while setting a time aside says what for
_EMPTY = ("scheduling", "no_agenda", "nothing", "unplaced")


def names_matter(invitation: Invitation, language: str | None) -> bool:
    """Whether a point, a question or a sentence stands in it that does more than look for a time or say hello.

    `language`: in which it is written.
    """
    if topics(invitation, language):
        return True
    known = lexicons(language)
    for sentence in _SENTENCE.findall(written(invitation)):
        plain = joined(sentence)
        words = len(plain.replace(".", " ").split())
        empty = any(lexicon.cue(name)(plain) for lexicon in known for name in _EMPTY)
        sets_time = words <= _LONG and any(_only_time(lexicon.language)(plain) for lexicon in known)
        if words >= _ENOUGH and not empty and not sets_time:
            return True
    return False


@lru_cache(maxsize=8)
def _only_time(language: str) -> Cue:
    """Finds sentences that only set a time aside."""
    file = resources.files("regrets") / "letters" / "matter.toml"
    return Cue.of(tomllib.loads(file.read_text(encoding="utf-8"))[language])
