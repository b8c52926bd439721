"""ports.MailSender: one message, phase by phase, so that the outcome after any fault is certain or called unknown."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable
from pathlib import Path

from regrets.adapters.pins import Pins
from regrets.adapters.smtp.connection import connected
from regrets.adapters.smtp.errors import SENT, Refused, SmtpOutcome, broken, refused, unknown
from regrets.domain.errors import SecretError, SendError
from regrets.domain.model import OutboxEntry
from regrets.domain.ports import Secrets
from regrets.domain.settings import Account

_ADDRESS = re.compile(r"[^\x00-\x1f\x7f<>]+@[^\x00-\x20\x7f<>@]+")
_WANTED = {"recipient": (250, 251), "data": (354,)}
_QUIT_SECONDS = 2.0


class SmtpSender:
    """`timeout`: seconds for each reply; `deadline`: for a whole delivery. `ca_file` and `ssl_context` are for
    servers with a certificate authority of their own; `pins` knows the certificates of bridges on this machine.
    Certificates are verified in any case."""

    def __init__(
        self,
        secrets: Secrets,
        *,
        ca_file: Path | None = None,
        ssl_context: ssl.SSLContext | None = None,
        timeout: float = 60.0,
        deadline: float = 180.0,
        pins: Pins | None = None,
    ) -> None:
        self._secrets = secrets
        self._context = ssl_context
        self._ca_file = ca_file
        self._timeout = timeout
        self._deadline = deadline
        self._pins = pins

    def send(self, account: Account, entry: OutboxEntry, phase: Callable[[str], None]) -> SmtpOutcome:
        """SENT, FAILED or UNKNOWN. Raises only what `phase` raises (StoreError), and then nothing was sent."""
        dot = False
        try:
            phase("connecting")
            with connected(
                account,
                lambda: self._secrets.password(account),
                self._tls(),
                timeout=self._timeout,
                deadline=self._deadline,
                pins=self._pins,
            ) as line:
                _give(line, entry, phase)
                phase("dot-written")
                dot = True
                if line.sock is not None:
                    line.sock.settimeout(self._deadline)  # giving up here would leave it unknown
                outcome = _ending(line, account)
                _quit(line)
                return outcome
        except Refused as refusal:
            return refused(account, refusal)
        except (OSError, smtplib.SMTPException, SecretError, SendError, ValueError) as error:
            return unknown(account) if dot else broken(account, error)

    def check(self, account: Account) -> str:
        """Signs in and leaves again: '' or what is wrong, with the cure. For `setup` and `doctor`."""
        try:
            with connected(
                account,
                lambda: self._secrets.password(account),
                self._tls(),
                timeout=self._timeout,
                deadline=self._deadline,
                pins=self._pins,
            ) as line:
                _quit(line)
                return ""
        except Refused as refusal:
            return refused(account, refusal).error
        except (OSError, smtplib.SMTPException, SecretError, SendError, ValueError) as error:
            return broken(account, error).error

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = ssl.create_default_context(cafile=str(self._ca_file) if self._ca_file else None)
        return self._context


def _give(line: smtplib.SMTP, entry: OutboxEntry, phase: Callable[[str], None]) -> None:
    """Everything but the final dot; until that is written the server must not deliver (RFC 5321, 4.1.1.4)."""
    phase("envelope")
    _expect(line.docmd("MAIL", f"FROM:{_path(entry.sender)}{_options(line, entry)}"), "sender", entry.sender)
    for recipient in entry.recipients:
        _expect(line.docmd("RCPT", f"TO:{_path(recipient)}"), "recipient", recipient)
    phase("body")
    _expect(line.docmd("DATA"), "data")
    line.send(stuffed(entry.data))


def _path(address: str) -> str:
    """The address as it stands, or ValueError; smtplib's own quoting would silently make another one of it."""
    if not _ADDRESS.fullmatch(address):
        raise ValueError(address)
    return f"<{address}>"


def _options(line: smtplib.SMTP, entry: OutboxEntry) -> str:
    addresses_ascii = all(address.isascii() for address in (entry.sender, *entry.recipients))
    if not addresses_ascii:
        if not line.has_extn("smtputf8"):
            raise Refused("sender", 553, "it takes ASCII addresses only", entry.sender)
        line.command_encoding = "utf-8"
        return " SMTPUTF8 BODY=8BITMIME"
    return "" if entry.data.isascii() or not line.has_extn("8bitmime") else " BODY=8BITMIME"


def _expect(reply: tuple[int, bytes], stage: str, about: str = "") -> None:
    code, text = reply
    if code not in _WANTED.get(stage, (250,)):
        clear = 400 <= code < 600
        raise Refused(stage, code if clear else 451, text.decode("utf-8", "replace"), about)


def stuffed(data: bytes) -> bytes:
    """Dots at the start of a line doubled (RFC 5321, 4.5.2), CRLF at the end, the final dot not included."""
    body = re.sub(rb"\r\n|\r|\n", b"\r\n", data)
    body = re.sub(rb"(?m)^\.", b"..", body)
    return body if body.endswith(b"\r\n") else body + b"\r\n"


def _ending(line: smtplib.SMTP, account: Account) -> SmtpOutcome:
    """Writes the final dot and believes only a whole reply."""
    line.send(b".\r\n")
    code, text = line.getreply()
    if 200 <= code < 300:
        return SENT
    if code >= 400:
        return refused(account, Refused("content", code, text.decode("utf-8", "replace")))
    return unknown(account)


def _quit(line: smtplib.SMTP) -> None:
    """The outcome stands already; how the line ends changes nothing."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        if line.sock is not None:
            line.sock.settimeout(_QUIT_SECONDS)
        line.quit()
