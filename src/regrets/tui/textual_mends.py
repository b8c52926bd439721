"""What we mend of Textual from outside, each with its reason; to be looked at with every new version of it."""

from __future__ import annotations

from textual._styles_cache import StylesCache


def forget_closed_screens() -> None:
    """Lets go of what closed screens have painted.

    Textual 8.2 remembers two colours for each widget's cache of painted lines, with that cache as the key, so that up
    to a thousand of them outlive their widgets (tens of megabytes after some hundred screens).
    """
    StylesCache.get_inner_outer.cache_clear()
