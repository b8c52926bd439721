"""What a Turkish reader would stumble over, and the lint of all languages can't know."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest

from regrets.domain.letters import write
from regrets.domain.letters.check import LETTERS
from regrets.domain.letters.library import BRIEF, built_in
from regrets.domain.letters.samples import FULL, PLAIN, SAMPLES, TWO_ZONES
from regrets.domain.model import Strategy

ALL = (*LETTERS, BRIEF)
TO_ONE = re.compile(
    r"\b(?:sen|seni|sana|senin|seninle|sende|sence|\w+(?:[ae]bilirsin|rsan|rsen)|misin|davetin|güvenin|ilgin|mesajın"
    r"|\w+(?:diğin|dığın|ceğin|cağın)|yaz|iste|bırak|öner|ver|yap|bakma|yazma|arama|verme)\b",
    re.IGNORECASE,
)
TO_MANY = re.compile(
    r"\b(?:siz|sizi|size|sizin|sizinle|sizde|sizce|(?!yalnız)\w+(?:nız|niz|nuz|nüz)\w*"
    r"|yazın|iletin|bırakın|önerin|verin|yapın|çıkarın|belirtin|arayın|bakmayın|yazmayın|aramayın|etmeyin|vermeyin)\b",
    re.IGNORECASE,
)
# Postpositions that want a dative or an ablative before them: none of them can stand after a slot.
WANT_A_CASE = r"kadar|göre|doğru|karşı|rağmen|dair|ait|önce|sonra|beri|itibaren|dolayı|ötürü|başka|dışında"
BADLY_FOLLOWED = re.compile(r"\{\{ (\w+) \}\}(?:[\"”»]?['’]|[”\"»]?\w|[”\"»]? (?:" + WANT_A_CASE + r")\b)")


def bodies(letter, formal):
    for values, reason, taking_back in product(SAMPLES.values(), (True, False), (True, False)):
        yield write(letter, "tr", values, formal=formal, reason=reason, taking_back=taking_back).body


@pytest.mark.parametrize("letter", ALL)
def test_the_form_of_address_is_never_mixed(letter):
    for formal, wanted, other in ((True, TO_MANY, TO_ONE), (False, TO_ONE, TO_MANY)):
        written = list(bodies(letter, formal))
        assert any(wanted.search(body) for body in written)
        for body in written:
            assert other.findall(body) == []


@pytest.mark.parametrize("letter", ALL)
def test_no_slot_stands_where_a_suffix_would_have_to_go(letter):
    assert BADLY_FOLLOWED.findall(built_in("tr", letter)) == []


@pytest.mark.parametrize("letter", ALL)
def test_nobody_is_called_bey_or_hanim_and_no_name_is_in_the_greeting(letter):
    for formal in (True, False):
        for body in bodies(letter, formal):
            assert body.startswith("Merhaba,\n\n")
            assert not re.search(r"\b(?:Bey|Hanım|Sayın)\b", body)


def test_the_closing_goes_with_the_form_of_address_and_a_stored_salutation_stands():
    values = replace(PLAIN, salutation="Anna Hanım, merhaba,", salutation_language="tr")
    formal = write(Strategy.ACCEPT, "tr", values, formal=True, reason=False).body
    informal = write(Strategy.ACCEPT, "tr", PLAIN, formal=False, reason=False).body
    assert formal.startswith("Anna Hanım, merhaba,\n\n")
    assert "\n\nSaygılarımla,\nAna Novak\n" in formal
    assert "\n\nİyi çalışmalar,\nAna Novak\n" in informal


def test_values_keep_the_form_in_which_they_come():
    values = replace(TWO_ZONES, title="ışıklı İlan 10'un", colleague="İlknur Işık")
    accept = write(Strategy.ACCEPT, "tr", values, formal=True, reason=False).body
    assert "“ışıklı İlan 10'un” davetiniz için" in accept
    assert "24 Kasım 2026 Salı, saat 14.05–15.05 Ljubljana / 15.05–16.05 Helsinki." in accept
    decline = write(Strategy.DECLINE, "tr", values, formal=True, reason=False).body
    assert "“ışıklı İlan 10'un” toplantısına katılamayacağım" in decline
    assert "İlknur Işık" in write(Strategy.BOW_OUT, "tr", values, formal=True, reason=False).body
    assert "en geç 26 Kasım Perşembe günü" in write(Strategy.EMAIL, "tr", FULL, formal=True, reason=False).body
    assert "Bence yarım saat içinde" in write(Strategy.SHORTEN, "tr", FULL, formal=True, reason=False).body


def test_the_no_is_as_polite_as_it_should_be_and_unmistakable():
    """ "Katılamayacağım" (I can't come) is how one refuses a client; "katılmayacağım" (I won't) is for `respect`."""
    for letter in (Strategy.DECLINE, Strategy.NOT_A_FIT, Strategy.UNPAID, Strategy.NO_GUARANTEE):
        assert "katılamayacağım" in write(letter, "tr", PLAIN, formal=True, reason=False).body
    assert "Toplantıya katılmayacağım." in write(Strategy.RESPECT, "tr", PLAIN, formal=True, reason=False).body
