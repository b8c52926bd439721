"""The process in which mail is read: limited in memory, CPU and files, and thrown away when in doubt.

    python -P -m regrets.adapters.reader_worker regrets.domain.imip:read

Standard input is a socket to `adapters.reader`. Frames are four bytes of length (big endian) and their content:
mails come in, JSON of `domain.wire` goes out; the first frame out says that it is ready. It ends with the socket.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable
from typing import IO

from regrets.domain.model import Invitation, Unreadable
from regrets.domain.wire import to_wire

MEMORY = 768 * 1024 * 1024  # bytes of address space
CPU_OF_A_MAIL = 6  # seconds; the wall clock of `adapters.reader` is usually quicker
CPU_OF_ALL = 60
MOST_FILES = 32  # open at once: time zones are read as they are named
READY = b'"ready"'
_TALKING = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo")
_STARTING = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.kill")
_REFUSED = frozenset((*_TALKING, *_STARTING))
_HEAD = struct.Struct(">I")

Read = Callable[[bytes], Invitation | Unreadable]


def main(name: str) -> int:
    """Reads with the function `module:name` until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl+c is for the program, which closes the socket
    module, _, function = name.partition(":")
    read: Read = getattr(importlib.import_module(module), function)
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_CPU, CPU_OF_ALL)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)  # a core file would hold the mail
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_NOFILE, MOST_FILES)
    sys.addaudithook(_refuse)
    with socket.socket(fileno=os.dup(0)) as line, line.makefile("rb") as incoming, line.makefile("wb") as outgoing:
        _write(outgoing, READY)
        while (mail := _next(incoming)) is not None:
            _allow_cpu()
            _write(outgoing, _answer(read, mail))
    return 0


def _refuse(event: str, arguments: object) -> None:
    """No library talks to anybody or starts a program because of a mail. Python code only: no wall, but a fence."""
    if event in _REFUSED:
        raise PermissionError(f"{event} is not for reading mail")


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _allow_cpu() -> None:
    """A few seconds from here on: kills this process even where the program that waits for it is gone."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soon = math.ceil(usage.ru_utime + usage.ru_stime) + CPU_OF_A_MAIL
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (min(soon, hard), hard))


def _answer(read: Read, mail: bytes) -> bytes:
    return json.dumps(to_wire(read(mail))).encode("ascii")


def _next(incoming: IO[bytes]) -> bytes | None:
    head = incoming.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    mail = incoming.read(size)
    return mail if len(mail) == size else None


def _write(outgoing: IO[bytes], content: bytes) -> None:
    outgoing.write(_HEAD.pack(len(content)) + content)
    outgoing.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
