"""Small typed events that services emit while they work. Faces turn them into lines and messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """`done` of `total` mails of a folder are looked through."""

    account: str
    folder: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ItemsChanged:
    """These items are new or changed; faces read them again from the store."""

    account: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountFailed:
    """One account could not be synced; the others go on. `message` names the cure."""

    account: str
    message: str


@dataclass(frozen=True, slots=True)
class Reconnecting:
    """The line to one account broke amidst a pass (`message`); it is tried again after `wait` seconds."""

    account: str
    message: str
    wait: float


@dataclass(frozen=True, slots=True)
class SyncFinished:
    """One account's pass is over (also after a failure). `again`: the seconds after which another pass may do
    better by itself; None where nothing failed, or where it needs the user (a refused login). `no_password`: none
    is kept for the account, and the user could type it; `refused`: the server refused the one there is."""

    account: str
    new: int
    changed: int
    gone: int
    sent: int
    errors: tuple[str, ...]
    again: float | None = None
    no_password: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class OutboxChanged:
    """An entry of the outbox has reached a new state."""

    outbox_id: str
    item_id: str
    state: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """An event was filed in one of the user's calendars or taken out of it, or (`failed`) was not; `told` is the
    sentence, with the cure."""

    item_id: str
    told: str
    failed: bool = False


Event = SyncProgress | ItemsChanged | AccountFailed | Reconnecting | SyncFinished | OutboxChanged | CalendarChanged
Emit = Callable[[Event], None]


def ignore(event: Event) -> None:
    """An `Emit` for callers that don't care."""
