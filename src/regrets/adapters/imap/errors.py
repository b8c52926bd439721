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

from regrets.adapters.dialling import LookupTimedOut
from regrets.adapters.redaction import without
from regrets.domain.errors import LineBroken, LoginRefused, MailboxError, RegretsError, Unreachable
from regrets.domain.providers import provider_of
from regrets.domain.settings import Account, Server
from regrets.domain.text import safe_line

# What servers say, in part, and what it means.
_LOGIN_CURES: tuple[tuple[str, str], ...] = (
    (
        r"application-specific password|app(?:lication)?[ -]password",
        "Make an app password at the provider and use it.",
    ),
    (r"web ?login ?required|via your web browser", "Sign in once in a browser, then make an app password."),
    (r"disabled for your domain", "Ask the administrator of your organisation to allow IMAP."),
    (
        r"imap.*(?:disabled|not enabled|deactivated)|not enabled for imap|yet to enable imap|enable .*imap",
        "Switch IMAP on in the provider's settings.",
    ),
    (r"privacyrequired|plaintext authentication disallowed", 'Use security = "tls" or "starttls".'),
    (r"expired|invalid.?token", "Get a fresh password or access token and try again."),
    (r"basicauthblocked|basic auth|logondenied", "This provider takes only OAuth: see login.token_command."),
)
_LATER_CURES: tuple[tuple[str, str], ...] = (
    (
        r"too many (?:simultaneous )?connections|maximum number of connections",
        "Close other mail programs that use the account, or try again later.",
    ),
    (r"bandwidth|limits? exceeded|rate limit", "The provider's limit is used up: try again in some hours."),
    (r"\[UNAVAILABLE\]|\[INUSE\]|\[LIMIT\]|\[SERVERBUG\]|session expired|throttled|temporar", "Try again later."),
)
_FOR_NOW = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|AUTHENTICATIONFAILED|EXPIRED)\]|too many|expired|bandwidth|throttled",
    re.IGNORECASE,
)
_LATER = re.compile("|".join(pattern for pattern, _ in _LATER_CURES), re.IGNORECASE)
_BACKOFF = re.compile(r"Backoff Time:? *(\d{1,7})", re.IGNORECASE)
LONG = 2000  # characters of a server's words, until the secret is struck out and they are cut to _LONGEST
_LONGEST = 300
_LONGEST_WAIT = 3600.0
_HERE = ("127.0.0.1", "::1", "localhost")
_UNTRUSTED_HERE = "Is it a bridge, such as Proton's? Give 127.0.0.1 as its host: its certificate is pinned then."
_NOT_CONNECTED = re.compile(r"authenticated but not connected", re.IGNORECASE)
_FAULTS = (OSError, IMAPClientError, imaplib.IMAP4.error, ValueError, IndexError, RecursionError, OverflowError)


@contextlib.contextmanager
def explained(account: Account, secret: str = "") -> Iterator[None]:
    """Turns whatever the line or the libraries raise in the block into an error for the user, without the secret."""
    try:
        yield
    except RegretsError as error:
        error.message = safe_line(without(error.message, secret), _LONGEST)
        raise
    except _FAULTS as error:
        raise explain(account, error, secret) from None


def explain(account: Account, error: BaseException, secret: str = "") -> MailboxError:
    """The error for the user."""
    server = account.imap
    if isinstance(error, ssl.SSLError):
        return _tls(server, error)
    if isinstance(error, LookupTimedOut):
        return Unreachable(
            f"The network's name server (DNS) does not say where {_name(server)} is.",
            "Check the network, or try again later.",
        )
    if isinstance(error, TimeoutError):
        return LineBroken(f"The mail server {_name(server)} does not answer in time.", "Try again later.")
    if isinstance(error, OSError) and not isinstance(error, imaplib.IMAP4.error):
        return _line(server, error)
    said = _said(error, secret)
    if _NOT_CONNECTED.search(said):
        return MailboxError(f"IMAP is switched off for the mailbox of {account.name}.", _switch_on(account))
    broke_off = isinstance(error.__context__, imaplib.IMAP4.abort)  # IMAPClient calls that a LoginError too
    if isinstance(error, LoginError) and not broke_off and not _LATER.search(said):
        return LoginRefused(
            f"{_name(server)} refused the login of {safe_line(account.login.user)}: {said}", _cure(account, said)
        )
    if isinstance(error, imaplib.IMAP4.abort) and not _LATER.search(said):
        return LineBroken(f"The mail server {_name(server)} broke off: {said}", _later(said))
    if isinstance(error, LoginError) or _LATER.search(said):
        return Unreachable(f"The mail server {_name(server)} broke off: {said}", _later(said), wait=_wait(said))
    return MailboxError(f"The mail server {_name(server)} answered: {said}", "Run `regrets doctor`.")


