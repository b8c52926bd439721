"""Looking for new invitations, with progress in the header line; what a line spoiled is tried again by itself."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from regrets.domain.backoff import backoff
from regrets.domain.text import NOTHING, SafeText, own, safe_line
from regrets.tui import dates
from regrets.tui.bridge import SYNC
from regrets.tui.controllers.passwords import Passwords
from regrets.tui.widgets.status import StatusLine
from regrets.tui.words import plural

if TYPE_CHECKING:
    from regrets.domain.events import Event, SyncFinished
    from regrets.tui.screens.inbox import InboxScreen

CLOCK_FROM_SECONDS = 120
"""A next try that is nearer is counted down."""


class Syncing:
    """One pass at a time, in a worker; the list stays usable."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox
        self.running = False
        self.first_look = inbox.preferences.sync_on_start  # not over yet
        self._by_itself = False
        self._errors: dict[str, tuple[str, ...]] = {}  # by account, of its last pass
        self._spoiled: tuple[str, ...] = ()  # accounts whose line failed: a refused login is never tried again
        self._spoiled_passes = 0  # in a row
        self._next: float | None = None  # on the monotonic clock
        self._ended = inbox.preferences.now()  # the last pass
        self._passwords = Passwords(inbox, self._look_soon)
        self._after: list[str] = []  # accounts that are looked at once the pass that is under way has ended
        self._told: list[str] = []  # faults of the user's own files
        self._last_error = NOTHING

    def commands(self) -> dict[str, Callable[[], None]]:
        """Action ids and what they do."""
        return {"sync": self.sync}

    def refresh(self) -> None:
        """Lets the desk suggest anew what needs it, e.g. because it is another day."""
        self._inbox.bridge.ask(SYNC, lambda desk: (desk.refresh(), desk.faults()), self._refreshed, self._inbox.alarm)

    def sync(self) -> None:
        """Starts a pass, unless one is under way."""
        if self.running:
            self._inbox.say(own("Already looking."))
            return
        self._spoiled_passes = 0
        self._look()

    def _look_soon(self, account: str) -> None:
        """At one account, after the pass that is under way: that one knows nothing of its password."""
        self._after.append(account)
        self._look_after()

    def _look_after(self) -> None:
        if self._after and not self.running:
            accounts, self._after = tuple(self._after), []
            self._look(accounts)

    def tick(self) -> None:
        """Every second: tries again the accounts whose line failed, once it is time; until then says when."""
        self._passwords.tick()
        if self._next is None or self.running:
            return
        if self._next <= self._inbox.preferences.monotonic():
            self._look(self._spoiled, by_itself=True)
        else:
            self._inbox.show_sync(self._outcome())

    def _look(self, accounts: tuple[str, ...] = (), *, by_itself: bool = False) -> None:
        """At all accounts, or at these."""
        self.running, self._by_itself, self._next = True, by_itself, None
        self._inbox.show_sync(own("checking{}", self._inbox.glyphs.more))
        bridge = self._inbox.bridge
        bridge.ask(SYNC, lambda desk: desk.sync(bridge.emit, bridge.stop, accounts), self._finished, self._failed)

    def noticed(self, event: Event) -> None:
        """What the services say while they work."""
        from regrets.domain.events import (
            AccountFailed,
            CalendarChanged,
            ItemsChanged,
            OutboxChanged,
            Reconnecting,
            SyncProgress,
        )

        if isinstance(event, SyncProgress | Reconnecting):
            if self.running:
                how = "connecting again" if isinstance(event, Reconnecting) else f"{event.done}/{event.total}"
                self._inbox.show_sync(safe_line(f"checking{self._inbox.glyphs.more} {how}"))
        elif isinstance(event, ItemsChanged):
            self._inbox.replying.forget(event.ids)
            self._inbox.reload()
        elif isinstance(event, AccountFailed):
            if not self._is_known(event.account, event.message):
                self._inbox.say(safe_line(f"{event.account}: {event.message}"), alert=True)
        elif isinstance(event, OutboxChanged):
            self._inbox.outgoing.noticed(event)
        elif isinstance(event, CalendarChanged):
            self._inbox.say(safe_line(event.told), alert=event.failed)

    def _refreshed(self, found: tuple[list[str], list[str]]) -> None:
        ids, faults = found
        if faults != self._told:
            self._told = faults
            self._tell(faults)
        if ids:
            self._inbox.replying.forget(tuple(ids))
            self._inbox.reload()

    def _finished(self, passes: list[SyncFinished]) -> None:
        self.running = self.first_look = False
        news = [
            f"{one.account}: {error}"
            for one in passes
            for error in one.errors
            if not self._is_known(one.account, error)
        ]
        self._errors |= {one.account: one.errors for one in passes}
        self._try_again(passes)
        self._ended = self._inbox.preferences.now()
        self._inbox.show_sync(self._outcome())
        if news:
            self._last_error = self._tell(news)
        elif not any(self._errors.values()):
            self._inbox.query_one(StatusLine).unsay(self._last_error)
        self._inbox.reload()
        self.refresh()
        self._inbox.outgoing.deliver()
        self._passwords.finished(passes, ask=not self._by_itself)
        self._look_after()

    def _is_known(self, account: str, error: str) -> bool:
        """A fault that was told already, in a pass that nobody asked for."""
        return self._by_itself and error in self._errors.get(account, ())

    def _try_again(self, passes: list[SyncFinished]) -> None:
        """When the accounts whose line failed are tried by themselves."""
        looked_at = {one.account for one in passes}
        waits = {one.account: one.again for one in passes if one.again is not None}
        others = [account for account in self._spoiled if account not in looked_at]
        self._spoiled = (*others, *waits)
        self._spoiled_passes = self._spoiled_passes + bool(waits) if self._spoiled else 0
        wait = max(backoff(self._spoiled_passes), *waits.values(), 0.0) if self._spoiled else None
        self._next = self._inbox.preferences.monotonic() + wait if wait is not None else None

    def _outcome(self) -> SafeText:
        """`synced 07:58`, or when the next try is: `in 40 s`, from two minutes on by the clock."""
        preferences = self._inbox.preferences
        ended = dates.local(self._ended, preferences.zone)
        if not any(self._errors.values()):
            return safe_line(f"synced {ended:%H:%M}")
        if self._next is None:
            return safe_line(f"not synced {ended:%H:%M}")
        wait = max(1, math.ceil(self._next - preferences.monotonic()))
        then = dates.local(preferences.now(), preferences.zone) + dt.timedelta(seconds=wait)
        again = f"in {wait} s" if wait < CLOCK_FROM_SECONDS else f"{then:%H:%M}"
        return safe_line(f"not synced {ended:%H:%M}, next try {again}")

    def _tell(self, faults: list[str]) -> SafeText:
        """The first, and how many there are besides: what was said."""
        more = f" ({plural(len(faults) - 1, 'more fault')})" if len(faults) > 1 else ""
        text = safe_line(f"{faults[0]}{more}") if faults else NOTHING
        if text:
            self._inbox.say(text, alert=True)
        return text

    def _failed(self, error: SafeText) -> None:
        self.running = self.first_look = False
        self._inbox.show_sync(own("not synced"))
        self._inbox.say(error, alert=True)
