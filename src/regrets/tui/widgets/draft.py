"""The reply: which strategies there are, who gets it, the letter, and the editor in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.containers import Vertical, VerticalScroll

from regrets.domain.text import NOTHING, SafeText, joined, own, owned, safe_block
from regrets.tui.content import BLANK, Part, SafeContent, assemble, block, line, stacked
from regrets.tui.widgets.plain import Plain
from regrets.tui.words import (
    STRATEGY_LABELS,
    STRATEGY_TITLES,
    UNICODE,
    brief_to,
    effect_words,
    language_word,
    recipients_line,
)

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from regrets.domain.model import Draft, Strategy
    from regrets.tui.keymap import Keymap
    from regrets.tui.widgets.editor import DraftEditor


_PLAIN = ("en", "nb", "fi")
"""Languages in which business mail is informal unless something else is known: there the formal way is named."""

_LACKING = owned(
    {
        "standing": "where things stand",
        "questions": "likely questions",
        "files": "where the files are",
        "limits": "what not to promise",
    }
)


class DraftPane(Vertical):
    """Options, recipients, and the letter or its editor."""

    def __init__(self, keymap: Keymap, *, id: str | None = None) -> None:
        self._keymap = keymap
        self._editor: DraftEditor | None = None
        self.brief: Draft | None = None
        """The brief that the editor holds."""
        super().__init__(id=id)

    def compose(self) -> ComposeResult:
        """The parts, top down."""
        yield Plain(id="options")
        with VerticalScroll(id="letter", can_focus=False):
            yield Plain(id="recipients")  # above the letter's text, so that however many rows they take can be read
            yield Plain(id="body")

    def show_options(self, options: Sequence[Strategy], chosen: Strategy | None) -> None:
        """`1 Call  2 Shorter …` with the chosen one marked."""
        parts: list[Part] = []
        for number, strategy in enumerate(options, 1):
            key = self._keymap.shown(f"strategy_{number}") if number < 10 else NOTHING
            style = "$background on $chip bold" if strategy is chosen else ""
            label = own(" {} {} ", key, STRATEGY_LABELS[strategy])
            parts += [(label, style) if style else label, own(" ")]
        parts.append((own(" {} all", self._keymap.shown("strategy_all")), "$quiet"))
        self.query_one("#options", Plain).update(assemble(*parts) if options else BLANK)

    def show_draft(self, draft: Draft, warnings: Sequence[str]) -> None:
        """The letter, and what will be asked before it goes out."""
        what = own("Brief goes to ") if self.brief else own("Reply goes to ")
        recipients = assemble((what, "$quiet"), recipients_line(self.brief or draft))
        self.query_one("#recipients", Plain).update(recipients)
        asked = [line(f"! {text}", "$alert") for text in warnings]
        letter = block(draft.body.strip("\n"))
        self._show_body(stacked([*asked, letter, *self._brief(draft.brief)]))

    def _brief(self, brief: Draft | None) -> list[SafeContent]:
        """The second message, below the letter."""
        if brief is None:
            return []
        key = self._keymap.shown("edit_brief")
        if not brief.body.strip():
            return [BLANK, line(f"No brief goes to {brief_to(brief)}. {key} drafts it again.", "$quiet")]
        what = "a brief" if brief.effect.method is None else "the invitation with a brief"
        head = line(f"And {what} to {brief_to(brief)} ({key} edits it)", "$chip bold")
        lacking = ", ".join(_LACKING.get(name, name) for name in brief.missing)
        hint = [line(f"You could add: {lacking}", "$quiet")] if lacking else []
        return [BLANK, head, *hint, BLANK, block(brief.body.strip("\n"))]

    def show_text(self, text: SafeText) -> None:
        """Why there is no letter."""
        self.query_one("#recipients", Plain).update(BLANK)
        self._show_body(line(text, "$quiet"))

    def scroll_letter(self, lines: int) -> None:
        """Moves the letter."""
        self.query_one("#letter", VerticalScroll).scroll_relative(y=lines, animate=False)

    def edit(self, text: SafeText, before: SafeText, at: int, brief: Draft | None = None) -> None:
        """Puts the editor in the letter's place; `brief`: where the text is one instead of the letter's."""
        self.brief = brief
        if self._editor is None:
            from regrets.tui.widgets.editor import DraftEditor

            self._editor = DraftEditor(self._keymap)
            self.mount(self._editor)
        self.set_class(True, "-editing")
        self._editor.open(safe_block(text), safe_block(before), at)

    def close_editor(self) -> str:
        """Back to the letter; what was written."""
        self.set_class(False, "-editing")
        self.brief = None
        return self._editor.text if self._editor else ""

    @property
    def editing(self) -> bool:
        """Whether the editor is open."""
        return self.has_class("-editing")

    def _show_body(self, content: SafeContent) -> None:
        self.query_one("#body", Plain).update(content)
        self.query_one("#letter", VerticalScroll).scroll_home(animate=False)


def draft_note(draft: Draft, dot: SafeText = UNICODE.dot) -> SafeText:
    """`calendar: tentative · Slovenian · informal`; the form of address where it isn't the usual one."""
    parts = [own("calendar: {}", effect_words(draft.effect)), language_word(draft.language)]
    if draft.formal is (draft.language in _PLAIN):
        parts.append(own("formal") if draft.formal else own("informal"))
    parts += [own("with reason")] if draft.reason_named else []
    return joined(own(" {} ", dot), parts)


def draft_title(strategy: Strategy | None) -> SafeText:
    """The strategy in words."""
    return STRATEGY_TITLES[strategy] if strategy else own("Reply")


def brief_title(brief: Draft) -> SafeText:
    """Whose it is: the heading while it is edited."""
    return own("The brief to {}", brief_to(brief))
