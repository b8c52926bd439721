"""Reads mail in a process of its own (`reader_worker`): one bad mail costs five seconds at most, and one row.

What a mail can do to its reader is not known beforehand; libraries have looped, run out of memory and crashed on a
few hundred bytes. The process is started with the first mail, kept for the next ones, and replaced when it failed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import replace

from regrets.domain.model import Invitation, MailFacts, Unreadable
from regrets.domain.wire import from_wire

SECONDS = 4.0  # for one mail
HEAD_SECONDS = (
    0.7  # within the five in all, with a new process: for the header alone of a mail that was given up: whose was it?
)
MOST_HEAD = 16 * 1024  # bytes
MOST_MAILS = 1000  # for one process: what a library hoards is given back
MOST_BUSY = 20.0  # seconds for one process, well within the CPU that it may use
MOST_BYTES = 64 * 1024 * 1024  # of a mail; `imip.read` says that a larger one is too large
MOST_ANSWER = 32 * 1024 * 1024
_START_SECONDS = 30.0  # until a new process is ready, on a machine that swaps
_HEAD = struct.Struct(">I")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_KEPT_VARIABLES = ("PYTHONPATH", "PYTHONHOME", "PYTHONTZPATH", "PYTHONDONTWRITEBYTECODE", "PATH", "LD_LIBRARY_PATH")

TOO_COSTLY = Unreadable(
    "too-costly",
    "Reading it was given up: it takes more time or memory than an invitation may, or breaks the reader. "
    "Open it in your mail program.",
)

_log = logging.getLogger("regrets.reader")


class _FaultError(Exception):
    """The process is gone, silent, or says what it can't say."""


