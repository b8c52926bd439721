"""Another program in the terminal, as a job of its own: what a shell does for what it starts.

What is typed there (ctrl+c, ctrl+z) is for that program alone, and a signal that ends this program ends that one
first, with all that it started.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from typing import Any

_ENDING = frozenset({signal.SIGTERM, signal.SIGHUP})
_GRACE_SECONDS = 0.2  # for putting away what was not saved; a program that takes longer isn't waited for


def run_in_foreground(command: Sequence[str]) -> int:
    """Its exit status, negative where a signal ended it. Blocks; for the main thread. SIGTERM and SIGHUP end the
    program, and are raised again for this one's own handlers; SIGINT is passed on to it. Raises OSError."""
    terminal = _Terminal()
    with _Signals() as signals:
        child = subprocess.Popen(command, process_group=0)  # noqa: S603 (the user's own)
        child.returncode = 0  # it is waited for here
        try:
            return _follow(child.pid, terminal, signals)
        finally:
            terminal.take_back()


def _follow(group: int, terminal: _Terminal, signals: _Signals) -> int:
    terminal.lend(group)
    while True:
        found, status = os.waitpid(group, os.WNOHANG | os.WUNTRACED)
        if found and os.WIFSTOPPED(status):  # ctrl+z
            terminal.take_back()
            _stop()
            terminal.lend(group)
        elif found:
            return os.waitstatus_to_exitcode(status)
        elif (number := signals.wait()) == signal.SIGINT:  # typed before the terminal was lent
            _tell(group, number)
        elif number:
            _end(group, number, signals)
            return -number


def _end(group: int, number: int, signals: _Signals) -> None:
    _tell(group, number)
    _tell(group, signal.SIGCONT)  # who is stopped hears nothing
    until = time.monotonic() + _GRACE_SECONDS
    while not os.waitpid(group, os.WNOHANG)[0] and (left := until - time.monotonic()) > 0:
        signals.wait(left)


class _Signals:
    """Hears of children and of what ends a program, whichever thread the system chose to tell: that a blocking call
    is interrupted can't be relied upon where there are several."""

    def __enter__(self) -> _Signals:
        self._heard, self._teller = socket.socketpair()
        self._teller.setblocking(False)
        self._ending: list[int] = []
        self._before = signal.set_wakeup_fd(self._teller.fileno(), warn_on_full_buffer=False)
        heard = (*_ENDING, signal.SIGCHLD, signal.SIGINT)
        self._handlers = {each: signal.signal(each, _heard) for each in heard}
        return self

    def wait(self, seconds: float | None = None) -> int:
        """Until any signal; the number of one that ends this program, or of ctrl+c, else 0."""
        heard = self._heard.recv(512) if select.select([self._heard], [], [], seconds)[0] else b""
        self._ending += [number for number in heard if number in _ENDING]
        return self._ending[0] if self._ending else signal.SIGINT if signal.SIGINT in heard else 0

    def __exit__(self, *_: object) -> None:
        for each, handler in self._handlers.items():
            signal.signal(each, handler or signal.SIG_DFL)
        signal.set_wakeup_fd(self._before)
        self.wait(0)
        self._heard.close()
        self._teller.close()
        for number in dict.fromkeys(self._ending):
            signal.raise_signal(number)


def _heard(*_: Any) -> None:
    """In place of what would end this program, or tell nobody."""


class _Terminal:
    """Standard input, where it is the terminal that this program has in its hands; else nothing is done."""

    def __init__(self) -> None:
        self._number, self._modes = -1, []
        with contextlib.suppress(OSError, ValueError, AttributeError, termios.error):  # closed, or none
            number = sys.__stdin__.fileno()  # type: ignore[union-attr]
            if os.tcgetpgrp(number) == os.getpgrp():
                self._number, self._modes = number, termios.tcgetattr(number)

    def lend(self, group: int) -> None:
        """What is typed goes to that group from now on, which may have asked too early, and be stopped for it."""
        if self._modes:
            with contextlib.suppress(OSError):
                os.tcsetpgrp(self._number, group)
        _tell(group, signal.SIGCONT)

    def take_back(self) -> None:
        """With its modes as they were: a program that was ended leaves its own."""
        if not self._modes:
            return
        with _handled(signal.SIGTTOU, signal.SIG_IGN), contextlib.suppress(OSError, termios.error):
            os.tcsetpgrp(self._number, os.getpgrp())
            termios.tcsetattr(self._number, termios.TCSANOW, self._modes)


def _stop() -> None:
    """As if ctrl+z had been typed for this program; where no shell could wake it, the system doesn't stop it."""
    with _handled(signal.SIGTSTP, signal.SIG_DFL):
        os.killpg(os.getpgrp(), signal.SIGTSTP)


@contextlib.contextmanager
def _handled(number: int, way: signal.Handlers) -> Iterator[None]:
    before = signal.signal(number, way)
    try:
        yield
    finally:
        signal.signal(number, before or signal.SIG_DFL)


def _tell(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
