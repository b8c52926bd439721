"""Prep cards: which meetings carry one, and what stands on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from regrets.domain.clients import Client
from regrets.domain.letters.library import available_languages
from regrets.domain.model import Attendee, Mailbox, PartStat, Strategy
from regrets.domain.prep import carries_card, prep_card
from regrets.domain.settings import Me, Settings
from tests.support.invitations import ANA, ORGANIZER, START, make_invitation
from tests.support.outbox import answer, entry

ME = Me(name="Ana Novak", addresses=(ANA.address,), timezone="Europe/Ljubljana", language="en")
ALONE = make_invitation(attendees=(Attendee(ORGANIZER), Attendee(ANA)))
EVA = Attendee(Mailbox("Eva Lah", "eva@kovin.example"))
S = Strategy


def card(strategy=S.TIMEBOX, invitation=ALONE, language="en", minutes=60, points=("Paper",), outside=False):
    return prep_card(
        invitation,
        Settings(me=replace(ME, language=language)),
        strategy=strategy,
        start=START,
        end=START + dt.timedelta(hours=1),
        minutes=minutes,
        points=points,
        outside=outside,
    )


def lines(made, name):
    return next((section.lines for section in made.sections if section.id == name), ())


def test_it_has_the_agenda_the_time_box_and_the_lines():
    made = card()
    assert [section.id for section in made.sections] == ["agenda", "box", "open", "back", "close"]
    assert lines(made, "agenda") == ("Paper",)
    assert lines(made, "box") == ("an hour, until 11:00",)
    assert "from today let us start with business: I have an hour for us." in lines(made, "open")[0]


def test_it_adds_what_the_meeting_needs():
    assert lines(card(S.INVOLVE), "ask")[-1].startswith("I have a proposal for the next step")
    group = replace(ALONE, attendees=(*ALONE.attendees, EVA))
    assert "Back to the agenda." in lines(card(invitation=group), "group")
    assert lines(card(), "group") == ()
    assert "names no points" in lines(card(points=()), "agenda")[0]


def test_it_says_why_where_the_user_departs_from_what_was_announced():
    assert lines(card(), "why") == ()
    assert "The invitation said an hour; I've set aside 25 minutes." in lines(card(minutes=25), "why")[0]
    assert lines(card(minutes=25), "box") == ("25 minutes, until 10:25",)
    assert "my hours for meetings are: Monday to Friday" in lines(card(outside=True), "why")[0]


@pytest.mark.parametrize("language", available_languages())
@pytest.mark.parametrize("minutes", [0, 25, 60])
def test_it_is_in_the_users_language_with_nothing_left_unfilled(language, minutes):
    group = replace(ALONE, attendees=(*ALONE.attendees, EVA))
    made = card(S.INVOLVE, group, language, minutes, (), True)
    assert made.language == language
    wanted = ["agenda", "box", "why", "open", "ask", "back", "group", "close"]
    assert [section.id for section in made.sections] == [name for name in wanted if minutes or name != "box"]
    text = "\n".join(line for section in made.sections for line in (section.label, *section.lines))
    assert "{" not in text
    assert "  " not in text
    assert len(lines(made, "back")) == len(lines(made, "group")) == 2
    english = {line for section in card(S.INVOLVE, group, "en", minutes, (), True).sections for line in section.lines}
    assert language == "en" or not english & set(text.split("\n"))


@pytest.mark.parametrize(
    ("strategy", "answered", "partstat", "traits", "carries"),
    [
        (S.TIMEBOX, None, None, (), True),
        (S.INVOLVE, None, None, (), True),
        (S.ACCEPT, None, None, ("chatty",), False),
        (S.ACCEPT, S.TIMEBOX, PartStat.ACCEPTED, (), True),
        (S.TIMEBOX, S.ACCEPT, PartStat.ACCEPTED, ("chatty",), True),
        (S.TIMEBOX, S.ACCEPT, PartStat.ACCEPTED, ("hands_on",), False),
        (S.TIMEBOX, S.DECLINE, PartStat.DECLINED, ("chatty",), False),
    ],
)
def test_which_meetings_carry_one(strategy, answered, partstat, traits, carries):
    given = replace(answer(entry()), strategy=answered, partstat=partstat) if answered else None
    assert carries_card(strategy, given, Client("Kovin", traits=traits)) is carries
