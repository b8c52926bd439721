"""A letter that ends something: read once more, sent by its own key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from regrets.domain.model import Draft, Row
from regrets.domain.text import own, safe_line
from regrets.tui.content import BLANK, SafeContent, assemble, block, line, stacked, styled
from regrets.tui.keymap import Keymap
from regrets.tui.widgets.detail import RuleLine
from regrets.tui.widgets.footer import KeyFooter
from regrets.tui.widgets.plain import Plain
from regrets.tui.words import STRATEGY_TITLES, recipients_line


class ConfirmScreen(ModalScreen[bool]):
    """True: send it."""

    CSS_PATH: ClassVar[str] = "view.tcss"
    AUTO_FOCUS: ClassVar[str] = ""

    def __init__(self, keymap: Keymap, row: Row, draft: Draft, objections: Sequence[str]) -> None:
        super().__init__()
        self._keymap, self._row, self._draft, self._objections = keymap, row, draft, objections
        self._seen = False  # until then `c` is typed at what it was not meant for
        keymap.install(self, "confirm")

    def compose(self) -> ComposeResult:
        """What it is, who gets it, the letter."""
        yield RuleLine(id="view-title")
        with VerticalScroll(id="view", can_focus=False):
            yield Plain(self._text())
        yield KeyFooter(self._keymap, "confirm")

    def on_mount(self) -> None:
        """The title needs its width."""
        self.call_after_refresh(setattr, self, "_seen", True)
        self.query_one(RuleLine).show(safe_line(f"{STRATEGY_TITLES[self._draft.strategy]}: {self._row.summary}"))

    @on(KeyFooter.Pressed)
    def _pressed(self, event: KeyFooter.Pressed) -> None:
        self.action_perform(event.action_id)

    def action_perform(self, action_id: str) -> None:
        """Sends, goes back, or scrolls."""
        box = self.query_one("#view", VerticalScroll)
        actions: dict[str, Callable[[], object]] = {
            "confirm_send": lambda: self._seen and self.dismiss(True),
            "confirm_close": lambda: self.dismiss(False),
            "confirm_down": lambda: box.scroll_relative(y=3, animate=False),
            "confirm_up": lambda: box.scroll_relative(y=-3, animate=False),
        }
        actions[action_id]()

    def _text(self) -> SafeContent:
        key = self._keymap.shown("confirm_send")
        return stacked(
            [
                styled(own("This letter ends something. {} sends it, no other key does.", key), "$alert bold"),
                *(line(f"! {sentence}", "$alert") for sentence in self._objections),
                assemble((own("Reply goes to "), "$quiet"), recipients_line(self._draft)),
                BLANK,
                block(self._draft.body),
            ]
        )
