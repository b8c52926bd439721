"""Dates, times, ranges, durations and hours, as each language writes them.

All forms are nominative or numeric, so that they can stand where they are put: on a label line, after a colon, as
an apposition. Where a language's business usage differs from CLDR (the dot in Slovenian, Turkish and Latvian
times), usage wins.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from regrets.domain.settings import DAYS
from regrets.domain.timezones import windows_zone

NO_BREAK = "\u00a0"
_OFFSET = re.compile(r"UTC([+-])(\d\d):(\d\d)")
_Time = TypeVar("_Time", dt.datetime, dt.datetime | None)


@dataclass(frozen=True, slots=True)
class Style:
    """CLDR patterns of one language; `at` stands between date and time, `to` between two weekdays."""

    locale: str
    long: str
    short: str
    time: str
    at: str
    to: str


STYLES = {
    "en": Style("en_GB", "EEEE d MMMM y", "EEEE d MMMM", "HH:mm", ", ", " to "),
    "en-us": Style("en_US", "EEEE, MMMM d, y", "EEEE, MMMM d", "h:mm a", ", ", " to "),
    "nb": Style("nb", "EEEE d. MMMM y", "EEEE d. MMMM", "HH.mm", " kl. ", "–"),
    "sl": Style("sl", "cccc, d. LLLL y", "d.\u00a0M.\u00a0y", "H.mm", ", ", "–"),
    "tr": Style("tr", "d MMMM y EEEE", "d MMMM EEEE", "HH.mm", ", saat ", "–"),
    "lv": Style("lv", "EEEE, y. 'gada' d. LLLL", "y. 'gada' d. LLLL", "H.mm", ", plkst. ", "–"),
    "fi": Style("fi", "cccc d.M.y", "d.M.y", "H.mm", " klo ", "–"),
}


def style_of(language: str) -> Style:
    """The style for a language tag ("sl", "sl-SI", "en_US"); English's where the language has none."""
    tag = language.replace("_", "-").casefold()
    return STYLES.get(tag) or STYLES.get(tag.partition("-")[0]) or STYLES["en"]


def long_date(day: dt.date, language: str) -> str:
    """With weekday and year, for a label line: "Tuesday 24 November 2026"."""
    style = style_of(language)
    return _format(day, style.long, style)


def short_date(day: dt.date, language: str) -> str:
    """For a date that is near: "Thursday 26 November"; numeric where the month's name would need a case."""
    style = style_of(language)
    return _format(day, style.short, style)


_LATVIAN_MONTHS = (
    *("janvārim", "februārim", "martam", "aprīlim", "maijam", "jūnijam"),
    *("jūlijam", "augustam", "septembrim", "oktobrim", "novembrim", "decembrim"),
)  # as "līdz" wants them; CLDR has them as a sentence's "on" does


def deadline(day: dt.date, language: str) -> str:
    """For a date by which something comes, as it stands after that language's word for "by"."""
    if style_of(language).locale == "lv":
        return f"{day.year}. gada {day.day}. {_LATVIAN_MONTHS[day.month - 1]}"
    return short_date(day, language)


def clock(time: dt.time | dt.datetime, language: str) -> str:
    """The time of day without a zone: "14:05", "14.05", "2:05 PM"."""
    from babel.dates import format_time

    style = style_of(language)
    return _straight(format_time(time.replace(tzinfo=None), style.time, locale=style.locale))


def when(
    start: dt.datetime | dt.date | None,
    end: dt.datetime | dt.date | None,
    language: str,
    zone: str = "",
    other_zone: str = "",
) -> str:
    """A stretch of time; '' where there is none.

    Aware times are shown in `zone` (an IANA name), and in `other_zone` (as `zone_of` knows it) beside it
    where one is given: "…, 14:05 Ljubljana / 15:05 Helsinki". Naive times stand as they are. Dates: `end` is
    exclusive (RFC 5545, 3.6.1).
    """
    if start is None:
        return ""
    if not isinstance(start, dt.datetime):
        return _days(start, end, language)
    until = end if isinstance(end, dt.datetime) and end > start else None
    if start.tzinfo is None or not zone:
        return _range(start, until, language)
    mine = _shift(start, zone), _shift(until, zone)
    if not other_zone:
        return _range(*mine, language)
    theirs = _shift(start, other_zone), _shift(until, other_zone)
    same_day = mine[0].date() == theirs[0].date() and _one_day(*mine) and _one_day(*theirs)
    right = _times(*theirs, language) if same_day else _range(*theirs, language)
    return f"{_range(*mine, language)} {city(zone, language)} / {right} {_place(other_zone, theirs[0], language)}"


