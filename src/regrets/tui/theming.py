"""Themes from TOML files: ours and the user's. A bad file costs one notice, never the program."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

_COLORS = (
    *("primary", "secondary", "warning", "error", "success"),
    *("accent", "foreground", "background", "surface", "panel", "boost"),
)
VARIABLES = ("quiet", "rule", "key", "chip", "alert", "row-cursor", "row-cursor-mark")
"""Variables of our style sheets that a theme may set under [variables]."""


def variable_defaults(theme: Theme) -> dict[str, str]:
    """Our variables for a theme that doesn't set them (Textual's own themes)."""
    ink = Color.parse(theme.foreground or ("#e0e0e0" if theme.dark else "#1e1e1e"))
    paper = Color.parse(theme.background or ("#121212" if theme.dark else "#f4f4f4"))
    primary = Color.parse(theme.primary)
    return {
        "quiet": ink.blend(paper, 0.3).hex,
        "rule": ink.blend(paper, 0.75).hex,
        "key": ink.blend(primary, 0.6).hex,
        "chip": ink.blend(primary, 0.6).hex,
        "alert": theme.warning or theme.primary,
        "row-cursor": paper.blend(primary, 0.25).hex,
        "row-cursor-mark": theme.primary,
    }


def builtin_files() -> tuple[Path, ...]:
    """The shipped themes: inside the package when installed, the repository's `themes/` in a checkout."""
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "themes", here.parents[3] / "themes"):
        if folder.is_dir():
            return tuple(sorted(folder.glob("*.toml")))
    return ()


def load(paths: Iterable[Path], read: Callable[[Path], str]) -> tuple[list[Theme], list[str]]:
    """The themes of some files, and one sentence for each file that can't be used; `read` raises OSError."""
    themes: list[Theme] = []
    faults: list[str] = []
    for path in paths:
        try:
            themes.append(parse(tomllib.loads(read(path)), path.stem))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            faults.append(f"Theme {path.name} is left out: {reason}")
    return themes, faults


def parse(table: Mapping[str, Any], name: str) -> Theme:
    """One theme: `name`, `dark`, [colors] and [variables]. Raises ValueError that names what is wrong."""
    unknown = set(table) - {"name", "dark", "colors", "variables"}
    colors, variables = table.get("colors", {}), table.get("variables", {})
    if not isinstance(colors, dict) or not isinstance(variables, dict):
        raise ValueError("colors and variables are tables")
    unknown |= set(colors) - set(_COLORS) | set(variables) - set(VARIABLES)
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    if "primary" not in colors:
        raise ValueError("colors.primary is missing")
    for key, value in (*colors.items(), *variables.items()):
        _check_color(key, value)
    return Theme(name=str(table.get("name", name)), dark=bool(table.get("dark", True)), variables=variables, **colors)


def choose(wanted: str, dark: bool | None, environment: Mapping[str, str] = os.environ) -> str:
    """A theme's name: "auto" follows the terminal's COLORFGBG, then the hint, then dark."""
    if wanted != "auto":
        return wanted
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    if dark is None and background.isdigit():
        dark = int(background) < 7 or int(background) == 8
    return "regrets-light" if dark is False else "regrets-dark"


def _check_color(key: str, value: object) -> None:
    if not isinstance(value, str):
        raise ValueError(f"{key} is no colour: {value!r}")
    try:
        Color.parse(value)
    except ColorParseError:
        raise ValueError(f"{key} is no colour: {value!r}") from None
