"""The cue data holds what many people would write, no phrases of the labelled invitations."""

from __future__ import annotations

import itertools
import json
from email import message_from_bytes, policy

import pytest

from regrets.domain.strategy.cues.lexicon import LANGUAGES, lexicons
from regrets.domain.strategy.cues.patterns import joined
from tests.cases.labels import BOOKS, book
from tests.support.labelled import CASES as SHARED

MOST_WORDS = 3  # four plain words in a row are somebody's phrase, not a cue


def phrases(language: str) -> set[str]:
    """Every row of four or more words that a pattern of the language spells out, without stars and gaps."""
    lexicon = lexicons(language)[0]
    found: set[str] = set()
    rows = itertools.chain(*lexicon._patterns.values(), *lexicon.trades.values())
    for row in rows:
        run: list[list[str]] = []
        for word in [*row.lstrip("!").split(), ".."]:
            if word.startswith((".", "@", "&")) or "*" in word:
                if len(run) > MOST_WORDS:
                    found.update(joined(" ".join(choice)).strip() for choice in itertools.product(*run))
                run = []
            else:
                run.append(word.rstrip("?").replace("_", " ").split("|"))
    return found


def own_texts() -> dict[str, str]:
    """The texts of the labelled invitations in this repository."""
    labels = [label for name in BOOKS for label in book(name).labels]
    return {label.id: joined(f"{label.data['subject']}\n{label.data['text']}") for label in labels}


def shared_texts() -> dict[str, str]:
    """The texts of the shared ones; none where they are absent."""
    if not SHARED.exists():
        return {}
    texts = {}
    for line in (SHARED / "cases.jsonl").read_text("utf-8").splitlines():
        label = json.loads(line)
        mail = message_from_bytes((SHARED / label["file"]).read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        texts[label["id"]] = joined(f"{mail['subject']}\n{body.get_content() if body else ''}")
    return texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cue_is_a_phrase_of_one_case(language: str) -> None:
    texts = own_texts() | shared_texts()
    copied = {
        phrase: where
        for phrase in phrases(language)
        if len(where := [name for name, text in texts.items() if f" {phrase} " in f" {text} "]) == 1
    }
    assert not copied


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_named_list_is_there(language: str) -> None:
    lexicon = lexicons(language)[0]
    rows = itertools.chain(*lexicon._patterns.values(), *lexicon.trades.values())
    named = {word.lstrip("!")[1:] for row in rows for word in row.split() if word.lstrip("!").startswith("@")}
    assert named <= set(lexicon._patterns)