class _Process:
    """One worker; thrown away at its first fault."""

    def __init__(self, function: str) -> None:
        ours, theirs = socket.socketpair()
        try:
            command = [sys.executable, "-P", "-m", "regrets.adapters.reader_worker", function]
            self._child = subprocess.Popen(  # noqa: S603 - our own module
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(os.environ),
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._line = ours
        self._close = weakref.finalize(self, _end, self._child, ours)
        self.ready = False
        self.mails = 0
        self.busy = 0.0

    @property
    def worn(self) -> bool:
        """Whether another one shall read the next mail."""
        return self.mails >= MOST_MAILS or self.busy >= MOST_BUSY

    def wait_until_ready(self) -> None:
        """Before the first mail, and not at its cost. Raises _FaultError."""
        if not self.ready:
            self._receive(time.monotonic() + _START_SECONDS)
            self.ready = True

    def read(self, mail: bytes, seconds: float) -> Invitation | Unreadable:
        """Raises _FaultError."""
        begin = time.monotonic()
        self._send(mail, begin + seconds)
        answer = self._receive(begin + seconds)
        self.mails += 1
        self.busy += time.monotonic() - begin
        try:
            return from_wire(json.loads(answer))
        except (ValueError, RecursionError, MemoryError) as error:
            raise _FaultError(f"it says what it can't say: {error}") from error

    def _send(self, mail: bytes, until: float) -> None:
        try:
            self._line.settimeout(max(0.001, until - time.monotonic()))
            self._line.sendall(_HEAD.pack(len(mail)))
            self._line.sendall(mail)
        except OSError as error:
            raise _FaultError(f"it takes nothing: {error}") from error

    def _receive(self, until: float) -> bytes:
        (size,) = _HEAD.unpack(self._exactly(_HEAD.size, until))
        if size > MOST_ANSWER:
            raise _FaultError(f"it would say {size} bytes")
        return self._exactly(size, until)

    def _exactly(self, size: int, until: float) -> bytes:
        received = bytearray()
        while len(received) < size:
            try:
                self._line.settimeout(max(0.001, until - time.monotonic()))
                piece = self._line.recv(min(size - len(received), 1 << 20))
            except OSError as error:
                raise _FaultError(f"it says nothing: {error}") from error
            if not piece:
                raise _FaultError("it has ended")
            received += piece
        return bytes(received)

    def close(self) -> int | None:
        """Ends it; its exit status, negative for a signal."""
        self._close()
        status: int | None = self._child.returncode
        return status


def _end(child: subprocess.Popen[bytes], line: socket.socket) -> None:
    line.close()
    if child.poll() is None:
        with contextlib.suppress(OSError):
            child.kill()
    child.wait()


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    """What Python needs to start; the rest, passwords perhaps, is no business of a process that reads mail."""
    return {name: variables[name] for name in _KEPT_VARIABLES if name in variables}


class Reader:
    """Callable from any thread. `function` is 'module:name' of the reading boundary; tests name others.

    Where processes can't be limited or started, mail is read in this one, and a warning is logged.
    """

    def __init__(self, function: str = "regrets.domain.imip:read", seconds: float = SECONDS) -> None:
        self._function, self._seconds = function, seconds
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._here = not _can_limit()
        self._refused: dict[bytes, Unreadable] = {}  # by digest: a bad mail costs its seconds once in a run
        if self._here:
            _log.warning("Processes can't be limited on this system: mail is read in the program itself.")

    def start(self) -> None:
        """Starts the process if there is none, without waiting for it: the first mail is read sooner."""
        with self._lock:
            self._start()

    def __call__(self, mail: bytes) -> Invitation | Unreadable:
        """The invitation in a mail or file, as `imip.read` gives it; TOO_COSTLY for a mail that its process did
        not survive. Never raises."""
        mail = mail[: MOST_BYTES + 1]
        digest = hashlib.sha256(mail).digest()
        with self._lock:
            if digest in self._refused:
                return self._refused[digest]
            process = self._ready()
            if process is None:
                return self._read_here(mail)
            try:
                item = process.read(mail, self._seconds)
            except _FaultError as fault:
                item, why = TOO_COSTLY, str(fault)
            else:
                why = "it ran out of memory"
            if isinstance(item, Unreadable) and item.code == TOO_COSTLY.code:
                self._drop(f"{why}; the mail is {len(mail)} bytes, SHA-256 {digest.hex()}")
                item = self._refused[digest] = replace(item, mail=self._facts_of_head(mail))
            return item

    def _facts_of_head(self, mail: bytes) -> MailFacts:
        """Sender and subject of a mail that was given up, if its header is harmless."""
        process = self._ready()
        if process is None:
            return MailFacts()
        head = _END_OF_HEAD.split(mail[:MOST_HEAD], maxsplit=1)[0]
        try:
            return process.read(head + b"\r\n\r\n", HEAD_SECONDS).mail
        except _FaultError as fault:
            self._drop(f"{fault}, at its header too")
            return MailFacts()

    def close(self) -> None:
        """Ends the process; a later mail would start another one."""
        with self._lock:
            if self._process is not None:
                self._process.close()
                self._process = None

    def _start(self) -> _Process | None:
        if self._process is None and not self._here:
            try:
                self._process = _Process(self._function)
            except OSError as error:
                self._give_up(str(error))
        return self._process

    def _ready(self) -> _Process | None:
        """A process that waits for a mail; None where there can't be one."""
        if self._process is not None and self._process.worn:
            self._process.close()
            self._process = None
        for _ in range(2):  # one that was started ahead may have been ended by somebody else
            process = self._start()
            if process is None:
                return None
            try:
                process.wait_until_ready()
            except _FaultError as fault:
                self._drop(f"{fault} at its start")
            else:
                return process
        self._give_up("it does not start")
        return None

    def _drop(self, why: str) -> None:
        process, self._process = self._process, None
        status = process.close() if process else None
        _log.warning("The process that reads mail was replaced (status %s): %s.", status, why)

    def _give_up(self, why: str) -> None:
        self._here = True
        _log.warning("No process for reading mail (%s): mail is read in the program itself.", why)

    def _read_here(self, mail: bytes) -> Invitation | Unreadable:
        from importlib import import_module

        module, _, name = self._function.partition(":")
        item: Invitation | Unreadable = getattr(import_module(module), name)(mail)
        return item


def _can_limit() -> bool:
    try:
        import resource  # noqa: F401 - absent on Windows
    except ImportError:
        return False
    return hasattr(socket, "AF_UNIX")
