"""A program in a real pseudo terminal: type keys, wait for text, look at the bytes."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from tests.support import canary

_ESCAPES = re.compile(rb"\x1b\[[0-9;?<>=]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|\x1b[=>78]")


class Terminal:
    """`python -m regrets ARGUMENTS` (or another `command`) in a terminal of the given size."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: dict[str, str],
        columns: int = 80,
        lines: int = 24,
        command: Sequence[str] = (sys.executable, "-m", "regrets"),
    ) -> None:
        self.output = b""  # since the last `forget`
        self._whole = bytearray()
        self._seen = 0
        self.status: int | None = None
        self._file, self._slave = pty.openpty()  # both kept: a terminal forgets its mode with the last that leaves it
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._file)
            os.login_tty(self._slave)
            os.execve(command[0], [*command, *arguments], environment)
        self.resize(columns, lines)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.status is None:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._file)
        os.close(self._slave)
        if kind is None:
            canary.listen("the terminal", bytes(self._whole))
            canary.listen("the terminal's text", _ESCAPES.sub(b"", bytes(self._whole)))

    @property
    def text(self) -> str:
        """What was written since it was last forgotten, without escape sequences."""
        return _ESCAPES.sub(b"", self.output[self._seen :]).decode("utf-8", "replace")

    def mode(self) -> list[Any]:
        """What `stty` shows: whether lines are edited, keys are echoed, ctrl+c interrupts, and so on."""
        return termios.tcgetattr(self._slave)

    def resize(self, columns: int, lines: int) -> None:
        """As if the window were dragged."""
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def type(self, keys: str) -> None:
        """Presses keys."""
        os.write(self._file, keys.encode())

    def hang_up(self) -> None:
        """The window is closed."""
        os.close(self._file)
        self._file = os.open(os.devnull, os.O_RDONLY)

    def forget(self) -> None:
        """Later waits look at what comes from now on."""
        self._read(0)
        self.output, self._seen = b"", 0

    def forget_text(self) -> None:
        """Later waits for text look at what comes from now on; `output` keeps all."""
        self._read(0)
        self._seen = len(self.output)

    def wait_for(self, wanted: str, seconds: float = 20.0) -> None:
        """Until the text was written; fails the test after `seconds`."""
        end = time.monotonic() + seconds
        while wanted not in self.text:
            assert time.monotonic() < end, f"{wanted!r} did not come; the end of the output: {self.text[-1500:]!r}"
            if not self._read(0.1) and self._ended():
                raise AssertionError(f"it ended with {self.status} before {wanted!r}: {self.text[-1500:]!r}")

    def settle(self, quiet: float = 0.5, most: float = 15.0) -> None:
        """Until nothing was written for a while: the screen stands still. `most`: seconds, where it never does."""
        end = time.monotonic() + most
        while self._read(quiet) and time.monotonic() < end:
            pass

    def wait_for_bytes(self, wanted: bytes, seconds: float = 20.0) -> None:
        """Until these bytes were written, escape sequences or not."""
        end = time.monotonic() + seconds
        while wanted not in self.output:
            assert time.monotonic() < end, f"{wanted!r} did not come; the end of the output: {self.output[-500:]!r}"
            self._read(0.1)

    def wait_for_end(self, seconds: float = 10.0) -> int:
        """The exit status."""
        end = time.monotonic() + seconds
        while not self._ended():
            assert time.monotonic() < end, f"it did not end; the end of the output: {self.text[-1500:]!r}"
            self._read(0.05)
        while self._read(0):
            pass
        assert self.status is not None
        return self.status

    def _read(self, seconds: float) -> bool:
        if not select.select([self._file], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._file, 65536)
        except OSError:  # EIO: the other end is closed
            return False
        self.output += data
        self._whole += data
        return bool(data)

    def _ended(self) -> bool:
        if self.status is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None
