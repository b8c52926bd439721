"""Looking for new invitations, with progress in the header line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from regrets.tui import dates
from regrets.tui.bridge import SYNC
from regrets.tui.words import plural

if TYPE_CHECKING:
    from regrets.domain.events import Event, SyncFinished
    from regrets.tui.screens.inbox import InboxScreen


class Syncing:
    """One pass at a time, in a worker; the list stays usable."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox
        self.running = False
        self._told: list[str] = []  # faults of the user's own files

    def commands(self) -> dict[str, Callable[[], None]]:
        """Action ids and what they do."""
        return {"sync": self.sync}

    def refresh(self) -> None:
        """Lets the desk suggest anew what needs it, e.g. because it is another day."""
        self._inbox.bridge.ask(SYNC, lambda desk: (desk.refresh(), desk.faults()), self._refreshed, self._inbox.alarm)

    def sync(self) -> None:
        """Starts a pass, unless one is under way."""
        if self.running:
            self._inbox.say("Already looking.")
            return
        self.running = True
        self._inbox.show_sync("checking" + self._inbox.glyphs.more)
        bridge = self._inbox.bridge
        bridge.ask(SYNC, lambda desk: desk.sync(bridge.emit, bridge.stop), self._finished, self._failed)

    def noticed(self, event: Event) -> None:
        """What the services say while they work."""
        from regrets.domain.events import AccountFailed, CalendarChanged, ItemsChanged, OutboxChanged, SyncProgress

        if isinstance(event, SyncProgress):
            if self.running:
                self._inbox.show_sync(f"checking{self._inbox.glyphs.more} {event.done}/{event.total}")
        elif isinstance(event, ItemsChanged):
            self._inbox.replying.forget(event.ids)
            self._inbox.reload()
        elif isinstance(event, AccountFailed):
            self._inbox.say(f"{event.account}: {event.message}", alert=True)
        elif isinstance(event, OutboxChanged):
            self._inbox.outgoing.noticed(event)
        elif isinstance(event, CalendarChanged):
            self._inbox.say(event.told, alert=event.failed)

    def _refreshed(self, found: tuple[list[str], list[str]]) -> None:
        ids, faults = found
        if faults != self._told:
            self._told = faults
            self._tell(faults)
        if ids:
            self._inbox.replying.forget(tuple(ids))
            self._inbox.reload()

    def _finished(self, passes: list[SyncFinished]) -> None:
        self.running = False
        preferences = self._inbox.preferences
        clock = f"{dates.local(preferences.now(), preferences.zone):%H:%M}"
        errors = [f"{one.account}: {error}" for one in passes for error in one.errors]
        self._inbox.show_sync(f"not synced {clock}" if errors else f"synced {clock}")
        if errors:
            self._tell(errors)
        self._inbox.reload()
        self.refresh()
        self._inbox.outgoing.deliver()

    def _tell(self, faults: list[str]) -> None:
        """The first, and how many there are besides."""
        more = f" ({plural(len(faults) - 1, 'more fault')})" if len(faults) > 1 else ""
        if faults:
            self._inbox.say(f"{faults[0]}{more}", alert=True)

    def _failed(self, error: str) -> None:
        self.running = False
        self._inbox.show_sync("not synced")
        self._inbox.say(error, alert=True)
