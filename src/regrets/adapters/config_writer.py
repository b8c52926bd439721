"""Writes accounts into config.toml: the user's comments and order stay, the file is replaced in one step, 0600."""

from __future__ import annotations

import datetime as dt
import errno
import os
import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from regrets.adapters.own_file import read_trusted
from regrets.adapters.paths import make_private
from regrets.domain.errors import ConfigError, NotFound, StoreError
from regrets.domain.settings import Account
from regrets.domain.text import safe_line

_NO_SECRET = nullcontext()


def save_account(
    config_file: Path,
    account: Account,
    your_name: str = "",
    secret: AbstractContextManager[object] = _NO_SECRET,
) -> None:
    """Adds the account, or changes the one of that name. `secret` keeps its password, and takes that back where its
    body raises, which puts the new file in its place: both are kept or neither. Raises ConfigError, StoreError."""
    document = read_document(config_file)
    tables = document.setdefault("account", tomlkit.aot())
    table = next((entry for entry in tables if entry.get("name") == account.name), None)
    if table is None:
        table = tomlkit.table()
        tables.append(table)
        table = tables[-1]
    for key, value in _fields(account).items():
        table[key] = value
    me = document.setdefault("me", tomlkit.table())
    if your_name:
        me["name"] = your_name
    addresses = me.setdefault("addresses", tomlkit.array())
    if account.address.casefold() not in [str(address).casefold() for address in addresses]:
        addresses.append(account.address)
    replace_file(config_file, tomlkit.dumps(document), secret)


def remove_account(config_file: Path, name: str) -> None:
    """Raises NotFound where no account has that name."""
    document = read_document(config_file)
    tables = document.get("account", [])
    for index, table in enumerate(tables):
        if table.get("name") == name:
            del tables[index]
            replace_file(config_file, tomlkit.dumps(document))
            return
    raise NotFound(f"There is no account called {safe_line(name)}.", "`regrets account list` shows them.")


def add_away(config_file: Path, start: dt.datetime, end: dt.datetime, reason: str) -> None:
    """Adds one [[away]]; the times are written without offset, in the zone of [me]. Raises ConfigError."""
    document = read_document(config_file)
    table = tomlkit.table()
    table["start"] = start.replace(tzinfo=None)
    table["end"] = end.replace(tzinfo=None)
    if reason:
        table["reason"] = reason
    document.setdefault("away", tomlkit.aot()).append(table)
    replace_file(config_file, tomlkit.dumps(document))


def _fields(account: Account) -> dict[str, Any]:
    login: dict[str, Any] = {"user": account.login.user, "auth": account.login.auth}
    if account.login.command:
        login["command"] = list(account.login.command)
    return {
        "name": account.name,
        "address": account.address,
        "imap": _inline(host=account.imap.host, port=account.imap.port, security=account.imap.security),
        "smtp": _inline(host=account.smtp.host, port=account.smtp.port, security=account.smtp.security),
        "login": _inline(**login),
    }


def _inline(**fields: Any) -> Any:
    table = tomlkit.inline_table()
    table.update(fields)
    return table


def read_document(path: Path) -> tomlkit.TOMLDocument:
    """A user's file with its comments; an empty one where there is none. Raises ConfigError."""
    try:
        return tomlkit.parse(read_trusted(path))
    except FileNotFoundError:
        return tomlkit.document()
    except OSError as error:
        raise ConfigError([f"{path.name}: can't be read: {error.strerror or error}"]) from error
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path.name}: not valid TOML, so it was left alone: {safe_line(error)}"]) from error


def replace_file(path: Path, text: str, secret: AbstractContextManager[object] = _NO_SECRET) -> None:
    """0600. A new file beside the old one, on disk, then in its place: a crash leaves one of the two. The last step
    is done within `secret`, which may raise. Raises StoreError where the directory is full or can't be written; the
    file is as before then."""
    make_private(path.parent, "--config-dir")
    try:
        _replace(path.resolve() if path.is_symlink() else path, text, secret)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreError(f"There is no room left for {path}.", "Free some space and try again.") from error
        raise StoreError(
            f"{path} can't be written: {error.strerror or error}.",
            "See to its directory, or choose another with --config-dir.",
        ) from error


def _replace(path: Path, text: str, secret: AbstractContextManager[object]) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with secret:
            Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
