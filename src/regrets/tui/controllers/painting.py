"""Puts the chosen invitation on the screen, as far as it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regrets.domain.text import NOTHING, SafeText, own
from regrets.tui.controllers.work import no_letter
from regrets.tui.layout import is_roomy, told_lines
from regrets.tui.widgets.detail import Detail, RuleLine, row_title
from regrets.tui.widgets.draft import brief_title, draft_note, draft_title
from regrets.tui.widgets.invite_list import who

if TYPE_CHECKING:
    from regrets.domain.model import Row
    from regrets.tui.controllers.work import Work
    from regrets.tui.screens.inbox import InboxScreen


class Painting:
    """Detail and reply of the inbox."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox

    def item(self, row: Row, work: Work) -> None:
        """The chosen invitation as far as it is known."""
        case = work.loaded.case if work.loaded else None
        shape, height, editing = self._inbox.shape, self._inbox.size.height, self._inbox.draft_pane.editing
        self._inbox.query_one("#title", RuleLine).show(row_title(row), who(row, self._inbox.size.width // 2 - 2))
        problem = self._inbox.outgoing.failures.get(row.id, NOTHING)
        self._inbox.query_one(Detail).show(
            case,
            told_lines(shape, height),
            folded=editing or not (self._inbox.zoomed or is_roomy(shape, height)),
            whole=self._inbox.zoomed and not editing,
            problem=problem,
        )
        self._reply(work)

    def again(self) -> None:
        """What is known of the chosen one: the size is another, or the editor has come or gone."""
        current = self._inbox.replying.current()
        if current and current[1].loaded:
            self.item(*current)

    def _reply(self, work: Work) -> None:
        pane, rule, loaded = self._inbox.draft_pane, self._inbox.query_one("#reply-title", RuleLine), work.loaded
        pane.show_options(work.options, work.chosen)
        if loaded is None:
            rule.show(own("Reply"))
            pane.show_text(own("Reading{}", self._inbox.glyphs.more))
        elif loaded.draft is None:
            rule.show(own("Reply"))
            pane.show_text(no_letter(loaded, self._inbox.keymap))
        else:
            if pane.brief:
                rule.show(brief_title(pane.brief))
            else:
                rule.show(draft_title(loaded.draft.strategy), draft_note(loaded.draft, self._inbox.glyphs.dot))
            pane.show_draft(loaded.draft, [sentence for _, sentence in loaded.objections])

    def failure(self, error: SafeText) -> None:
        """The item can't be read."""
        self._inbox.query_one("#reply-title", RuleLine).show(own("Reply"))
        self._inbox.draft_pane.show_text(error)
        self._inbox.say(error, alert=True)
