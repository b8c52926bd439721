"""The user's settings as values. contracts.md section 3 is the reference of names and defaults."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Me:
    """[me]: who answers."""

    name: str = ""
    addresses: tuple[str, ...] = ()
    company_domains: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    phone: str = ""
    timezone: str = ""  # IANA name; '' means the machine's (resolved by the config reader)
    language: str = "en"
    services: tuple[str, ...] = ()
    not_offered: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    referrals: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    rates: str = ""
    booking: str = ""
    after_hours: str = ""
    reply_within: int = 2  # working days
    signature: str = ""  # '' means the name (resolved by the config reader)
    travel_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Fit:
    """[fit]: which clients one wants, written down in advance."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """[hours]: when one meets people."""

    days: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    start: dt.time = dt.time(9)
    end: dt.time = dt.time(17)
    holidays: str = ""  # country or country-subdivision: "SI", "DE-BY"
    meeting_limit: int = 360  # minutes a day
    buffer_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Away:
    """[[away]]: a time in which one is not there. Both ends aware."""

    start: dt.datetime
    end: dt.datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """Host, port and security: tls, starttls, or none (loopback only)."""

    host: str
    port: int
    security: str = "tls"


@dataclass(frozen=True, slots=True)
class Login:
    """How to sign in: password (from the keyring), command (prints it), oauth2."""

    user: str
    auth: str = "password"
    command: tuple[str, ...] = ()
    provider: str = ""
    client_id: str = ""
    token_command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AfterReply:
    """What happens to the mail once it is answered."""

    move_to: str = ""
    save_sent: str = "auto"  # auto | yes | no


@dataclass(frozen=True, slots=True)
class Account:
    """[[account]]: one mailbox."""

    name: str
    address: str
    imap: Server
    smtp: Server
    login: Login
    folders: tuple[str, ...] = ("INBOX",)
    since_days: int = 0
    authserv_id: str = ""
    after_reply: AfterReply = field(default_factory=AfterReply)


@dataclass(frozen=True, slots=True)
class CalendarSource:
    """[[calendar]]: one of `path` (absolute) and `url`."""

    name: str
    path: str = ""
    url: str = ""
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Ui:
    """[ui]."""

    theme: str = "auto"
    undo_seconds: int = 10
    undo_seconds_final: int = 60
    symbols: str = "unicode"  # unicode | ascii
    motion: bool = True
    mouse: bool = True
    reasons: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole of config.toml."""

    me: Me = field(default_factory=Me)
    fit: Fit = field(default_factory=Fit)
    hours: Hours = field(default_factory=Hours)
    away: tuple[Away, ...] = ()
    accounts: tuple[Account, ...] = ()
    calendars: tuple[CalendarSource, ...] = ()
    ui: Ui = field(default_factory=Ui)
    keep_items_days: int = 365
    keys: tuple[tuple[str, str], ...] = ()  # action id, keys


def is_mine(address: str, addresses: tuple[str, ...]) -> bool:
    """Whether `address` is one of mine: case-insensitive, and with any plus-tag (ana+x@… is ana@…)."""
    wanted = _plain(address)
    return bool(wanted) and any(_plain(mine) == wanted for mine in addresses)


def _plain(address: str) -> str:
    local, at, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" if at and local else ""
