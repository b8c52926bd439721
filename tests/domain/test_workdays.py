"""Working hours, days off and holidays."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from regrets.domain.model import Slot
from regrets.domain.settings import Hours
from regrets.domain.workdays import add_working_days, holiday, outside_hours, working_days

HELSINKI = ZoneInfo("Europe/Helsinki")
HOURS = Hours(days=("mon", "tue", "wed", "thu"), holidays="FI")


def slot(day: str, start: str, end: str) -> Slot:
    return Slot(*(dt.datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=HELSINKI) for hour in (start, end)))


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        (slot("2027-01-07", "09:00", "17:00"), ""),
        (slot("2027-01-07", "08:59", "10:00"), "08:59-10:00 is outside your working hours, 09:00-17:00."),
        (slot("2027-01-07", "16:30", "17:30"), "16:30-17:30 is outside your working hours, 09:00-17:00."),
        (slot("2027-01-08", "10:00", "11:00"), "Friday 8 January 2027 is not one of your working days."),
        (slot("2027-01-06", "10:00", "11:00"), "Wednesday 6 January 2027 is a public holiday: Epiphany."),
    ],
)
def test_outside_hours(when: Slot, reason: str) -> None:
    assert outside_hours(when, HOURS, HELSINKI) == reason


def test_an_all_day_event_counts_by_its_days() -> None:
    day = dt.datetime(2027, 1, 7, tzinfo=HELSINKI)
    assert not outside_hours(Slot(day, day + dt.timedelta(1)), HOURS, HELSINKI, all_day=True)
    assert outside_hours(Slot(day, day + dt.timedelta(2)), HOURS, HELSINKI, all_day=True)  # into Friday


def test_a_meeting_overnight_is_outside() -> None:
    start = dt.datetime(2027, 1, 11, 16, tzinfo=HELSINKI)
    assert outside_hours(Slot(start, start + dt.timedelta(hours=18)), HOURS, HELSINKI)


def test_holidays_of_a_country_a_part_of_it_and_nowhere() -> None:
    assert holiday(dt.date(2026, 10, 31), "SI")
    assert holiday(dt.date(2026, 8, 15), "DE-SL")
    assert not holiday(dt.date(2026, 8, 15), "DE-BE")
    assert not holiday(dt.date(2026, 10, 31), "")
    assert not holiday(dt.date(2026, 10, 31), "XX")


def test_half_holidays_do_not_count() -> None:
    """28 October is half a holiday in Türkiye, the day after a whole one."""
    assert not holiday(dt.date(2026, 10, 28), "TR")
    assert holiday(dt.date(2026, 10, 29), "TR")


def test_counting_working_days() -> None:
    assert add_working_days(dt.date(2027, 1, 4), 2, HOURS) == dt.date(2027, 1, 7)  # over Epiphany
    assert next(working_days(dt.date(2027, 1, 8), HOURS)) == dt.date(2027, 1, 11)
    assert list(working_days(dt.date(2027, 1, 8), Hours(days=()), 30)) == []
