"""The header line and the status line."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from regrets.domain.text import safe_line
from regrets.tui.widgets.plain import Plain
from regrets.tui.words import fit


class HeaderLine(Widget):
    """Name and counts on the left, how the sync stands on the right."""

    def __init__(self, banner: str = "", *, id: str | None = None) -> None:
        self._banner = safe_line(banner, 60)
        self._left, self._right = "", ""
        super().__init__(id=id)

    def show(self, *, left: str | None = None, right: str | None = None) -> None:
        """Changes one side or both."""
        self._left = self._left if left is None else safe_line(left)
        self._right = self._right if right is None else safe_line(right)
        self.refresh()

    def render(self) -> Content:
        """Both sides in the width there is; the banner gives way first, then the right side."""
        width = self.size.width
        name, left, right = " regrets ", f" {self._left}", f"{self._right} " if self._right else ""
        banner = f"  {self._banner}" if self._banner else ""
        if cell_len(name + left + banner + right) >= width:
            banner = ""
        room = width - cell_len(name) - cell_len(banner) - cell_len(right)
        if room < cell_len(left):
            right, room = "", width - cell_len(name) - cell_len(banner)
        return Content.assemble(
            (name, "$primary bold"), (banner, "$alert"), fit(left, max(0, room)), (right, "$quiet")
        )


class StatusLine(Plain):
    """What leaves when, and the last word on what was done; grows to three lines for an error."""

    def __init__(self, *, id: str | None = None) -> None:
        self.message, self.queue, self._alert = "", "", False
        super().__init__(id=id)

    def say(self, text: str, *, alert: bool = False) -> None:
        """A sentence; `alert` for errors and questions. It stays until the next key."""
        if text or self.message:
            self.message, self._alert = safe_line(text, 600), alert
            self._draw()

    def unsay(self, text: str) -> None:
        """Takes a sentence back that is no longer true, if it still stands there."""
        if text and self.message == safe_line(text, 600):
            self.say("")

    def show_queue(self, text: str) -> None:
        """What waits to leave; '' for nothing."""
        if text != self.queue:
            self.queue = safe_line(text)
            self._draw()

    def _draw(self) -> None:
        between = "   " if self.queue and self.message else ""
        sign = "! " if self._alert and self.message else ""
        self.update(
            Content.assemble(
                (self.queue, "$primary bold"),
                between,
                (sign + self.message, "$alert bold" if self._alert else "$quiet"),
            )
        )
