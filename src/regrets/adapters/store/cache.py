"""The cache database (ports.Cache): what was found in the mailboxes. May be deleted at any time.

Imports nothing heavy: the list is painted from here before anything else is loaded. All methods raise StoreError.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from regrets.adapters.store.database import Database, open_database
from regrets.adapters.store.row_columns import COLUMNS, pack, unpack
from regrets.domain.stored import Row

if TYPE_CHECKING:
    from regrets.domain.ports import FolderScan, FoundMail
    from regrets.domain.versions import Placed, Version

_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
_NEWEST_FIRST = f"SELECT {_NAMES} FROM items ORDER BY received DESC, id"  # noqa: S608 - constants
_PAGE = 200
_MARKS = ", ".join("?" * len(COLUMNS))


class SqliteCache:
    """A broken or newer file is set aside and made anew."""

    def __init__(self, path: Path) -> None:
        self._database = open_database(path, "cache", durable=False, disposable=True)

    def folder_scan(self, account: str, folder: str) -> FolderScan | None:
        """How far the folder is looked through; None for never."""
        from regrets.domain.ports import FolderScan

        sql = "SELECT uidvalidity, low, next FROM folders WHERE account = ? AND folder = ?"
        found = self._database.read(sql, (account, folder))
        return FolderScan(*found[0]) if found else None

    def save_folder_scan(self, account: str, folder: str, scan: FolderScan) -> None:
        """Remembers it, so that an interrupted scan goes on where it stopped."""
        with self._database.transaction() as cursor:
            cursor.execute(
                "INSERT OR REPLACE INTO folders VALUES (?, ?, ?, ?, ?)",
                (account, folder, scan.uidvalidity, scan.low, scan.next),
            )

    def drop_folder(self, account: str, folder: str, keep: Collection[str] = ()) -> list[str]:
        """Forgets its scan and its mails."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM folders WHERE account = ? AND folder = ?", (account, folder))
            uids = cursor.execute("SELECT uid FROM mails WHERE account = ? AND folder = ?", (account, folder))
            gone = _forget(cursor, account, folder, [uid for (uid,) in uids], keep)
            # What is kept needs a number that no mail of the folder's new life can have.
            cursor.execute(
                "UPDATE mails SET uid = -rowid WHERE account = ? AND folder = ? AND uid > 0", (account, folder)
            )
        return gone

    def known_uids(self, account: str, folder: str) -> list[int]:
        """The folder's mails that are here, ascending."""
        sql = "SELECT uid FROM mails WHERE account = ? AND folder = ? AND NOT gone ORDER BY uid"
        return [uid for (uid,) in self._database.read(sql, (account, folder))]

    def save_mail(self, row: Row, mail: FoundMail, uidvalidity: int, *, current: bool) -> None:
        """Stores the mail, and makes `row` the item's columns if `current`. Else a mail that was at its place hands
        on its item, until `place` files it."""
        values = pack(row)
        where = (row.account, row.folder, mail.uid)
        with self._database.transaction() as cursor:
            former = cursor.execute("SELECT item_id FROM mails WHERE account = ? AND folder = ? AND uid = ?", where)
            before = next((item_id for (item_id,) in former.fetchall()), row.id)
            cursor.execute(
                "INSERT OR REPLACE INTO mails (account, folder, uid, uidvalidity, item_id, event_uid, received,"
                " current, as_read, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(*where, uidvalidity, row.id if current else before, _at(values, "uid")),
                    *(_at(values, "received"), current, json.dumps(values), mail.data),
                ),
            )
            if current:
                _save_row(cursor, row)
                _drop_empty(cursor, {before})

    def versions(self, account: str, uid: str) -> list[Version]:
        """All mails about an event's UID, as they were read."""
        from regrets.domain.versions import Version

        sql = "SELECT folder, uid, as_read FROM mails WHERE account = ? AND event_uid = ?"
        found = self._database.read(sql, (account, uid))
        return [Version(folder, number, unpack(json.loads(as_read))) for folder, number, as_read in found]

    def place(self, placed: Sequence[Placed]) -> list[str]:
        """Files the mails under their items and updates the items' columns."""
        from regrets.domain.versions import merged

        changed: list[str] = []
        left: set[str] = set()
        with self._database.transaction() as cursor:
            for one in placed:
                where = (one.row.account, one.version.folder, one.version.uid)
                former = cursor.execute(
                    "SELECT item_id FROM mails WHERE account = ? AND folder = ? AND uid = ?", where
                )
                left.update(item_id for (item_id,) in former)
                cursor.execute(
                    "UPDATE mails SET item_id = ?, current = ? WHERE account = ? AND folder = ? AND uid = ?",
                    (one.row.id, one.current, *where),
                )
                if not one.current:
                    continue
                old = _row(cursor, one.row.id)
                row = merged(old, one.row)
                if row != old:
                    _save_row(cursor, row)
                    changed.append(row.id)
            _drop_empty(cursor, left.difference(one.row.id for one in placed))
        return changed

    def forget_mails(self, account: str, folder: str, uids: Iterable[int], keep: Collection[str] = ()) -> list[str]:
        """The mails are gone from the folder."""
        with self._database.transaction() as cursor:
            return _forget(cursor, account, folder, uids, keep)

    def rows(self) -> list[Row]:
        """All items, newest received first, then id."""
        return [unpack(values) for values in self._database.read(_NEWEST_FIRST)]

    def newest(self) -> Iterator[Row]:
        """The same, read in pages as far as somebody takes them."""
        for start in itertools.count(0, _PAGE):
            page = self._database.read(f"{_NEWEST_FIRST} LIMIT ? OFFSET ?", (_PAGE, start))
            yield from map(unpack, page)
            if len(page) < _PAGE:
                return

    def row(self, item_id: str) -> Row | None:
        """One item, or None."""
        found = self._database.read(f"SELECT {_NAMES} FROM items WHERE id = ?", (item_id,))  # noqa: S608
        return unpack(found[0]) if found else None

    def mail(self, item_id: str) -> bytes | None:
        """The current mail of an item."""
        sql = "SELECT data FROM mails WHERE item_id = ? ORDER BY current DESC, received DESC LIMIT 1"
        found = self._database.read(sql, (item_id,))
        return bytes(found[0][0]) if found else None

    def location(self, item_id: str) -> tuple[str, int, int] | None:
        """(folder, UIDVALIDITY, UID) of the current mail, or of another of the item where that one is gone."""
        sql = (
            "SELECT folder, uidvalidity, uid FROM mails WHERE item_id = ? AND NOT gone"
            " ORDER BY current DESC, received DESC LIMIT 1"
        )
        found = self._database.read(sql, (item_id,))
        return (found[0][0], found[0][1], found[0][2]) if found else None

    def update_row(self, row: Row) -> None:
        """The columns of an item that is there; without effect where it vanished meanwhile."""
        with self._database.transaction() as cursor:
            if _row(cursor, row.id) is not None:
                _save_row(cursor, row)

    @property
    def database(self) -> Database:
        """For what works on both databases."""
        return self._database

    def close(self) -> None:
        """No other method may be called afterwards."""
        self._database.close()


