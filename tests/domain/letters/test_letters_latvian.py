"""What a Latvian reader would stumble over, and the lint of all languages can't know."""

from __future__ import annotations

import re
from itertools import product

import pytest

from regrets.domain.letters import write
from regrets.domain.letters.check import LETTERS
from regrets.domain.letters.library import BRIEF
from regrets.domain.letters.samples import PLAIN, SAMPLES, TWO_ZONES
from regrets.domain.model import Strategy

TO_ONE = re.compile(
    r"\b(?:tu|tev|tevi|tevis|tav\w+|vari|vēlies|dod|lūdz|meklē|zvani|\w{3,}s[iī]si?)\b", re.IGNORECASE
)
TO_YOU = re.compile(r"\b(?:jūs\w*|jums|varat|vēlaties|lūdzat|meklējat|domājat|gribējāt|\w{2,}iet)\b", re.IGNORECASE)
SMALL = re.compile(r"\b(?:jūs\w*|jums|tu|tev|tevis?|tav\w+)\b")
SENDER_GENDERED = re.compile(
    r"\b(?:esmu|biju|būšu) (?!prombūtnē)|\b(?:priecīg|pateicīg|pārliecināt|aizņemt|sasniedzam|gatav)(?:s|a)\b"
    r"|\bpat(?:s|i)\b(?! vēršas|\.)",
    re.IGNORECASE,
)


def bodies(letter, formal):
    for values, reason, taking_back in product(SAMPLES.values(), (True, False), (True, False)):
        yield write(letter, "lv", values, formal=formal, reason=reason, taking_back=taking_back).body


@pytest.mark.parametrize("letter", [*LETTERS, BRIEF])
def test_the_form_of_address_is_never_mixed_and_has_its_capital(letter):
    for formal in (True, False):
        other = TO_ONE if formal and letter != BRIEF else TO_YOU
        for body in bodies(letter, formal):
            assert other.findall(body) == []
            assert SMALL.findall(body) == []


@pytest.mark.parametrize("letter", [*LETTERS, BRIEF])
def test_nothing_tells_the_senders_gender(letter):
    for formal in (True, False):
        for body in bodies(letter, formal):
            assert SENDER_GENDERED.findall(body) == []


@pytest.mark.parametrize(
    ("formal", "greeting", "closing", "wish"),
    [
        (True, "Labdien!", "Ar cieņu", "Lai Jums viss izdodas!"),
        (False, "Sveiki!", "Ar sveicieniem", "Lai Tev viss izdodas!"),
    ],
)
def test_the_greeting_needs_no_vocative_and_the_closing_no_comma(formal, greeting, closing, wish):
    declined = write(Strategy.DECLINE, "lv", PLAIN, formal=formal, reason=False).body
    respected = write(Strategy.RESPECT, "lv", PLAIN, formal=formal, reason=False).body
    assert declined.startswith(f"{greeting}\n\nPaldies par uzaicinājumu")
    assert wish in declined
    assert f"\n\n{closing}\nAna Novak\n" in declined
    assert respected.startswith("Labdien!\n\nSanāksmē nepiedalīšos.")
    assert "Es neatbildēšu.\n\nAna Novak\n" in respected
    assert "cieņu" not in respected


def test_titles_dates_and_times_as_latvian_writes_them():
    accept = write(Strategy.ACCEPT, "lv", TWO_ZONES, formal=True, reason=False).body
    assert "uz sanāksmi „Quarterly review”!" in accept
    assert "otrdiena, 2026. gada 24. novembris, plkst. 14.05–15.05 Ļubļana / 15.05–16.05 Helsinki." in accept
    email = write(Strategy.EMAIL, "lv", PLAIN, formal=True, reason=False).body
    assert "atbildēšu līdz 2026. gada 26. novembrim." in email
    shorter = write(Strategy.SHORTEN, "lv", PLAIN, formal=True, reason=False).body
    assert "sanāksmei atvēlēt pusstundu." in shorter
