"""Text to read and close again: why, help and preview are made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeAlias

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from regrets.domain.text import SafeText
from regrets.tui.content import SafeContent, stacked
from regrets.tui.keymap import Keymap
from regrets.tui.widgets.detail import RuleLine
from regrets.tui.widgets.footer import KeyFooter
from regrets.tui.widgets.plain import Plain

Lines: TypeAlias = Callable[[int], Sequence[SafeContent]]
"""The lines of a text in a width."""


class Flowing(Plain):
    """Text whose lines are made for the width there is."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._drawn_for = lines, 0
        super().__init__()

    def on_resize(self, event: events.Resize) -> None:
        """Another width."""
        if event.size.width != self._drawn_for:
            self._drawn_for = event.size.width
            self.update(stacked(self._lines(event.size.width)))


class ViewScreen(ModalScreen[None]):
    """A title, scrolling text, and the keys of place `view`."""

    CSS_PATH: ClassVar[str] = "view.tcss"
    AUTO_FOCUS: ClassVar[str] = ""

    def __init__(self, keymap: Keymap, title: SafeText, content: SafeContent | Lines, also_closes: str = "") -> None:
        """`also_closes`: the action that opened it, whose key closes it again."""
        super().__init__()
        self._keymap, self._heading, self._content = keymap, title, content
        keymap.install(self, "view", also=(also_closes, "view_close"))

    def compose(self) -> ComposeResult:
        """Title, text, keys."""
        yield RuleLine(id="view-title")
        with VerticalScroll(id="view", can_focus=False):
            yield Flowing(self._content) if callable(self._content) else Plain(self._content)
        yield KeyFooter(self._keymap, "view")

    def on_mount(self) -> None:
        """The title needs its width."""
        self.query_one(RuleLine).show(self._heading)

    @on(KeyFooter.Pressed)
    def _pressed(self, event: KeyFooter.Pressed) -> None:
        self.action_perform(event.action_id)

    def action_perform(self, action_id: str) -> None:
        """Scrolls or closes."""
        box = self.query_one("#view", VerticalScroll)
        actions: dict[str, Callable[[], object]] = {
            "view_down": lambda: box.scroll_relative(y=3, animate=False),
            "view_up": lambda: box.scroll_relative(y=-3, animate=False),
            "view_page_down": lambda: box.scroll_page_down(animate=False),
            "view_page_up": lambda: box.scroll_page_up(animate=False),
            "view_first": lambda: box.scroll_home(animate=False),
            "view_last": lambda: box.scroll_end(animate=False),
            "view_close": lambda: self.dismiss(None),
        }
        actions[action_id]()
