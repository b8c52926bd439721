"""The only module that writes to stdout and stderr, and asks. It takes text that has passed the gate, which a type
checker sees, and gates it once more."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from regrets.domain.text import NOTHING, SafeText, safe_block, safe_line


def line(text: SafeText = NOTHING) -> None:
    """One line of data on stdout."""
    _write(sys.stdout, safe_line(text))


def block(text: SafeText) -> None:
    """Several lines of data on stdout."""
    _write(sys.stdout, safe_block(text))


def columns(cells: Iterable[tuple[SafeText, int]]) -> None:
    """One line of cells, each cut and padded to its width in terminal cells (0: as long as it is)."""
    _write(sys.stdout, "  ".join(_fit(safe_line(text), width) for text, width in cells).rstrip())


def as_json(value: dict[str, Any]) -> None:
    """One JSON object on a line; control and other unsafe characters are escaped by JSON itself, all but DEL."""
    _write(sys.stdout, json.dumps(value, ensure_ascii=True).replace("\x7f", "\\u007f"))


def raw(data: bytes) -> None:
    """Bytes as they are, for `--dry-run`."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def say(text: SafeText) -> None:
    """One line for the person, on stderr."""
    _write(sys.stderr, safe_line(text))


def faults(lines: Iterable[object]) -> None:
    """One line for each thing that is wrong in the user's own files and doesn't stop the program."""
    for fault in lines:
        say(safe_line(f"regrets: {fault}"))


def progress(text: SafeText = NOTHING) -> None:
    """How far it is, on a terminal's line that the next one takes the place of; nothing clears it."""
    _write(sys.stderr, f"\r{safe_line(text, 200)}\x1b[K", end="")


def ask(question: SafeText, **options: Any) -> Any:
    """Asks on stderr for a line; `options` are click.prompt's. Raises click.Abort."""
    import click

    return click.prompt(safe_line(question), err=True, **options)


def ask_unseen(question: SafeText) -> str:
    """Asks on the terminal for what isn't shown while it is typed. Raises EOFError."""
    import getpass

    return getpass.getpass(safe_line(question) + " ")


def confirm(question: SafeText, *, abort: bool = False) -> bool:
    """Asks on stderr for a yes; no is the default. Raises click.Abort where that ends it (`abort`), and without an
    answer."""
    import click

    return click.confirm(safe_line(question), default=False, abort=abort, err=True)


def _write(stream: Any, text: str, end: str = "\n") -> None:
    try:
        stream.write(text + end)
        stream.flush()
    except UnicodeEncodeError:
        stream.write(text.encode(stream.encoding or "ascii", "replace").decode(stream.encoding or "ascii") + end)


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
