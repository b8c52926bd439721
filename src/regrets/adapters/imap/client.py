"""IMAPClient on a `Line`, with a way to send several commands at once and to read responses unparsed.

IMAPClient keeps what it does well: login, TLS, folders, STORE, APPEND. Its response lexer goes character by
character (76 microseconds a message), so the bulk of a scan is read here, line by line, and filtered first.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from imapclient import IMAPClient

from regrets.adapters.dialling import dial
from regrets.adapters.imap.line import Line
from regrets.domain.settings import Server

_LITERAL = re.compile(rb"\{(\d{1,12})\+?\}\r\n\Z")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: to connect, of silence, and for a whole command."""

    connect: float = 20.0
    quiet: float = 30.0
    command: float = 120.0


@dataclass(frozen=True, slots=True)
class Response:
    """One untagged response: `text` with `{n}` where the literals were."""

    text: bytes
    literals: tuple[bytes, ...] = ()


class Imap(imaplib.IMAP4):
    """imaplib on a Line. `tls`: the context for TLS from the first byte, None for plain or STARTTLS."""

    def __init__(self, server: Server, tls: ssl.SSLContext | None, limits: Limits) -> None:
        self.line: Line
        self._server, self._tls, self._limits, self._commands = server, tls, limits, 0
        super().__init__(server.host, server.port)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connects; called by imaplib."""
        self.host, self.port = host, port
        sock = dial((host, port), self._limits.connect)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_hostname=host)
        except BaseException:
            sock.close()
            raise
        self.sock = sock
        self.line = Line(sock, self._limits.quiet, self._limits.command)

    def read(self, size: int) -> bytes:
        """A literal; called by imaplib."""
        return self.line.read(size)

    def readline(self) -> bytes:
        """A line; called by imaplib."""
        return self.line.readline()

    def send(self, data: bytes) -> None:  # type: ignore[override]
        """Called by imaplib."""
        self.line.send(bytes(data))

    def shutdown(self) -> None:
        """Closes the connection without a word."""
        self.sock.close()

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> tuple[Any, Any]:
        """Upgrades, or raises. What arrived with the OK may come from somebody in between: it ends it."""
        if ssl_context is None or self.state != "NONAUTH":
            raise self.abort("STARTTLS is not possible: the server says that we are signed in already")
        status, text = self._simple_command("STARTTLS")
        if status != "OK":
            raise self.error(f"STARTTLS was refused: {text[-1].decode('utf-8', 'replace')}")
        if self.line.pending:
            raise self.abort("data was sent before TLS began")
        self.sock = self.line.sock = ssl_context.wrap_socket(self.sock, server_hostname=self.host)
        self.untagged_responses.clear()
        self._get_capabilities()
        return status, text

    def flight(self, commands: Sequence[bytes], take: Callable[[Response], None]) -> list[bytes | None]:
        """Sends all commands at once and hands each untagged response to `take`, in order.

        Returns, for each command, None or the text of its NO or BAD.
        """
        waiting: dict[bytes, int] = {}
        data = bytearray()
        for index, command in enumerate(commands):
            self._commands += 1
            tag = b"f%d" % self._commands
            waiting[tag] = index
            data += tag + b" " + command + b"\r\n"
        refusals: list[bytes | None] = [None] * len(commands)
        self.line.send(bytes(data))
        while waiting:
            response = self._response()
            if response.text.startswith(b"* "):
                if response.text[2:5].upper() == b"BYE":
                    raise self.abort(response.text[2:].decode("ascii", "replace").strip())
                take(response)
                continue
            tag, _, rest = response.text.partition(b" ")
            if tag not in waiting:
                raise self.abort("the server answered something that was not asked")
            index = waiting.pop(tag)
            if not rest.upper().startswith(b"OK"):
                refusals[index] = rest.strip()
        return refusals

    def _response(self) -> Response:
        text = line = self.line.readline()
        literals: list[bytes] = []
        while line.endswith(b"}\r\n") and (size := _LITERAL.search(line)):
            literals.append(self.line.read(int(size[1])))
            line = self.line.readline()
            text += line
        return Response(text, tuple(literals))


class Client(IMAPClient):  # type: ignore[misc]
    """IMAPClient whose connection is an `Imap`. Raises what imaplib, ssl and sockets raise."""

    def __init__(self, server: Server, context: ssl.SSLContext, limits: Limits) -> None:
        self._parts = (server, context if server.security == "tls" else None, limits)
        tls = server.security == "tls"
        super().__init__(server.host, server.port, ssl=tls, ssl_context=context)
        self.raw.debug = 0  # imaplib would format each line for a log, passwords included

    def _create_IMAP4(self) -> Imap:  # noqa: N802 - IMAPClient's name
        return Imap(*self._parts)

    def _set_read_timeout(self) -> None:
        """The Line has its own."""

    @property
    def raw(self) -> Imap:
        """The connection itself."""
        imap: Imap = self._imap
        return imap
