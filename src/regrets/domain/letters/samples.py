"""Made-up values with which every letter is tried: by the lint, by `letters check` and `letters show`, by tests."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from regrets.domain.letters.values import LetterValues
from regrets.domain.model import Slot

_ZONE = ZoneInfo("Europe/Ljubljana")
_HOUR = dt.timedelta(hours=1)


def _slot(day: int, hour: int) -> Slot:
    start = dt.datetime(2026, 11, day, hour, 5, tzinfo=_ZONE)
    return Slot(start, start + _HOUR)


FULL = LetterValues(
    title="Quarterly review",
    organizer_name="Anna Virtanen",
    addressee_name="Anna Virtanen",
    addressee_first="Anna",
    signature="Ana Novak\nStudio Novak",
    start=_slot(24, 14).start,
    end=_slot(24, 14).end,
    zone="Europe/Ljubljana",
    minutes=30,
    in_person=True,
    colleague="Ben Kos",
    colleague_first="Ben",
    colleague_is_contact=True,
    phone="+386 1 555 0100",
    proposals=(_slot(25, 9), _slot(25, 13), _slot(26, 10)),
    date_promised=dt.date(2026, 11, 26),
    notice_date=dt.date(2026, 12, 23),
    topic="logo",
    work_days=("mon", "tue", "wed", "thu", "fri"),
    work_start=dt.time(9),
    work_end=dt.time(17),
    services=("brand design", "web design"),
    rates="90 EUR / h",
    booking="https://studio.example/book",
    references=("Maja Zupan, Kovin, +386 1 555 0199",),
    referrals=("Eva Hribar, eva@example.org",),
    resources=("Checklist: https://studio.example/brief",),
    reason_text="Oslo",
    away=True,
    where="Room 4",
    people="Maja Zupan, Eva Lah",
    standing="Draft 3 is with them since Monday.",
    questions="Is Friday safe? Yes.",
    files="https://studio.example/files/kovin",
    limits="a date for the print.",
)
"""Everything known. The words in it are few and stand in no language's way."""

EMPTY = LetterValues(signature="Ana Novak", proposals=(), zone="Europe/Ljubljana")
"""Nothing known but who signs."""

PLAIN = replace(FULL, resources=(), referrals=(), references=(), away=False, reason_text="")
"""An everyday one: no lists, nothing that speaks against the time."""

TWO_ZONES = replace(FULL, other_zone="Europe/Helsinki", proposals=(_slot(25, 9),))
"""The organiser's clock is an hour ahead."""

SAMPLES = {
    "full": FULL,
    "empty": EMPTY,
    "plain": PLAIN,
    "two zones": TWO_ZONES,
    "forwarded": replace(PLAIN, addressee_name="Ben Kos", addressee_first="Ben", forwarded=True),
    "series": replace(PLAIN, series=True, in_person=False),
    "no length": replace(PLAIN, end=None, minutes=0),
    "to the colleague": replace(PLAIN, colleague_organizes=True, colleague_is_contact=False),
    "clash": replace(PLAIN, clash=True, next_report="Fri 12:00", after_hours="+50 %", agenda_known=True),
    "holiday": replace(PLAIN, holiday=dt.date(2026, 12, 25), holidays_of="SI"),
    "day off": replace(PLAIN, day_off=True),
    "full day": replace(PLAIN, full_day=True),
    "unsolicited": replace(PLAIN, unsolicited=True, in_person=False),
}
