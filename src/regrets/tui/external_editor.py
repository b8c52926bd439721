"""The letter in $VISUAL or $EDITOR, while the screen is suspended."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App


class EditorFailed(Exception):
    """The editor could not be used; the text says why and what to do."""


def edit(app: App[int], text: str) -> str:
    """The text as the editor left it. The file is private (0600) and removed, also where a signal ends the program,
    and the editor with it. Raises EditorFailed."""
    import shlex
    import tempfile
    from pathlib import Path

    from textual.app import SuspendNotSupported

    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    handle, name = tempfile.mkstemp(prefix="regrets-", suffix=".txt")  # mkstemp makes it 0600
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text.rstrip("\n") + "\n")
        with app.suspend():
            problem = _run([*command, name])  # raises nothing: the screen would stay suspended
        if problem:
            raise EditorFailed(problem)
        return path.read_text("utf-8", "replace").rstrip("\n")
    except SuspendNotSupported:
        raise EditorFailed("This terminal can't be lent to an editor; e edits here.") from None
    except OSError as error:
        raise EditorFailed(f"The letter can't be given to {command[0]} and back: {error.strerror}.") from None
    finally:
        path.unlink(missing_ok=True)


def _run(command: list[str]) -> str:
    """What went wrong, in a sentence; '' for nothing."""
    try:
        if sys.platform == "win32":
            import subprocess

            status = subprocess.run(command, check=False).returncode  # noqa: S603 (the user's own)
        else:
            from regrets.tui.foreground import run_in_foreground

            status = run_in_foreground(command)
    except OSError as error:
        return f"{command[0]} can't be started ({error.strerror}): set EDITOR."
    return f"{command[0]} ended with status {status}: the letter is as it was." if status else ""
