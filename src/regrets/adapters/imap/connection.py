"""Signing in to an account's mailbox: ports.MailSource."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import ssl
from pathlib import Path

from regrets.adapters.imap.client import Client, Limits
from regrets.adapters.imap.compression import compress
from regrets.adapters.imap.errors import explained
from regrets.adapters.imap.session import ImapSession
from regrets.adapters.pins import Pins, secured
from regrets.domain.errors import LoginRefused, MailboxError
from regrets.domain.ports import Secrets
from regrets.domain.settings import Account
from regrets.domain.text import safe_line

_ATOM = re.compile(r"[A-Za-z0-9@._+=-]+")


class ImapSource:
    """Opens sessions. TLS is always verified; `ca_file` (PEM) adds a certificate authority, for tests; `pins` knows
    the certificates of bridges on this machine.

    `compression=False` is for tests and measurements.
    """

    def __init__(
        self,
        secrets: Secrets,
        *,
        ca_file: Path | None = None,
        limits: Limits | None = None,
        compression: bool = True,
        pins: Pins | None = None,
    ) -> None:
        self._secrets, self._limits, self._compression, self._pins = secrets, limits or Limits(), compression, pins
        self._ca_file = ca_file

    def connect(self, account: Account) -> ImapSession:
        """A signed-in session. Raises Unreachable, LoginRefused, SecretError, MailboxError."""
        _allow(account)
        secret = self._secrets.password(account)
        with explained(account, secret):
            client = secured(
                account.imap, self._context(), self._pins, lambda context: self._signed_in(account, secret, context)
            )
        return ImapSession(client, account, secret)

    def _signed_in(self, account: Account, secret: str, context: ssl.SSLContext) -> Client:
        client = Client(account.imap, context, self._limits)
        try:
            if account.imap.security == "starttls":
                _starttls(client, account, context)
            _login(client, account, secret)
            if self._compression:
                compress(client)
        except BaseException:
            with contextlib.suppress(OSError):
                client.shutdown()
            raise
        return client

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._ca_file:
            context.load_verify_locations(self._ca_file)
        return context


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or address alone."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _allow(account: Account) -> None:
    server = account.imap
    if server.security not in ("tls", "starttls", "none"):
        raise MailboxError(f'"{safe_line(server.security, 40)}" is no security.', "Use tls or starttls.")
    if server.security == "none" and not is_loopback(server.host):
        raise MailboxError(
            f"{safe_line(server.host, 100)} would get the password in the clear.",
            'Use security = "tls" or "starttls"; "none" is for this machine only.',
        )


def quoted(user: str) -> str:
    """A user name as an argument of LOGIN (RFC 9051, 4.3): imaplib quotes the password alone."""
    if _ATOM.fullmatch(user):
        return user
    escaped = user.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _starttls(client: Client, account: Account, context: ssl.SSLContext) -> None:
    """Required: a server (or somebody in between) that doesn't offer it gets no password."""
    if not client.has_capability("STARTTLS"):
        raise MailboxError(
            f"{safe_line(account.imap.host, 100)} does not offer STARTTLS; the password was not sent.",
            'Try port 993 with security = "tls".',
        )
    client.starttls(context)


def _login(client: Client, account: Account, secret: str) -> None:
    user = account.login.user
    if any(ord(char) < 0x20 or ord(char) == 0x7F for char in user + secret):
        raise LoginRefused(
            f"User or password of {safe_line(account.name, 60)} holds a line break or another control character.",
            "Give them anew: run `regrets setup`.",
        )
    if client.raw.state != "NONAUTH":
        raise MailboxError(
            f"{safe_line(account.imap.host, 100)} signs everybody in without a password.", "Check host and port."
        )
    if account.login.auth == "oauth2":
        client.oauth2_login(user, secret)
    elif (user + secret).isascii() and not client.has_capability("LOGINDISABLED"):
        client.login(quoted(user), secret)
    elif client.has_capability("AUTH=PLAIN"):
        client.plain_login(user, secret)
    else:
        raise LoginRefused(
            f"{safe_line(account.imap.host, 100)} takes no password login"
            + ("." if (user + secret).isascii() else " with letters beyond ASCII."),
            'See login = { auth = "oauth2", … } or the password command.',
        )
