"""What a mail server or the line to it did, as errors that name the cure.

Server text may be hostile or echo the password: it passes the gate, and what is secret is struck out.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator

from imapclient.exceptions import IMAPClientError, LoginError

from regrets.domain.errors import LoginRefused, MailboxError, RegretsError, Unreachable
from regrets.domain.providers import PROVIDERS
from regrets.domain.settings import Account, Server
from regrets.domain.text import safe_line

# What servers say, in part, and what it means (providers.md has the sources).
_LOGIN_CURES: tuple[tuple[str, str], ...] = (
    (
        r"application-specific password|app(?:lication)?[ -]password",
        "Make an app password at the provider and use it.",
    ),
    (r"web login required|webloginrequired", "Sign in once in a browser, then make an app password."),
    (r"expired|invalid.?token", "Get a fresh password or access token and try again."),
    (r"imap.*(?:disabled|not enabled|deactivated)", "Switch IMAP on in the provider's settings."),
    (r"basicauthblocked|basic auth|logondenied", "This provider takes only OAuth: see login.token_command."),
)
_LATER = re.compile(
    r"\[UNAVAILABLE\]|\[INUSE\]|\[LIMIT\]|\[SERVERBUG\]|too many (?:simultaneous )?connections"
    r"|session expired|bandwidth|throttled|temporar",
    re.IGNORECASE,
)
_FOR_NOW = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|AUTHENTICATIONFAILED|EXPIRED)\]|too many|expired|bandwidth|throttled",
    re.IGNORECASE,
)
_BACKOFF = re.compile(r"Backoff Time:? *(\d{1,7})", re.IGNORECASE)
_NOT_CONNECTED = re.compile(r"authenticated but not connected", re.IGNORECASE)
_FAULTS = (OSError, IMAPClientError, imaplib.IMAP4.error, ValueError, IndexError, RecursionError, OverflowError)


@contextlib.contextmanager
def explained(account: Account, secret: str = "") -> Iterator[None]:
    """Turns whatever the line or the libraries raise in the block into an error for the user."""
    try:
        yield
    except RegretsError:
        raise
    except _FAULTS as error:
        raise explain(account, error, secret) from None


def explain(account: Account, error: BaseException, secret: str = "") -> MailboxError:
    """The error for the user."""
    server = account.imap
    if isinstance(error, ssl.SSLError):
        return _tls(server, error)
    if isinstance(error, TimeoutError):
        return Unreachable(f"The mail server {_name(server)} does not answer in time.", "Try again later.")
    if isinstance(error, OSError) and not isinstance(error, imaplib.IMAP4.error):
        return _line(server, error)
    said = _said(error, secret)
    if _NOT_CONNECTED.search(said):
        return MailboxError(
            f"IMAP is switched off for the mailbox of {account.name}.", "Ask the administrator to switch it on."
        )
    broke_off = isinstance(error.__context__, imaplib.IMAP4.abort)  # IMAPClient calls that a LoginError too
    if isinstance(error, LoginError) and not broke_off and not _LATER.search(said):
        return LoginRefused(
            f"{_name(server)} refused the login of {safe_line(account.login.user)}: {said}", _cure(account, said)
        )
    if isinstance(error, (imaplib.IMAP4.abort, LoginError)) or _LATER.search(said):
        return Unreachable(f"The mail server {_name(server)} broke off: {said}", _later(said))
    return MailboxError(f"The mail server {_name(server)} answered: {said}", "Run `regrets doctor`.")


def refused(what: str, said: bytes) -> MailboxError:
    """A NO or BAD to a command that we sent."""
    return MailboxError(f"The mail server refused to {what}: {safe_line(said.decode('utf-8', 'replace'), 200)}")


def is_for_now(said: bytes) -> bool:
    """Whether a NO or BAD is about the session or the hour, not about the mail that was asked for."""
    return bool(_FOR_NOW.search(said.decode("utf-8", "replace")))


def _name(server: Server) -> str:
    return f"{safe_line(server.host, 100)}:{server.port}"


def _said(error: BaseException, secret: str) -> str:
    text = str(error)
    for form in {secret, secret.replace("\\", "\\\\").replace('"', '\\"')} - {""}:
        text = text.replace(form, "***")
    return safe_line(re.sub(r"^b['\"]|['\"]$", "", text), 200)


def _cure(account: Account, said: str) -> str:
    for pattern, cure in _LOGIN_CURES:
        if re.search(pattern, said, re.IGNORECASE):
            return cure
    for provider in PROVIDERS:
        if provider.note and provider.imap.host == account.imap.host.casefold():
            return provider.note
    return f"Check user and password, then run `regrets setup` for {safe_line(account.name, 60)}."


def _later(said: str) -> str:
    backoff = _BACKOFF.search(said)
    if backoff:
        return f"It asks to wait {max(1, round(int(backoff[1]) / 60_000))} minutes."
    return "Try again later."


def _tls(server: Server, error: ssl.SSLError) -> MailboxError:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = safe_line(error.verify_message, 160)
        return MailboxError(
            f"The certificate of {_name(server)} can't be trusted: {why}",
            "Check the host name, or ask whoever runs the server; it is never skipped.",
        )
    if "WRONG_VERSION_NUMBER" in str(error):
        return MailboxError(
            f"{_name(server)} does not speak TLS there.", 'Check port and security ("tls" or "starttls").'
        )
    return Unreachable(
        f"TLS with {_name(server)} failed: {safe_line(error.reason or error, 120)}", "Try again later."
    )


def _line(server: Server, error: OSError) -> MailboxError:
    if isinstance(error, socket.gaierror):
        return Unreachable(
            f"The mail server {_name(server)} can't be found.", "Check the host in config.toml and the network."
        )
    if isinstance(error, ConnectionRefusedError):
        local = server.host in ("127.0.0.1", "::1", "localhost")
        cure = "Is the bridge or proxy there running?" if local else "Check host and port in config.toml."
        return Unreachable(f"Nothing answers at {_name(server)}.", cure)
    why = safe_line(error.strerror or error, 120)
    return Unreachable(f"The line to {_name(server)} broke: {why}", "Try again later.")
