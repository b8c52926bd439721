"""One line about a warning sign: its kind, changed with a key, and what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from regrets.domain.text import own, safe_line
from regrets.tui.widgets.plain import Plain

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from regrets.tui.keymap import Keymap


class NoteLine(Horizontal):
    """The kind, and the field beside it; hidden until it is opened."""

    class Ended(Message):
        """`sign` '': nothing is to be noted."""

        def __init__(self, sign: str, note: str) -> None:
            self.sign, self.note = sign, note
            super().__init__()

    def __init__(self, keymap: Keymap, signs: Sequence[str]) -> None:
        super().__init__()
        self.display = False
        self._kind, self._field = Plain(id="note-kind"), NoteField(keymap, self)
        self._signs, self._at = signs, 0

    def compose(self) -> ComposeResult:
        """Both parts."""
        yield self._kind
        yield self._field

    def open(self) -> None:
        """Empty, at the first kind."""
        self._field.value, self._at, self.display = "", 0, True
        self._show_kind()
        self.screen.set_focus(self._field)

    def action_perform(self, action_id: str) -> None:
        """The next kind, or the end."""
        if action_id == "note_kind":
            self._at = (self._at + 1) % len(self._signs)
            self._show_kind()
            return
        self.display = False
        self.post_message(self.Ended(self._signs[self._at] if action_id == "note_keep" else "", self._field.value))

    def _show_kind(self) -> None:
        self._kind.update(own("{}:", safe_line(self._signs[self._at])))


class NoteField(Input):
    """What was seen; its keys are the line's."""

    def __init__(self, keymap: Keymap, line: NoteLine) -> None:
        super().__init__(placeholder=own("what happened, in one line"), id="note-field", compact=True, max_length=200)
        self.cursor_blink = False
        self._line = line
        keymap.install(self, "note")

    def action_perform(self, action_id: str) -> None:
        """Of the line."""
        self._line.action_perform(action_id)