def _at(values: Sequence[object], name: str) -> object:
    return values[COLUMNS.index(name)]


def _row(cursor: sqlite3.Cursor, item_id: str) -> Row | None:
    found = cursor.execute(f"SELECT {_NAMES} FROM items WHERE id = ?", (item_id,)).fetchone()  # noqa: S608
    return unpack(found) if found else None


def _save_row(cursor: sqlite3.Cursor, row: Row) -> None:
    cursor.execute(f"INSERT OR REPLACE INTO items ({_NAMES}) VALUES ({_MARKS})", pack(row))  # noqa: S608


def _drop_empty(cursor: sqlite3.Cursor, items: Iterable[str]) -> None:
    """Those of the items that no mail belongs to any more."""
    for item_id in items:
        if not cursor.execute("SELECT 1 FROM mails WHERE item_id = ?", (item_id,)).fetchone():
            cursor.execute("DELETE FROM items WHERE id = ?", (item_id,))


def _forget(
    cursor: sqlite3.Cursor, account: str, folder: str, uids: Iterable[int], keep: Collection[str]
) -> list[str]:
    """Marks mails as gone; items without any other mail go, unless kept."""
    touched: set[str] = set()
    for uid in uids:
        where = (account, folder, uid)
        sql = "UPDATE mails SET gone = 1 WHERE account = ? AND folder = ? AND uid = ? RETURNING item_id"
        touched.update(item_id for (item_id,) in cursor.execute(sql, where).fetchall())
    vanished = [
        item_id
        for item_id in sorted(touched.difference(keep))
        if not cursor.execute("SELECT 1 FROM mails WHERE item_id = ? AND NOT gone", (item_id,)).fetchone()
    ]
    for item_id in vanished:
        cursor.execute("DELETE FROM mails WHERE item_id = ?", (item_id,))
        cursor.execute("DELETE FROM items WHERE id = ?", (item_id,))
    return vanished
