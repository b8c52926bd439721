"""What we mend of Textual from outside, each with its reason; to be looked at with every new version of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._styles_cache import StylesCache

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
