"""What the terminal face takes from the config, the command line and the clock."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple


def _system_now() -> dt.datetime:
    return dt.datetime.now().astimezone()


def _text_of(path: Path) -> str:
    return path.read_text("utf-8")


class Preferences(NamedTuple):
    """[ui] and [keys] of config.toml, and the clock that the screen shows.

    `theme` is a theme's name or "auto"; `dark` a hint for "auto" where the terminal says nothing. `keymap` maps
    action ids to Textual keys, comma separated. `theme_files` are the user's own themes/*.toml, read by `read_file`.
    `now` gives aware datetimes (`--now` sets it), shown in `zone` (None: the machine's); `monotonic` gives seconds.
    """

    theme: str = "auto"
    dark: bool | None = None
    symbols: str = "unicode"
    motion: bool = True
    mouse: bool = True
    keymap: Mapping[str, str] = MappingProxyType({})
    theme_files: tuple[Path, ...] = ()
    read_file: Callable[[Path], str] = _text_of
    undo_seconds: int = 10
    sync_on_start: bool = True
    zone: dt.tzinfo | None = None
    now: Callable[[], dt.datetime] = _system_now
    monotonic: Callable[[], float] = time.monotonic
