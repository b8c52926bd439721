"""Time won back: totals by week, strategy and client."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from regrets.domain.clients import Client, ClientBook
from regrets.domain.model import AnswerRecord, Strategy
from regrets.services.statistics import Total, hours, totals

ANSWER = AnswerRecord(
    item_id="a",
    account="work",
    organizer="marko@kovin.example",
    uid="1",
    recurrence_id=None,
    sequence=0,
    summary="Review",
    strategy=Strategy.EMAIL,
    suggested=Strategy.EMAIL,
    rule="9",
    partstat=None,
    minutes_won=50,
    dtstamp=None,
    answered_at=dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC),
    start=None,
    end=None,
    outbox_id="o",
)
BOOK = ClientBook((Client("Kovin", ("kovin.example",)),))
LJUBLJANA = dt.timezone(dt.timedelta(hours=1))


def test_answers_are_added_up_by_the_week_of_the_users_own_calendar():
    answers = [
        ANSWER,  # Monday 23 November, 0:30 in Ljubljana
        replace(ANSWER, item_id="b", minutes_won=20, answered_at=ANSWER.answered_at - dt.timedelta(hours=1)),
        replace(ANSWER, item_id="c", organizer="x@else.example", strategy=Strategy.CALL),
        replace(ANSWER, item_id="d", minutes_won=10),
    ]
    assert totals(answers, BOOK, LJUBLJANA) == [
        Total("2026-W48", "call", "", 1, 50),
        Total("2026-W48", "email", "Kovin", 2, 60),
        Total("2026-W47", "email", "Kovin", 1, 20),
    ]


def test_a_changed_answer_counts_once_as_it_stands():
    changed = replace(ANSWER, strategy=Strategy.ACCEPT, minutes_won=0)
    assert totals([changed, ANSWER], BOOK, LJUBLJANA) == [Total("2026-W48", "accept", "Kovin", 1, 0)]


def test_hours_are_written_as_people_do():
    assert [hours(minutes) for minutes in (0, 30, 60, 405)] == ["0 min", "30 min", "1 h", "6 h 45 min"]
