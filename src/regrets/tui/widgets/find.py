"""The search field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import Input

from regrets.domain.text import own

if TYPE_CHECKING:
    from regrets.tui.keymap import Keymap


class FindField(Input):
    """Filters while one types; its two keys keep or clear the search."""

    class Ended(Message):
        """Back to the list."""

        def __init__(self, keep: bool) -> None:
            self.keep = keep
            super().__init__()

    def __init__(self, keymap: Keymap) -> None:
        super().__init__(placeholder=own("Find in organiser and subject"), id="find", compact=True)
        self.cursor_blink = False
        keymap.install(self, "find")

    def action_perform(self, action_id: str) -> None:
        """Ends the search."""
        self.post_message(self.Ended(action_id == "find_keep"))
