"""Working hours, days off and public holidays (strategies.md, rule 4). Times are judged in the user's zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from regrets.domain.model import Slot
from regrets.domain.settings import DAYS, Hours

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_DAY = dt.timedelta(days=1)
_SAME = {"nb": ("no",)}  # other tags of the same language
_MOST_DAYS = 400


def spoken_day(day: dt.date) -> str:
    """`Friday 11 December 2026`, for reasons."""
    return f"{_NAMES[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_day(day: dt.date, *, with_year: bool) -> str:
    """`Fri 11 Dec`, for spans."""
    words = [_NAMES[day.weekday()][:3], str(day.day), _MONTHS[day.month - 1][:3]]
    return " ".join([*words, str(day.year)] if with_year else words)


@lru_cache(maxsize=256)
def _holidays(place: str, year: int) -> dict[dt.date, str]:
    """The public holidays of a year; half holidays are a category of their own and not asked for."""
    import holidays

    country, _, subdivision = place.strip().upper().partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language="en_US")
    except (NotImplementedError, KeyError):
        return {}
    return {day: str(name) for day, name in found.items()}


def holiday(day: dt.date, place: str) -> str:
    """The name of the public holiday on a day in a country ("SI") or a part of it ("DE-BY"); '' on other days."""
    return _holidays(place, day.year).get(day, "") if place else ""


@lru_cache(maxsize=64)
def holiday_name(day: dt.date, place: str, language: str) -> str:
    """The holiday's name in a language; '' where the `holidays` library has it in others only."""
    from holidays import country_holidays

    if not holiday(day, place):
        return ""
    country, _, part = place.strip().upper().partition("-")
    known = country_holidays(country, subdiv=part or None)
    wanted = (language, *_SAME.get(language, ()))
    for tag in (known.default_language or "", *known.supported_languages):
        if tag.replace("_", "-").partition("-")[0] in wanted:
            return str(country_holidays(country, subdiv=part or None, years=day.year, language=tag).get(day, ""))
    return ""


def first_day_off(slot_days: tuple[dt.date, dt.date], hours: Hours) -> dt.date | None:
    """The first of the days from one to the other on which nobody works."""
    return next((day for day in _days(*slot_days) if day_off(day, hours)), None)


def day_off(day: dt.date, hours: Hours) -> str:
    """Why nobody works that day, as a sentence; '' on a working day."""
    if DAYS[day.weekday()] not in hours.days:
        return f"{spoken_day(day)} is not one of your working days."
    name = holiday(day, hours.holidays)
    return f"{spoken_day(day)} is a public holiday: {name}." if name else ""


def outside_hours(slot: Slot, hours: Hours, zone: dt.tzinfo, *, all_day: bool = False) -> str:
    """Why a slot lies wholly or partly outside the working hours, as a sentence; '' inside.

    An all-day event counts by its days only.
    """
    start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
    last = max(start.date(), (end - dt.timedelta(microseconds=1)).date())
    for day in _days(start.date(), last):
        if off := day_off(day, hours):
            return off
    if all_day or (start.date() == last and hours.start <= start.time() and _ends_by(end, last, hours)):
        return ""
    return (
        f"{start:%H:%M}-{end:%H:%M} is outside your working hours, {hours.start:%H:%M}-{hours.end:%H:%M}."
        if start.date() == last
        else f"It runs overnight, and your working hours are {hours.start:%H:%M}-{hours.end:%H:%M}."
    )


def _ends_by(end: dt.datetime, last: dt.date, hours: Hours) -> bool:
    return end.date() == last and end.time() <= hours.end


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for index in range(min((last - first).days, _MOST_DAYS) + 1):
        yield first + index * _DAY


def working_days(first: dt.date, hours: Hours, most: int = _MOST_DAYS) -> Iterator[dt.date]:
    """The working days from `first` on, within `most` calendar days."""
    return (day for day in _days(first, first + most * _DAY) if not day_off(day, hours))


def add_working_days(day: dt.date, count: int, hours: Hours) -> dt.date:
    """The working day that is `count` working days after `day`; `day` itself never counts."""
    for index, later in enumerate(working_days(day + _DAY, hours), start=1):
        if index >= max(1, count):
            return later
    return day + max(1, count) * _DAY
