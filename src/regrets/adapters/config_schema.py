"""The shape of config.toml and clients.toml for pydantic: types, defaults and what is allowed.

contracts.md section 3 is the reference. Everything is strict: an unknown key is a fault.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from regrets.domain.clients import SIGNS

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
_DURATION = re.compile(r"^(?:(\d{1,3})h)?(?:(\d{1,4})m(?:in)?)?$")


def minutes_of(value: object) -> object:
    """'4h', '90m', '1h30m' or whole minutes."""
    if isinstance(value, str):
        match = _DURATION.match(value.strip())
        if not match or not any(match.groups()):
            raise ValueError('a length such as "4h", "90m" or "1h30m"')
        return int(match[1] or 0) * 60 + int(match[2] or 0)
    return value


def days_of(value: object) -> object:
    """'2d' or a whole number of days."""
    if isinstance(value, str):
        match = re.fullmatch(r"(\d{1,3})d", value.strip())
        if not match:
            raise ValueError('a number of days such as "2d"')
        return int(match[1])
    return value


def time_of(value: object) -> object:
    """'09:00', or a TOML time."""
    if isinstance(value, str):
        try:
            return dt.time.fromisoformat(value.strip())
        except ValueError:
            raise ValueError('a time of day such as "09:00"') from None
    return value


def known_zone(name: str) -> str:
    """An IANA zone name, or ''."""
    if name:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError('an IANA time zone such as "Europe/Ljubljana"') from None
    return name


def one_address(value: str) -> str:
    """One bare e-mail address."""
    if not re.fullmatch(r"[^\s@<>,;:\"()\[\]\\?%]+@[^\s@<>,;:\"()\[\]\\?%]+", value):
        raise ValueError("one e-mail address such as ana@studio.example")
    return value


def is_loopback(host: str) -> bool:
    """Whether plain text to that host stays on this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


Address = Annotated[str, AfterValidator(one_address)]
Minutes = Annotated[int, BeforeValidator(minutes_of), Field(ge=0)]


