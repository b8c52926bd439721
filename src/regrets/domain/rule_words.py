"""RRULE in English words (RFC 5545, 3.3.10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from regrets.domain.rule_steps import Rule, RuleRefused, rule_of

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "last but one"}
_WORKING_DAYS = {0, 1, 2, 3, 4}

Moment = dt.datetime | dt.date


def in_words(rule: str, start: Moment | None) -> str:
    """`every Tuesday until 12 Jan 2027`, `every 2 weeks on Monday and Friday, 10 times`.

    `start` supplies the day where the rule leaves it open, and the zone of UNTIL. '' for no rule; one that is not
    understood is still said to be there.
    """
    if not rule.strip():
        return ""
    try:
        parsed = rule_of(rule)
        return _every(parsed, start) + _end(parsed, start)
    except (RuleRefused, KeyError, OverflowError):
        return "again and again, by a rule of its own"


def _every(rule: Rule, start: Moment | None) -> str:
    if rule.year_days or (rule.positions and rule.frequency != "MONTHLY"):
        raise RuleRefused("more than words can say")
    unit = _UNITS[rule.frequency]
    every = f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"
    if rule.frequency == "MONTHLY":
        return every + _day_of_month(rule, start) + _in_months(rule)
    if rule.frequency == "YEARLY":
        return every + _day_of_year(rule, start)
    if rule.month_days:
        raise RuleRefused("days and dates")
    days = {weekday for _, weekday in rule.days}
    if rule.frequency == "WEEKLY" and not days and start:
        days = {start.weekday()}
    if not days:
        return every + _in_months(rule)
    if rule.interval == 1:
        return f"every {_weekdays(days)}{_in_months(rule)}"
    return f"{every} on {'weekdays' if days == _WORKING_DAYS else _weekdays(days)}{_in_months(rule)}"


def _weekdays(days: set[int]) -> str:
    if len(days) == 7:
        return "day"
    return "weekday" if days == _WORKING_DAYS else _and(_DAYS[day] for day in sorted(days))


def _and(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _day_of_month(rule: Rule, start: Moment | None) -> str:
    """` on the 15th`, ` on the second Tuesday`, ` on the last weekday`."""
    if rule.month_days:
        if rule.days:
            raise RuleRefused("days and dates")
        return " on " + _and("the last day" if day == -1 else f"the {_ordinal(day)}" for day in rule.month_days)
    if rule.positions:
        what = _weekdays({weekday for _, weekday in rule.days}) if rule.days else "day"
        if " " in what:
            raise RuleRefused("a place among several days")
        return " on " + _and(f"the {_PLACES[place]} {what}" for place in rule.positions)
    if rule.days:
        return " on " + _and(
            f"the {_PLACES[which]} {_DAYS[weekday]}" if which else f"every {_DAYS[weekday]}"
            for which, weekday in rule.days
        )
    return f" on the {_ordinal(start.day)}" if start else ""


def _in_months(rule: Rule) -> str:
    return f" in {_and(_MONTHS[month - 1] for month in rule.months)}" if rule.months else ""


def _day_of_year(rule: Rule, start: Moment | None) -> str:
    """` on 24 November`, ` on the last Sunday of March`."""
    if rule.days:
        if not rule.months:
            raise RuleRefused("a day of the year")
        return f"{_day_of_month(rule, start)} of {_and(_MONTHS[month - 1] for month in rule.months)}"
    days = rule.month_days or ((start.day,) if start else ())
    months = rule.months or ((start.month,) if start else ())
    if len(days) != 1 or days[0] < 1 or not months:
        raise RuleRefused("several dates")
    return " on " + _and(f"{days[0]} {_MONTHS[month - 1]}" for month in months)


def _ordinal(day: int) -> str:
    if day < 1:
        raise RuleRefused("counted from the end")
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _end(rule: Rule, start: Moment | None) -> str:
    """` until 12 Jan 2027`, `, 10 times`."""
    last = rule.last(start.tzinfo if isinstance(start, dt.datetime) else None)
    if last is not None:
        return f" until {last.day} {_MONTHS[last.month - 1][:3]} {last.year}"
    if rule.count is None:
        return ""
    return ", once" if rule.count == 1 else f", {rule.count} times"
