"""A TCP connection within a time that holds for the look-up of the name, too.

Nothing can cut off the system's own look-up (getaddrinfo has no time-out): it is left behind in a thread of its own,
which holds up neither the caller nor the end of the program.
"""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, TypeAlias

_Places: TypeAlias = Sequence[tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]]]


class LookupTimedOut(TimeoutError):
    """The name server was silent for too long."""


def dial(address: tuple[str, int], seconds: float) -> socket.socket:
    """Like socket.create_connection, but all of it together takes no longer than that: each of a name's addresses is
    tried for its share of the time that is left. Raises OSError, LookupTimedOut among them, and UnicodeError."""
    end = time.monotonic() + seconds
    places = _places(address, seconds)
    for number, (family, kind, protocol, _, place) in enumerate(places, 1):
        share = max(0.01, end - time.monotonic()) / (len(places) - number + 1)
        try:
            line = _connected(socket.socket(family, kind, protocol), place, share)
        except OSError:
            if number == len(places):
                raise
        else:
            line.settimeout(seconds)
            return line
    raise OSError("the name has no address")


def _connected(line: socket.socket, place: tuple[Any, ...], seconds: float) -> socket.socket:
    try:
        line.settimeout(seconds)
        line.connect(place)
    except BaseException:
        line.close()
        raise
    return line


_under_way: dict[tuple[str, int], Future[_Places]] = {}
_beginning = threading.Lock()


def _places(address: tuple[str, int], seconds: float) -> _Places:
    """A look-up that still hangs is waited for once more; another one would hang beside it."""
    with _beginning:
        found = _under_way.get(address)
        if found is None:
            found = Future()
            thread = threading.Thread(target=_look_up, args=(address, found), name="look-up", daemon=True)
            try:
                thread.start()  # it ends no sooner than we let go of the lock
            except RuntimeError as error:  # the system has no more threads for us
                raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from error
            _under_way[address] = found
    try:
        return found.result(seconds)
    except TimeoutError:
        if found.done():  # the system's own word
            raise
        raise LookupTimedOut(f"the name was not looked up within {seconds:.0f} seconds") from None


def _look_up(address: tuple[str, int], found: Future[_Places]) -> None:
    try:
        places = socket.getaddrinfo(*address, 0, socket.SOCK_STREAM)
    except BaseException as error:
        _ended(address)
        found.set_exception(error)
    else:
        _ended(address)
        found.set_result(places)


def _ended(address: tuple[str, int]) -> None:
    with _beginning:
        del _under_way[address]
