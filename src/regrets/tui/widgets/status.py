"""The header line and the status line."""

from __future__ import annotations

from rich.cells import cell_len
from textual.widget import Widget

from regrets.domain.text import NOTHING, SafeText, own, repeated, safe_line
from regrets.tui.content import SafeContent, assemble
from regrets.tui.widgets.plain import Plain
from regrets.tui.words import fit


class HeaderLine(Widget):
    """Name and counts on the left, how the sync stands on the right."""

    def __init__(self, banner: SafeText = NOTHING, *, id: str | None = None) -> None:
        self._banner = safe_line(banner, 60)
        self._left, self._order, self._right = NOTHING, NOTHING, NOTHING
        super().__init__(id=id)

    def show(
        self, *, left: SafeText | None = None, order: SafeText | None = None, right: SafeText | None = None
    ) -> None:
        """Changes what is given; `order` of the list, beside the counts."""
        before = self._left, self._order, self._right
        self._left = self._left if left is None else safe_line(left)
        self._order = self._order if order is None else safe_line(order)
        self._right = self._right if right is None else safe_line(right)
        if before != (self._left, self._order, self._right):
            self.refresh()

    def render(self) -> SafeContent:
        """Both sides in the width there is; the order gives way first, then the banner, then the right side."""
        width = self.size.width
        name, left = own(" regrets "), own(" {}", self._left)
        right = own("{} ", self._right) if self._right else NOTHING
        banner = own("  {}", self._banner) if self._banner else NOTHING
        order = own(", {}", self._order) if self._order else NOTHING
        if cell_len(name + left + order + banner + right) >= width:
            order = NOTHING
        if cell_len(name + left + banner + right) >= width:
            banner = NOTHING
        room = width - cell_len(name + banner + right)
        if room < cell_len(left):
            right, room = NOTHING, width - cell_len(name + banner)
        told = assemble(left, (order, "$quiet")) if order else assemble(fit(left, max(0, room)))
        between = repeated(own(" "), room - told.cell_length)
        return assemble((name, "$primary bold"), (banner, "$alert"), told, between, (right, "$quiet"))


class StatusLine(Plain):
    """What leaves when, and the last word on what was done; grows to three lines for an error."""

    def __init__(self, *, id: str | None = None) -> None:
        self.message, self.queue, self._alert = NOTHING, NOTHING, False
        super().__init__(id=id)

    def say(self, text: SafeText, *, alert: bool = False) -> None:
        """A sentence; `alert` for errors and questions. It stays until the next key."""
        if text or self.message:
            self.message, self._alert = safe_line(text, 600), alert
            self._draw()

    def unsay(self, text: SafeText) -> None:
        """Takes a sentence back that is no longer true, if it still stands there."""
        if text and self.message == safe_line(text, 600):
            self.say(NOTHING)

    def show_queue(self, text: SafeText) -> None:
        """What waits to leave; '' for nothing."""
        if text != self.queue:
            self.queue = safe_line(text)
            self._draw()

    def _draw(self) -> None:
        between = own("   ") if self.queue and self.message else NOTHING
        said = own("! {}", self.message) if self._alert and self.message else self.message
        self.update(
            assemble(
                (self.queue, "$primary bold"),
                between,
                (said, "$alert bold" if self._alert else "$quiet"),
            )
        )