class Table(BaseModel):
    """A TOML table without room for unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MeTable(Table):
    """[me]"""

    name: str = ""
    addresses: list[Address] = []
    company_domains: list[str] = []
    places: list[str] = []
    phone: str = ""
    timezone: Annotated[str, AfterValidator(known_zone)] = ""
    language: Language = "en"
    services: list[str] = []
    not_offered: list[str] = []
    resources: list[str] = []
    referrals: list[str] = []
    references: list[str] = []
    rates: str = ""
    booking: str = ""
    after_hours: str = ""
    reply_within: Annotated[int, BeforeValidator(days_of), Field(ge=0, le=60)] = 2
    signature: str = ""
    travel_minutes: Annotated[int, Field(ge=0, le=1440)] = 0


class FitTable(Table):
    """[fit]"""

    wanted: list[str] = []
    unwanted: list[str] = []


class HoursTable(Table):
    """[hours]"""

    days: list[Day] = ["mon", "tue", "wed", "thu", "fri"]
    start: Annotated[dt.time, BeforeValidator(time_of)] = dt.time(9)
    end: Annotated[dt.time, BeforeValidator(time_of)] = dt.time(17)
    holidays: Annotated[str, Field(pattern=r"^([A-Z]{2,3}(-[A-Z0-9]{1,3})?)?$")] = ""
    meeting_limit: Minutes = 360
    buffer_minutes: Annotated[int, Field(ge=0, le=240)] = 0

    @model_validator(mode="after")
    def _in_order(self) -> HoursTable:
        if self.start >= self.end:
            raise ValueError("start must be before end")
        return self


class AwayTable(Table):
    """[[away]]"""

    start: dt.datetime
    end: dt.datetime
    reason: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> AwayTable:
        if self.start.replace(tzinfo=None) >= self.end.replace(tzinfo=None):
            raise ValueError("start must be before end")
        return self


class ServerTable(Table):
    """imap = { … } and smtp = { … }"""

    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)]
    security: Literal["tls", "starttls", "none"] = "tls"

    @model_validator(mode="after")
    def _plain_only_here(self) -> ServerTable:
        if self.security == "none" and not is_loopback(self.host):
            raise ValueError('security "none" is for this machine only (127.0.0.1, ::1); use "tls" or "starttls"')
        return self


class LoginTable(Table):
    """login = { … }"""

    user: Annotated[str, Field(min_length=1)]
    auth: Literal["password", "command", "oauth2"] = "password"
    command: list[str] = []
    provider: str = ""
    client_id: str = ""
    token_command: list[str] = []

    @model_validator(mode="after")
    def _complete(self) -> LoginTable:
        if self.auth == "command" and not self.command:
            raise ValueError('auth "command" needs command = ["program", "argument"], which prints the password')
        if self.auth == "oauth2" and not (self.token_command or self.client_id):
            raise ValueError('auth "oauth2" needs token_command or client_id')
        return self


class AfterReplyTable(Table):
    """after_reply = { … }"""

    move_to: str = ""
    save_sent: Literal["auto", "yes", "no"] = "auto"


class AccountTable(Table):
    """[[account]]"""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    address: Address
    imap: ServerTable
    smtp: ServerTable
    login: LoginTable
    folders: list[Annotated[str, Field(min_length=1)]] = ["INBOX"]
    since_days: Annotated[int, Field(ge=0)] = 0
    authserv_id: str = ""
    after_reply: AfterReplyTable = AfterReplyTable()


class CalendarTable(Table):
    """[[calendar]]"""

    name: Annotated[str, Field(min_length=1)]
    path: str = ""
    url: Annotated[str, Field(pattern=r"^(https?://.*)?$")] = ""
    writable: bool = False

    @model_validator(mode="after")
    def _one_place(self) -> CalendarTable:
        if bool(self.path) == bool(self.url):
            raise ValueError("give either path or url")
        return self


class UiTable(Table):
    """[ui]"""

    theme: str = "auto"
    undo_seconds: Annotated[int, Field(ge=0, le=3600)] = 10
    undo_seconds_final: Annotated[int, Field(ge=0, le=3600)] = 60
    symbols: Literal["unicode", "ascii"] = "unicode"
    motion: bool = True
    mouse: bool = True
    reasons: bool = False


class KeepTable(Table):
    """[keep]"""

    items_days: Annotated[int, Field(ge=1)] = 365


class ConfigFile(Table):
    """config.toml"""

    me: MeTable = MeTable()
    fit: FitTable = FitTable()
    hours: HoursTable = HoursTable()
    away: list[AwayTable] = []
    account: list[AccountTable] = []
    calendar: list[CalendarTable] = []
    ui: UiTable = UiTable()
    keep: KeepTable = KeepTable()
    keys: dict[str, str] = {}

    @model_validator(mode="after")
    def _names_differ(self) -> ConfigFile:
        names = [account.name for account in self.account]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two accounts are called {sorted(twice)[0]!r}; give each its own name")
        return self


def _known_sign(value: str) -> str:
    if value not in SIGNS:
        raise ValueError(f"one of {', '.join(SIGNS)}")
    return value


class SignTable(Table):
    """signs = [{ … }]"""

    date: dt.date
    sign: Annotated[str, AfterValidator(_known_sign)]
    note: str = ""


class ClientTable(Table):
    """[[client]]"""

    name: Annotated[str, Field(min_length=1)]
    match: list[Annotated[str, Field(min_length=3)]] = []
    tier: Literal["key", "regular", "minor"] = "regular"
    status: Literal["prospect", "active", "former", "blocked"] = "active"
    traits: list[Literal["hands_on", "distrustful", "knows_better", "chatty"]] = []
    contact: Annotated[str, AfterValidator(lambda value: one_address(value) if value else value)] = ""
    language: Annotated[str, Field(pattern=r"^([a-z]{2,3})?$")] = ""
    formal: bool | None = None
    salutation: str = ""
    since: dt.date | None = None
    helped_with: list[str] = []
    next_report: str = ""
    notice_days: Annotated[int, Field(ge=0, le=3650)] = 30
    pays: bool = True
    signs: list[SignTable] = []


class ClientsFile(Table):
    """clients.toml"""

    client: list[ClientTable] = []


def keys_of(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    """The keys that are known at `path` (a pydantic error location), for the nearest spelling."""
    current: Any = model
    for step in path:
        if isinstance(step, int) or not hasattr(current, "model_fields"):
            continue
        field = current.model_fields.get(step)
        if field is None:
            return []
        current = field.annotation
        while not isinstance(current, type) or not issubclass(current, BaseModel):
            inner = [a for a in getattr(current, "__args__", ()) if a is not type(None)]
            if not inner:
                return []
            current = inner[0]
    return list(current.model_fields)
