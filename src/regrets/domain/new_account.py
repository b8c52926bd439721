"""What is asked about a new mailbox: what can be guessed of it, and what makes an account of the answers."""

from __future__ import annotations

import ipaddress
import re
import shlex
from typing import NamedTuple

from regrets.domain.errors import CannotAnswer
from regrets.domain.providers import guess_servers
from regrets.domain.recipients import valid_address
from regrets.domain.settings import Account, Login, Server

SECURITIES = ("tls", "starttls", "none")
_USUAL_PORTS = {("imap", "tls"): 993, ("imap", "starttls"): 143, ("smtp", "tls"): 465, ("smtp", "starttls"): 587}
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?")
_COMPLETE = re.compile(r"[^@]+@[^@]+\.[^@.]{2,}")


class Answers(NamedTuple):
    """As they were typed; '' where the guess stands."""

    address: str
    your_name: str = ""
    name: str = ""
    imap_host: str = ""
    imap_port: str = ""
    imap_security: str = ""
    smtp_host: str = ""
    smtp_port: str = ""
    smtp_security: str = ""
    user: str = ""
    password_command: str = ""


class WrongAnswer(CannotAnswer):
    """An answer that makes no account; `field` names it as `Answers` does, or is "password"."""

    def __init__(self, field: str, message: str, cure: str) -> None:
        super().__init__(message, cure)
        self.field = field


class Guess(NamedTuple):
    """What an address tells; `note` is what people must know to sign in there, '' where nothing is known."""

    name: str
    imap: Server
    smtp: Server
    note: str


def guess(address: str) -> Guess:
    """Of a valid address. The account is called as its domain."""
    imap, smtp, note = guess_servers(address)
    return Guess(address.rpartition("@")[2], imap, smtp, note)


def is_complete(address: str) -> bool:
    """Whether an address that is being typed looks as if its domain had been typed to the end."""
    return _COMPLETE.fullmatch(address.strip()) is not None and valid_address(address.strip())


def checked_address(text: str) -> str:
    """The address without what surrounds it. Raises WrongAnswer."""
    address = text.strip()
    if not valid_address(address):
        message = f"{address} is no e-mail address." if address else "The e-mail address is missing."
        raise WrongAnswer("address", message, "Give one such as ana@studio.example.")
    return address


def account_of(answers: Answers) -> Account:
    """The account; what is blank is guessed. Raises WrongAnswer."""
    given = Answers(*(text.strip() for text in answers))
    address = checked_address(given.address)
    guessed = guess(address)
    return Account(
        name=given.name or guessed.name,
        address=address,
        imap=_server("imap", (given.imap_host, given.imap_port, given.imap_security), guessed.imap),
        smtp=_server("smtp", (given.smtp_host, given.smtp_port, given.smtp_security), guessed.smtp),
        login=_login(given.user or address, given.password_command),
    )


def password_of(account: Account, typed: str) -> str | None:
    """What was typed; None where a command prints it. Raises WrongAnswer where there is neither or both."""
    if account.login.auth == "command":
        if typed:
            raise WrongAnswer("password", "Both a password and a command are given.", "Clear one of them.")
        return None
    if not typed:
        raise WrongAnswer("password", "The password is missing.", "Type it, or give a command that prints it.")
    return typed


def usual_port(kind: str, security: str) -> int | None:
    """Where servers of a kind (imap, smtp) with that security listen; None where there is no custom."""
    return _USUAL_PORTS.get((kind, security))


def usual_security(kind: str, port: str) -> str:
    """What is spoken at a port; '' where there is no custom."""
    return next((security for (of, security), at in _USUAL_PORTS.items() if of == kind and str(at) == port), "")


def _server(kind: str, given: tuple[str, str, str], guessed: Server) -> Server:
    host, port, security = given[0] or guessed.host, given[1] or str(guessed.port), given[2] or guessed.security
    called = kind.upper()
    if not (_HOST.fullmatch(host) or _number(host)):
        raise WrongAnswer(f"{kind}_host", f"{host} is no name of a server.", f"Give one such as {guessed.host}.")
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise WrongAnswer(f"{kind}_port", f"{port} is no port.", f"{called} is usually at {guessed.port}.")
    if security not in SECURITIES:
        raise WrongAnswer(f"{kind}_security", f"{security} is no security.", f"One of {', '.join(SECURITIES)}.")
    if security == "none" and not _on_this_machine(host):
        raise WrongAnswer(
            f"{kind}_security", f"{host} would get the password in the clear.", "Take TLS or STARTTLS for it."
        )
    return Server(host, int(port), security)


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _on_this_machine(host: str) -> bool:
    number = _number(host)
    return host.casefold() == "localhost" or (number is not None and number.is_loopback)


def _login(user: str, command: str) -> Login:
    if not command:
        return Login(user)
    try:
        return Login(user, "command", tuple(shlex.split(command)))
    except ValueError as error:
        said = str(error).rstrip(".")
        raise WrongAnswer("password_command", f"The command can't be read ({said}).", "Mend its quoting.") from None
