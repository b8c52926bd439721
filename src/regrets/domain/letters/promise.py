"""The date that is promised where none is known."""

from __future__ import annotations

import datetime as dt
from itertools import islice

from regrets.domain.settings import Settings
from regrets.domain.workdays import working_days

_DAY = dt.timedelta(days=1)


def promised_day(today: dt.date, within: int, settings: Settings) -> dt.date:
    """The next working day after `within` working days have passed (strategies.md, section 4).

    Days off, public holidays and days wholly away are none. Where there are none at all: the plain day.
    """
    ahead = (day for day in working_days(today + _DAY, settings.hours) if not _away(day, settings))
    return next(islice(ahead, within, None), today + (within + 1) * _DAY)


def _away(day: dt.date, settings: Settings) -> bool:
    for away in settings.away:
        begin = dt.datetime.combine(day, settings.hours.start, away.start.tzinfo)
        finish = dt.datetime.combine(day, settings.hours.end, away.start.tzinfo)
        if away.start <= begin and finish <= away.end:
            return True
    return False