def hours(days: Sequence[str], start: dt.time, end: dt.time, language: str, zone: str = "") -> str:
    """Working hours: "Monday to Friday, 09:00–17:00"; `zone` (IANA) is named where it is given."""
    style = style_of(language)
    wanted = [index for index, day in enumerate(DAYS) if day in days]
    runs: list[list[int]] = []
    for index in wanted:
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    parts = []
    for run in runs:
        names = [_weekday(index, style) for index in run]
        parts.append(f"{names[0]}{style.to}{names[-1]}" if len(names) > 2 else ", ".join(names))
    clocks = f"{clock(start, language)}–{clock(end, language)}"
    place = f" ({city(zone, language)})" if zone else ""
    return f"{', '.join(parts)}{style.at}{clocks}{place}" if parts else f"{clocks}{place}"


def duration(minutes: int, language: str) -> str:
    """A length of time; '' for 0. In words in English, "30 min" where a noun would have to agree."""
    if minutes <= 0:
        return ""
    base = style_of(language).locale.partition("_")[0]
    if base == "en":
        return _english(minutes)
    if base in ("nb", "tr", "fi"):
        from babel.units import format_unit

        return _straight(format_unit(minutes, "duration-minute", locale=base))
    return f"{minutes}{NO_BREAK}min"


def city(zone: str, language: str) -> str:
    """A zone's city in that language: "Europe/Ljubljana" is "Ljubljana"; "UTC+02:00" stays."""
    if "/" not in zone:
        return zone
    from babel.dates import get_timezone_location

    return str(get_timezone_location(ZoneInfo(zone), locale=style_of(language).locale, return_city=True))


def zone_of(name: str) -> dt.tzinfo | None:
    """A tzinfo for an IANA name, a Windows name or "UTC+02:00"; None where it is none of them."""
    offset = _OFFSET.fullmatch(name)
    if offset:
        sign = -1 if offset[1] == "-" else 1
        return dt.timezone(sign * dt.timedelta(hours=int(offset[2]), minutes=int(offset[3])))
    if windows := windows_zone(name):
        return windows
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _place(zone: str, time: dt.datetime, language: str) -> str:
    """What stands behind a time in the other side's zone: its city; "UTC+2"; "EET" for a Windows zone, whose city
    is often not theirs ("FLE Standard Time" is Kyiv's, and Helsinki's too)."""
    if "/" in zone:
        return city(zone, language)
    offset = _OFFSET.fullmatch(zone)
    if offset is None:
        name = time.tzname() or ""
        return name if name.isalpha() else _place(utc_name(time), time, language)
    hours, minutes = int(offset[2]), int(offset[3])
    if not hours and not minutes:
        return "UTC"
    return f"UTC{offset[1]}{hours}" + (f":{minutes:02d}" if minutes else "")


def utc_name(time: dt.datetime) -> str:
    """The offset of an aware time, as `zone_of` reads it: "UTC+02:00"."""
    seconds = int((time.utcoffset() or dt.timedelta()).total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"UTC{'-' if seconds < 0 else '+'}{hours:02d}:{rest // 60:02d}"


def _format(day: dt.date, pattern: str, style: Style) -> str:
    from babel.dates import format_date

    return format_date(day, pattern, locale=style.locale)


def _weekday(index: int, style: Style) -> str:
    from babel.dates import get_day_names

    # Latvian capitalises the stand-alone names
    if "cccc" in style.long:
        return str(get_day_names("wide", context="stand-alone", locale=style.locale)[index])
    return str(get_day_names("wide", context="format", locale=style.locale)[index])


def _straight(text: str) -> str:
    """CLDR's narrow no-break space (U+202F) as the plain one: many mail fonts have no glyph for it."""
    return text.replace("\u202f", NO_BREAK)


def _shift(time: _Time, zone: str) -> _Time:
    tz = zone_of(zone)
    return time.astimezone(tz) if time is not None and tz is not None else time


def _one_day(start: dt.datetime, end: dt.datetime | None) -> bool:
    return end is None or start.date() == end.date()


def _times(start: dt.datetime, end: dt.datetime | None, language: str) -> str:
    return clock(start, language) + (f"–{clock(end, language)}" if end else "")


def _range(start: dt.datetime, end: dt.datetime | None, language: str) -> str:
    at = style_of(language).at
    first = f"{long_date(start.date(), language)}{at}{clock(start, language)}"
    if end is None:
        return first
    if _one_day(start, end):
        return f"{first}–{clock(end, language)}"
    return f"{first} – {long_date(end.date(), language)}{at}{clock(end, language)}"


def _days(start: dt.date, end: dt.datetime | dt.date | None, language: str) -> str:
    if end is None or isinstance(end, dt.datetime) or (end - start).days <= 1:
        return long_date(start, language)
    return f"{long_date(start, language)} – {long_date(end - dt.timedelta(days=1), language)}"


def _english(minutes: int) -> str:
    words = {60: "an hour", 90: "an hour and a half", 120: "two hours", 180: "three hours", 1: "1 minute"}
    return words.get(minutes, f"{minutes} minutes")
