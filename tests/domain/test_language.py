"""Which language a text is written in."""

from __future__ import annotations

import pytest

from regrets.domain.language import detect, primary

TEXTS = {
    "en": "Hello Ana, could we talk about the colours of the catalogue on Tuesday?",
    "nb": "Hei Ana, kan vi snakke om fargene i katalogen på tirsdag? Hilsen Kari",
    "sl": "Živjo Ana, bi se lahko v torek pogovorila o barvah kataloga?",
    "tr": "Merhaba Ana, salı günü katalogun renklerini konuşabilir miyiz?",
    "lv": "Labdien, Ana! Vai otrdien varētu parunāt par kataloga krāsām?",
    "fi": "Hei Ana, voisimmeko tiistaina jutella luettelon väreistä?",
    "sv": "Hej Ana, kan vi prata om färgerna i katalogen på tisdag? Hälsningar",
}


@pytest.mark.parametrize("language", TEXTS)
def test_texts(language: str) -> None:
    assert detect(TEXTS[language]) == language


def test_what_is_too_short_is_not_guessed() -> None:
    assert detect("Ok!") is None
    assert detect("https://meet.example/abcdefghijkl 12:00-13:00") is None
    assert detect("Ok!", "sl-SI") == "sl"


def test_what_is_declared_is_no_proof() -> None:
    assert detect(TEXTS["fi"], "en-US") == "fi"


@pytest.mark.parametrize(("tag", "language"), [("sl-SI", "sl"), ("no", "nb"), ("nn_NO", "nb"), ("", ""), ("x-1", "")])
def test_tags(tag: str, language: str) -> None:
    assert primary(tag) == language
