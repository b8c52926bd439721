"""The labels agree with the settings they are judged by: no engine is asked here."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from collections import Counter

import icalendar
import pytest

from tests.cases.build import SHAPES, mail, own_calendar, shape_of
from tests.cases.labels import BOOKS, Book, book

BUSY = ("CONFIRMED", "TENTATIVE")


@pytest.fixture(params=BOOKS, scope="module")
def of(request: pytest.FixtureRequest) -> Book:
    return book(request.param)


def test_every_strategy_and_many_near_misses(of: Book) -> None:
    strategies = Counter(label.strategy for label in of.labels)
    assert len(of.labels) >= 30
    assert len(strategies) == 20, "the 19 strategies and none"
    assert sum(bool(label.data.get("near_miss")) for label in of.labels) >= 15
    assert len({label.id for label in of.labels}) == len(of.labels)
    assert len({shape_of(label) for label in of.labels}) == len(SHAPES)


def test_slots_agree_with_hours_and_calendar(of: Book) -> None:
    """Only what is labelled so lies outside the hours, in an absence, or on a busy event."""
    hours = of.settings["hours"]
    away = of.settings["away"][0]
    busy = [
        (slot, event.get("uid"))
        for slot, event in of.events
        if not event.get("transparent") and not event.get("declined") and event.get("status", "CONFIRMED") in BUSY
    ]
    for label in of.labels:
        if label.data.get("rrule") or label.rule in ("0", "1", "2") or label.rule[0] == "3":
            continue
        slot = label.slot
        inside = slot.start.strftime("%a").lower() in hours["days"] and (
            hours["start"] <= slot.start.strftime("%H:%M") and slot.end.strftime("%H:%M") <= hours["end"]
        )
        clash = any(slot.meets(other) for other, uid in busy if uid is None or uid != label.data.get("uid"))
        absent = away["start"] < slot.end.replace(tzinfo=None) and slot.start.replace(tzinfo=None) < away["end"]
        assert (label.rule == "6") == (clash or absent) or label.rule in ("4", "5"), label.id
        assert inside or label.rule == "4", label.id
        assert slot.start > of.now, label.id


def test_mails_and_calendars_can_be_read(of: Book) -> None:
    calendar = icalendar.Calendar.from_ical(own_calendar(of))
    assert len(calendar.events) == len(of.events)
    for label in of.labels:
        message = email.message_from_bytes(mail(label, of), policy=email.policy.default)
        part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
        event = icalendar.Calendar.from_ical(part.get_content()).events[0]
        assert str(event["SUMMARY"]) == label.data["subject"]
        start = event.start
        assert (start if isinstance(start, dt.datetime) else None) == (
            None if label.slot.all_day else label.slot.start
        )
