"""The terminal's own driver, mended: it survives being stopped and continued by anybody, and is given back as it was.

Textual 8.2 resumes at any SIGCONT, also where nothing was suspended (a laptop that wakes, a debugger, `kill -CONT`):
a second thread then reads the keys, and what is restored at the end is the raw mode that was found. And it does so
within a signal handler, where a write may wait for a lock that the interrupted code holds.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import termios
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from asyncio import TimerHandle

TOGETHER_SECONDS = 0.1
"""Signals that belong together have come by then: systemd and shells send SIGCONT after the SIGTERM that is meant."""


class UnixDriver(LinuxDriver):
    """Signals are only noted when they come; what they ask for is done by the loop, between two callbacks."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        self._wanted = False  # the program wants the screen; it is not lent to an editor, and not left for good
        self._taken = False  # we have it
        self._found: list[Any] | None = None  # its attributes before the program took it first
        self._set: list[Any] | None = None  # and those that were set then
        self._timer: TimerHandle | None = None
        super().__init__(app, debug=debug, mouse=mouse, size=size)

    def start_application_mode(self) -> None:
        """Takes the screen; in the background, which may not, it stops instead until it is in the foreground."""
        self._wanted = True
        self._writer_thread = None
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._taken = self._writer_thread is not None
        if not self._taken:
            self._writer_thread = _Nobody()
            return
        if self._found is None:
            self._found = self.attrs_before
        self.attrs_before = self._found
        self._set = self._attributes()

    def stop_application_mode(self) -> None:
        """Gives the screen back as it was found; a shell that has its terminal back already keeps its own mode."""
        self._wanted = False
        if not self._taken:
            return
        with _not_stopped_by_writing():
            if not self._in_foreground():
                self.attrs_before = None
            super().stop_application_mode()
        self._taken = False

    def disable_input(self) -> None:
        """Ends the one thread that reads keys."""
        if self._taken:
            with _not_stopped_by_writing():
                super().disable_input()

    def close(self) -> None:
        """What is painted from now on goes nowhere: nobody would take it out of the writer's queue."""
        super().close()
        self._writer_thread = _Nobody()

    def _sigtstp_application(self, *_: object) -> None:
        if self._wanted:
            self._soon(self._give_way)
        else:  # the editor that has the terminal is being stopped, and the loop may wait for its end
            self._stop_here()

    def _sigcont_application(self, *_: object) -> None:
        self._soon(self._go_on)

    def _soon(self, work: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and the screen is left
            self._loop.call_soon_threadsafe(work)

    def _later(self, work: Callable[[], None] | None) -> None:
        """In place of what was to be done later; after the loop has heard of the signals that came meanwhile."""
        if self._timer:
            self._timer.cancel()
        self._timer = self._loop.call_later(TOGETHER_SECONDS, self._loop.call_soon, work) if work else None

    def _give_way(self) -> None:
        """ctrl+z: to the shell, until it gives the terminal back."""
        if not self._wanted:
            return
        if self._taken:
            self.suspend_application_mode()
            self._wanted = self._must_signal_resume = True
        self._stop_here()
        self._later(self._go_on)  # without a shell nothing has stopped us

    def _go_on(self) -> None:
        """Continued, by whomever, after being stopped by whomever."""
        self._later(None)
        if self._app._exit or not self._wanted:
            return
        if not self._in_foreground():
            self._later(self._wait_for_the_foreground)
        elif not self._taken:
            self.start_application_mode()
            self._paint_all()
        elif self._attributes() == self._set:
            self._paint_anew()
        else:  # a shell had the terminal
            self.suspend_application_mode()
            self.start_application_mode()
            self._paint_all()

    def _wait_for_the_foreground(self) -> None:
        """The terminal is a shell's, which says that we are stopped and can continue us."""
        if self._wanted and not self._app._exit and not self._in_foreground():
            self._stop_here()

    def _stop_here(self) -> None:
        """As SIGTSTP does by itself: unlike SIGSTOP, it is not obeyed where no shell could continue us."""
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._sigtstp_application)

    def _paint_anew(self) -> None:
        """What a shell's prompt may have written over or switched, without leaving the screen."""
        self.write("\x1b[?25l")
        self._enable_bracketed_paste()
        self._disable_line_wrap()
        self._paint_all()

    def _paint_all(self) -> None:
        """Every widget: Textual paints again only what has changed, and thinks that the rest still stands there."""
        for screen in self._app.screen_stack:
            for widget in (screen, *screen.walk_children()):
                widget.refresh()

    def _in_foreground(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:  # it is no terminal that shells share, or it is gone
            return True

    def _attributes(self) -> list[Any] | None:
        try:
            return termios.tcgetattr(self.fileno)
        except termios.error:
            return None


class _Nobody(WriterThread):
    """Never started."""

    def __init__(self) -> None:
        super().__init__(sys.stdout)

    def write(self, text: str) -> None:
        """Lost."""

    def stop(self) -> None:
        """Nothing to wait for."""


@contextlib.contextmanager
def _not_stopped_by_writing() -> Iterator[None]:
    """In the background, a program that changes its terminal is stopped (SIGTTOU), and would never end."""
    former = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGTTOU, former)
