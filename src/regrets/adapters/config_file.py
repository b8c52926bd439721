"""Reads config.toml and clients.toml: all faults of both files at once, each with its place and what is allowed."""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from regrets.adapters.config_schema import AccountTable, ClientsFile, ClientTable, ConfigFile, keys_of
from regrets.adapters.own_file import read_trusted
from regrets.domain import settings as values
from regrets.domain.clients import Client, ClientBook, Sign
from regrets.domain.errors import ConfigError
from regrets.domain.text import safe_line

File = TypeVar("File", bound=BaseModel)
_WANTED = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list in [brackets]",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "dict_type": "a table",
}


def load(config_dir: Path) -> tuple[values.Settings, ClientBook]:
    """Settings and client book; defaults where a file is absent. Raises ConfigError with every fault."""
    faults: list[str] = []
    config = _read(config_dir / "config.toml", ConfigFile, faults)
    clients = _read(config_dir / "clients.toml", ClientsFile, faults)
    if faults or config is None or clients is None:
        raise ConfigError(faults)
    return _settings(config, config_dir), _book(clients)


def load_client_book(config_dir: Path) -> ClientBook:
    """The client book alone. Raises ConfigError."""
    faults: list[str] = []
    clients = _read(config_dir / "clients.toml", ClientsFile, faults)
    if faults or clients is None:
        raise ConfigError(faults)
    return _book(clients)


def client_faults(text: str) -> list[str]:
    """What would be wrong with a clients.toml of that text, addresses that two clients claim included."""
    faults: list[str] = []
    clients = _checked("clients.toml", text, ClientsFile, faults)
    return [*faults, *(_book(clients).doubles() if clients else ())]


def _read(path: Path, model: type[File], faults: list[str]) -> File | None:
    try:
        text = read_trusted(path)
    except FileNotFoundError:
        return model()
    except OSError as error:
        faults.append(f"{path.name}: can't be read: {error.strerror or error}")
        return None
    except UnicodeDecodeError as error:
        faults.append(f"{path.name}: not UTF-8: {safe_line(error)}")
        return None
    return _checked(path.name, text, model, faults)


def _checked(name: str, text: str, model: type[File], faults: list[str]) -> File | None:
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{name}: not valid TOML: {safe_line(error)}")
    except ValidationError as error:
        faults.extend(_sentence(name, model, fault) for fault in error.errors())
    return None


def _sentence(name: str, model: type[BaseModel], fault: Any) -> str:
    """One fault in our words: file, key, what was found, what is allowed."""
    place, kind = _place(fault["loc"]), fault["type"]
    found = safe_line(repr(fault.get("input")), 80)
    if kind == "extra_forbidden":
        known = keys_of(model, fault["loc"][:-1])
        near = difflib.get_close_matches(str(fault["loc"][-1]), known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known)}"
        return f"{name}: {place}: unknown key; {hint}"
    if kind == "missing":
        return f"{name}: {place}: is missing"
    if kind == "literal_error":
        wanted = "one of " + fault["ctx"]["expected"].replace(" or ", ", ")
    elif kind == "value_error":
        wanted = str(fault["ctx"]["error"])
    else:
        wanted = _WANTED.get(kind) or str(fault["msg"]).removeprefix("Input should be ").replace(
            "Input should have ", ""
        )
    if isinstance(fault.get("input"), dict):
        return f"{name}: {place or 'the file'}: {wanted}"
    return f"{name}: {place}: found {found}, allowed is {wanted}"


def _place(location: tuple[Any, ...]) -> str:
    """account[1].imap.port, counted from 1 as people do."""
    place = ""
    for step in location:
        place += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return place.removeprefix(".")


def machine_zone() -> str:
    """The machine's own IANA zone, UTC where it can't be told."""
    import tzlocal

    try:
        return tzlocal.get_localzone_name() or "UTC"
    except (ValueError, OSError, KeyError):
        return "UTC"


def _settings(file: ConfigFile, config_dir: Path) -> values.Settings:
    zone = file.me.timezone or machine_zone()
    me = file.me.model_dump()
    me = {key: tuple(value) if isinstance(value, list) else value for key, value in me.items()}
    me.update(timezone=zone, signature=file.me.signature or file.me.name)
    me["addresses"] = _addresses(file)
    hours = file.hours.model_dump()
    hours["days"] = tuple(hours["days"])
    return values.Settings(
        me=values.Me(**me),
        fit=values.Fit(tuple(file.fit.wanted), tuple(file.fit.unwanted)),
        hours=values.Hours(**hours),
        away=tuple(values.Away(_aware(a.start, zone), _aware(a.end, zone), a.reason) for a in file.away),
        accounts=tuple(_account(table) for table in file.account),
        calendars=tuple(
            values.CalendarSource(c.name, _absolute(c.path, config_dir), c.url, c.writable) for c in file.calendar
        ),
        ui=values.Ui(**file.ui.model_dump()),
        keep_items_days=file.keep.items_days,
        keys=tuple(file.keys.items()),
    )


def _addresses(file: ConfigFile) -> tuple[str, ...]:
    """[me].addresses, and those of the accounts that it doesn't name."""
    known = {address.casefold() for address in file.me.addresses}
    extra = [account.address for account in file.account if account.address.casefold() not in known]
    return (*file.me.addresses, *dict.fromkeys(extra))


def _aware(moment: dt.datetime, zone: str) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _absolute(path: str, config_dir: Path) -> str:
    return str((config_dir / Path(path).expanduser()).absolute()) if path else ""


def _account(table: AccountTable) -> values.Account:
    login = table.login
    return values.Account(
        name=table.name,
        address=table.address,
        imap=values.Server(**table.imap.model_dump()),
        smtp=values.Server(**table.smtp.model_dump()),
        login=values.Login(
            login.user,
            login.auth,
            tuple(login.command),
            login.provider,
            login.client_id,
            tuple(login.token_command),
        ),
        folders=tuple(dict.fromkeys(table.folders)),
        since_days=table.since_days,
        authserv_id=table.authserv_id,
        after_reply=values.AfterReply(**table.after_reply.model_dump()),
    )


def _book(file: ClientsFile) -> ClientBook:
    return ClientBook(tuple(_client(table) for table in file.client))


def _client(table: ClientTable) -> Client:
    fields = table.model_dump(exclude={"signs"})
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
    return Client(**fields, signs=tuple(Sign(s.date, s.sign, s.note) for s in table.signs))
