"""A text of the user's own in $EDITOR: what they wrote is never lost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from regrets.domain.errors import LetterError, RegretsError


def edit(before: str, save: Callable[[str], None]) -> bool:
    """Opens it in $VISUAL or $EDITOR and saves it; False where nothing was changed. What can't be read or saved stays
    in the editor's file (0600), which the error names. Raises LetterError."""
    handle, name = tempfile.mkstemp(prefix="regrets-", suffix=".md")
    path, given = Path(name), before.encode("utf-8")
    kept = False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(given)
        click.edit(filename=name)
        if path.read_bytes() == given:
            return False
        save(path.read_text("utf-8-sig"))
        return True
    except (click.ClickException, RegretsError, OSError, UnicodeDecodeError) as error:
        kept = path.is_file() and path.read_bytes() != given
        left = f"What you wrote is kept in {path}." if kept else "Nothing was changed."
        raise LetterError(_sentence(error), left) from error
    finally:
        if not kept:
            path.unlink(missing_ok=True)


def _sentence(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "The editor didn't save it as UTF-8."
    return error.message if isinstance(error, click.ClickException) else str(error)
