"""The client book and time won back: the screens about all invitations together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from regrets.tui.bridge import DESK

if TYPE_CHECKING:
    from regrets.services.statistics import Total
    from regrets.tui.screens.inbox import InboxScreen


class Booking:
    """`C` and `T`."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox

    def commands(self) -> dict[str, Callable[[], None]]:
        """Action ids and what they do."""
        return {"client": self.clients, "won": self.won}

    def clients(self) -> None:
        """The book, at the chosen invitation's organiser."""
        from regrets.tui.screens.clients import ClientsScreen

        row, inbox = self._inbox.listing.selected, self._inbox
        organizer = (row.organizer_name, row.organizer_address) if row else None
        screen = ClientsScreen(inbox.keymap, inbox.bridge, organizer, inbox.glyphs)
        inbox.app.push_screen(screen, lambda changed: self._edited() if changed else None)

    def won(self) -> None:
        """Reads the totals, then shows them."""
        self._inbox.bridge.ask(DESK, lambda desk: desk.statistics(), self._show, self._inbox.alarm, latest="won")

    def _edited(self) -> None:
        """What was suggested may be another thing now: everything is read anew."""
        self._inbox.replying.forget(None)
        self._inbox.replying.show()
        self._inbox.reload()

    def _show(self, totals: list[Total]) -> None:
        from regrets.tui.screens.won import won_screen

        preferences = self._inbox.preferences
        self._inbox.lay_over(won_screen(self._inbox.keymap, totals, preferences.symbols))
