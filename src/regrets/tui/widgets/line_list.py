"""A virtual list: it draws the lines that are on the screen and knows nothing of the others."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from regrets.tui.content import SafeSegment, drawn


class LineList(ScrollView, can_focus=True, inherit_bindings=False):
    """Items of `item_height` lines each, and a cursor. Subclasses give `count` and `item_line`.

    A cursor move repaints two items, not the list; 10,000 items cost what 20 do.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-list--cursor",
        "line-list--mark",
        "line-list--quiet",
        "line-list--strong",
        "line-list--chip",
        "line-list--alert",
    }
    cursor: reactive[int] = reactive(0, repaint=False, always_update=False)
    item_height = 1
    _drawn: dict[tuple[int, int, bool], Strip]  # item, line, chosen: as drawn last, so that scrolling draws one item

    class Clicked(Message):
        """An item was clicked (`again`: it was the cursor's already)."""

        def __init__(self, index: int, again: bool) -> None:
            self.index, self.again = index, again
            super().__init__()

    def count(self) -> int:
        """How many items there are."""
        raise NotImplementedError

    def item_line(self, index: int, line: int, width: int, *, selected: bool) -> list[SafeSegment]:
        """Line `line` of an item in exactly `width` cells."""
        raise NotImplementedError

    def part(self, name: str) -> Style:
        """The style of a component class, without its background (the row has its own)."""
        style = self.get_component_rich_style(f"line-list--{name}", partial=True)
        return Style(color=style.color, bold=style.bold, dim=style.dim)

    def items_changed(self, cursor: int, above: int = 0) -> None:
        """After the items are others: the cursor is at `cursor`; `above` items more than before lie above it."""
        self._drawn = {}
        kept = self.scroll_offset.y + above * self.item_height
        self._measure()
        self.set_reactive(LineList.cursor, max(0, min(cursor, self.count() - 1)))
        self.scroll_to(y=max(0, kept), animate=False, immediate=True)
        self._show_cursor()
        self.refresh()

    def validate_cursor(self, index: int) -> int:
        """Within the list."""
        return max(0, min(index, self.count() - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaints the two items and scrolls the new one into view."""
        self._show_cursor()
        for index in (old, new):
            self.refresh_lines(index * self.item_height, self.item_height)

    def on_mount(self) -> None:
        """Measures once there is a style to measure with."""
        self._measure()

    def on_resize(self, event: events.Resize) -> None:
        """Another width: the virtual size follows, the cursor stays in view."""
        self._measure()
        self._show_cursor()

    def on_click(self, event: events.Click) -> None:
        """The mouse chooses a line; a second click on it opens it."""
        index = (self.scroll_offset.y + event.y) // self.item_height
        if 0 <= index < self.count():
            again = index == self.cursor
            self.cursor = index
            self.post_message(self.Clicked(index, again))

    def render_line(self, y: int) -> Strip:
        """One line on the screen."""
        index, line = divmod(self.scroll_offset.y + y, self.item_height)
        key = index, line, index == self.cursor
        if len(self._drawn) > 1000:
            self._drawn = {}
        if key not in self._drawn:
            self._drawn[key] = self._draw(*key)
        return self._drawn[key]

    def notify_style_update(self) -> None:
        """Other colours: everything is drawn anew."""
        self._drawn = {}
        super().notify_style_update()

    def _draw(self, index: int, line: int, selected: bool) -> Strip:
        width, base = self.scrollable_content_region.width, self.rich_style
        if index >= self.count():
            return Strip.blank(width, base)
        if selected:
            base = base + self.get_component_rich_style("line-list--cursor", partial=True)
        segments = self.item_line(index, line, width, selected=selected)
        return drawn(segments, base, width)

    def _measure(self) -> None:
        self._drawn = {}
        self.virtual_size = Size(self.scrollable_content_region.width, self.count() * self.item_height)

    def _show_cursor(self) -> None:
        height = self.item_height
        region = Region(0, self.cursor * height, max(1, self.scrollable_content_region.width), height)
        self.scroll_to_region(region, animate=False, immediate=True, force=True)
