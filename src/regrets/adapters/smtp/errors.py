"""What a server or a line did wrong, said so that a person knows what to do. All of it before the final dot, or a
clear refusal after it: in every case here the server does not have the message."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass

from regrets.adapters.dialling import LookupTimedOut
from regrets.domain.errors import SecretError, SendError
from regrets.domain.model import OutboxState
from regrets.domain.providers import provider_of
from regrets.domain.settings import Account

_QUOTED = 300  # characters of a server's own words


@dataclass(frozen=True, slots=True)
class SmtpOutcome:
    """ports.Outcome."""

    state: OutboxState
    error: str = ""
    permanent: bool = False
    account_wide: bool = False


SENT = SmtpOutcome(OutboxState.SENT)


class Refused(Exception):
    """A reply that ends the attempt. `stage`: greeting, starttls, auth, sender, recipient, data or content."""

    def __init__(self, stage: str, code: int, text: str, about: str = "") -> None:
        super().__init__(stage, code)
        self.stage, self.code, self.text, self.about = stage, code, text[:_QUOTED], about


@dataclass(frozen=True, slots=True)
class _Known:
    """A provider's refusal: `host` ends the server's name, `says` is in its words (lower case)."""

    host: str
    says: str
    message: str
    cure: str


_GOOGLE = "Make an app password (myaccount.google.com/apppasswords, needs 2-step verification); `regrets setup`."
_ANOTHER = "Make an app password in the account's security settings, then run `regrets setup`."
_OAUTH = 'Use login = { auth = "oauth2", token_command = [...] } in config.toml.'

_KNOWN_LOGINS = (
    _Known("", "5.7.30", "Microsoft takes no passwords for sending any more.", _OAUTH),
    _Known("", "basic authentication is", "This server takes no passwords for sending any more.", _OAUTH),
    _Known(
        "",
        "smtpclientauthentication",
        "Sending by SMTP is switched off for this mailbox or the whole organisation.",
        "Ask its administrator to allow Authenticated SMTP for you.",
    ),
    _Known("", "5.7.139", "Microsoft's rules for this organisation refused the login.", _OAUTH),
    _Known("gmail.com", "5.7.9", "Google wants an app password here, not the account's.", _GOOGLE),
    _Known("gmail.com", "5.7.14", "Google wants you to sign in with a browser first.", "Do so, then retry."),
    _Known("gmail.com", "", "Google refused the login.", _GOOGLE),
    _Known("office365.com", "", "Microsoft refused the login.", _OAUTH),
    _Known("outlook.com", "", "Outlook.com refused the login; it takes no passwords any more.", _OAUTH),
    _Known("mail.me.com", "", "iCloud refused the login.", f"The user is the whole address. {_ANOTHER}"),
    _Known("yahoo.com", "", "Yahoo refused the login.", _ANOTHER),
    _Known("aol.com", "", "AOL refused the login.", _ANOTHER),
    _Known("fastmail.com", "", "Fastmail refused the login.", _ANOTHER),
    _Known("", "", "The server refused user or password.", "Run `regrets setup` to give them anew."),
)

# Of one message: what the host says, what that means, and the cure.
_KNOWN_REFUSALS = (
    ("sendasdenied", "{host} does not let you send as {sender}", "See that the account may use that address."),
    ("5.7.60", "{host} does not let you send as {sender}", "See that the account may use that address."),
    ("relaying disallowed", "{host} does not let you send as {sender}", "See that the account may use that address."),
    ("5.7.30", "Microsoft takes no passwords for sending any more", _OAUTH),
    (
        "authentication required",
        "{host} wants a login before it takes mail",
        "Give `login` in config.toml; `regrets setup`.",
    ),
    ("5.7.57", "{host} wants a login before it takes mail", "Give `login` in config.toml; `regrets setup`."),
    ("sending limit", "The provider's limit of mails a day is used up", "Retry tomorrow."),
    ("5.4.5", "The provider's limit of mails a day is used up", "Retry tomorrow."),
    ("bad outbound sender", "The provider has blocked sending from this account", "Ask its support."),
)

# stage: (what happened, the cure where it is for good); {about} is the address meant
_STAGES = {
    "greeting": ("{host} takes no mail from here", "See to host and port in config.toml."),
    "starttls": ("{host} offers no encryption (STARTTLS)", 'Port 465 with security = "tls" may work.'),
    "early": (
        "{host} said something before the encryption began, or somebody in between did; nothing was sent",
        "Try another network.",
    ),
    "sender": ("{host} does not let you send as {about}", "See that the account may use that address."),
    "recipient": ("{host} refused the recipient {about}", "Nothing was sent to anybody. See to the address."),
    "data": ("{host} refused the message", "Read its reason, then answer in another way."),
    "content": ("{host} refused the message", "Read its reason, then answer in another way."),
}
_MESSAGE_STAGES = ("sender", "recipient", "data", "content")  # the fault of one message, not of the account
_LATER = "It is tried again by itself."


def refused(account: Account, refusal: Refused) -> SmtpOutcome:
    """FAILED: 5yz for good, 4yz for the time being (RFC 5321, 4.2.1)."""
    permanent = refusal.code >= 500
    message, cure = _words(account, refusal)
    said = f": {refusal.code} {refusal.text}".rstrip() if refusal.code else ""
    return _failed(
        f"{(message.rstrip('.') + said).rstrip('.')}.",
        cure if permanent else _LATER,
        permanent=permanent,
        account_wide=refusal.stage not in _MESSAGE_STAGES or refusal.code == 421,
    )


def broken(account: Account, error: Exception) -> SmtpOutcome:
    """FAILED because of the line, the encryption, a missing secret, or an address that can't be written."""
    host, port = account.smtp.host, account.smtp.port
    if isinstance(error, SecretError) and account.login.auth == "password":  # it may be typed at any time
        return _failed(error.message, error.cure)
    if isinstance(error, SecretError | SendError):
        return _failed(error.message, error.cure, permanent=True, account_wide=True)
    if isinstance(error, ssl.SSLCertVerificationError):
        return _failed(
            f"The certificate of {host} is not to be trusted ({error.verify_message}); nothing was sent.",
            f"{_untrusted(host)} {_LATER}",
        )
    if isinstance(error, ssl.SSLError):
        cure = 'Port 465 takes security = "tls", port 587 "starttls". '
        return _failed(f"No encrypted line to {host}:{port} ({error.reason}).", cure + _LATER)
    if isinstance(error, socket.gaierror):
        return _failed(f"{host} was not found.", f"Offline? Else check smtp.host in config.toml. {_LATER}")
    if isinstance(error, ConnectionRefusedError):
        return _failed(f"{host}:{port} takes no connection.", f"Check smtp.port in config.toml. {_LATER}")
    if isinstance(error, LookupTimedOut):
        return _failed(
            f"The network's name server (DNS) does not say where {host} is.", f"Check the network. {_LATER}"
        )
    if isinstance(error, TimeoutError):
        return _failed(f"{host}:{port} was silent for too long.", _LATER)
    if isinstance(error, smtplib.SMTPServerDisconnected | OSError):
        return _failed(f"The line to {host} broke before the message was sent.", _LATER)
    return _failed(
        "An address of this answer can't be written in a mail.",
        "Answer to another one.",
        permanent=True,
        account_wide=False,
    )


