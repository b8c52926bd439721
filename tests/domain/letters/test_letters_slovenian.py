"""What a Slovenian reader would stumble over, and the lint of all languages can't know."""

from __future__ import annotations

import re
from itertools import product

import pytest

from regrets.domain.letters import write
from regrets.domain.letters.check import LETTERS
from regrets.domain.letters.formats import NO_BREAK
from regrets.domain.letters.library import BRIEF
from regrets.domain.letters.samples import PLAIN, SAMPLES, TWO_ZONES
from regrets.domain.model import Strategy

TO_ONE = re.compile(r"\b(?:te|tebi|tabo|tvoj\w*|oprosti|ti(?! termini))\b", re.IGNORECASE)
TO_YOU = re.compile(r"\b(?:vi|vas|vam|vami|vaš\w*|oprostite|\w{3,}(?:ite|ajte|ujte))\b", re.IGNORECASE)
CAPITAL_INSIDE = re.compile(r"(?<=[\w,;] )(?:Vi|Vas|Vam|Vami|Vaš\w*|Ti|Te|Tvoj\w*)\b")
SENDER_GENDERED = re.compile(
    r"\b(?:sem|nisem|bom)(?: \w+){0,2} \w+(?:l|la)\b|\b(?:vesel|rad|hvaležn?|prepričan|odsoten|odsotn|dosegljiv)a?\b",
    re.IGNORECASE,
)
WRONG_S = re.compile(r"\bz (?=[cčfhkpsšt])|\bs (?=[abdegijlmnoruvzž])", re.IGNORECASE)


def bodies(letter, formal):
    for values, reason, taking_back in product(SAMPLES.values(), (True, False), (True, False)):
        yield write(letter, "sl", values, formal=formal, reason=reason, taking_back=taking_back).body


@pytest.mark.parametrize("letter", [*LETTERS, BRIEF])
def test_the_form_of_address_is_never_mixed(letter):
    for formal in (True, False):
        other = TO_ONE if formal and letter != BRIEF else TO_YOU
        for body in bodies(letter, formal):
            assert other.findall(body) == []
            assert CAPITAL_INSIDE.findall(body) == []


@pytest.mark.parametrize("letter", [*LETTERS, BRIEF])
def test_nothing_tells_the_senders_gender_and_s_and_z_are_right(letter):
    for formal in (True, False):
        for body in bodies(letter, formal):
            assert SENDER_GENDERED.findall(body) == []
            assert WRONG_S.findall(body) == []


@pytest.mark.parametrize(
    ("formal", "greeting", "stern", "thanks"),
    [
        (True, "Pozdravljeni,", "Spoštovani,", "hvala za vaše sporočilo in zaupanje."),
        (False, "Živjo,", "Zdravo,", "hvala za tvoje sporočilo in zaupanje."),
    ],
)
def test_greetings_name_nobody_and_the_text_goes_on_in_lower_case(formal, greeting, stern, thanks):
    declined = write(Strategy.DECLINE, "sl", PLAIN, formal=formal, reason=False).body
    respected = write(Strategy.RESPECT, "sl", PLAIN, formal=formal, reason=False).body
    assert declined.startswith(f"{greeting}\n\n{thanks}")
    assert "\n\nLep pozdrav\nAna Novak\n" in declined
    assert respected.startswith(f"{stern}\n\nna sestanek ne pridem.")
    assert "\n\nPozdrav\nAna Novak\n" in respected


def test_titles_dates_and_times_as_slovenian_writes_them():
    accept = write(Strategy.ACCEPT, "sl", TWO_ZONES, formal=True, reason=False).body
    assert "na sestanek »Quarterly review«," in accept
    assert "torek, 24. november 2026, 14.05–15.05 Ljubljana / 15.05–16.05 Helsinki." in accept
    email = write(Strategy.EMAIL, "sl", PLAIN, formal=True, reason=False).body
    assert f"do 26.{NO_BREAK}11.{NO_BREAK}2026." in email
    shorter = write(Strategy.SHORTEN, "sl", PLAIN, formal=True, reason=False).body
    assert "dovolj pol ure." in shorter
