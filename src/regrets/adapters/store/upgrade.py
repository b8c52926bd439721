"""Brings a database up to date: copied first, all of it or nothing, checked before anybody uses it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from regrets.adapters.store import files
from regrets.adapters.store.database import Database, UnusableError
from regrets.domain.errors import StoreError


def upgrade(connection: Database, steps: Mapping[int, Path]) -> None:
    """Runs the steps that are missing, in one transaction with their number and the check of what has come of it;
    other instances wait. Raises StoreError: then the database is as it was."""
    with connection.transaction() as cursor:
        version = _version(cursor)
        missing = sorted(number for number in steps if number > version)
        if not missing:  # another instance was quicker
            return
        if version:
            _back_up(connection.file, version)
        for number in missing:
            for statement in _statements(steps[number].read_text(encoding="utf-8")):
                cursor.execute(statement)
        cursor.execute(f"PRAGMA user_version = {missing[-1]}")
        if wrong := _fault(cursor):
            what = f"The database {connection.file} can't be brought up to date: it would be damaged ({wrong})."
            raise StoreError(what, "It stays as it is: use the regrets of before, and report this.")


def _back_up(path: Path, version: int) -> None:
    """`<database>.backup-<version>`; one of before stands until this one is whole, on disk and checked."""
    new = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.backup")
    try:
        files.create_private(new)
        with contextlib.closing(sqlite3.connect(path)) as reader, contextlib.closing(sqlite3.connect(new)) as copy:
            reader.backup(copy)  # the connection that holds the lock can't
        _check_copy(new, path, version)
        files.replace_durably(new, path.with_name(f"{path.name}.backup-{version}"))
    except (OSError, sqlite3.Error) as error:
        what = error.strerror if isinstance(error, OSError) else error
        raise StoreError(
            f"There can be no backup of {path}, so it is not brought up to date: {what}.",
            "See to the directory and its free space.",
        ) from error
    finally:
        for file in files.with_companions(new):
            file.unlink(missing_ok=True)


def _check_copy(copy: Path, path: Path, version: int) -> None:
    """Opened as it would be to put it back. Raises UnusableError where it is not what was to be kept."""
    with contextlib.closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        wrong, found = _fault(connection.cursor()), _version(connection.cursor())
    if wrong or found != version:
        what = f"The database {path} is damaged ({wrong or f'its copy is of version {found}, not {version}'})."
        raise UnusableError(what, files.replaced(path))


def _fault(cursor: sqlite3.Cursor) -> str:
    """The first thing that is wrong with the whole database, in SQLite's words; ''."""
    verdict = str(cursor.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if verdict != "ok":
        return verdict
    orphan = cursor.execute("PRAGMA foreign_key_check").fetchone()
    return f"a row of {orphan[0]} refers to none of {orphan[2]}" if orphan else ""


def _version(cursor: sqlite3.Cursor) -> int:
    return int(cursor.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