def _untrusted(host: str) -> str:
    if host == "localhost":
        return "Is it a bridge, such as Proton's? Give 127.0.0.1 as its host: its certificate is pinned then."
    return "A network's sign-in page may stand in between; else ask your provider."


def unknown(account: Account) -> SmtpOutcome:
    """The line broke, or the reply made no sense, after the final dot."""
    return SmtpOutcome(
        OutboxState.UNKNOWN,
        f"The line to {account.smtp.host} broke before it confirmed; the answer may have arrived."
        " Look into your Sent folder.",
    )


def _failed(message: str, cure: str, *, permanent: bool = False, account_wide: bool = True) -> SmtpOutcome:
    return SmtpOutcome(OutboxState.FAILED, f"{message} {cure}", permanent, account_wide)


def _words(account: Account, refusal: Refused) -> tuple[str, str]:
    host = account.smtp.host.casefold().rstrip(".")
    says = refusal.text.casefold()
    if refusal.stage == "auth":
        if account.login.auth == "oauth2" and "smtpclientauthentication" not in says:
            provider = provider_of(host, account.address)
            fresh = "Get a fresh one: run login.token_command by hand."
            return "The server refused the access token.", (provider.token_note if provider else "") or fresh
        known = next(k for k in _KNOWN_LOGINS if host.endswith(k.host) and k.says in says)
        provider = provider_of(host, account.address) if known is _KNOWN_LOGINS[-1] else None
        return known.message, (provider.note if provider else "") or known.cure
    if refusal.stage in _MESSAGE_STAGES:
        for words, message, cure in _KNOWN_REFUSALS:
            if words in says:
                return message.format(host=host, sender=account.address), cure
    message, cure = _STAGES[refusal.stage]
    return message.format(host=host, about=refusal.about), cure
