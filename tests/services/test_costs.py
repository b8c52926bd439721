"""What one mail costs the program itself, beyond the reading process: counted in calls, not in seconds."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import sys
from collections.abc import Callable
from types import FrameType

import pytest

from regrets.adapters.calendars import Calendars
from regrets.domain.cases import Choice
from regrets.domain.clients import ClientBook
from regrets.domain.errors import RegretsError
from regrets.domain.imip import read
from regrets.domain.model import Invitation, Strategy
from regrets.domain.settings import Me, Settings
from regrets.services.compose import Compose
from regrets.services.glance import glances
from regrets.services.triage import Triage
from tests.support.labelled import FixedClock
from tests.support.mails import alternative

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
SETTINGS = Settings(me=Me(name="Ana Novak", addresses=("ana@studio.example",), timezone="Europe/Ljubljana"))
MOST_CALLS = 2_000_000  # less than a second
DAYS = ",".join(map(str, range(1, 240)))
RULES = (
    *("", "FREQ=DAILY", "FREQ=DAILY;COUNT=99999999", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=99999"),
    *(f"FREQ=YEARLY;COUNT=9999999;BYYEARDAY={DAYS}", f"FREQ=YEARLY;BYYEARDAY={DAYS};INTERVAL=9"),
    *("FREQ=YEARLY;COUNT=5;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;COUNT=5;BYMONTHDAY=31;BYMONTH=2;BYDAY=MO"),
    "FREQ=YEARLY;BYMONTHDAY=1,2,3,4,5,6,7;COUNT=9999;BYSETPOS=" + DAYS,
)
STARTS = ("19000101", "20261124", "21991201")


def zone(observances: int, dates: int, rule: str) -> str:
    """A VTIMEZONE that changes as often as it is told to."""
    lines = ["BEGIN:VTIMEZONE", "TZID:Mine"]
    for number in range(observances):
        offset = f"+{number // 60 + 1:02}{number % 60:02}"
        lines += ["BEGIN:STANDARD", "DTSTART:16010101T000000", f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}"]
        lines += [f"RDATE:{moments(dates, '', number)}"] if dates else []
        lines += [f"RRULE:{rule}"] if rule else []
        lines.append("END:STANDARD")
    return "\n".join([*lines, "END:VTIMEZONE"]) + "\n"


def moments(count: int, end: str, shift: int = 0, years: int = 60) -> str:
    return ",".join(
        f"{1990 + n % years:04}{1 + n % 12:02}{1 + n % 28:02}T{(n + shift) % 24:02}{n % 60:02}00{end}"
        for n in range(count)
    )


ZONES = (
    *("", zone(2, 0, "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"), zone(2, 499, ""), zone(100, 450, ""), zone(16, 60, "")),
    *(zone(100, 0, f"FREQ=YEARLY;BYYEARDAY={DAYS}"), zone(2, 0, f"FREQ=YEARLY;BYYEARDAY={DAYS}")),
    *(zone(2, 0, "FREQ=YEARLY;BYMONTH=3;COUNT=500"), zone(30, 0, "FREQ=YEARLY;BYMONTH=3;COUNT=500")),
)


def mail(zones: str, rule: str, rdates: int, exdates: int, start: str, others: int = 0) -> bytes:
    where = ";TZID=Mine" if zones else ""
    event = [
        "UID:1",
        "DTSTAMP:20261120T090000Z",
        f"DTSTART{where}:{start}T100000",
        f"DTEND{where}:{start}T110000",
        "SUMMARY:Figures",
        "ORGANIZER:mailto:marko@kovin.example",
        "ATTENDEE:mailto:ana@studio.example",
        *([f"RRULE:{rule}"] if rule else []),
        *([f"RDATE:{moments(rdates, 'Z')}"] if rdates else []),
        *([f"EXDATE:{moments(exdates, 'Z', years=3)}"] if exdates else []),
    ]
    moved = "".join(
        f"BEGIN:VEVENT\nUID:1\nRECURRENCE-ID{where}:202612{n % 28 + 1:02}T10{n % 60:02}00\n"
        f"DTSTART{where}:202612{n % 28 + 1:02}T110000\nDTEND{where}:202612{n % 28 + 1:02}T120000\nEND:VEVENT\n"
        for n in range(others)
    )
    body = "\n".join(event)
    calendar = f"BEGIN:VCALENDAR\nMETHOD:REQUEST\n{zones}BEGIN:VEVENT\n{body}\nEND:VEVENT\n{moved}END:VCALENDAR\n"
    return alternative(calendar)


def calls_of(act: Callable[[], object]) -> int:
    """How many functions are called; stopped where they are too many."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        if event in ("call", "c_call"):
            count += 1
            if count > MOST_CALLS:
                raise AssertionError(f"more than {MOST_CALLS} calls")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        act()
    finally:
        sys.setprofile(before)
    return count


def judged(invitation: Invitation) -> None:
    """All that happens to an invitation from the list to its answer."""
    book, clock = ClientBook(()), FixedClock(NOW)
    triage, compose = Triage(SETTINGS, book, Calendars(), None, clock), Compose(SETTINGS, book)
    _, suggestion = triage.suggest(invitation)
    glances(invitation, suggestion, SETTINGS, NOW)
    with contextlib.suppress(RegretsError):
        draft = compose.draft(invitation, suggestion, Choice(strategy=Strategy.ACCEPT), NOW)
        compose.objections(invitation, suggestion, draft)
        compose.messages(invitation, draft, NOW)


def cost(data: bytes) -> int:
    invitation = read(data)
    assert isinstance(invitation, Invitation)
    harmless = read(mail("", "FREQ=DAILY", 0, 0, "20261124"))
    assert isinstance(harmless, Invitation)
    judged(harmless)  # what is loaded once is no cost of a mail
    return calls_of(lambda: judged(invitation))


@pytest.mark.parametrize("zones", ZONES, ids=range(len(ZONES)))
def test_a_zone_and_many_dates_cost_no_more_than_a_second(zones: str) -> None:
    assert cost(mail(zones, "FREQ=DAILY", 1990, 1990, "20261124")) < MOST_CALLS


@pytest.mark.parametrize("seed", range(12))
def test_no_mixture_of_rules_zones_and_dates_does(seed: int) -> None:
    luck = random.Random(seed)
    counts = [luck.choice((0, 3, 900, 3000)) for _ in range(2)]
    data = mail(luck.choice(ZONES), luck.choice(RULES), *counts, luck.choice(STARTS), luck.choice((0, 0, 499)))
    assert cost(data) < MOST_CALLS
