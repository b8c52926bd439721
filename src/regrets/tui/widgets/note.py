"""One line about a warning sign: its kind, changed with a key, and what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import Input

from regrets.domain.text import own, safe_line

if TYPE_CHECKING:
    from regrets.tui.keymap import Keymap


class NoteField(Input):
    """Hidden until it is opened."""

    class Ended(Message):
        """`sign` '': nothing is to be noted."""

        def __init__(self, sign: str, note: str) -> None:
            self.sign, self.note = sign, note
            super().__init__()

    def __init__(self, keymap: Keymap, signs: Sequence[str]) -> None:
        super().__init__(id="note-field", compact=True, max_length=200)
        self.cursor_blink = False
        self.display = False
        self._signs, self._at = signs, 0
        keymap.install(self, "note")

    def open(self) -> None:
        """Empty, at the first kind."""
        self.value, self._at, self.display = "", 0, True
        self._show_kind()
        self.screen.set_focus(self)

    def action_perform(self, action_id: str) -> None:
        """The next kind, or the end."""
        if action_id == "note_kind":
            self._at = (self._at + 1) % len(self._signs)
            self._show_kind()
            return
        self.display = False
        self.post_message(self.Ended(self._signs[self._at] if action_id == "note_keep" else "", self.value))

    def _show_kind(self) -> None:
        self.placeholder = own("{}: what happened, in one line", safe_line(self._signs[self._at]))
        self.border_title = safe_line(self._signs[self._at])
