"""The date that is promised where none is known."""

from __future__ import annotations

import datetime as dt

from regrets.domain.settings import DAYS, Settings

_MOST_DAYS_AHEAD = 366


def working_day_after(today: dt.date, count: int, settings: Settings) -> dt.date:
    """The `count`th working day after `today`, at least the next one.

    Days off, public holidays and days wholly away are none. Where there are none at all: the plain day.
    """
    wanted, left = max(1, count), max(1, count)
    holidays = _holidays(settings.hours.holidays, today.year)
    for ahead in range(1, _MOST_DAYS_AHEAD):
        day = today + dt.timedelta(days=ahead)
        if DAYS[day.weekday()] in settings.hours.days and day not in holidays and not _away(day, settings):
            left -= 1
            if not left:
                return day
    return today + dt.timedelta(days=wanted)


def _away(day: dt.date, settings: Settings) -> bool:
    for away in settings.away:
        begin = dt.datetime.combine(day, settings.hours.start, away.start.tzinfo)
        finish = dt.datetime.combine(day, settings.hours.end, away.start.tzinfo)
        if away.start <= begin and finish <= away.end:
            return True
    return False


def _holidays(region: str, year: int) -> frozenset[dt.date]:
    """Statutory holidays of a country ("SI") or a part of it ("DE-BY"); none where it is not known."""
    if not region:
        return frozenset()
    from holidays import country_holidays

    country, _, part = region.partition("-")
    try:
        return frozenset(country_holidays(country, subdiv=part or None, years=(year, year + 1)))
    except NotImplementedError:
        return frozenset()
