"""Each method is shown as what it is."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from regrets.domain.cases import Glance
from regrets.domain.model import Attendee, EventSource, Mailbox, Method, PartStat, Strategy, Suggestion
from regrets.domain.settings import Me, Settings
from regrets.services.glance import glances
from tests.support.invitations import lines, make_invitation

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
SETTINGS = Settings(me=Me("Ana", ("ana@studio.example",), timezone="Europe/Ljubljana"))
BEN = Mailbox("Ben Kos", "ben@example.org")
ONE = "RECURRENCE-ID:20261124T090000Z"


@pytest.mark.parametrize(
    ("method", "more", "said"),
    [
        (Method.REQUEST, (), ""),
        (None, (), ""),
        (Method.REPLY, ("COMMENT:Busy\\, sorry",), "Ben Kos says no. “Busy, sorry”"),
        (Method.COUNTER, (), "Ben Kos proposes Tue 24 Nov 10:00-11:00 instead."),
        (Method.DECLINECOUNTER, (), "The organiser turns down the other time that was proposed."),
        (Method.REFRESH, (), "Ben Kos asks for the current version of the invitation."),
        (Method.PUBLISH, (), "An event to know about; nobody asks for an answer."),
        (Method.ADD, (), "It adds a meeting to a series that you were invited to before."),
        (Method.CANCEL, (), "It is called off, as a whole."),
        (Method.CANCEL, (ONE,), "This one meeting of the series is called off; the others stay."),
        (
            Method.CANCEL,
            ("RECURRENCE-ID;RANGE=THISANDFUTURE:20261124T090000Z",),
            "This meeting of the series and all that follow are called off.",
        ),
    ],
)
def test_each_method_is_shown_as_what_it_is(method: Method | None, more: tuple[str, ...], said: str) -> None:
    invitation = make_invitation(method=method, attendees=(Attendee(BEN, PartStat.DECLINED),))
    source = EventSource((*invitation.source.lines, *lines(*more)), invitation.source.timezones)
    shown = glances(
        dataclasses.replace(invitation, source=source), Suggestion(Strategy.NONE, "0", (), ()), SETTINGS, NOW
    )
    assert [glance for glance in shown if glance.label == "What"] == ([Glance("What", said)] if said else [])
