"""Who takes how much of the user's meeting hours, by the calendars (strategies.md, section 1: `crowding_out`)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from regrets.domain.clients import Client, ClientBook
from regrets.domain.model import Busy

SIGN = "crowding_out"
WINDOW = dt.timedelta(days=30)
SHARE = 0.4
"""A client above this share of the window's meeting hours is proposed the sign; it counts once it is confirmed."""


def shares(meetings: Iterable[Busy], book: ClientBook) -> dict[str, float]:
    """By client's name: the part (0 to 1) of all meeting minutes with other people. A meeting with people of two
    clients counts for both; all-day entries have no hours."""
    minutes: dict[str, float] = defaultdict(float)
    total = 0.0
    for meeting in meetings:
        people = {person for person in (*meeting.people, meeting.organizer) if person}
        if meeting.all_day or not meeting.opaque or len(people) < 2:
            continue
        length = (meeting.slot.end - meeting.slot.start).total_seconds() / 60
        total += length
        for name in {client.name for person in people if (client := book.of(person))}:
            minutes[name] += length
    return {name: spent / total for name, spent in minutes.items()} if total else {}


def crowds(client: Client, share: float, today: dt.date) -> bool:
    """Whether the sign is to be proposed: above the share, and not noted within the window already."""
    noted = any(sign.sign == SIGN and today - sign.date <= WINDOW for sign in client.signs)
    return share > SHARE and not noted
