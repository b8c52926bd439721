"""All 19 ways to answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen

from regrets.domain.model import Strategy
from regrets.domain.text import NOTHING, own
from regrets.tui.content import SafeSegment, segment
from regrets.tui.keymap import Keymap
from regrets.tui.widgets.detail import RuleLine
from regrets.tui.widgets.footer import KeyFooter
from regrets.tui.widgets.line_list import LineList
from regrets.tui.words import (
    ALL_STRATEGIES,
    STRATEGY_LABELS,
    STRATEGY_TITLES,
    UNICODE,
    Glyphs,
    fit,
)


class StrategyList(LineList):
    """One strategy a line, those of this invitation marked with their number."""

    def __init__(self, options: Sequence[Strategy], glyphs: Glyphs = UNICODE) -> None:
        self._options, self._glyphs = list(options), glyphs
        super().__init__()

    def count(self) -> int:
        """All of them."""
        return len(ALL_STRATEGIES)

    def item_line(self, index: int, line: int, width: int, *, selected: bool) -> list[SafeSegment]:
        """Number, label, and what it means."""
        strategy = ALL_STRATEGIES[index]
        number = own(" {}", self._options.index(strategy) + 1) if strategy in self._options else NOTHING
        return [
            segment(self._glyphs.cursor if selected else own(" "), self.part("mark")),
            segment(fit(number, 4), self.part("chip")),
            segment(fit(STRATEGY_LABELS[strategy], 14), self.part("strong")),
            segment(fit(STRATEGY_TITLES[strategy], max(0, width - 19)), self.part("quiet")),
        ]


class ChooserScreen(ModalScreen[Strategy | None]):
    """The chosen strategy, or None."""

    CSS_PATH: ClassVar[str] = "view.tcss"

    def __init__(
        self, keymap: Keymap, chosen: Strategy | None, options: Sequence[Strategy], glyphs: Glyphs = UNICODE
    ) -> None:
        super().__init__()
        self._keymap, self._chosen = keymap, chosen
        self._list = StrategyList(options, glyphs)
        keymap.install(self, "chooser")

    def compose(self) -> ComposeResult:
        """Title, list, keys."""
        yield RuleLine(id="view-title")
        yield self._list
        yield KeyFooter(self._keymap, "chooser")

    def on_mount(self) -> None:
        """Starts at the present one."""
        self.query_one(RuleLine).show(own("All ways to answer"), own("numbers: suggested here"))
        if self._chosen in ALL_STRATEGIES:
            self._list.cursor = ALL_STRATEGIES.index(self._chosen)

    @on(KeyFooter.Pressed)
    def _pressed(self, event: KeyFooter.Pressed) -> None:
        self.action_perform(event.action_id)

    @on(LineList.Clicked)
    def _clicked(self, event: LineList.Clicked) -> None:
        if event.again:
            self.action_perform("chooser_take")

    def action_perform(self, action_id: str) -> None:
        """Moves, takes, or closes."""
        actions: dict[str, Callable[[], object]] = {
            "chooser_down": lambda: setattr(self._list, "cursor", self._list.cursor + 1),
            "chooser_up": lambda: setattr(self._list, "cursor", self._list.cursor - 1),
            "chooser_take": lambda: self.dismiss(ALL_STRATEGIES[self._list.cursor]),
            "chooser_close": lambda: self.dismiss(None),
        }
        actions[action_id]()
