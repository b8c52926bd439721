"""Who could read a file at the moment at which it came to be: what is tightened afterwards was open for a while."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest


class Births:
    """Remembers each file and directory that is made from now on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._modes: dict[int, int] = {}
        opened, made = os.open, os.mkdir

        def watched_open(path: Any, flags: int, *rest: Any, **named: Any) -> int:
            new = flags & os.O_CREAT and not Path(path).exists()
            descriptor = opened(path, flags, *rest, **named)
            if new:
                self._remember(os.fstat(descriptor))
            return descriptor

        def watched_mkdir(path: Any, *rest: Any, **named: Any) -> None:
            made(path, *rest, **named)
            self._remember(Path(path).stat())

        monkeypatch.setattr(os, "open", watched_open)
        monkeypatch.setattr(os, "mkdir", watched_mkdir)

    def mode(self, path: Path) -> int:
        """The mode with which the file that now has this name came to be; KeyError if it was not made here."""
        return self._modes[path.stat().st_ino]

    def _remember(self, status: os.stat_result) -> None:
        self._modes[status.st_ino] = stat.S_IMODE(status.st_mode)
