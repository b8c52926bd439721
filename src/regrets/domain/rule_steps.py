"""Bounded stepping through a recurrence rule, in wall time (RFC 5545, 3.3.10).

Our own, because a mail's rule must never hang the program: dateutil searches a rule that never matches up to the
year 9999, and can't begin near today. Here every step is one day, week, month or year, begins where it is asked
for, and there are never more than `MOST_STEPS` of them. Tests hold it against dateutil.
"""

from __future__ import annotations

import bisect
import datetime as dt
import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_RULE = 1000  # characters
MOST_STEPS = 2000
MOST_COUNTED = 20_000  # steps that a rule with COUNT is counted through
MOST_DAYS = 50_000  # that are looked at in these steps: a hundred years and more, where each day of a year is
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAYS_OF_STEP = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_BY_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBERS = {
    "BYMONTH": 12,
    "BYMONTHDAY": 31,
    "BYYEARDAY": 366,
    "BYSETPOS": 366,
    "BYHOUR": 23,
    "BYMINUTE": 59,
    "BYSECOND": 59,
}
_A_DAY = dt.timedelta(days=1)
_LAST = dt.datetime(9999, 12, 31)  # noqa: DTZ001


class RuleRefused(ValueError):
    """A rule that is broken, of a kind that is not stepped through, or would not end within reason."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A checked RRULE. `until` is as written: see `Rule.last`."""

    frequency: str  # DAILY, WEEKLY, MONTHLY, YEARLY
    interval: int = 1
    count: int | None = None
    until: tuple[dt.datetime, bool] | None = None  # (wall time, whether it is UTC)
    days: tuple[tuple[int, int], ...] = ()  # (which of them, 0 for each; weekday, 0 is Monday)
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    time: tuple[int | None, int | None, int | None] = (None, None, None)
    week_start: int = 0

    @property
    def step_days(self) -> int:
        """The longest span of one step, in days."""
        return _DAYS_OF_STEP[self.frequency] * self.interval

    @property
    def days_of_step(self) -> int:
        """How many days are looked at in one step, at most."""
        if self.frequency in ("DAILY", "WEEKLY"):
            return _DAYS_OF_STEP[self.frequency]
        if self.frequency == "MONTHLY":
            return 31
        named = self.days or self.month_days or self.year_days
        return 31 * (len(set(self.months)) or (12 if named else 1))

    def last(self, zone: dt.tzinfo | None) -> dt.datetime | None:
        """UNTIL as wall time in `zone`; None where it has none."""
        if self.until is None:
            return None
        wall, is_utc = self.until
        return wall.replace(tzinfo=dt.UTC).astimezone(zone).replace(tzinfo=None) if is_utc and zone else wall


def rule_of(text: str) -> Rule:
    """`FREQ=WEEKLY;BYDAY=TU` as a Rule. Raises RuleRefused: SECONDLY, MINUTELY, HOURLY, INTERVAL below 1, several
    times a day, BYWEEKNO, another calendar, and what is broken."""
    if len(text) > LONGEST_RULE:
        raise RuleRefused("the rule is too long")
    pairs = (part.partition("=") for part in re.sub(r"\s", "", text).upper().split(";") if part)
    parts = {name: value for name, _, value in pairs if value}
    if parts.get("FREQ") not in _DAYS_OF_STEP:
        raise RuleRefused("no FREQ of a day or longer")
    if not re.fullmatch(r"0*[1-9]\d{0,3}", parts.get("INTERVAL", "1")):
        raise RuleRefused("INTERVAL is no number from 1 to 9999")
    if not re.fullmatch(r"0*[1-9]\d{0,9}", parts.get("COUNT", "1")):
        raise RuleRefused("COUNT is no number")
    if "BYWEEKNO" in parts or parts.get("RSCALE", "GREGORIAN") != "GREGORIAN":
        raise RuleRefused("weeks by number and other calendars are not stepped through")
    numbers = {name: _numbers(parts.get(name, ""), most) for name, most in _NUMBERS.items()}
    times = [numbers[name] for name in ("BYHOUR", "BYMINUTE", "BYSECOND")]
    if any(len(values) > 1 for values in times):
        raise RuleRefused("several times a day")
    hour, minute, second = (values[0] if values else None for values in times)
    if parts.get("WKST", "MO") not in WEEKDAYS:
        raise RuleRefused("WKST is no day")
    return Rule(
        frequency=parts["FREQ"],
        interval=int(parts.get("INTERVAL", "1")),
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        days=_days(parts.get("BYDAY", "")),
        months=numbers["BYMONTH"],
        month_days=numbers["BYMONTHDAY"],
        year_days=numbers["BYYEARDAY"],
        positions=numbers["BYSETPOS"],
        time=(hour, minute, second),
        week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
    )


