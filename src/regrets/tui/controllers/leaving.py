"""Quitting: at once where nothing waits; else one question about the replies in their undo window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from regrets.domain.text import SafeText, own
from regrets.tui.bridge import DESK, POST
from regrets.tui.words import plural

if TYPE_CHECKING:
    from regrets.domain.events import Emit
    from regrets.services.desk_api import DeskApi
    from regrets.tui.screens.inbox import InboxScreen


def settle(how: str, emit: Emit, desk: DeskApi) -> None:
    """Decides about held replies and, for 'send', lets them go. In a worker."""
    desk.settle(how)
    if how == "send":
        while (seconds := desk.deliver(emit)) is not None and seconds <= 0:
            pass


class Leaving:
    """`q`."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox
        self.asking = False  # what shall become of replies that are held: none leaves meanwhile
        self._waiting = False
        self._told = False  # that an edit would be lost

    def commands(self) -> dict[str, Callable[[], None]]:
        """Action ids and what they do."""
        return {"quit": self.quit}

    def quit(self) -> None:
        """Closes the detail first; then asks if replies are held; waits for a delivery under way."""
        inbox = self._inbox
        if inbox.draft_pane.editing:
            inbox.end_edit()
        edited = inbox.replying.unsent_edits()
        if inbox.zoomed:
            inbox.set_zoom(False)
        elif inbox.outgoing.held or inbox.outgoing.holding:
            from regrets.tui.screens.quit import QuitScreen

            self.asking = True
            count = len(inbox.outgoing.held) + inbox.outgoing.holding
            inbox.app.push_screen(
                QuitScreen(inbox.keymap, count, edited, lasting=not inbox.banner.startswith("demo")), self._decided
            )
        elif edited and not self._told:
            self._told = True
            inbox.say(
                own("{} not sent: q again leaves without.", plural(edited, "edited reply is", "edited replies are"))
            )
        elif inbox.bridge.busy(POST) and not self._waiting:
            self._wait(own("Finishing a delivery. q again leaves at once."))
        else:
            inbox.app.exit(0)

    def delivery_ended(self) -> None:
        """A delivery is over: if that was what quitting waited for, leaves."""
        if self._waiting and not self._inbox.bridge.busy(POST):
            self._inbox.app.exit(0)

    def _decided(self, how: str | None) -> None:
        self.asking = how in ("keep", "discard")  # until that is done
        if not how:
            return
        inbox = self._inbox
        if how == "send":
            self._wait(own("Sending. q again leaves at once."))
        emit = inbox.bridge.emit
        lane = POST if how == "send" else DESK
        inbox.bridge.ask(lane, lambda desk: settle(how, emit, desk), lambda _: inbox.app.exit(0), self._failed)

    def _wait(self, text: SafeText) -> None:
        self._waiting = True
        self._inbox.say(text)

    def _failed(self, error: SafeText) -> None:
        self._waiting = self.asking = False
        self._inbox.say(error, alert=True)
