"""Which rows are on the list, and which one is chosen. Pure: it knows no widget."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from regrets.domain.stored import AGREED, WAITING, Row, State, Strategy
from regrets.domain.text import NOTHING, SafeText, own, safe_line

MOVES = ("down", "up", "first", "last", "not_now")
"""The actions that choose another row and do nothing else."""


class Listing:
    """All rows of the store, the search, and the chosen row, which stays chosen while others come and go."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self.query = NOTHING
        self.total = 0
        self.rows: list[Row] = []
        self.cursor = 0
        self._open: list[Row] = []
        self.replace(rows)

    @property
    def selected(self) -> Row | None:
        """The chosen row; None on an empty list."""
        return self.rows[self.cursor] if self.rows else None

    def row(self, item_id: str) -> Row | None:
        """An open row by its id, found by the search or not."""
        return next((row for row in self._open if row.id == item_id), None)

    def after(self) -> Row | None:
        """The row below the chosen one."""
        return self.rows[self.cursor + 1] if self.cursor + 1 < len(self.rows) else None

    def counts(self) -> SafeText:
        """The header's words: how much there is to decide, and what is searched for."""
        if self.query:
            return own("{} of {} match “{}”", len(self.rows), self.total, safe_line(self.query, 40))
        over = sum(row.strategy == Strategy.NONE for row in self._open)
        deciding = own("{} to decide", self.total - over) if self.total > over else own("nothing to decide")
        return own("{}, {} to clear", deciding, over) if over else deciding

    def order(self) -> SafeText:
        """Of the rows, where there are several."""
        if len(self.rows) < 2:
            return NOTHING
        return own("agreed, then newest first") if self.rows[0].note == AGREED else own("newest first")

    def marked(self, failures: Collection[str]) -> frozenset[str]:
        """Open rows whose last sending failed: they carry a mark."""
        return frozenset(row.id for row in self.rows if row.id in failures and row.state is State.OPEN)

    def replace(self, rows: Sequence[Row]) -> int:
        """New rows from the store; how many more than before lie above the chosen one."""
        self._open = [row for row in rows if row.state in WAITING]
        self.total = len(self._open)
        return self._filter()

    def remove(self, item_id: str) -> None:
        """The row leaves; the next one takes its place."""
        self.replace([row for row in self._open if row.id != item_id])

    def search(self, query: str) -> None:
        """Only rows with all words of `query` in organiser or summary, in any case."""
        self.query = safe_line(query)
        self._filter()

    def move(self, to: int) -> bool:
        """Chooses by position, within the list; whether another row is chosen now."""
        before, self.cursor = self.cursor, max(0, min(to, len(self.rows) - 1))
        return self.cursor != before

    def select(self, item_id: str) -> bool:
        """Chooses by id; False where it isn't on the list."""
        for index, row in enumerate(self.rows):
            if row.id == item_id:
                self.cursor = index
                return True
        return False

    def _filter(self) -> int:
        chosen, before = self.selected, self.cursor
        words = self.query.casefold().split()
        self.rows = [row for row in self._open if all(word in _haystack(row) for word in words)]
        self.cursor = max(0, min(before, len(self.rows) - 1))
        return self.cursor - before if chosen and self.select(chosen.id) else 0


def _haystack(row: Row) -> str:
    return safe_line(f"{row.organizer_name} {row.organizer_address} {row.summary}").casefold()
