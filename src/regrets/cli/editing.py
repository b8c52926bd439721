"""A text of the user's own in $EDITOR: what they wrote is never lost."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from regrets.domain.errors import LetterError, RegretsError


def edit(before: str, save: Callable[[str], None]) -> bool:
    """Opens it in $VISUAL or $EDITOR and saves it; False where nothing was changed. What can't be read or saved stays
    in the editor's file (0600), which the error names. Raises LetterError."""
    handle, name = tempfile.mkstemp(prefix="regrets-", suffix=".md")
    path, given = Path(name), before.encode("utf-8")
    saved = False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(given)
        with _interrupting_only_the_editor():
            click.edit(filename=name)
        if not _is_changed(path, given):
            return False
        save(path.read_text("utf-8-sig"))
        saved = True
        return True
    except (click.ClickException, RegretsError, OSError, UnicodeDecodeError) as error:
        left = f"What you wrote is kept in {path}." if _is_changed(path, given) else "Nothing was changed."
        raise LetterError(_sentence(error), left) from error
    finally:
        if saved or not _is_changed(path, given):
            path.unlink(missing_ok=True)


def _is_changed(path: Path, given: bytes) -> bool:
    return path.is_file() and path.read_bytes() != given


@contextlib.contextmanager
def _interrupting_only_the_editor() -> Iterator[None]:
    """ctrl+c reaches both, and to an editor it may mean something else. A handler that does nothing, as one that is
    ignored would be ignored by the editor, too."""
    former = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


def _sentence(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "The editor didn't save it as UTF-8."
    return error.message if isinstance(error, click.ClickException) else str(error)
