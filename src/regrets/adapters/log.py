"""The program's log: warnings and errors into a small rotating file, 0600, gated, and never onto the screen."""

from __future__ import annotations

import logging
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from regrets.domain.text import safe_block

MOST_BYTES, OLD_ONES = 500_000, 2


class PrivateLog(RotatingFileHandler):
    """Opened with the first line; a link in its place is not followed."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(self.baseFilename, flags, 0o600)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)
        return TextIOWrapper(os.fdopen(descriptor, "ab"), encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """A disk that is full costs lines of the log, nothing else."""


class _Gated(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return safe_block(super().format(record), 20_000)


def log_to(path: Path) -> None:
    """Once for a process; a later call changes nothing."""
    logger = logging.getLogger("regrets")
    if any(isinstance(handler, PrivateLog) for handler in logger.handlers):
        return
    handler = PrivateLog(path, maxBytes=MOST_BYTES, backupCount=OLD_ONES, encoding="utf-8", delay=True)
    handler.setFormatter(_Gated("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.propagate = False
