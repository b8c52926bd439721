"""Changes clients.toml: the user's comments and order stay, nothing is written that could not be read again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit

from regrets.adapters.config_file import client_faults, load_client_book
from regrets.adapters.config_writer import read_document, replace_file
from regrets.adapters.own_file import read_trusted
from regrets.domain.clients import ClientBook
from regrets.domain.errors import ConfigError, NotFound
from regrets.domain.text import safe_line


class ClientFile:
    """The client book in a config directory (implements ports.ClientStore)."""

    def __init__(self, config_dir: Path, path: Path) -> None:
        self._config_dir, self._path = config_dir, path

    def load(self) -> ClientBook:
        """The book as it stands."""
        return load_client_book(self._config_dir)

    def add(self, name: str, match: Sequence[str], fields: Mapping[str, object]) -> None:
        """A new client."""
        add_client(self._path, name, match, fields)

    def change(self, name: str, fields: Mapping[str, object]) -> None:
        """Other values."""
        change_client(self._path, name, fields)

    def note_sign(self, name: str, date: dt.date, sign: str, note: str) -> None:
        """One more sign."""
        note_sign(self._path, name, date, sign, note)


def add_client(path: Path, name: str, match: Sequence[str], fields: Mapping[str, Any]) -> None:
    """A new [[client]] at the end. Raises ConfigError where it would be wrong or is there already."""
    document = read_document(path)
    tables = document.setdefault("client", tomlkit.aot())
    if any(_same(table, name) for table in tables):
        raise ConfigError([f"clients.toml: there is a client called {safe_line(name)} already"])
    table = tomlkit.table()
    table["name"] = name
    table["match"] = list(match)
    for key, value in fields.items():
        table[key] = value
    tables.append(table)
    _write(path, document)


def change_client(path: Path, name: str, fields: Mapping[str, Any]) -> None:
    """Sets keys of one client. Raises NotFound, ConfigError."""
    document = read_document(path)
    table = _find(document, name)
    for key, value in fields.items():
        table[key] = value
    _write(path, document)


def note_sign(path: Path, name: str, date: dt.date, sign: str, note: str) -> None:
    """Adds one warning sign. Raises NotFound, ConfigError."""
    document = read_document(path)
    table = _find(document, name)
    entry = tomlkit.inline_table()
    entry.update({"date": date, "sign": sign, **({"note": note} if note else {})})
    signs = table.setdefault("signs", tomlkit.array())
    signs.append(entry)
    if len(signs) > 1:
        signs.multiline(True)
    _write(path, document)


def _same(table: Any, name: str) -> bool:
    return str(table.get("name", "")).casefold() == name.strip().casefold()


def _find(document: tomlkit.TOMLDocument, name: str) -> Any:
    for table in document.get("client", []):
        if _same(table, name):
            return table
    raise NotFound(f"There is no client called {safe_line(name)}.", "`regrets clients` lists them.")


def _write(path: Path, document: tomlkit.TOMLDocument) -> None:
    """Refuses what would be wrong with it, save for what was wrong before and can be read all the same."""
    text = tomlkit.dumps(document)
    before = client_faults(read_trusted(path)) if path.exists() else []
    faults = [fault for fault in client_faults(text) if fault not in before]
    if faults:
        raise ConfigError(faults)
    replace_file(path, text)
