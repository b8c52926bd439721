"""The only module that writes to stdout and stderr. Everything shown passes the text gate."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from regrets.domain.text import safe_block, safe_line


def line(text: object = "") -> None:
    """One line of data on stdout."""
    _write(sys.stdout, safe_line(text))


def block(text: object) -> None:
    """Several lines of data on stdout."""
    _write(sys.stdout, safe_block(text))


def columns(cells: Iterable[tuple[object, int]]) -> None:
    """One line of cells, each cut and padded to its width in terminal cells (0: as long as it is)."""
    _write(sys.stdout, "  ".join(_fit(safe_line(text), width) for text, width in cells).rstrip())


def as_json(value: dict[str, Any]) -> None:
    """One JSON object on a line; control and other unsafe characters are escaped by JSON itself."""
    _write(sys.stdout, json.dumps(value, ensure_ascii=True))


def raw(data: bytes) -> None:
    """Bytes as they are, for `--dry-run`."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def say(text: object) -> None:
    """One line for the person, on stderr."""
    _write(sys.stderr, safe_line(text))


def faults(lines: Iterable[str]) -> None:
    """One line for each thing that is wrong in the user's own files and doesn't stop the program."""
    for fault in lines:
        say(f"regrets: {fault}")


def _write(stream: Any, text: str) -> None:
    try:
        stream.write(text + "\n")
        stream.flush()
    except UnicodeEncodeError:
        stream.write(text.encode(stream.encoding or "ascii", "replace").decode(stream.encoding or "ascii") + "\n")


def _fit(text: str, width: int) -> str:
    if not width:
        return text
    from unicodedata import combining, east_asian_width

    used = 0
    kept: list[str] = []
    for char in text:
        cells = 0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1
        if used + cells > width:
            while kept and used > width - 1:
                dropped = kept.pop()
                used -= 2 if east_asian_width(dropped) in "WF" else 1
            kept.append("…")
            used += 1
            break
        kept.append(char)
        used += cells
    return "".join(kept) + " " * (width - used)
