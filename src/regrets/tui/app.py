"""The terminal face: opens the desk, paints its rows, and runs until the user leaves."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App
from textual.command import CommandPalette

from regrets.domain.text import NOTHING, SafeText, own, safe_block
from regrets.tui import keymap as keymaps
from regrets.tui import theming
from regrets.tui.bridge import Bridge, Finished, Noticed
from regrets.tui.content import printed
from regrets.tui.preferences import Preferences
from regrets.tui.screens.inbox import InboxScreen
from regrets.tui.textual_mends import mended

if TYPE_CHECKING:
    from textual.driver import Driver

    from regrets.services.desk_api import DeskApi
    from regrets.tui.palette import ActionProvider

QUIT_PATIENCE_SECONDS = 0.1
"""For work that is about to end by itself; what waits for a network would wait for longer than anybody does."""
FIRST_ROWS = 100
"""As many as the highest of usual screens shows; the others follow."""


def _action_provider() -> type[ActionProvider]:
    from regrets.tui.palette import ActionProvider

    return ActionProvider


class RegretsApp(App[int]):
    """Holds the desk's bridge, the keymap and the themes; the inbox screen does the rest."""

    TITLE = "regrets"
    CSS_PATH: ClassVar[list[str]] = [  # type: ignore[assignment]
        "widgets/line_list.tcss",
        "widgets/panes.tcss",
        "widgets/status.tcss",
        "screens/inbox.tcss",
    ]
    COMMANDS: ClassVar[set[Callable[[], type[ActionProvider]]]] = {_action_provider}  # type: ignore[assignment]
    ENABLE_COMMAND_PALETTE = False  # ours comes from the registry

    def __init__(
        self, open_desk: Callable[[], DeskApi], preferences: Preferences, *, banner: SafeText = NOTHING
    ) -> None:
        """Raises what `open_desk` raises."""
        self.preferences = preferences
        self.keymap, self._faults = keymaps.resolve(preferences.keymap)
        self.own_themes: list[str] = []
        self._banner = banner
        super().__init__()
        if not preferences.motion:
            self.animation_level = "none"
        self._load_themes()
        self.bridge = Bridge(open_desk(), self.post_message)
        rows = self.bridge.desk.first_rows(FIRST_ROWS)
        banner = banner or (own("READ-ONLY") if self.bridge.desk.read_only else NOTHING)
        self.inbox = InboxScreen(self.bridge, self.keymap, preferences, rows, banner=banner)
        self.keymap.install(self, "anywhere")

    def get_default_screen(self) -> InboxScreen:
        """The inbox is the first thing painted."""
        return self.inbox

    def get_driver_class(self) -> type[Driver]:
        """The mended one, where Textual's own for a Unix terminal would be used."""
        return mended(super().get_driver_class())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our variables under Textual's own themes."""
        return theming.variable_defaults(self.current_theme)

    def on_load(self) -> None:
        """Before the terminal is taken over: from then on, signals that end a program end this one in order."""
        self._listen_for_signals()

    def on_mount(self) -> None:
        """Faults of [keys] and themes: one notice."""
        if self._faults:
            self._warn(safe_block("\n".join(self._faults)), own("Settings"))

    def _warn(self, text: SafeText, title: SafeText) -> None:
        self.notify(text, title=title, severity="warning", markup=False)

    def _listen_for_signals(self) -> None:
        """SIGTERM and SIGHUP (a closed terminal): the outbox is closed, and what is held stays held."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # Windows; a test's thread
                loop.add_signal_handler(number, self.exit, None, 128 + number)

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

    def copy_to_clipboard(self, text: str) -> None:
        """ctrl+c on what is selected: a terminal may paste it into a shell."""
        super().copy_to_clipboard(safe_block(text))

    def use_theme(self, name: str) -> None:
        """Switches to a registered theme."""
        self.theme = name

    async def action_quit(self) -> None:
        """ctrl+q asks what `q` asks."""
        if self.screen is self.inbox:
            self.inbox.action_perform("quit")

    @on(Finished)
    def _finished(self, message: Finished) -> None:
        self.bridge.settle(message)

    @on(Noticed)
    def _noticed(self, message: Noticed) -> None:
        self.inbox.syncing.noticed(message.event)

    def _load_themes(self) -> None:
        themes, faults = theming.load((*theming.builtin_files(), *self.preferences.theme_files))
        for theme in themes:
            self.register_theme(theme)
            self.own_themes.append(theme.name)
        wanted = theming.choose(self.preferences.theme, self.preferences.dark)
        if self.get_theme(wanted) is None:
            faults.append(f"There is no theme {wanted!r}; ctrl+p shows them")
            wanted = theming.choose("auto", self.preferences.dark)
        self._begin_with(wanted)
        self._faults += faults

    def _begin_with(self, theme: str) -> None:
        """The theme before anything is parsed; assigning `theme` would parse the style sheets once more."""
        self.set_reactive(RegretsApp.theme, theme)
        dark = self.current_theme.dark
        self.update_classes({"-dark-mode": dark, "-light-mode": not dark, f"-theme-{theme}": True}, update=False)
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def _fatal_error(self) -> None:
        """A crash names its place; values of variables may be secrets and are never printed."""
        self._exit_renderables.append(printed(safe_block(traceback.format_exc())))
        self._close_messages_no_wait()


def _say_at_the_end(text: SafeText) -> None:
    print(text, file=sys.stderr)


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
        app.bridge.desk.close()
    for fault in app.bridge.unexpected:
        _say_at_the_end(safe_block(fault))
    return app.return_code or status or 0
