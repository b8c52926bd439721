"""From a suggestion and the user's choices to a draft."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from regrets.domain.cases import Choice
from regrets.domain.clients import Client, ClientBook
from regrets.domain.imip import read
from regrets.domain.model import Attendee, Invitation, Mailbox, Strategy, Suggestion
from regrets.domain.settings import Me, Settings
from regrets.services.compose import Compose
from tests.support.invitations import ANA, ORGANIZER, START, make_invitation

NOW = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
SETTINGS = Settings(
    me=Me(
        name="Ana Novak", addresses=(ANA.address,), company_domains=("studio.example",), timezone="Europe/Ljubljana"
    )
)
KOVIN = Client("Kovin d.d.", match=("kovin.example",), salutation="Dear Marko,")


def draft(choice=None, invitation=None, clients=(), **told):
    suggestion = Suggestion(Strategy.ACCEPT, "13", (), (), **told)
    compose = Compose(SETTINGS, ClientBook(clients))
    return compose.draft(invitation or make_invitation(), suggestion, choice or Choice(), NOW)


def test_a_forwarded_mail_is_answered_to_the_forwarder_by_name():
    ben = Mailbox("Ben Hribar", "ben@studio.example")
    passed_on = make_invitation(attendees=(Attendee(ben),), mail_from_=ben, mail_to=(ANA,))
    made = draft(invitation=passed_on, clients=(KOVIN,))
    assert made.to == (ben,)
    assert made.body.startswith("Hi Ben,\n\nThank you for passing on")
    assert "please let Marko Kovač know" in made.body
    assert draft(clients=(KOVIN,)).to == (ORGANIZER,)
    assert draft(clients=(KOVIN,)).body.startswith("Dear Marko,\n\nThank you for the invitation")


@pytest.mark.parametrize(
    ("language", "stored", "chosen", "formal"),
    [
        ("fi", None, None, False),
        ("nb", None, None, False),
        ("sl", None, None, True),
        ("en", None, None, False),
        ("fi", True, None, True),
        ("sl", False, None, False),
        ("fi", True, False, False),
        ("fi", None, True, True),
    ],
)
def test_the_form_of_address_is_chosen_else_the_clients_else_the_languages(language, stored, chosen, formal):
    client = replace(KOVIN, language=language, formal=stored)
    assert draft(Choice(formal=chosen), clients=(client,)).formal is formal


def test_a_stranger_is_addressed_as_the_language_has_it():
    made = draft(language="fi")
    assert (made.language, made.formal) == ("fi", False)
    assert made.body.startswith("Hei Marko!\n")


@pytest.mark.parametrize(
    ("strategy", "chosen", "minutes"),
    [
        (Strategy.TIMEBOX, None, 60),
        (Strategy.TIMEBOX, 45, 45),
        (Strategy.SHORTEN, None, 25),
        (Strategy.SHORTEN, 15, 15),
        (Strategy.ACCEPT, 15, 0),
    ],
)
def test_a_draft_says_how_many_minutes_its_letter_offers(strategy, chosen, minutes):
    made = draft(Choice(strategy=strategy, minutes=chosen), shorten_to=25)
    assert made.minutes == minutes
    assert not minutes or ("an hour" if minutes == 60 else f"{minutes} minutes") in made.body


def test_a_time_box_of_a_whole_day_has_no_minutes():
    day = make_invitation(start=START.date())
    made = draft(Choice(strategy=Strategy.TIMEBOX), invitation=day)
    assert made.minutes == 0
    assert "when you'd like to finish" in made.body


def test_the_agenda_that_the_engine_has_read_is_not_asked_for_again():
    asks = "Could you let me know beforehand"
    bare = make_invitation(summary="Meeting", description="", mail_text="")
    assert asks in draft(Choice(strategy=Strategy.TIMEBOX), invitation=bare).body
    assert asks not in draft(Choice(strategy=Strategy.TIMEBOX), invitation=bare, agenda=True).body


def test_a_letter_uses_the_form_of_address_in_which_one_was_written_to():
    plain = make_invitation(description="Živjo, Ana, a imaš čas v četrtek?", attendees=(Attendee(ANA),))
    polite = make_invitation(description="Spoštovana gospa Novak, vabim vas na pregled.")
    assert not draft(invitation=polite).formal  # the letter is in English: its manner is its own
    made = draft(invitation=plain, language="sl")
    assert (made.formal, made.body.startswith("Živjo,\n")) == (False, True)
    assert draft(Choice(formal=True), invitation=plain, language="sl").formal
    assert draft(invitation=plain, language="sl", clients=(replace(KOVIN, language="sl", formal=True),)).formal
    other = replace(KOVIN, language="lv")  # the plain address in Slovenian says nothing about Latvian
    assert draft(invitation=plain, language="sl", clients=(other,)).formal


def test_an_insult_is_not_answered_in_its_own_tone():
    rude = make_invitation(description="Živjo, ti si navaden prevarant, to ti povem.")
    assert not draft(Choice(strategy=Strategy.DECLINE), invitation=rude, language="sl").formal
    assert draft(Choice(strategy=Strategy.RESPECT), invitation=rude, language="sl").formal
    assert not draft(Choice(strategy=Strategy.RESPECT, formal=False), invitation=rude, language="sl").formal


def test_colleagues_are_written_to_as_colleagues_unless_they_keep_the_distance():
    ben = Mailbox("Ben Hribar", "ben@studio.example")

    def asked(text):
        return draft(
            invitation=make_invitation(organizer=ben, mail_from_=ben, mail_text=text, description=text), language="sl"
        )

    assert not asked("Pregled stanja v torek.").formal
    assert asked("Spoštovana gospa Novak, vabim vas na pregled.").formal


@pytest.mark.parametrize("value", ["mailto:marko@kovin.example,eve@elsewhere.example", "/principals/1/", "Marko"])
def test_an_organiser_whose_address_can_not_be_read_is_asked_about(value):
    calendar = (
        f"BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\nORGANIZER;CN=Marko:{value}\n"
        "DTSTART:20261201T090000Z\nATTENDEE:mailto:ana@studio.example\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    mail = f"From: eve@elsewhere.example\nTo: ana@studio.example\nContent-Type: text/calendar\n\n{calendar}"
    invitation = read(mail.encode())
    assert isinstance(invitation, Invitation)
    suggestion, compose = Suggestion(Strategy.ACCEPT, "13", (), ()), Compose(SETTINGS, ClientBook(()))
    made = compose.draft(invitation, suggestion, Choice(), NOW)
    [(code, sentence)] = compose.objections(invitation, suggestion, made)
    assert code == "organizer-unreadable"
    assert "The reply goes to eve@elsewhere.example." in sentence


def test_what_a_responder_has_sent_is_asked_about():
    suggestion, compose = Suggestion(Strategy.ACCEPT, "13", (), ()), Compose(SETTINGS, ClientBook(()))
    for automatic, codes in ((True, ["automatic"]), (False, [])):
        invitation = make_invitation(mail_automatic=automatic)
        made = compose.draft(invitation, suggestion, Choice(), NOW)
        assert [code for code, _ in compose.objections(invitation, suggestion, made)] == codes
