"""The terminal face of the first run: the setup screen, before there is a mailbox to show."""

from __future__ import annotations

from typing import ClassVar

from textual import on

from regrets.domain.text import safe_block
from regrets.services.setting_up import Accounts, Outcome
from regrets.tui.bridge import Finished, Lanes
from regrets.tui.controllers.trying import Checked
from regrets.tui.face import Face, say_at_the_end
from regrets.tui.preferences import Preferences
from regrets.tui.screens.setup import SetupScreen
from regrets.tui.words import glyphs


class SetupApp(Face[Outcome]):
    """Ends with how it ended; the inbox is opened by whoever ran it."""

    CSS_PATH: ClassVar[list[str]] = [  # type: ignore[assignment]
        "widgets/panes.tcss",
        "widgets/status.tcss",
        "screens/setup.tcss",
    ]

    def __init__(self, accounts: Accounts, preferences: Preferences, your_name: str = "") -> None:
        super().__init__(preferences)
        self.lanes: Lanes[Accounts] = Lanes(accounts, self.post_message)
        self.setup = SetupScreen(self.lanes, self.keymap, glyphs(preferences.symbols), self.exit, your_name)
        self.keymap.install(self, "anywhere")

    def get_default_screen(self) -> SetupScreen:
        """There is one."""
        return self.setup

    def action_perform(self, action_id: str) -> None:
        """Of place `anywhere` only help makes sense here."""
        if action_id == "help" and self.screen is self.setup:
            from regrets.tui.screens.help import help_screen

            self.push_screen(help_screen(self.keymap))

    async def action_quit(self) -> None:
        """ctrl+q leaves, wherever it is pressed."""
        self.setup.action_perform("setup_leave")

    @on(Checked)
    def _checked(self, message: Checked) -> None:
        self.setup.trying.checked(message)

    @on(Finished)
    def _finished(self, message: Finished) -> None:
        self.lanes.settle(message)


def run_setup(accounts: Accounts, preferences: Preferences, your_name: str = "") -> Outcome:
    """Runs until the account is kept or the user leaves. An attempt that still waits for a server is left to end
    with the process."""
    app = SetupApp(accounts, preferences, your_name)
    try:
        outcome = app.run(mouse=preferences.mouse)
    finally:
        app.lanes.finish(0.0)
    for fault in app.lanes.unexpected:
        say_at_the_end(safe_block(fault))
    return (outcome or Outcome())._replace(status=app.return_code or 0)
