"""The reply: which strategies there are, who gets it, the letter, and the editor in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from regrets.domain.model import Draft, Strategy
from regrets.domain.text import safe_block
from regrets.tui.keymap import Keymap
from regrets.tui.widgets.plain import Plain
from regrets.tui.words import (
    STRATEGY_LABELS,
    STRATEGY_TITLES,
    block,
    effect_words,
    language_word,
    line,
    recipients_line,
)


class DraftEditor(TextArea):
    """The letter as text. Both keys of `keep_edit` keep what was written."""

    @dataclass
    class Kept(Message):
        """Editing is over."""

        text: str

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, keymap: Keymap) -> None:
        super().__init__("", id="editor", soft_wrap=True, compact=True)
        self.cursor_blink = False
        keymap.install(self, "editor")

    def open(self, text: str, before: str, at: int) -> None:
        """Loads the letter with the cursor at a character; `before`: what undo (ctrl+z) brings back."""
        self.load_text(before or text)
        if before and before != text:
            self.replace(text, (0, 0), self.document.end)
        before_spot = text[:at].split("\n")
        self.move_cursor((len(before_spot) - 1, len(before_spot[-1])))
        self.focus()

    def action_perform(self, action_id: str) -> None:
        """The editor knows one action."""
        self.post_message(self.Kept(self.text))


class DraftPane(Vertical):
    """Options, recipients, and the letter or its editor."""

    def __init__(self, keymap: Keymap, *, id: str | None = None) -> None:
        self._keymap = keymap
        super().__init__(id=id)

    def compose(self) -> ComposeResult:
        """The parts, top down."""
        yield Plain("", id="options")
        yield Plain("", id="recipients")
        with VerticalScroll(id="letter", can_focus=False):
            yield Plain("", id="body")
        yield DraftEditor(self._keymap)

    def show_options(self, options: Sequence[Strategy], chosen: Strategy | None) -> None:
        """`1 Call  2 Shorter …` with the chosen one marked."""
        parts: list[str | tuple[str, str]] = []
        for number, strategy in enumerate(options, 1):
            key = self._keymap.shown(f"strategy_{number}") if number < 10 else ""
            style = "$background on $chip bold" if strategy is chosen else ""
            label = f" {key} {STRATEGY_LABELS[strategy]} "
            parts += [(label, style) if style else label, " "]
        parts.append((f" {self._keymap.shown('strategy_all')} all", "$quiet"))
        self.query_one("#options", Plain).update(Content.assemble(*parts) if options else Content(""))

    def show_draft(self, draft: Draft, warnings: Sequence[str]) -> None:
        """The letter, and what will be asked before it goes out."""
        recipients = Content.assemble(("Reply goes to ", "$quiet"), line(recipients_line(draft)))
        self.query_one("#recipients", Plain).update(recipients)
        asked = [line(f"! {text}", "$alert") for text in warnings]
        missing = [line(f"! To fill in: {', '.join(draft.missing)}", "$alert")] if draft.missing else []
        self._show_body(Content("\n").join([*asked, *missing, block(draft.body.strip("\n"))]))

    def show_text(self, text: str) -> None:
        """Why there is no letter."""
        self.query_one("#recipients", Plain).update(Content(""))
        self._show_body(line(text, "$quiet"))

    def scroll_letter(self, lines: int) -> None:
        """Moves the letter."""
        self.query_one("#letter", VerticalScroll).scroll_relative(y=lines, animate=False)

    def edit(self, text: str, before: str, at: int) -> None:
        """Puts the editor in the letter's place."""
        self.set_class(True, "-editing")
        self.query_one(DraftEditor).open(safe_block(text), safe_block(before), at)

    def close_editor(self) -> None:
        """Back to the letter."""
        self.set_class(False, "-editing")

    @property
    def editing(self) -> bool:
        """Whether the editor is open."""
        return self.has_class("-editing")

    def _show_body(self, content: Content) -> None:
        self.query_one("#body", Plain).update(content)
        self.query_one("#letter", VerticalScroll).scroll_home(animate=False)


def draft_note(draft: Draft, dot: str = "·") -> str:
    """`calendar: tentative · English · informal`."""
    parts = [f"calendar: {effect_words(draft.effect)}", language_word(draft.language)]
    parts += [] if draft.formal else ["informal"]
    parts += ["with reason"] if draft.reason_named else []
    return f" {dot} ".join(parts)


def draft_title(strategy: Strategy | None) -> str:
    """The strategy in words."""
    return STRATEGY_TITLES[strategy] if strategy else "Reply"
