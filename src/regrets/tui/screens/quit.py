"""Quitting while replies are in their undo window."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from regrets.domain.text import own
from regrets.tui.content import BLANK, SafeContent, assemble, line, stacked, styled
from regrets.tui.keymap import Keymap
from regrets.tui.widgets.footer import KeyFooter
from regrets.tui.widgets.plain import Plain
from regrets.tui.words import plural


class QuitScreen(ModalScreen[str]):
    """'send', 'keep', 'discard', or '' to stay."""

    CSS_PATH: ClassVar[str] = "quit.tcss"
    AUTO_FOCUS: ClassVar[str] = ""

    def __init__(self, keymap: Keymap, count: int, edited: int = 0, *, lasting: bool = True) -> None:
        """`edited`: letters that the user has written on and not sent, which nothing keeps; `lasting`: there is a
        next start, for which replies can be kept."""
        super().__init__()
        self._keymap, self._count, self._edited, self._lasting = keymap, count, edited, lasting
        keymap.install(self, "quit")

    def compose(self) -> ComposeResult:
        """The question and its keys."""
        shown = self._keymap.shown
        lines = [
            styled(own("{} not left yet.", plural(self._count, "reply has", "replies have")), "bold"),
            *self._lost(),
            BLANK,
            *(
                assemble((own("{} ", shown(action_id)), "$key bold"), text)
                for action_id, text in (
                    ("quit_send", own("send now and quit")),
                    ("quit_keep", own("keep for the next start")),
                    ("quit_discard", own("discard and quit")),
                    ("quit_stay", own("stay")),
                )
                if self._lasting or action_id != "quit_keep"
            ),
        ]
        with Vertical(id="question"):
            yield Plain(stacked(lines))
        yield KeyFooter(self._keymap, "quit", () if self._lasting else ("quit_keep",))

    def _lost(self) -> list[SafeContent]:
        if not self._edited:
            return []
        edited = plural(self._edited, "edited reply is", "edited replies are")
        return [line(own("{} lost by leaving.", edited), "$alert")]

    @on(KeyFooter.Pressed)
    def _pressed(self, event: KeyFooter.Pressed) -> None:
        self.action_perform(event.action_id)

    def action_perform(self, action_id: str) -> None:
        """The answer."""
        if action_id == "quit_keep" and not self._lasting:
            return
        answer = action_id.removeprefix("quit_")
        self.dismiss("" if answer == "stay" else answer)
