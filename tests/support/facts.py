"""Facts about a hand-made invitation, in a week whose days are known: Thursday 12 November 2026 is `NOW`."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from regrets.domain.clients import Client, ClientBook
from regrets.domain.model import Attendee, Busy, Mailbox, Slot
from regrets.domain.settings import Away, Hours, Me, Settings
from regrets.domain.strategy.diary import Diary
from regrets.domain.strategy.facts import Facts
from tests.support.invitations import make_invitation

ZONE = ZoneInfo("Europe/Ljubljana")
NOW = dt.datetime(2026, 11, 12, 9, 0, tzinfo=ZONE)
ANA = Mailbox("Ana Novak", "ana@studio.example")
MARKO = Mailbox("Marko Kovač", "marko@kovin.example")
BEN = Mailbox("Ben Kos", "ben@studio.example")
LINK = ("https://meet.example/abc",)
ME = Me(
    name="Ana Novak",
    addresses=("ana@studio.example",),
    company_domains=("studio.example",),
    places=("Studio Novak, Trubarjeva 1, Ljubljana",),
    timezone="Europe/Ljubljana",
    not_offered=("SEO", "print production"),
    travel_minutes=40,
)
HOURS = Hours(holidays="SI", meeting_limit=240)


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> dt.datetime:
    """A wall time in Ljubljana."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=ZONE)


def busy(start: dt.datetime, minutes: int, summary: str = "Review", **changes: Any) -> Busy:
    """An opaque entry of the calendar."""
    slot = Slot(start, start + dt.timedelta(minutes=minutes))
    return dataclasses.replace(Busy(slot, summary, f"{summary}-{start:%d%H%M}", None), **changes)


def client(**changes: Any) -> Client:
    """Kovin, to whom the organiser belongs."""
    return dataclasses.replace(Client(name="Kovin d.d.", match=("kovin.example",)), **changes)


def invite(text: str = "Shall we decide on the colours and the paper?", minutes: int = 30, **changes: Any) -> Any:
    """A meeting on Tuesday 24 November, 10:00, online, with something to decide."""
    start = changes.pop("start", at(24, 10))
    if isinstance(start, dt.datetime):
        changes.setdefault("end", start + dt.timedelta(minutes=minutes))
    values = {
        "summary": "Catalogue",
        "location": "",
        "conference_links": LINK,
        "organizer": MARKO,
        "attendees": (
            Attendee(MARKO),
            Attendee(ANA),
        ),
    }
    return make_invitation(start=start, description=text, **(values | changes))


def facts(
    invitation: Any = None,
    *,
    client: Client | None = None,
    calendar: tuple[Busy, ...] = (),
    away: tuple[Away, ...] = (),
    now: dt.datetime = NOW,
    **changes: Any,
) -> Facts:
    """What is true of an invitation; without a client the organiser has been met once, long ago."""
    known = (
        ()
        if client or changes.pop("stranger", False)
        else (busy(at(1, 10, month=6), 30, "Old", organizer=MARKO.address),)
    )
    settings = Settings(me=ME, hours=HOURS, away=away)
    return Facts(
        invitation=invitation or invite(),
        settings=changes.pop("settings", settings),
        book=ClientBook((client,) if client else ()),
        now=now,
        zone=ZONE,
        diary=Diary((*calendar, *known), ME.addresses),
        calendar_known=True,
        addresses=ME.addresses,
        **changes,
    )
