"""What every full-screen face has: the keymap, the themes, signals, and a crash that tells no secret."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import traceback
from typing import TYPE_CHECKING, TypeVar

from regrets.domain.text import SafeText, own, safe_block
from regrets.tui import keymap as keymaps
from regrets.tui import theming
from regrets.tui.content import printed
from regrets.tui.preferences import Preferences
from regrets.tui.textual_mends import mend_the_palette, mended
from regrets.tui.turns import KeysInTurn

if TYPE_CHECKING:
    from textual.driver import Driver

Ending = TypeVar("Ending")


def say_at_the_end(text: SafeText) -> None:
    """On stderr, once the screen is left."""
    print(text, file=sys.stderr)


class Face(KeysInTurn[Ending]):
    """An app in the user's keys and colours; what is wrong with them is one notice."""

    TITLE = "regrets"
    ENABLE_COMMAND_PALETTE = False  # ours comes from the registry

    def __init__(self, preferences: Preferences) -> None:
        self.preferences = preferences
        self.keymap, self._faults = keymaps.resolve(preferences.keymap)
        self.own_themes: list[str] = []
        super().__init__()
        mend_the_palette()
        if not preferences.motion:
            self.animation_level = "none"
        self._load_themes()

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

    def action_help_quit(self) -> None:
        """ctrl+c with nothing selected: Textual would lay a notice over the letter."""

    def copy_to_clipboard(self, text: str) -> None:
        """ctrl+c on what is selected: a terminal may paste it into a shell."""
        super().copy_to_clipboard(safe_block(text))

    def use_theme(self, name: str) -> None:
        """Switches to a registered theme."""
        self.theme = name

    def _load_themes(self) -> None:
        themes, faults = theming.load(
            (*theming.builtin_files(), *self.preferences.theme_files), self.preferences.read_file
        )
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
        self.set_reactive(Face.theme, theme)
        dark = self.current_theme.dark
        self.update_classes({"-dark-mode": dark, "-light-mode": not dark, f"-theme-{theme}": True}, update=False)
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def _fatal_error(self) -> None:
        """A crash names its place; values of variables may be secrets and are never printed."""
        self._exit_renderables.append(printed(safe_block(traceback.format_exc())))
        self._close_messages_no_wait()
