"""A line that fails: a TCP proxy on loopback, in front of any server.

with fault_proxy(server.port, Fault(down=120, then="reset")) as proxy: connect to proxy.port
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

_CHUNK = 1 << 16


@dataclass(frozen=True)
class Fault:
    """What happens to each connection once `up` bytes went to the server, or `down` bytes came from it, or before the
    bytes `at` come from it.

    `then`: 'close' ends both sides in order, 'reset' abruptly, 'stall' keeps them open and passes nothing more on.
    `pause`: seconds before each piece is passed on, of at most `piece` bytes (a slow line). `half_open`: takes
    connections, and nothing ever comes.
    """

    up: int | None = None
    down: int | None = None
    at: bytes = b""
    then: str = "close"
    pause: float = 0.0
    piece: int = _CHUNK
    half_open: bool = False


@dataclass
class Proxy:
    """`up` and `down`: bytes that were passed on so far, in all; `connections`: how many were taken."""

    port: int
    fault: Fault
    up: int = 0
    down: int = 0
    connections: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)


@contextlib.contextmanager
def fault_proxy(port: int, fault: Fault | None = None) -> Iterator[Proxy]:
    """In front of 127.0.0.1:`port`; all connections end with it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(listener.getsockname()[1], fault or Fault())
        accepting = threading.Thread(target=_accept, args=(listener, port, proxy), daemon=True)
        accepting.start()
        try:
            yield proxy
        finally:
            proxy._ended.set()
            listener.shutdown(socket.SHUT_RDWR)  # else the accept in the thread keeps it listening
            accepting.join(5)


def _accept(listener: socket.socket, port: int, proxy: Proxy) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            proxy.connections += 1
            threading.Thread(target=_join, args=(client, port, proxy), daemon=True).start()


def _join(client: socket.socket, port: int, proxy: Proxy) -> None:
    with client:
        if proxy.fault.half_open:
            proxy._ended.wait()
            return
        with socket.create_connection(("127.0.0.1", port)) as server:
            cut = threading.Event()
            ways = [
                threading.Thread(target=_pass_on, args=(*way, proxy, cut), daemon=True)
                for way in (("up", client, server), ("down", server, client))
            ]
            for way in ways:
                way.start()
            for way in ways:
                way.join()


def _pass_on(way: str, source: socket.socket, target: socket.socket, proxy: Proxy, cut: threading.Event) -> None:
    """One direction, until its limit or its end."""
    limit, passed, tail = getattr(proxy.fault, way), 0, b""
    word = proxy.fault.at if way == "down" else b""
    with contextlib.suppress(OSError):
        while limit is None or passed < limit:
            most = min(proxy.fault.piece, _CHUNK if limit is None else limit - passed)
            piece = source.recv(most)
            if not piece:
                if not cut.is_set():
                    _end("close", source, target)
                return
            if proxy.fault.pause:
                proxy._ended.wait(proxy.fault.pause)
            if met := bool(word) and word in tail + piece:
                piece = piece[: max(0, (tail + piece).index(word) - len(tail))]
            target.sendall(piece)
            passed += len(piece)
            setattr(proxy, way, getattr(proxy, way) + len(piece))
            if met:
                break
            tail = piece[-len(word) :]
        if proxy.fault.then == "stall":
            proxy._ended.wait()
    cut.set()
    _end(proxy.fault.then, source, target)


def _end(how: str, *ends: socket.socket) -> None:
    """Wakes the other direction; a reset goes out when the sockets are closed."""
    for end in ends:
        with contextlib.suppress(OSError):
            if how == "reset":
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.shutdown(socket.SHUT_RD if how == "reset" else socket.SHUT_RDWR)
