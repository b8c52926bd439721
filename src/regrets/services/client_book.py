"""The client book at work: who is in it, what the calendars say of them, and edits that count at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regrets.domain.clients import Client
from regrets.domain.errors import ConfigError
from regrets.services.crowding import WINDOW, crowds, shares

if TYPE_CHECKING:
    from regrets.domain.ports import ClientStore, Clock
    from regrets.services.casebook import Casebook


@dataclass(frozen=True, slots=True)
class BookEntry:
    """One client; `share` of the last 30 days' meeting hours (0 to 1), `crowding`: whether that is worth a sign."""

    client: Client
    share: float = 0.0
    crowding: bool = False


class ClientEdits:
    """Reads and changes clients.toml; whatever depends on a changed client is judged anew before it returns."""

    def __init__(self, casebook: Casebook, clock: Clock) -> None:
        self._casebook, self._clock = casebook, clock

    def entries(self) -> list[BookEntry]:
        """All clients, in the order of the file. Raises ConfigError."""
        now = self._clock.now()
        book = self._store().load()
        parts = shares(self._casebook.engine.triage.meetings(now - WINDOW, now), book)
        return [
            BookEntry(client, share, crowds(client, share, now.date()))
            for client in book.clients
            for share in [parts.get(client.name, 0.0)]
        ]

    def add(self, name: str, match: Sequence[str], fields: Mapping[str, object]) -> None:
        """A new client. Raises ConfigError."""
        self._store().add(name, match, fields)
        self._know()

    def change(self, name: str, fields: Mapping[str, object]) -> None:
        """Raises NotFound, ConfigError."""
        self._store().change(name, fields)
        self._know()

    def note_sign(self, name: str, sign: str, note: str, date: dt.date | None = None) -> None:
        """A warning sign of today, unless another day is given. Raises NotFound, ConfigError."""
        self._store().note_sign(name, date or self._clock.now().date(), sign, note)
        self._know()

    def _know(self) -> None:
        engine = self._casebook.engine
        before, book = engine.triage.book, self._store().load()
        engine.triage.use(book)
        engine.compose.use(book)
        self._casebook.judge_anew(lambda address: before.of(address) != book.of(address))

    def _store(self) -> ClientStore:
        store = self._casebook.engine.clients
        if store is None:
            raise ConfigError(["There is no client book here."])
        return store
