"""What lies beside the databases and may hold what was removed from them: backups, broken files, the log."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

from regrets.domain.errors import StoreError

_COPIES = ("*.db.backup-*", ".*.db.*.backup*", ".*.db.*.new*", "*.db.broken", "*.db.broken-*")


def remove_copies(directory: Path, before: dt.datetime | None) -> list[str]:
    """Removes copies of databases, those last written before that moment or all; their names. Raises StoreError."""
    removed = []
    for file in sorted({file for pattern in _COPIES for file in directory.glob(pattern)}):
        try:
            if before is None or file.lstat().st_mtime < before.timestamp():
                file.unlink()
                removed.append(file.name)
        except OSError as error:
            raise StoreError(f"{file} can't be removed: {error.strerror}.", "Remove it by hand.") from error
    return removed


def remove_log_lines(directory: Path, told: Callable[[bytes], bool] | None, before: dt.datetime | None) -> int:
    """Rewrites the logs in place, since another program may be writing to them: how many lines went. A link is left:
    nothing was ever written through it."""
    count = 0
    for file in sorted(file for file in directory.glob("regrets.log*") if not file.is_symlink()):
        try:
            with os.fdopen(os.open(file, os.O_RDWR | os.O_NOFOLLOW), "r+b") as log:
                lines = log.readlines()
                kept = [line for line in _since(lines, before) if told is None or not told(line)]
                if len(kept) < len(lines):
                    log.seek(0)
                    log.writelines(kept)
                    log.truncate()
                    count += len(lines) - len(kept)
        except OSError as error:
            raise StoreError(f"{file} can't be changed: {error.strerror}.", "Remove it by hand.") from error
    return count


def _since(lines: list[bytes], before: dt.datetime | None) -> list[bytes]:
    """From the first line on that was written at that moment or later; lines begin with the local time."""
    if before is None:
        return lines
    day = before.astimezone().strftime("%Y-%m-%d %H:%M:%S").encode()
    start = (number for number, line in enumerate(lines) if line[:2] == b"20" and line[: len(day)] >= day)
    return lines[next(start, len(lines)) :]
