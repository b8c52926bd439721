"""Times as the list shows them: short, in the user's zone, without any locale library."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from regrets.domain.text import NOTHING, SafeText, own, safe_line

if TYPE_CHECKING:
    from regrets.domain.model import Row

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def parse(value: str | None) -> dt.datetime | dt.date | None:
    """A row's ISO time: a date, a datetime with or without offset; None where it is none."""
    try:
        if not value:
            return None
        return dt.date.fromisoformat(value) if len(value) == 10 else dt.datetime.fromisoformat(value)
    except ValueError:
        return None


def local(moment: dt.datetime, zone: dt.tzinfo | None) -> dt.datetime:
    """`moment` in `zone` (None: the machine's); as it is where it has no zone or the calendar ends."""
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return moment


def day(date: dt.date, today: dt.date) -> str:
    """`Today`, `Tomorrow`, `Tue 24 Nov`, `24 Nov 2027`."""
    if date == today:
        return "Today"
    if date == today + dt.timedelta(days=1):
        return "Tomorrow"
    month = _MONTHS[date.month - 1]
    if date.year != today.year and abs((date - today).days) > 180:
        return f"{date.day} {month} {date.year}"
    return f"{_DAYS[date.weekday()]} {date.day} {month}"


def when(row: Row, now: dt.datetime, zone: dt.tzinfo | None) -> SafeText:
    """When the meeting starts, at most 16 cells, e.g. `Tue 24 Nov 10:00`."""
    start, today = parse(row.start), local(now, zone).date()
    if start is None:
        return safe_line(row.start or "", 16)
    if not isinstance(start, dt.datetime):
        return safe_line(day(start, today))
    shown = local(start, zone)
    return safe_line(f"{day(shown.date(), today)} {shown:%H:%M}")


def length(row: Row) -> SafeText:
    """How long it takes: `45 min`, `1 h`, `1 h 30`, `all day`, `3 days`; '' where unknown."""
    start, end = parse(row.start), parse(row.end)
    if start is None or end is None:
        return NOTHING
    if not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
        days = (dt.date(end.year, end.month, end.day) - dt.date(start.year, start.month, start.day)).days
        return own("all day") if days <= 1 else own("{} days", days)
    if (start.tzinfo is None) is not (end.tzinfo is None):
        return NOTHING
    return minutes(round((end - start).total_seconds() / 60))


def minutes(count: int) -> SafeText:
    """A number of minutes in words."""
    hours, rest = divmod(max(0, count), 60)
    if hours >= 48:
        return own("{} days", hours // 24)
    if not hours:
        return own("{} min", rest)
    return own("{} h {:02}", hours, rest) if rest else own("{} h", hours)


def tomorrow_at_eight(now: dt.datetime, zone: dt.tzinfo | None) -> dt.datetime:
    """08:00 of the next day on the user's clock, aware."""
    today = local(now, zone)
    morning = dt.datetime.combine(today.date() + dt.timedelta(days=1), dt.time(8))
    return morning.replace(tzinfo=zone) if zone else morning.astimezone()
