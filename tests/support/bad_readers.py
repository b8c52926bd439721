"""Readers for tests of `adapters.reader`: run in its process in place of `imip.read`, they do what a mail says."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import time
from pathlib import Path

from regrets.domain.imip import read as read_mail
from regrets.domain.model import Invitation, Unreadable


def read(mail: bytes) -> Invitation | Unreadable:
    """Misbehaves where the mail names a way to; reads it where it doesn't."""
    if mail.startswith(b"connect "):
        socket.create_connection(("127.0.0.1", int(mail[8:])), timeout=1).close()
    act = _ACTS.get(mail.rstrip().rpartition(b"\n")[2])
    if act:
        act()
    return read_mail(mail)


def _loop() -> None:
    while True:
        pass


def _hoard() -> None:
    held = []
    while True:
        held.append(bytearray(16 << 20))


def _crash() -> None:
    signal.raise_signal(signal.SIGSEGV)


def _write_file() -> None:
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(b"x")


def _leave() -> None:
    raise SystemExit(3)


def _lie() -> None:
    os.write(_line(), b"\x00\x00\x00\x02[]")


def _boast() -> None:
    os.write(_line(), b"\xff\xff\xff\xff")


def _stall() -> None:
    os.write(_line(), b"\x00\x00\x01\x00{")
    time.sleep(60)


def _line() -> int:
    """The socket to the program."""
    return next(number for number in range(3, 32) if _is_socket(number))


def _is_socket(number: int) -> bool:
    try:
        return str(Path(f"/proc/self/fd/{number}").readlink()).startswith("socket:")
    except OSError:
        return False


_ACTS = {
    b"loop": _loop,
    b"hoard": _hoard,
    b"crash": _crash,
    b"write": _write_file,
    b"leave": _leave,
    b"lie": _lie,
    b"boast": _boast,
    b"stall": _stall,
}
