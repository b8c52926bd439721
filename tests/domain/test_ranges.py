"""How much of a series an answer is about, and how many meetings that touches."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from regrets.domain.cases import Range
from regrets.domain.errors import CannotAnswer
from regrets.domain.lint import faults
from regrets.domain.model import EventSource, Invitation
from regrets.domain.ranges import scope_of
from tests.support.answers import DECLINE, NOW, calendar_for, counter, lines_of
from tests.support.invitations import START, ZONE, lines, make_invitation

WEEK = dt.timedelta(days=7)
WEEKLY = "FREQ=WEEKLY;COUNT=12"  # 24 November 2026 to 9 February 2027
IN_DECEMBER = dt.datetime(2026, 12, 3, 8, tzinfo=dt.UTC)


def series(rule: str = WEEKLY, **changes: object) -> Invitation:
    return make_invitation(recurrence=rule, **changes)


@pytest.mark.parametrize(
    ("rule", "range_", "instance", "now", "said", "range_sent"),
    [
        (WEEKLY, None, None, NOW, "This answers all 12 meetings until 9 February 2027.", Range.ALL),
        (WEEKLY, Range.ALL, None, IN_DECEMBER, "This answers all 10 meetings until 9 February 2027.", Range.ALL),
        (WEEKLY, Range.THIS, None, NOW, "This answers 1 meeting, on 24 November 2026.", Range.THIS),
        (WEEKLY, Range.THIS, None, IN_DECEMBER, "This answers 1 meeting, on 8 December 2026.", Range.THIS),
        (WEEKLY, None, "2026-12-15", NOW, "This answers 1 meeting, on 15 December 2026.", Range.THIS),
        (WEEKLY, Range.FOLLOWING, None, NOW, "This answers all 12 meetings until 9 February 2027.", Range.ALL),
        ("FREQ=WEEKLY", None, None, NOW, "all meetings from 24 November 2026 on; the series has no end.", Range.ALL),
        ("FREQ=DAILY", Range.THIS, "20261224T100000", NOW, "1 meeting, on 24 December 2026.", Range.THIS),
        ("FREQ=DAILY;BYMONTH=12", None, "2027-12-01", NOW, "1 meeting, on 1 December 2027.", Range.THIS),
        ("FREQ=DAILY;COUNT=5000", None, None, NOW, "This answers more than 1000 meetings.", Range.ALL),
    ],
)
def test_the_number_of_meetings_is_said(
    rule: str, range_: Range | None, instance: str | None, now: dt.datetime, said: str, range_sent: Range
) -> None:
    scope = scope_of(series(rule), range_, instance, now, ZONE)
    assert scope.covers.endswith(said)
    assert scope.range_ is range_sent
    assert (scope.invitation.recurrence_id is None) == (range_sent is Range.ALL)


@pytest.mark.parametrize(
    "instance", ["20261201T100000", "2026-12-01", "2026-12-01T10:00", "2026-12-01 10:00:00", "20261201T090000Z"]
)
def test_a_meeting_is_named_by_its_recurrence_id_its_day_or_its_time(instance: str) -> None:
    one = scope_of(series(), None, instance, NOW, ZONE).invitation
    assert (one.recurrence_id, one.start) == ("20261201T100000", START + WEEK)
    calendar = calendar_for(one, DECLINE)
    assert "RECURRENCE-ID;TZID=Europe/Ljubljana:20261201T100000" in lines_of(calendar)
    assert faults(one, calendar) == []


def test_days_and_floating_times_keep_their_form() -> None:
    days = scope_of(series(start=dt.date(2026, 11, 24)), None, "2026-12-01", NOW, ZONE).invitation
    assert "RECURRENCE-ID;VALUE=DATE:20261201" in lines_of(calendar_for(days, DECLINE))
    floating = series(start=START.replace(tzinfo=None))
    one = scope_of(floating, None, "2026-12-01", NOW, ZONE).invitation
    assert "RECURRENCE-ID:20261201T100000" in lines_of(calendar_for(one, DECLINE))


def test_a_moved_meeting_is_answered_at_its_own_time() -> None:
    moved = make_invitation(
        start=START + WEEK + dt.timedelta(hours=26), recurrence_id="20261201T100000", recurrence_start=START + WEEK
    )
    both = series(also=(moved,))
    for name in ("2026-12-01", "2026-12-02", "20261201T100000"):
        assert scope_of(both, None, name, NOW, ZONE).invitation is moved
    assert scope_of(both, None, None, NOW, ZONE).covers == "This answers all 12 meetings until 9 February 2027."


def test_a_part_of_a_series_is_refused_where_calendars_would_take_it_for_one_meeting() -> None:
    with pytest.raises(CannotAnswer) as caught:
        scope_of(series(), Range.FOLLOWING, "2026-12-01", NOW, ZONE)
    assert "--range all" in caught.value.cure


def test_a_part_of_a_series_is_answered_where_the_organiser_speaks_of_parts() -> None:
    part = make_invitation(recurrence_id="20270105T100000", start=START + 6 * WEEK, recurrence_start=START + 6 * WEEK)
    kept = [line for line in part.source.lines if line.name != "RECURRENCE-ID"]
    ranged = lines("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Ljubljana:20270105T100000")
    part = dataclasses.replace(part, source=EventSource((*kept, *ranged), part.source.timezones))
    scope = scope_of(series(also=(part,)), Range.FOLLOWING, "2026-12-15", NOW, ZONE)
    calendar = calendar_for(scope.invitation, DECLINE)
    assert "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Ljubljana:20261215T100000" in lines_of(calendar)
    assert faults(scope.invitation, calendar) == []
    assert scope.covers == "This answers 9 meetings until 9 February 2027."
    with pytest.raises(CannotAnswer, match="following"):
        calendar_for(scope.invitation, counter(START))


@pytest.mark.parametrize(
    ("invitation", "range_", "instance"),
    [
        (series(), Range.ALL, "2026-12-01"),
        (series(), None, "2026-12-02"),
        (series(), None, "tomorrow"),
        (series("FREQ=HOURLY"), Range.THIS, None),
        (make_invitation(), Range.FOLLOWING, None),
        (make_invitation(), None, "2026-12-01"),
        (make_invitation(recurrence_id="20261124T100000"), Range.FOLLOWING, None),
    ],
)
def test_what_can_not_be_meant_is_refused_with_a_way_out(
    invitation: Invitation, range_: Range | None, instance: str | None
) -> None:
    with pytest.raises(CannotAnswer) as caught:
        scope_of(invitation, range_, instance, NOW, ZONE)
    assert caught.value.cure


def test_a_single_meeting_says_nothing_about_numbers() -> None:
    for range_ in (None, Range.THIS, Range.ALL):
        assert scope_of(make_invitation(), range_, None, NOW, ZONE).covers == ""
    one = make_invitation(recurrence_id="20261124T100000")
    assert scope_of(one, None, "20261124T100000", NOW, ZONE).covers == "This answers 1 meeting of a series."