def _numbers(text: str, most: int) -> tuple[int, ...]:
    found = []
    for word in text.split(",") if text else ():
        if not re.fullmatch(r"[+-]?\d{1,3}", word) or abs(int(word)) > most:
            raise RuleRefused(f"{word} is out of range")
        found.append(int(word))
    return tuple(found)


def _days(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for word in text.split(",") if text else ():
        hit = _BY_DAY.fullmatch(word)
        if hit is None:
            raise RuleRefused(f"{word} is no day")
        found.append((int(hit[1] or 0), WEEKDAYS.index(hit[2])))
    return tuple(found)


def _until(text: str) -> tuple[dt.datetime, bool]:
    hit = _UNTIL.fullmatch(text)
    if hit is None:
        raise RuleRefused("UNTIL is no time")
    hour, minute, second = (int(hit[4]), int(hit[5]), int(hit[6])) if hit[4] else (23, 59, 59)
    try:
        wall = dt.datetime(int(hit[1]), int(hit[2]), int(hit[3]), hour, minute, min(second, 59))  # noqa: DTZ001
    except ValueError as error:
        raise RuleRefused("UNTIL is no time") from error
    if not 2 <= wall.year <= 9998:
        raise RuleRefused("UNTIL is out of range")
    return wall, hit[7] == "Z"


def wall_times(
    rule: Rule, start: dt.datetime, low: dt.datetime, high: dt.datetime, zone: dt.tzinfo | None = None
) -> Iterator[dt.datetime]:
    """The naive occurrences from `low` to `high` (both inclusive), `start` among them, in order.

    `zone` is where an UNTIL in UTC is read. Takes at most `MOST_STEPS` steps after `low`, and looks at `MOST_DAYS`
    days. Raises RuleRefused where a rule with COUNT can't be counted through to `high` so.
    """
    last = rule.last(zone)
    high = high if last is None else min(high, last)
    if rule.count:
        found, until = _counted(rule, start)
        yield from found[bisect.bisect_left(found, low) : bisect.bisect_right(found, high)]
        if until is not None and high.date() >= until:
            raise RuleRefused("more than is counted through")
        return
    most = min(MOST_STEPS, MOST_DAYS // rule.days_of_step)
    for moment in _from(rule, start, max(0, _steps_between(rule, start, low)), most, high):
        if moment > high:
            return
        if moment >= low:
            yield moment


@functools.lru_cache(maxsize=4)
def _counted(rule: Rule, start: dt.datetime) -> tuple[list[dt.datetime], dt.date | None]:
    """The occurrences of a rule with COUNT, and the day from which more may follow; None where these are all. Kept,
    because one judgement asks several times."""
    most = min(MOST_COUNTED, MOST_DAYS // rule.days_of_step)
    found = list(itertools.islice(_from(rule, start, 0, most, _LAST), rule.count))
    return found, None if len(found) == rule.count else _begin(rule, start.date(), most)


def _steps_between(rule: Rule, start: dt.datetime, low: dt.datetime) -> int:
    """How many steps begin before the one in which `low` lies, at most."""
    if rule.frequency in ("DAILY", "WEEKLY"):
        return (low - start).days // rule.step_days
    years = low.year - start.year
    return (years if rule.frequency == "YEARLY" else years * 12 + low.month - start.month) // rule.interval


def _from(rule: Rule, start: dt.datetime, first: int, most: int, high: dt.datetime) -> Iterator[dt.datetime]:
    """All occurrences from a step on; DTSTART is the first of them, whether or not it fits the rule."""
    hour, minute, second = rule.time
    clock = dt.time(
        start.hour if hour is None else hour,
        start.minute if minute is None else minute,
        start.second if second is None else second,
    )
    if first == 0:
        yield start
    for step in range(first, first + most):
        begin = _begin(rule, start.date(), step)
        if begin is None or begin > high.date():
            return
        for day in _chosen(rule, start.date(), begin):
            moment = dt.datetime.combine(day, clock)
            if moment > start:
                yield moment


def _begin(rule: Rule, start: dt.date, step: int) -> dt.date | None:
    """The first day of a step; None beyond the calendar."""
    count = step * rule.interval
    try:
        if rule.frequency == "DAILY":
            return start + count * _A_DAY
        if rule.frequency == "WEEKLY":
            return start + (7 * count - (start.weekday() - rule.week_start) % 7) * _A_DAY
        if rule.frequency == "MONTHLY":
            months = start.year * 12 + start.month - 1 + count
            return dt.date(months // 12, months % 12 + 1, 1)
        return dt.date(start.year + count, 1, 1)
    except (ValueError, OverflowError):
        return None


def _chosen(rule: Rule, start: dt.date, begin: dt.date) -> list[dt.date]:
    """The days of one step that the rule means."""
    month_days, year_days = frozenset(rule.month_days), frozenset(rule.year_days)
    days = [day for day in _candidates(rule, start, begin) if _fits(rule, day, month_days, year_days)]
    if not rule.positions:
        return days
    picked = {day for place in rule.positions for day in _place(days, place)}
    return sorted(picked)


def _place(days: list[dt.date], place: int) -> list[dt.date]:
    index = place - 1 if place > 0 else place
    return [days[index]] if place and -len(days) <= index < len(days) else []


def _candidates(rule: Rule, start: dt.date, begin: dt.date) -> Iterator[dt.date]:
    """The days of a step, reduced to the one that DTSTART means where the rule names none."""
    if rule.frequency == "DAILY":
        yield begin
        return
    if rule.frequency == "WEEKLY":
        week = [begin + number * _A_DAY for number in range(7)]
        yield from (day for day in week if rule.days or day.weekday() == start.weekday())
        return
    months = range(begin.month, begin.month + 1)
    named = bool(rule.days or rule.month_days or rule.year_days)
    if rule.frequency == "YEARLY":
        months = range(1, 13) if rule.months or named else range(start.month, start.month + 1)
    for month in months:
        if rule.months and month not in rule.months:
            continue
        for number in range(1, _month_length(begin.year, month) + 1):
            if named or number == start.day:
                yield dt.date(begin.year, month, number)


def _month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _fits(rule: Rule, day: dt.date, month_days: frozenset[int], year_days: frozenset[int]) -> bool:
    """The two sets are the rule's, for speed: a mail may name hundreds of days."""
    if rule.months and day.month not in rule.months:
        return False
    if rule.days and all(weekday != day.weekday() for _, weekday in rule.days):
        return False
    length = _month_length(day.year, day.month)
    if month_days and day.day not in month_days and day.day - length - 1 not in month_days:
        return False
    of_year = 337 + _month_length(day.year, 2)
    in_year = day.toordinal() - dt.date(day.year, 1, 1).toordinal() + 1
    if year_days and in_year not in year_days and in_year - of_year - 1 not in year_days:
        return False
    if not rule.days or rule.frequency in ("DAILY", "WEEKLY"):
        return True
    in_months = rule.frequency == "MONTHLY" or rule.months
    place, span = (day.day, length) if in_months else (in_year, of_year)
    places = (0, (place - 1) // 7 + 1, -((span - place) // 7) - 1)
    return any(which in places for which, weekday in rule.days if weekday == day.weekday())
