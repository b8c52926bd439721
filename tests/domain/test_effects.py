"""What each strategy tells the organiser's calendar, and what it falls back to."""

from __future__ import annotations

import datetime as dt

import pytest

from regrets.domain.effects import possible_effect
from regrets.domain.model import Effect, Method, Strategy, TimeKind, Warn
from tests.support.answers import ACCEPT, DECLINE, PLAIN, TENTATIVE, answer, counter, parsed
from tests.support.invitations import START, make_invitation

LATER = START + dt.timedelta(days=1)
HALF = dt.timedelta(minutes=30)
COUNTERS = (Strategy.SHORTEN, Strategy.RESCHEDULE, Strategy.OFFICE_HOURS)


def test_every_strategy_has_its_effect() -> None:
    table = {
        ACCEPT: (Strategy.ACCEPT, Strategy.TIMEBOX, Strategy.INVOLVE),
        TENTATIVE: (Strategy.CALL,),
        counter(LATER): COUNTERS,
        PLAIN: (Strategy.NONE,),
    }
    expected = {strategy: effect for effect, strategies in table.items() for strategy in strategies}
    for strategy in Strategy:
        effect = possible_effect(strategy, make_invitation(), LATER, LATER + HALF)
        assert effect == expected.get(strategy, DECLINE), strategy


@pytest.mark.parametrize(
    "changes",
    [
        {"disallow_counter": True},
        {"recurrence": "FREQ=WEEKLY"},
        {"rdates": (LATER,)},
        {"start": START.replace(tzinfo=None), "time_kind": TimeKind.UNKNOWN_ZONE, "tzid": "BRT"},
        {"start": None},
    ],
)
def test_a_counter_that_can_not_be_made_is_perhaps(changes: dict) -> None:
    for strategy in COUNTERS:
        assert possible_effect(strategy, make_invitation(**changes), LATER, LATER + HALF) == TENTATIVE


def test_what_has_no_length_or_is_short_is_not_shortened() -> None:
    for start, end in ((dt.date(2026, 11, 24), dt.date(2026, 11, 25)), (START, START + dt.timedelta(minutes=15))):
        invitation = make_invitation(start=start, end=end)
        assert possible_effect(Strategy.SHORTEN, invitation, START, START + HALF) == TENTATIVE
    shorter = possible_effect(Strategy.SHORTEN, make_invitation(), end=START + HALF)
    assert shorter == counter(START)  # the same start where none is named


def test_a_floating_event_takes_times_with_and_without_a_zone() -> None:
    floating = make_invitation(start=START.replace(tzinfo=None))
    wall = START.replace(tzinfo=None)
    assert possible_effect(Strategy.SHORTEN, floating, wall, wall + HALF).method is Method.COUNTER
    assert possible_effect(Strategy.RESCHEDULE, floating, LATER, LATER + HALF).method is Method.COUNTER
    assert possible_effect(Strategy.SHORTEN, make_invitation(), wall, wall + HALF) == TENTATIVE


def test_no_proposal_is_no_counter() -> None:
    for start, end in ((None, None), (LATER, None), (LATER, LATER), (LATER, LATER.replace(tzinfo=None))):
        assert possible_effect(Strategy.RESCHEDULE, make_invitation(), start, end) == TENTATIVE


@pytest.mark.parametrize(
    ("changes", "invited"),
    [({}, False), ({"organizer": None}, True), ({"uid": ""}, True), ({"warnings": (Warn.NOT_INVITED,)}, True)],
)
def test_without_invited_or_organiser_it_is_a_plain_mail(changes: dict, invited: bool) -> None:
    invitation = make_invitation(**changes)
    assert possible_effect(Strategy.DECLINE, invitation, invited=invited) == Effect(None, None)


@pytest.mark.parametrize("method", [each for each in Method if each not in (Method.REQUEST, Method.ADD)])
def test_what_asks_for_nothing_gets_no_calendar_answer(method: Method) -> None:
    for strategy in (Strategy.ACCEPT, Strategy.DECLINE, Strategy.CALL, Strategy.SHORTEN):
        assert possible_effect(strategy, make_invitation(method=method), START, START + HALF) == Effect(None, None)


def test_a_plain_mail_answers_the_sender_in_text_alone() -> None:
    invitation = make_invitation(attendees=("list@lists.example",), mail_subject="Fwd: Lunch")
    message = parsed(answer(invitation, PLAIN))
    assert message.get_content_type() == "text/plain"
    assert message["Subject"] == "Re: Fwd: Lunch"
    assert message["MIME-Version"] == "1.0"
