"""The search for free slots."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

from regrets.domain.model import Slot
from regrets.domain.settings import Away, Hours
from regrets.domain.slots import Search, near_slots, next_slots
from tests.support.facts import ZONE, at

HOURS = Hours(holidays="SI", buffer_minutes=0)
SEARCH = Search(HOURS, ZONE)


def spoken(slots: tuple[Slot, ...]) -> list[str]:
    return [f"{slot.start:%a %H:%M}-{slot.end:%H:%M}" for slot in slots]


def test_three_days_near_the_wished_time() -> None:
    assert spoken(near_slots(SEARCH, 45, at(12, 0), dt.time(14))) == [
        "Thu 14:00-14:45",
        "Fri 14:00-14:45",
        "Mon 14:00-14:45",
    ]


def test_busy_away_and_buffer_are_kept_free() -> None:
    taken = (Slot(at(12, 13), at(12, 14)),)
    away = (Away(at(13, 0), at(14, 0)),)
    search = Search(dataclasses.replace(HOURS, buffer_minutes=10), ZONE, taken, away)
    assert spoken(near_slots(search, 30, at(12, 0), dt.time(14)))[:2] == ["Thu 14:30-15:00", "Mon 14:00-14:30"]


def test_the_first_slots_in_hours_on_whole_and_half_hours() -> None:
    search = Search(dataclasses.replace(HOURS, start=dt.time(8, 15)), ZONE, (Slot(at(13, 8), at(13, 9)),))
    assert spoken(next_slots(search, 30, at(12, 18))) == ["Fri 09:00-09:30", "Mon 08:30-09:00", "Tue 08:30-09:00"]


def test_holidays_are_skipped_and_daylight_saving_keeps_the_wall_time() -> None:
    found = next_slots(SEARCH, 60, at(23, 18, month=10))
    assert spoken(found) == ["Mon 09:00-10:00", "Tue 09:00-10:00", "Wed 09:00-10:00"]
    assert found[0].start.utcoffset() == dt.timedelta(hours=1)
    assert next_slots(SEARCH, 60, at(25, 0, month=12))[0].start == at(28, 9, month=12)


def test_both_sides_working_hours_where_they_meet() -> None:
    overseas = dataclasses.replace(SEARCH, their_zone=ZoneInfo("America/New_York"))
    assert spoken(next_slots(overseas, 60, at(12, 0)))[0] == "Thu 15:00-16:00"
    far = dataclasses.replace(SEARCH, their_zone=ZoneInfo("Pacific/Auckland"))
    assert spoken(next_slots(far, 60, at(12, 0)))[0] == "Thu 09:00-10:00"  # no hour in common


def test_what_fits_nowhere_gives_nothing() -> None:
    assert next_slots(SEARCH, 600, at(12, 0)) == ()
    assert next_slots(dataclasses.replace(SEARCH, taken=(Slot(at(1, 0), at(1, 0, year=2028)),)), 30, at(12, 0)) == ()
