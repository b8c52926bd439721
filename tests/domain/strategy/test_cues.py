"""The language of the cue files, and what English texts say and don't say."""

from __future__ import annotations

import pytest

from regrets.domain.strategy.cues.lexicon import LANGUAGES, lexicons
from regrets.domain.strategy.cues.patterns import Cue, fold, joined
from regrets.domain.strategy.cues.reading import Reading
from tests.cases.labels import BOOKS, book


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("free of charge", "Please do it FREE of charge!", True),
        ("free of charge", "Are you free? Of charge we speak later.", False),
        ("guarant*", "You have to guarantee it", True),
        ("*% off", "Get 20% off", True),
        ("pick your .. brain", "pick your very big brain", True),
        ("pick your .. brain", "pick your shoes up. And brain", False),
        ("no_budget|no_money", "we have no money", True),
        ("wont ask", "He won’t ask", True),
        ("siparişi", "SİPARİŞİ", True),
        ("vas jih", "ali vas; jih", False),
    ],
)
def test_patterns(pattern: str, text: str, found: bool) -> None:
    assert bool(Cue.of([pattern])(joined(text))) is found


def test_a_veto_silences_its_own_sentence_only() -> None:
    cue = Cue.of(["for free", "!not .. for free"])
    assert not cue(joined("We do not want it for free."))
    assert cue(joined("We do not want much. Could you do it for free?"))


def test_accents_case_and_apostrophes_do_not_count() -> None:
    assert fold("Iİıi’ČåØ") == "iiiicao"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_cue(language: str) -> None:
    english = lexicons("en")[0]
    lexicon = lexicons(language)[0]
    missing = [name for name in english._patterns if name not in lexicon._patterns]
    assert not missing
    assert set(english.trades) == set(lexicon.trades)
    for name in lexicon._patterns:
        lexicon.cue(name)("compiles")


@pytest.mark.parametrize(
    ("subject", "text", "judgement", "expected"),
    [
        ("Shop", "My sister won't ask herself, but could you talk to her about her shop?", "third_person", True),
        ("Shop", "My sister asked me to find you; she would like your advice.", "third_person", False),
        ("Shop", "My wife and I would like to talk about our new shop.", "third_person", False),
        ("Report", "Who takes responsibility for the chapter on sales?", "guarantee", False),
        ("Report", "You take full responsibility for any losses.", "guarantee", True),
        ("Warranty", "The machine is still under guarantee, is it not?", "guarantee", False),
        ("Call", "Are you free on Monday? Feel free to propose another time.", "unpaid", False),
        ("Call", "I'd love to pick your brain over coffee.", "unpaid", True),
        ("Call", "Of course we pay your usual rate, we are not asking for a favour.", "unpaid", False),
        ("Plan", "We want to double sales in two weeks.", "unrealistic", True),
        ("Plan", "We doubled our sales since you made the site.", "unrealistic", False),
        ("Figures", "Just to keep you posted: I will take you through the figures.", "informs", True),
        ("Figures", "Nothing to decide, no action needed.", "serious", False),
        ("Data", "We had an incident last night.", "serious", True),
        ("Hello", "You useless idiot, watch your back.", "abusive", True),
        ("Hello", "I feel like an old fool, I lost the file. Sorry!", "abusive", False),
        ("Files", "Did you get my files, and will it be ready by Friday?", "asks_status", True),
        ("Files", "Did you get my files? We have to decide on the paper too.", "asks_status", False),
        ("Text", "Let's sit together and rewrite your draft sentence by sentence.", "about_the_work", True),
    ],
)
def test_english(subject: str, text: str, judgement: str, expected: bool) -> None:
    assert getattr(Reading(subject, text, "en"), judgement) is expected


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("", 0),
        ("I'd like to know one thing: which paper do we take?", 1),
        ("Could you look at the paper? And who prints it? And by when?", 3),
        ("1. colours\n2. paper\n3. dates", 3),
        ("- colours\n- paper", 2),
        ("I'd like to discuss: how you charge, what you need from us, and when you could begin.", 3),
        ("We meet on 3. 12. at the office, would Tuesday suit?", 1),
    ],
)
def test_topics(text: str, topics: int) -> None:
    assert Reading("", text, "en").topics == topics


def test_a_trade_is_recognised_in_other_words_and_languages() -> None:
    assert Reading("", "Could you bring us to the top of Google?", "en").offered_not(("optimizacija za iskalnike",))
    assert not Reading("", "Could you look at the colours?", "en").offered_not(("optimizacija za iskalnike", "tisk"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_letters_never_hide_a_trade(language: str) -> None:
    """Looking only at trades that may stand in a text finds the same as looking at all."""
    lexicon = lexicons(language)[0]
    texts = [joined(f"{label.data['subject']} {label.data['text']}") for name in BOOKS for label in book(name).labels]
    for text in texts:
        may = set(lexicon.trades_in(text))
        assert not [name for name in lexicon.trades if name not in may and lexicon.cue(f"trade:{name}")(text)]


def test_a_named_list_among_alternatives_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="stands alone"):
        Cue.of(["we|@people want"], {"people": ["they"]})
