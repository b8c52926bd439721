"""One SMTP connection up to the point where mail may be given: connect, TLS, EHLO, AUTH."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

from regrets.adapters.dialling import dial
from regrets.adapters.pins import Pins, secured
from regrets.adapters.redaction import without
from regrets.adapters.smtp.auth import sign_in
from regrets.adapters.smtp.errors import Refused
from regrets.domain.errors import SendError, StoreError
from regrets.domain.settings import Account, Server

_REPLY_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])([^\r\n]*))?\r?\n")
_LONGEST_LINE = 4096
_MOST_LINES = 200
CLIENT = "[127.0.0.1]"
"""What EHLO says: an address literal (RFC 5321, 4.1.3) that tells nothing, not the name of this machine."""


@contextlib.contextmanager
def connected(
    account: Account,
    secret: Callable[[], str],
    context: ssl.SSLContext,
    *,
    timeout: float,
    deadline: float,
    pins: Pins | None = None,
) -> Iterator[smtplib.SMTP]:
    """A line ready for MAIL. `timeout` (seconds) is for each read and write, `deadline` for the whole, also for a
    server that trickles bytes. Raises OSError, SMTPException, Refused, SendError, SecretError."""
    server = account.smtp
    if server.security not in ("tls", "starttls") and not is_loopback(server.host):
        raise SendError(f"Account {account.name}: smtp.security = none is for this machine only.", 'Use "tls".')
    line = _Line(timeout)
    guard = threading.Timer(deadline, line.cut)
    guard.daemon = True
    guard.start()
    try:
        _secured(line, server, context, pins)
        if account.login.user and line.has_extn("auth"):
            line.secret = secret()
            sign_in(line, account.login.user, line.secret, token=account.login.auth == "oauth2")
        yield line
    finally:
        guard.cancel()
        line.hang_up()


def _secured(line: _Line, server: Server, context: ssl.SSLContext, pins: Pins | None) -> None:
    try:
        secured(server, context, pins, lambda trusted: _greet(line, server, trusted))
    except StoreError as error:  # of the pins; one of the outbox is the caller's alone
        raise SendError(error.message, error.cure) from error


def is_loopback(host: str) -> bool:
    """127.0.0.0/8, ::1 and localhost."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold().rstrip(".") == "localhost"


def _greet(line: _Line, server: Server, context: ssl.SSLContext) -> None:
    line.start(context if server.security == "tls" else None)
    code, text = line.connect(server.host, server.port)
    if code != 220:
        raise Refused("greeting", _failure(code), _said(text))
    _hello(line)
    if server.security == "starttls":
        if not line.has_extn("starttls"):
            raise Refused("starttls", 500, "")
        line.secure(context)
        _hello(line)


def _hello(line: smtplib.SMTP) -> None:
    code, text = line.ehlo()
    if code != 250:
        raise Refused("greeting", _failure(code), _said(text))


def _failure(code: int) -> int:
    return code if 400 <= code < 600 else 421


def _said(text: bytes) -> str:
    return text.decode("utf-8", "replace")


class _Line(smtplib.SMTP):
    """smtplib's client over a socket that another thread can cut. Replies are bounded, believed only where they are
    whole, and lose what they echo of `secret`."""

    def __init__(self, timeout: float) -> None:
        self._context: ssl.SSLContext | None = None
        self.secret = ""
        self._handle: socket.socket | None = None
        self._late = False
        super().__init__(local_hostname=CLIENT, timeout=timeout)

    def start(self, context: ssl.SSLContext | None) -> None:
        """Before `connect`, also a second time; with a context TLS begins with the first byte."""
        self.hang_up()
        self._context = context

    def connect(self, host: str = "localhost", port: int = 0, source_address: object = None) -> tuple[int, bytes]:
        self._host = host  # the name that `starttls` verifies
        raw = dial((host, port), self.timeout)
        self._handle = raw.dup()  # stays valid when TLS takes the socket over
        if self._late:
            self.cut()
        self.sock = self._context.wrap_socket(raw, server_hostname=host) if self._context else raw
        return self.getreply()

    def getreply(self) -> tuple[int, bytes]:
        """The code of a complete reply of one or more lines (RFC 5321, 4.2) and its text; -1 for anything else:
        smtplib takes half a `250` for the code 25, and reads for as long as lines come."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("There is no line")
        if self.file is None:
            self.file = self.sock.makefile("rb")
        said: list[str] = []
        while len(said) < _MOST_LINES:
            line = self.file.readline(_LONGEST_LINE)
            if not line:
                self.close()
                raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
            match = _REPLY_LINE.fullmatch(line)
            if match is None:
                break
            said.append((match[3] or b"").decode("utf-8", "replace"))
            if match[2] != b"-":
                return int(match[1]), without("\n".join(said), self.secret).encode()
        return -1, b""

    def secure(self, context: ssl.SSLContext) -> None:
        """STARTTLS. What came with the answer may be from somebody in between: it ends it. What was said before TLS
        is forgotten (RFC 3207, 4.2). Raises Refused."""
        code, text = self.docmd("STARTTLS")
        if code != 220 or self.sock is None or self.file is None:
            raise Refused("starttls", _failure(code), _said(text))
        self.sock.settimeout(0)
        early = self.file.peek(1)
        self.sock.settimeout(self.timeout)
        if early:
            raise Refused("early", 421, "")
        self.sock = context.wrap_socket(self.sock, server_hostname=self._host)
        self.file = None
        self.ehlo_resp = self.helo_resp = None
        self.esmtp_features, self.does_esmtp = {}, False

    def cut(self) -> None:
        """Ends the connection at once; whoever reads from it gets an error."""
        self._late = True
        if self._handle is not None:
            with contextlib.suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)

    def hang_up(self) -> None:
        """Closes what is open, without a word."""
        self.close()
        if self._handle is not None:
            self._handle.close()
            self._handle = None
