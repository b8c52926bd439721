"""What is to be filed in the user's own calendars, and what was said about that once (ports.Filings)."""

from __future__ import annotations

import datetime as dt

from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.own_calendar import Filing, FilingKind, FilingRule

_COLUMNS = "outbox_id, item_id, calendar, kind, summary, uid, event, wished, error"


class SqliteFilings:
    """In the user's own database; what a method changed is on disk when it returns. All raise StoreError."""

    def __init__(self, own: SqliteOwnStore) -> None:
        self._database = own.database

    def add(self, filing: Filing) -> None:
        """One for each answer."""
        values = (filing.outbox_id, filing.item_id, filing.calendar, filing.kind, filing.summary, filing.uid)
        with self._database.transaction() as cursor:
            cursor.execute(
                f"INSERT INTO filings ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constants
                (*values, filing.event, filing.wished.astimezone(dt.UTC).isoformat(), filing.error),
            )

    def all(self) -> list[Filing]:
        """Oldest first."""
        rows = self._database.read(f"SELECT {_COLUMNS} FROM filings ORDER BY wished, rowid")  # noqa: S608
        return [
            Filing(
                outbox_id=row["outbox_id"],
                item_id=row["item_id"],
                calendar=row["calendar"],
                kind=FilingKind(row["kind"]),
                summary=row["summary"],
                uid=row["uid"],
                event=row["event"],
                wished=dt.datetime.fromisoformat(row["wished"]),
                error=row["error"],
            )
            for row in rows
        ]

    def note_error(self, outbox_id: str, error: str) -> None:
        """Why the last attempt failed."""
        with self._database.transaction() as cursor:
            cursor.execute("UPDATE filings SET error = ? WHERE outbox_id = ?", (error, outbox_id))

    def drop(self, outbox_id: str) -> None:
        """It is done, or no longer wanted."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM filings WHERE outbox_id = ?", (outbox_id,))

    def rules(self) -> dict[str, FilingRule]:
        """By calendar; one that is not in it asks."""
        rows = self._database.read("SELECT calendar, rule FROM filing_rules")
        return {calendar: FilingRule(rule) for calendar, rule in rows}

    def set_rule(self, calendar: str, rule: FilingRule) -> None:
        """Once and for all, until it is set anew."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM filing_rules WHERE calendar = ?", (calendar,))
            if rule is not FilingRule.ASK:
                cursor.execute("INSERT INTO filing_rules (calendar, rule) VALUES (?, ?)", (calendar, rule))
