"""Filing in the user's own calendars: what is offered, wished, and said once and for all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class FilingKind(StrEnum):
    """What happens to the event in the calendar."""

    FILE = "file"
    REMOVE = "remove"


class FilingRule(StrEnum):
    """What the user said about a calendar."""

    ASK = "ask"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be done in a calendar with an answer, or because a meeting is called off."""

    kind: FilingKind
    calendar: str  # its name in config.toml
    asks: bool = True  # False: the user said `always`
    problem: str = ""  # why it can't be done all the same, with the cure


@dataclass(frozen=True, slots=True)
class Filing:
    """A wish that waits until its answer is sent."""

    outbox_id: str
    item_id: str
    calendar: str
    kind: FilingKind
    summary: str
    uid: str
    event: bytes  # the calendar object: `own_event`
    wished: dt.datetime  # aware UTC
    error: str = ""  # of the last attempt


@dataclass(frozen=True, slots=True)
class OwnCalendarState:
    """One [[calendar]] as it is used."""

    name: str
    where: str  # its path, or "a feed"
    writable: bool
    rule: FilingRule
    waiting: tuple[Filing, ...] = ()


DONE = {FilingKind.FILE: "Filed in", FilingKind.REMOVE: "Taken out of"}
NOT_DONE = {FilingKind.FILE: "not filed in", FilingKind.REMOVE: "not taken out of"}
