"""What is kept of items over all stores, and its removal for good (ports.Kept): databases, backups, log."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from regrets.adapters.store import leftovers
from regrets.adapters.store.cache import SqliteCache
from regrets.adapters.store.database import Database
from regrets.adapters.store.own import STANDS, UNFINISHED, SqliteOwnStore, answer_of
from regrets.domain.mentions import mentions
from regrets.domain.ports import KeptItem
from regrets.domain.stored import REMOVED, AnswerRecord, Won

Tally = Callable[[Sequence[AnswerRecord]], Iterable[Won]]


class SqliteKept:
    """Works on the two open stores and on the directory in which they lie. All methods raise StoreError."""

    def __init__(self, cache: SqliteCache, own: SqliteOwnStore, directory: Path) -> None:
        self._cache, self._own, self._directory = cache.database, own.database, directory

    def items(self, before: dt.datetime) -> list[KeptItem]:
        """Items of which the own database keeps anything, all of it and their meetings before that moment."""
        rows = self._own.read(
            "SELECT item_id, max(moment) AS last FROM ("
            " SELECT item_id, max(answered_at, coalesce(start, ''), coalesce(\"end\", '')) AS moment FROM answers"
            " UNION ALL SELECT item_id, created FROM outbox"
            " UNION ALL SELECT item_id, max(at, coalesce(until, '')) FROM decisions WHERE kind <> ?"
            ") GROUP BY item_id HAVING last < ?",
            (
                REMOVED,
                before.astimezone(dt.UTC).isoformat(),
            ),
        )
        return [self._item(item_id) for item_id, _ in rows]

    def mails_before(self, before: dt.datetime) -> list[KeptItem]:
        """Items of the cache whose mails all came before that moment."""
        rows = self._cache.read(
            "SELECT item_id FROM mails GROUP BY item_id HAVING max(received) < ?", (before.timestamp(),)
        )
        return [self._item(item_id) for (item_id,) in rows]

    def naming(self, address: str) -> list[KeptItem]:
        """Items that name an address anywhere; `theirs` where it invites or is answered."""
        told, wanted = mentions(address), address.casefold()
        theirs: set[str] = set()
        found: set[str] = set()
        people = "SELECT id FROM items WHERE ? IN (lower(organizer_address), lower(sender), lower(sent_by))"
        theirs.update(item_id for (item_id,) in self._cache.read(people, (wanted,)))
        found.update(self._telling(told, self._cache, "mails", "item_id", ("as_read", "data")))
        found.update(self._telling(told, self._cache, "items", "id", ("reasons", "summary", "location", "error")))
        theirs.update(
            item_id for (item_id,) in self._own.read("SELECT item_id FROM answers WHERE organizer = ?", (wanted,))
        )
        found.update(self._telling(told, self._own, "answers", "item_id", ("summary", "body", "uid")))
        found.update(self._telling(told, self._own, "outbox", "item_id", ("recipients", "subject", "data", "error")))
        return [self._item(item_id, theirs=item_id in theirs) for item_id in sorted(found | theirs)]

    def remove(self, items: Sequence[KeptItem], tally: Tally) -> tuple[list[KeptItem], int, int]:
        """Items, answers and messages, but for what is on its way; what was removed, how many mails and answers."""
        with self._own.transaction() as cursor:
            gone = [item for item in items if not _on_its_way(cursor, item.id)]
            won = tally([answer for item in gone for answer in _standing(cursor, item.id)])
            answers = sum(_remove_own(cursor, item) for item in gone)
            cursor.executemany(
                "INSERT INTO won_back (week, strategy, client, answers, minutes) VALUES (?, ?, ?, ?, ?)",
                [(each.week, each.strategy, each.client, each.answers, each.minutes) for each in won],
            )
        mails = 0
        with self._cache.transaction() as cursor:
            for item in gone:
                if item.whole:
                    mails += cursor.execute("DELETE FROM mails WHERE item_id = ?", (item.id,)).rowcount
                    cursor.execute("DELETE FROM items WHERE id = ?", (item.id,))
        return gone, mails, answers

    def remove_traces(self, address: str, domain: str, client: str) -> tuple[int, int]:
        """Choices and confirmations about somebody; how many. Time won back of a client loses its name."""
        with self._own.transaction() as cursor:
            cursor.execute("DELETE FROM choices WHERE organizer = ?", (address.casefold(),))
            choices = cursor.rowcount
            keys = [key for (key,) in cursor.execute("SELECT key FROM confirmations").fetchall()]
            named = [(key,) for key in keys if {domain, address.casefold()} & set(key.casefold().split(":")[1:])]
            cursor.executemany("DELETE FROM confirmations WHERE key = ?", named)
            if client:
                cursor.execute("UPDATE won_back SET client = '' WHERE client = ?", (client,))
        return choices, len(named)

    def remove_files(self, before: dt.datetime | None) -> list[str]:
        """Backups and databases that were set aside: all, or those of before that moment; their names."""
        return leftovers.remove_copies(self._directory, before)

    def remove_log_lines(self, address: str, before: dt.datetime | None) -> int:
        """Lines that name the address, or were written before that moment; how many."""
        return leftovers.remove_log_lines(self._directory, mentions(address) if address else None, before)

    def wipe(self) -> bool:
        """Rewrites both files, so that nothing removed is left in them; False where another program holds one."""
        return all([self._own.rewrite(), self._cache.rewrite()])

    def _item(self, item_id: str, *, theirs: bool = True) -> KeptItem:
        with self._own.transaction() as cursor:
            live = _on_its_way(cursor, item_id)
            return KeptItem(item_id, live=live, stands=bool(_standing(cursor, item_id)), theirs=theirs)

    @staticmethod
    def _telling(
        told: Callable[[bytes], bool], database: Database, table: str, key: str, columns: Iterable[str]
    ) -> set[str]:
        """The keys of rows that name it; read one at a time, since mails are large."""
        found = set()
        with database.transaction() as cursor:
            for row in cursor.execute(f"SELECT {key}, {', '.join(columns)} FROM {table}"):  # noqa: S608 - constants
                if row[0] not in found and any(told(_bytes(value)) for value in tuple(row)[1:]):
                    found.add(row[0])
        return found


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "replace")


def _on_its_way(cursor: sqlite3.Cursor, item_id: str) -> bool:
    sql = f"SELECT 1 FROM outbox WHERE item_id = ? AND ({UNFINISHED})"  # noqa: S608
    return cursor.execute(sql, (item_id,)).fetchone() is not None


def _standing(cursor: sqlite3.Cursor, item_id: str) -> list[AnswerRecord]:
    rows = cursor.execute(
        "SELECT answers.* FROM answers JOIN outbox ON outbox.id = answers.outbox_id"  # noqa: S608
        f" WHERE answers.item_id = ? AND {STANDS} ORDER BY outbox.sequence DESC",
        (item_id,),
    )
    return [answer_of(row) for row in rows.fetchall()]


def _remove_own(cursor: sqlite3.Cursor, item: KeptItem) -> int:
    """All rows of an item; what was settled leaves a mark that names nobody. How many answers."""
    settled = cursor.execute(
        "SELECT coalesce(max(CASE WHEN NOT secondhand THEN version END), max(version)), max(at), min(secondhand)"
        " FROM ("
        "SELECT sequence AS version, answered_at AS at, secondhand FROM answers WHERE item_id = ?"
        " UNION ALL SELECT version, at, secondhand FROM decisions WHERE item_id = ? AND kind <> 'snoozed')",
        (item.id, item.id),
    ).fetchone()
    cursor.execute("DELETE FROM choices WHERE outbox_id IN (SELECT id FROM outbox WHERE item_id = ?)", (item.id,))
    cursor.execute("DELETE FROM answers WHERE item_id = ?", (item.id,))
    answers = cursor.rowcount
    cursor.execute("DELETE FROM filings WHERE item_id = ?", (item.id,))
    cursor.execute("DELETE FROM outbox WHERE item_id = ?", (item.id,))
    cursor.execute("DELETE FROM decisions WHERE item_id = ? AND kind <> ?", (item.id, REMOVED))
    if item.settled and settled[1] is not None:
        version, at, secondhand = settled
        values = (item.id, REMOVED, at, max(version, item.sequence), bool(secondhand) and item.secondhand)
        cursor.execute(
            "INSERT OR REPLACE INTO decisions (item_id, kind, at, version, secondhand) VALUES (?, ?, ?, ?, ?)", values
        )
    return answers
