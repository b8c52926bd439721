"""The letter as text one can write in. A module of its own: it is loaded when somebody edits."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widgets import TextArea

if TYPE_CHECKING:
    from regrets.domain.text import SafeText
    from regrets.tui.keymap import Keymap


class DraftEditor(TextArea):
    """The letter as text. Both keys of `keep_edit` keep what was written."""

    class Kept(Message):
        """Editing is over."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, keymap: Keymap) -> None:
        super().__init__("", id="editor", soft_wrap=True, compact=True)
        self.cursor_blink = False
        keymap.install(self, "editor")

    def open(self, text: SafeText, before: SafeText, at: int) -> None:
        """Loads the letter with the cursor at a character; `before`: what undo (ctrl+z) brings back."""
        self.load_text(before or text)
        if before and before != text:
            self.replace(text, (0, 0), self.document.end)
        before_spot = text[:at].split("\n")
        self.move_cursor((len(before_spot) - 1, len(before_spot[-1])))
        self.screen.set_focus(self)  # at once: the next key may be waiting already

    def action_perform(self, action_id: str) -> None:
        """The editor knows one action."""
        self.post_message(self.Kept())
