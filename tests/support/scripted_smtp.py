"""An SMTP server that fails at a chosen point: a thread, a socket and a table of replies."""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

DROP = b"<drop>"  # close with a reset
SILENCE = b"<silence>"  # say nothing until the client goes
TRICKLE = b"<trickle>"  # a byte now and then, for ever
STALL = b"<stall>"  # like silence, but the test is told by `reached`

_USUAL = {
    "greeting": b"220 scripted ESMTP\r\n",
    "EHLO": b"250-scripted\r\n250-AUTH PLAIN LOGIN XOAUTH2\r\n250 8BITMIME\r\n",
    "AUTH": b"235 2.7.0 ok\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go on\r\n",
    "dot": b"250 2.0.0 accepted\r\n",
    "QUIT": b"221 bye\r\n",
}


@dataclass
class ScriptedSmtp:
    """`faults` overrides replies of the first `connections` connections: point -> bytes (one of the above, or text).
    A trailing DROP drops after the text. 'body': DROP resets in the middle of the message.
    What is read up to the final dot counts as accepted unless the reply to it is a whole 4yz or 5yz."""

    faults: Mapping[str, bytes]
    connections: int = 1
    at_dot: Callable[[], None] | None = None
    port: int = 0
    accepted: list[str] = field(default_factory=list)  # Message-IDs
    commands: list[str] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)  # a client has gone
    seen: int = 0
    _listener: socket.socket | None = None

    def serve(self) -> None:
        assert self._listener is not None
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.seen += 1
            faults = self.faults if self.seen <= self.connections else {}
            threading.Thread(target=self._talk, args=(client, faults), daemon=True).start()

    def _talk(self, client: socket.socket, faults: Mapping[str, bytes]) -> None:
        with client, client.makefile("rb") as lines, contextlib.suppress(OSError, _Gone):
            self._say(client, "greeting", faults)
            while line := lines.readline():
                text = line.decode("utf-8", "replace").strip()
                self.commands.append(text)
                verb = text.split(" ")[0].upper()
                self._say(client, verb, faults)
                if verb == "QUIT":
                    return
                if verb == "DATA" and b"354" in faults.get("DATA", _USUAL["DATA"]):
                    self._take(client, lines, faults)
        self.left.set()

    def _take(self, client: socket.socket, lines: object, faults: Mapping[str, bytes]) -> None:
        if "body" in faults:
            lines.readline()  # type: ignore[attr-defined]
            self._answer(client, faults["body"])
        read = []
        while (line := lines.readline()) not in (b".\r\n", b""):  # type: ignore[attr-defined]
            read.append(line)
        if not line:
            raise _Gone
        if self.at_dot:
            self.at_dot()
        reply = faults.get("dot", _USUAL["dot"])
        if not re.fullmatch(rb"[45]\d\d .*\r\n", reply.removesuffix(DROP)):
            body = b"".join(read)
            self.accepted.append(re.search(rb"(?im)^Message-ID: *(\S+)", body)[1].decode())  # type: ignore[index]
        self._answer(client, reply)

    def _say(self, client: socket.socket, point: str, faults: Mapping[str, bytes]) -> None:
        self._answer(client, faults.get(point, _USUAL.get(point, b"500 what?\r\n")))

    def _answer(self, client: socket.socket, reply: bytes) -> None:
        if reply in (SILENCE, STALL):
            self.reached.set()
            while client.recv(4096):
                pass
            raise _Gone
        if reply.endswith(DROP):
            client.sendall(reply.removesuffix(DROP))
            if reply == DROP:  # an abrupt reset; after text a clean end, so that the text arrives
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                client.shutdown(socket.SHUT_RDWR)
            raise _Gone
        if reply == TRICKLE:
            while not self.reached.wait(0.05):
                client.sendall(b"2")
        client.sendall(reply)


class _Gone(Exception):
    pass


@contextlib.contextmanager
def scripted_smtp(
    faults: Mapping[str, bytes] | None = None,
    connections: int = 1,
    at_dot: Callable[[], None] | None = None,
) -> Iterator[ScriptedSmtp]:
    """On a free port of 127.0.0.1, without TLS."""
    server = ScriptedSmtp(faults or {}, connections, at_dot)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server._listener = listener
        server.port = listener.getsockname()[1]
        thread = threading.Thread(target=server.serve, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
