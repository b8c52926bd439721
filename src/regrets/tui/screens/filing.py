"""The question about the user's own calendar: with an answer, when a called-off meeting is cleared, or by its key."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from regrets.domain.text import SafeText, own
from regrets.tui.content import BLANK, assemble, line, stacked
from regrets.tui.keymap import Keymap
from regrets.tui.widgets.footer import KeyFooter
from regrets.tui.widgets.plain import Plain

KEYS = ("filing_file", "filing_remove", "filing_not", "filing_always", "filing_ask", "filing_never", "filing_close")


class Question(NamedTuple):
    """What is asked, what is told below it, and what each key of this question does, by action id."""

    title: SafeText
    told: SafeText
    answers: dict[str, SafeText]


class FilingScreen(ModalScreen[str]):
    """'file', 'remove', 'not', 'always', 'ask', 'never', or '' to go back."""

    CSS_PATH: ClassVar[str] = "filing.tcss"
    AUTO_FOCUS: ClassVar[str] = ""

    def __init__(self, keymap: Keymap, question: Question) -> None:
        super().__init__()
        self._keymap, self._question = keymap, question
        keymap.install(self, "filing")

    def compose(self) -> ComposeResult:
        """The question and its keys."""
        title, told, answers = self._question
        lines = [line(title, "bold"), *([line(told, "$quiet")] if told else []), BLANK]
        lines += [
            assemble((own("{} ", self._keymap.shown(action_id)), "$key bold"), answers[action_id])
            for action_id in KEYS
            if action_id in answers
        ]
        with Vertical(id="question"):
            yield Plain(stacked(lines))
        yield KeyFooter(self._keymap, "filing", tuple(key for key in KEYS if key not in answers))

    @on(KeyFooter.Pressed)
    def _pressed(self, event: KeyFooter.Pressed) -> None:
        self.action_perform(event.action_id)

    def action_perform(self, action_id: str) -> None:
        """The answer; keys that this question doesn't have do nothing."""
        if action_id in self._question.answers:
            answer = action_id.removeprefix("filing_")
            self.dismiss("" if answer == "close" else answer)
