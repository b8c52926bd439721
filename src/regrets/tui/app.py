"""The terminal face: opens the desk, paints its rows, and runs until the user leaves."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.command import CommandPalette

from regrets.domain.errors import RegretsError
from regrets.domain.stored import OutboxState
from regrets.domain.text import NOTHING, SafeText, own, safe_block
from regrets.tui.bridge import Bridge, Finished, Noticed
from regrets.tui.face import Face, say_at_the_end
from regrets.tui.preferences import Preferences
from regrets.tui.screens.inbox import InboxScreen
from regrets.tui.words import plural

if TYPE_CHECKING:
    from regrets.services.desk_api import DeskApi
    from regrets.tui.palette import ActionProvider

QUIT_PATIENCE_SECONDS = 0.1
"""For work that is about to end by itself; what waits for a network would wait for longer than anybody does."""
FIRST_ROWS = 100
"""As many as the highest of usual screens shows; the others follow."""


def _action_provider() -> type[ActionProvider]:
    from regrets.tui.palette import ActionProvider

    return ActionProvider


class RegretsApp(Face[int]):
    """Holds the desk's bridge; the inbox screen does the rest."""

    CSS_PATH: ClassVar[list[str]] = [  # type: ignore[assignment]
        "widgets/line_list.tcss",
        "widgets/panes.tcss",
        "widgets/status.tcss",
        "screens/inbox.tcss",
    ]
    COMMANDS: ClassVar[set[Callable[[], type[ActionProvider]]]] = {_action_provider}  # type: ignore[assignment]

    def __init__(
        self, open_desk: Callable[[], DeskApi], preferences: Preferences, *, banner: SafeText = NOTHING
    ) -> None:
        """Raises what `open_desk` raises."""
        super().__init__(preferences)
        self.bridge = Bridge(open_desk(), self.post_message)
        rows = self.bridge.desk.first_rows(FIRST_ROWS)
        banner = banner or (own("READ-ONLY") if self.bridge.desk.read_only else NOTHING)
        self.inbox = InboxScreen(self.bridge, self.keymap, preferences, rows, banner=banner)
        self.keymap.install(self, "anywhere")

    def get_default_screen(self) -> InboxScreen:
        """The inbox is the first thing painted."""
        return self.inbox

    def waits(self) -> bool:
        """For the rest of the inbox, and for the letter that an editor waits for: what is typed then is its text."""
        inbox = self.inbox
        return self.screen is inbox and (not inbox.whole or inbox.replying.editing.opening is not None)

    def action_perform(self, action_id: str) -> None:
        """Actions of place `anywhere`."""
        if action_id == "help":
            from regrets.tui.screens.help import help_screen

            if self.screen is self.inbox:
                self.push_screen(help_screen(self.keymap))
        elif action_id == "palette" and self.screen is self.inbox:
            self.push_screen(CommandPalette(placeholder=own("Find an action or a theme"), id="--command-palette"))

    def perform(self, action_id: str) -> None:
        """Any action of the registry, from the palette."""
        if action_id in self.inbox.commands:
            self.inbox.action_perform(action_id)
        else:
            self.action_perform(action_id)

    async def action_quit(self) -> None:
        """ctrl+q asks what `q` asks; before the inbox is whole there is nothing to ask about."""
        if not self.inbox.whole:
            self.exit(0)
        elif self.screen is self.inbox:
            self.inbox.action_perform("quit")

    def action_help_quit(self) -> None:
        """ctrl+c with nothing selected; in a field `q` is a letter, and ctrl+q quits."""
        if self.screen is self.inbox and self.inbox.whole:
            key = self.keymap.shown("quit") if self.focused is self.inbox.query_one("#list") else NOTHING
            self.inbox.say(own("{} quits.", key or own("^q")))

    @on(Finished)
    def _finished(self, message: Finished) -> None:
        if self.is_running:  # else the widgets are being taken down
            self.bridge.settle(message)

    @on(Noticed)
    def _noticed(self, message: Noticed) -> None:
        if self.is_running:
            self.inbox.syncing.noticed(message.event)


def _unsent(desk: DeskApi) -> int:
    """How many replies are neither sent nor taken back."""
    with contextlib.suppress(RegretsError):
        return sum(entry.state not in (OutboxState.SENT, OutboxState.CANCELLED) for entry in desk.outbox())
    return 0


def run(open_desk: Callable[[], DeskApi], preferences: Preferences, *, banner: SafeText = NOTHING) -> int:
    """Runs the terminal face until the user leaves; the exit status. Raises what `open_desk` raises.

    The desk is closed at the end. A worker that still waits for the network finds it closed, and ends with the
    process; what it was sending is judged by the phase on disk at the next start.
    """
    app = RegretsApp(open_desk, preferences, banner=banner)
    try:
        status = app.run(mouse=preferences.mouse)
    finally:
        app.bridge.finish(QUIT_PATIENCE_SECONDS)
        unsent = _unsent(app.bridge.desk)
        app.bridge.desk.close()
    if unsent and not banner.startswith("demo"):
        told = plural(unsent, "reply has", "replies have")
        say_at_the_end(own("{} not left yet: `regrets outbox` says why, and what goes by itself.", told))
    for fault in app.bridge.unexpected:
        say_at_the_end(safe_block(fault))
    return app.return_code or status or 0
