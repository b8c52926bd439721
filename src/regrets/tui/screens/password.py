"""Asking for a password that no keyring keeps: typed unseen, for as long as the program runs."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from regrets.tui.content import line, stacked
from regrets.tui.keymap import Keymap
from regrets.tui.widgets.footer import KeyFooter
from regrets.tui.widgets.plain import Plain


class UnseenField(Input):
    """Shows dots, and gives nothing of what is typed to the clipboard."""

    def __init__(self, *, id: str) -> None:
        super().__init__(password=True, id=id, compact=True)
        self.cursor_blink = False

    def action_copy(self) -> None:
        """Not a password."""

    def action_cut(self) -> None:
        """Not a password."""


class PasswordField(UnseenField):
    """Is used or not, by its two keys."""

    class Ended(Message):
        """Used or not."""

        def __init__(self, used: bool) -> None:
            self.used = used
            super().__init__()

    def __init__(self, keymap: Keymap) -> None:
        super().__init__(id="password")
        keymap.install(self, "password")

    def action_perform(self, action_id: str) -> None:
        """Ends the question."""
        self.post_message(self.Ended(action_id == "password_use"))


class PasswordScreen(ModalScreen[str]):
    """The password, or '' where none was given."""

    CSS_PATH: ClassVar[str] = "password.tcss"

    def __init__(self, keymap: Keymap, account: str, login: str) -> None:
        """`login`: whose password it is, e.g. `ana at imap.studio.example`."""
        super().__init__()
        self._keymap, self._account, self._login = keymap, account, login

    def compose(self) -> ComposeResult:
        """The question, the field, its keys."""
        asked = [
            line(f"No keyring keeps the password of {self._account}.", "bold"),
            line(f"{self._login}:", "$quiet"),
        ]
        kept = line("It is kept until the program ends, and written nowhere.", "$quiet")
        with Vertical(id="question"):
            yield Plain(stacked(asked))
            yield PasswordField(self._keymap)
            yield Plain(kept)
        yield KeyFooter(self._keymap, "password")

    def on_mount(self) -> None:
        """Ready for typing."""
        self.query_one(PasswordField).focus()

    @on(PasswordField.Ended)
    def _ended(self, event: PasswordField.Ended) -> None:
        self.dismiss(self.query_one(PasswordField).value if event.used else "")

    @on(KeyFooter.Pressed)
    def _pressed(self, event: KeyFooter.Pressed) -> None:
        self.query_one(PasswordField).action_perform(event.action_id)