def about_the_account(error: BaseException) -> bool:
    """Whether a server's refusal of a command is none of the command's."""
    return bool(_NOT_CONNECTED.search(str(error)) or _LATER.search(str(error)))


def refused(what: str, said: bytes) -> MailboxError:
    """A NO or BAD to a command that we sent: Unreachable where it is about the session or the hour."""
    text = safe_line(said.decode("utf-8", "replace"), LONG)
    told = f"The mail server refused to {what}: {text}"
    return Unreachable(told, _later(text), wait=_wait(text)) if is_for_now(said) else MailboxError(told)


def is_for_now(said: bytes) -> bool:
    """Whether a NO or BAD is about the session or the hour, not about the mail that was asked for."""
    return bool(_FOR_NOW.search(said.decode("utf-8", "replace")))


def _name(server: Server) -> str:
    return f"{safe_line(server.host, 100)}:{server.port}"


def _said(error: BaseException, secret: str) -> str:
    return safe_line(re.sub(r"^b['\"]|['\"]$", "", without(str(error), secret)), 200)


def _cure(account: Account, said: str) -> str:
    for pattern, cure in _LOGIN_CURES:
        if re.search(pattern, said, re.IGNORECASE):
            return cure
    provider = provider_of(account.imap.host, account.address)
    if provider is not None and account.login.auth == "oauth2" and provider.token_note:
        return provider.token_note
    if provider is not None and account.login.auth != "oauth2" and provider.note:
        return provider.note
    if account.login.auth == "oauth2":
        return "Get a fresh access token: run login.token_command by hand."
    return f"Check user and password, then run `regrets setup` for {safe_line(account.name, 60)}."


def _later(said: str) -> str:
    if wait := _wait(said):
        minutes = max(1, round(wait / 60))
        return f"It asks to wait {minutes} minute{'' if minutes == 1 else 's'}."
    found = (cure for pattern, cure in _LATER_CURES if re.search(pattern, said, re.IGNORECASE))
    return next(found, "Try again later.")


def _wait(said: str) -> float:
    """The seconds that the server asks to wait, at most an hour; 0 where it doesn't say."""
    asked = _BACKOFF.search(said)
    return min(int(asked[1]) / 1000, _LONGEST_WAIT) if asked else 0.0


def _switch_on(account: Account) -> str:
    provider = provider_of(account.imap.host, account.address)
    if provider is not None and provider.name == "Outlook.com":
        return 'Settings > Mail > Forwarding and IMAP > "Let devices and apps use IMAP".'
    return "Ask the administrator to switch it on."


def _tls(server: Server, error: ssl.SSLError) -> MailboxError:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = safe_line(error.verify_message, 240)
        return MailboxError(
            f"The certificate of {_name(server)} can't be trusted: {why}",
            _UNTRUSTED_HERE
            if server.host in _HERE and "pinned" not in why
            else "If it was not, something else may answer there."
            if server.host in _HERE
            else "Check the host name, or ask whoever runs the server; it is never skipped.",
        )
    if "WRONG_VERSION_NUMBER" in str(error):
        return MailboxError(
            f"{_name(server)} does not speak TLS there.", 'Check port and security ("tls" or "starttls").'
        )
    return LineBroken(f"TLS with {_name(server)} failed: {safe_line(error.reason or error, 120)}", "Try again later.")


def _line(server: Server, error: OSError) -> MailboxError:
    if isinstance(error, socket.gaierror):
        return Unreachable(
            f"The mail server {_name(server)} can't be found.", "Check the host in config.toml and the network."
        )
    if isinstance(error, ConnectionRefusedError):
        cure = (
            "Is the bridge or proxy there running?" if server.host in _HERE else "Check host and port in config.toml."
        )
        return Unreachable(f"Nothing answers at {_name(server)}.", cure)
    why = safe_line(error.strerror or error, 120)
    return LineBroken(f"The line to {_name(server)} broke: {why}", "Try again later.")
