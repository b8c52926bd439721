"""What we mend of Textual from outside, each with its reason; to be looked at with every new version of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual._styles_cache import StylesCache
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette

if TYPE_CHECKING:
    from textual.driver import Driver


def mended(driver: type[Driver]) -> type[Driver]:
    """The driver that survives SIGCONT, in place of Textual's for Unix; any other one as it is."""
    if driver.__name__ != "LinuxDriver":
        return driver
    from regrets.tui.unix_driver import UnixDriver

    return UnixDriver


def forget_closed_screens() -> None:
    """Lets go of what closed screens have painted.

    Textual 8.2 remembers two colours for each widget's cache of painted lines, with that cache as the key, so that up
    to a thousand of them outlive their widgets (tens of megabytes after some hundred screens).
    """
    StylesCache.get_inner_outer.cache_clear()


_move_page, _dismiss = CommandList._move_page, CommandPalette.dismiss
_run_chosen = CommandPalette._select_or_command


def mend_the_palette() -> None:
    """Keys and clicks that come faster than it opens or closes no longer end the program.

    Textual 8.2 looks for the page of a list that has not been laid out yet (KeyError), and a palette that is closed
    twice takes away the screen beneath it, of which there is none (ScreenStackError). Two clicks on a command
    would run it twice.
    """
    CommandList._move_page = _move_page_once_laid_out  # type: ignore[method-assign, assignment]
    CommandPalette._select_or_command = _run_chosen_once  # type: ignore[method-assign, assignment]
    CommandPalette.dismiss = _dismiss_once  # type: ignore[method-assign, assignment]


def _move_page_once_laid_out(commands: CommandList, direction: Literal[-1, 1]) -> None:
    if commands._lines:
        _move_page(commands, direction)


def _run_chosen_once(palette: CommandPalette) -> None:
    if palette.app.screen is palette:
        _run_chosen(palette)


def _dismiss_once(palette: CommandPalette, result: None = None) -> AwaitComplete:
    return _dismiss(palette, result) if palette.app.screen is palette else AwaitComplete()
