"""What can still be read of a broken database, into a whole one in memory. The broken one is not touched."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from regrets.adapters.store.database import Database, connect


def salvage(path: Path, whole: Database) -> int:
    """Copies the rows of the tables that `whole` has; how many could be read. Never raises for what is broken."""
    count = 0
    with _opened(path) as broken:
        for (table,) in whole.read("SELECT name FROM sqlite_master WHERE type = 'table'"):
            columns = [row["name"] for row in whole.read(f"PRAGMA table_info({table})")]
            for values in _rows(broken, table, columns) if broken else ():
                count += _keep(whole, table, values)
    return count


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Database | None]:
    """To be read, with its journal if that can be had; None where there is nothing to be read."""
    if not path.is_file() or not path.stat().st_size:
        yield None
        return
    journal = path.with_name(f"{path.name}-wal")
    ways = ["mode=ro&immutable=1"]  # leaves nothing beside it, but doesn't see the journal
    if journal.is_file() and journal.stat().st_size:
        ways.insert(0, "mode=ro")
    for how in ways:
        try:
            broken = connect(f"{path.as_uri()}?{how}")
        except sqlite3.Error:
            continue
        try:
            broken.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error:
            broken.close()
            continue
        broken.text_factory = lambda text: text.decode("utf-8", "replace")
        try:
            yield broken
        finally:
            broken.close()
        return
    yield None


def _rows(broken: Database, table: str, columns: Sequence[str]) -> Iterator[dict[str, object]]:
    """By row number from the first and then from the last, each as far as it goes: an index may be what is broken.

    Columns that an older version didn't have are left out."""
    there: set[str] = set()
    with contextlib.suppress(sqlite3.Error):
        there = {row[1] for row in broken.execute(f"PRAGMA table_info({table})")}
    kept = [name for name in columns if name in there]
    if not kept:
        return
    names = ", ".join(f'"{name}"' for name in kept)
    for order in ("ASC", "DESC"):
        with contextlib.suppress(sqlite3.Error):
            # names are those of our own schema
            for row in broken.execute(f"SELECT {names} FROM {table} NOT INDEXED ORDER BY rowid {order}"):  # noqa: S608
                yield dict(zip(kept, row, strict=True))
            return


def _keep(whole: Database, table: str, values: dict[str, object]) -> int:
    """1 if the row is new and as the schema wants it."""
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    try:
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own schema
        return whole.execute(sql, tuple(values.values())).rowcount
    except sqlite3.Error:
        return 0
