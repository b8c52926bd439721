"""The list of open invitations: one line each, two where it stands beside the letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from regrets.domain.naming import safe_name
from regrets.domain.stored import Row, State
from regrets.domain.text import NOTHING, SafeText, own, safe_line
from regrets.tui import dates
from regrets.tui.content import SafeSegment, segment
from regrets.tui.widgets.line_list import LineList
from regrets.tui.words import STRATEGY_LABELS, UNICODE, Glyphs, fit, strategy_of

_WHEN, _LENGTH, _CHIP = 16, 7, 12


class InviteList(LineList):
    """Draws rows from the columns of the store; parses nothing but their two times."""

    def __init__(
        self,
        rows: Sequence[Row] = (),
        *,
        now: Callable[[], dt.datetime],
        zone: dt.tzinfo | None = None,
        glyphs: Glyphs = UNICODE,
        tall: bool = False,
        id: str | None = None,
    ) -> None:
        self.rows: Sequence[Row] = rows
        self.failed: frozenset[str] = frozenset()
        self._now, self._zone, self._glyphs = now, zone, glyphs
        self.item_height = 2 if tall else 1
        super().__init__(id=id)

    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def show(self, rows: Sequence[Row], cursor: int, above: int = 0) -> None:
        """Other rows, with the cursor on one of them; `above`: how many came in above it."""
        self.rows = rows
        self.items_changed(cursor, above)

    def set_tall(self, tall: bool) -> None:
        """Two lines an item, or one."""
        if self.item_height != (2 if tall else 1):
            self.item_height = 2 if tall else 1
            self.items_changed(self.cursor)

    def item_line(self, index: int, line: int, width: int, *, selected: bool) -> list[SafeSegment]:
        """One line of a row, in exactly `width` cells."""
        row = self.rows[index]
        mark = self._mark(row, selected, line)
        if self.item_height == 1:
            return [*mark, *self._single(row, width - 3)]
        return [*mark, *(self._lower(row, width - 3) if line else self._upper(row, width - 3))]

    def _mark(self, row: Row, selected: bool, line: int) -> list[SafeSegment]:
        cursor = segment(self._glyphs.cursor if selected else own(" "), self.part("mark"))
        alarm = line == 0 and (row.id in self.failed or bool(row.warnings) or row.state is State.UNREADABLE)
        sign = segment(own("{} ", self._glyphs.alert) if alarm else own("  "), self.part("alert"))
        return [cursor, sign]

    def _single(self, row: Row, width: int) -> list[SafeSegment]:
        """organiser, summary, when, length, suggestion: the last ones give way first."""
        side = 18 if width >= 74 else 14 if width >= 44 else 10
        tail: list[SafeSegment] = []
        room = width - side - 1
        for text, cells, part, least in (
            (dates.when(row, self._now(), self._zone), _WHEN, "quiet", 14),
            (self._chip(row), _CHIP, "chip", 18),
            (self._length(row), _LENGTH, "quiet", 20),
        ):
            if room - cells - 1 < least:
                break
            room -= cells + 1
            tail.append(segment(own(" {}", fit(text, cells, self._glyphs.more)), self.part(part)))
        if len(tail) == 3:
            tail[1], tail[2] = tail[2], tail[1]
        return [
            segment(fit(who(row, side), side, self._glyphs.more), self.part("quiet")),
            segment(own(" {}", fit(_summary(row), room, self._glyphs.more))),
            *tail,
        ]

    def _upper(self, row: Row, width: int) -> list[SafeSegment]:
        when = dates.when(row, self._now(), self._zone)
        return [
            segment(fit(_summary(row), width - _WHEN - 1, self._glyphs.more), self.part("strong")),
            segment(own(" {}", fit(when, _WHEN, self._glyphs.more)), self.part("quiet")),
        ]

    def _lower(self, row: Row, width: int) -> list[SafeSegment]:
        room = width - _CHIP - _LENGTH - 2
        return [
            segment(fit(who(row, room), room, self._glyphs.more), self.part("quiet")),
            segment(own(" {}", fit(self._length(row), _LENGTH, self._glyphs.more)), self.part("quiet")),
            segment(own(" {}", fit(self._chip(row), _CHIP, self._glyphs.more)), self.part("chip")),
        ]

    def _length(self, row: Row) -> SafeText:
        length = dates.length(row)
        return own("{}{}", length, self._glyphs.series) if row.recurrence else length

    def _chip(self, row: Row) -> SafeText:
        if row.state is State.UNREADABLE:
            return own("unreadable")
        if row.state is State.CANCELLED:
            return own("cancelled")
        strategy = strategy_of(row.strategy)
        return own("{} {}", self._glyphs.suggested, STRATEGY_LABELS[strategy]) if strategy else NOTHING


def _summary(row: Row) -> SafeText:
    return safe_line(row.summary) or own("(no subject)")


def who(row: Row, cells: int) -> SafeText:
    """The organiser in a cell: see `naming.safe_name`."""
    return safe_name(row.organizer_name, row.organizer_address, cells, namesake=row.namesake) or own("(unknown)")
