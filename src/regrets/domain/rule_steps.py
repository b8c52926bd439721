"""Bounded stepping through a recurrence rule, in wall time.

dateutil knows the rules; alone it runs for ever on SECONDLY, on INTERVAL=0 and on rules that never match. So the
rule is checked first, the search begins near the window that is asked for, and it ends with the window.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

LONGEST_RULE = 1000  # characters
MOST_COUNTED = 20_000  # occurrences of a COUNT rule that are counted through
_FREQUENCIES = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}
_BY_DAY = ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO")
_LISTS_OF_ONE = ("BYHOUR", "BYMINUTE", "BYSECOND")
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")


class RuleRefused(ValueError):
    """A rule that is broken, or would not end within reason."""


def rule_parts(rule: str) -> dict[str, str]:
    """`FREQ=WEEKLY;BYDAY=TU` as upper-case pairs. Raises RuleRefused for what is not stepped through."""
    if len(rule) > LONGEST_RULE:
        raise RuleRefused("the rule is too long")
    pairs = (part.partition("=") for part in re.sub(r"\s", "", rule).upper().split(";") if part)
    parts = {name: value for name, _, value in pairs}
    if parts.get("FREQ") not in _FREQUENCIES:
        raise RuleRefused("no FREQ of a day or longer")
    if not re.fullmatch(r"0*[1-9]\d{0,3}", parts.get("INTERVAL", "1")):
        raise RuleRefused("INTERVAL is no number from 1 to 9999")
    if not re.fullmatch(r"\d{1,9}", parts.get("COUNT", "1")):
        raise RuleRefused("COUNT is no number")
    if any("," in parts.get(name, "") for name in _LISTS_OF_ONE):
        raise RuleRefused("several times a day")
    return parts


def step_days(parts: dict[str, str]) -> int:
    """The longest span in days of one step of the rule."""
    return _FREQUENCIES[parts["FREQ"]] * int(parts.get("INTERVAL", "1"))


def until(parts: dict[str, str], zone: dt.tzinfo | None) -> dt.datetime | None:
    """The rule's end as wall time in `zone` (an UNTIL in UTC is converted); None where it has none."""
    value = parts.get("UNTIL")
    if value is None:
        return None
    hit = _UNTIL.fullmatch(value)
    if hit is None:
        raise RuleRefused("UNTIL is no time")
    year, month, day = int(hit[1]), int(hit[2]), int(hit[3])
    hour, minute, second = (int(hit[4]), int(hit[5]), int(hit[6])) if hit[4] else (23, 59, 59)
    try:
        end = dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
        return end.replace(tzinfo=dt.UTC).astimezone(zone).replace(tzinfo=None) if hit[7] and zone else end
    except (ValueError, OverflowError) as error:
        raise RuleRefused("UNTIL is no time") from error


def _near(parts: dict[str, str], start: dt.datetime, low: dt.datetime) -> tuple[dict[str, str], dt.datetime]:
    """The same rule with a later first step, at most two steps before `low`: same phase, same days."""
    parts, frequency, interval = dict(parts), parts["FREQ"], int(parts.get("INTERVAL", "1"))
    if low <= start:
        return parts, start
    if frequency in ("DAILY", "WEEKLY"):
        span = step_days(parts)
        steps = max(0, (low - start).days // span - 1)
        return parts, start + dt.timedelta(days=steps * span)
    if not any(name in parts for name in _BY_DAY):
        parts["BYMONTHDAY"] = str(start.day)
        if frequency == "YEARLY":
            parts.setdefault("BYMONTH", str(start.month))
    months = (low.year - start.year) * 12 + low.month - start.month
    steps = months // (interval * (12 if frequency == "YEARLY" else 1)) - 1
    if steps < 1:
        return parts, start
    month = start.year * 12 + (start.month - 1 if frequency == "MONTHLY" else 0)
    month += steps * interval * (12 if frequency == "YEARLY" else 1)
    return parts, start.replace(year=month // 12, month=month % 12 + 1, day=1)


def wall_times(
    rule: str, start: dt.datetime, low: dt.datetime, high: dt.datetime, zone: dt.tzinfo | None = None
) -> Iterator[dt.datetime]:
    """The naive occurrences of `rule` from `low` to `high` (both inclusive), `start` among them, in order.

    `start`, `low` and `high` are naive; `zone` is where an UNTIL in UTC is read. Raises RuleRefused.
    """
    from dateutil.rrule import rrulestr

    parts = rule_parts(rule)
    last = until(parts, zone)
    last = high if last is None else min(last, high)
    count = int(parts.pop("COUNT")) if "COUNT" in parts else None
    for name in ("UNTIL", "RSCALE", "SKIP"):
        parts.pop(name, None)
    if low <= start <= high:
        yield start
    if last < start:
        return
    if count is not None:
        begin = start
    else:
        parts, begin = _near(parts, start, low)
    pairs = [f"{name}={value}" for name, value in parts.items() if not name.startswith("X-")]
    pairs.append(f"UNTIL={last.isoformat().replace('-', '').replace(':', '')[:15]}")
    try:
        for number, moment in enumerate(rrulestr(";".join(pairs), dtstart=begin)):
            if number >= (MOST_COUNTED if count is None else min(count, MOST_COUNTED)):
                return
            if low <= moment and moment != start:
                yield moment
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError) as error:
        raise RuleRefused(str(error)) from error
