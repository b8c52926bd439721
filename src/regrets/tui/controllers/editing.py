"""The user's own words: the letter, or the brief to a colleague, in the editor of the screen or in $EDITOR."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from regrets.domain.text import NOTHING, own, safe_block, safe_line
from regrets.tui.controllers.work import Work, written_for

if TYPE_CHECKING:
    from regrets.domain.model import Draft, Row
    from regrets.tui.controllers.replying import Replying
    from regrets.tui.screens.inbox import InboxScreen


class Editing:
    """Opens an editor for the chosen row and keeps what was written."""

    def __init__(self, inbox: InboxScreen, replying: Replying) -> None:
        self._inbox, self._replying = inbox, replying
        self.item_id = ""  # the item whose text is in the editor
        self._brief = False  # the editor holds its brief to a colleague instead of the letter
        self.opening: Callable[[], None] | None = None
        """What opens once its letter is here, the editor say; what is typed until then is for it."""

    def commands(self) -> dict[str, Callable[[], None]]:
        """Action ids and what they do."""
        return {"edit": self.edit, "edit_external": self.edit_external, "edit_brief": self.edit_brief}

    def edit(self, at: str = "") -> None:
        """Opens the letter in the editor, at the first place that reads `at`."""
        found = self._editable(partial(self.edit, at))
        if found is None:
            return
        row, work, draft = found
        self.item_id, self._brief = row.id, False
        text = safe_block(draft.body)
        before = work.last_edit if work.choice.body is None else NOTHING
        self._inbox.draft_pane.edit(text, before, _spot(text, at))
        self._inbox.editor_opened()

    def edit_external(self) -> None:
        """Opens the letter in $EDITOR while the screen is suspended."""
        from regrets.tui.external_editor import EditorFailed, edit

        found = self._editable(self.edit_external)
        if found is None:
            return
        self.item_id, self._brief = found[0].id, False
        try:
            self.keep(edit(self._inbox.app, safe_block(found[2].body)))
        except EditorFailed as error:
            self._inbox.alarm(safe_line(error))
        self._inbox.keys.forget_typed()  # it was meant for the editor
        self._replying.seen_anew()

    def edit_brief(self) -> None:
        """Opens the brief to the colleague; one that was emptied is drafted again."""
        found = self._editable(self.edit_brief)
        brief = found[2].brief if found else None
        if self.opening:
            return
        if found is None or brief is None:
            self._inbox.say(own("There is no brief here: it goes with “leave it to a colleague”."))
        elif not brief.body.strip():
            self._replying.change(brief_body=None)
            self._inbox.say(own("Back to the drafted brief."))
        else:
            self.item_id, self._brief = found[0].id, True
            self._inbox.draft_pane.edit(safe_block(brief.body), NOTHING, 0, brief)
            self._inbox.editor_opened()

    def open_what_was_asked_for(self) -> None:
        """The letter is here: opens the editor that waited for it."""
        if self.opening is not None:
            opening, self.opening = self.opening, None
            self._inbox.say(NOTHING)
            opening()
            self._inbox.keys.call_later(self._inbox.keys.go_on)

    def waits_for_letter(self, again: Callable[[], None]) -> bool:
        """Whether the letter that was chosen is still being written, not to speak of what was on the screen before:
        `again` is called once it is here."""
        current = self._replying.current()
        if current is None or not self._replying.reads(current[0].id):
            return False
        self.opening = again
        self._inbox.say(own("The letter is being read: one moment."))
        return True

    def give_up(self) -> None:
        """What waits won't open: what was typed for it is no command."""
        if self.opening is not None:
            self.opening = None
            self._inbox.keys.forget_typed()

    def keep(self, text: str) -> None:
        """What was written is the letter from now on; an empty one goes back to the drafted letter."""
        item_id, self.item_id = self.item_id, ""
        written = safe_block(text)
        if self._brief:
            self._brief = False
            self._keep_brief(item_id, written)
            return
        work = self._replying.work(item_id)
        draft = work.loaded.draft if work.loaded else None
        if draft and written.strip("\n") == safe_block(draft.body).strip("\n"):
            return
        key = written_for(work.choice)
        if written.strip():
            work.edits[key] = work.last_edit = written
            self._inbox.say(own("Your text is kept. s sends it."))
        else:
            work.edits.pop(key, None)
            self._inbox.say(own("Empty: back to the drafted letter."))
        self._replying.change_item(item_id, work)

    def _keep_brief(self, item_id: str, text: str) -> None:
        work = self._replying.work(item_id)
        brief = work.loaded.draft.brief if work.loaded and work.loaded.draft else None
        if brief and text.strip("\n") == safe_block(brief.body).strip("\n"):
            return
        if text.strip():
            self._inbox.say(own("Your brief is kept. s sends both."))
        elif brief and brief.effect.method:
            self._inbox.say(own("Empty: back to the drafted brief. The invitation to your colleague needs one."))
        else:
            self._inbox.say(own("Empty: no brief goes out. B drafts it again."))
        empty = None if brief and brief.effect.method else ""
        self._replying.change_item(item_id, work, brief_body=text if text.strip() else empty)

    def _editable(self, again: Callable[[], None]) -> tuple[Row, Work, Draft] | None:
        """What may be edited; where it is still being read, `again` is called once it is here."""
        current = self._replying.current()
        if current is None:
            self._replying.say_why_not()
            return None
        self._inbox.open_single()  # where only one pane fits it is the letter's
        if self.waits_for_letter(again):
            return None
        loaded = current[1].loaded
        if loaded is None or loaded.draft is None:
            self._replying.say_why_not()
            return None
        return *current, loaded.draft


def _spot(text: str, name: str) -> int:
    """Where the missing value stands: `{name}`, `[name]`, the bare name, else the end; 0 for no name."""
    for wanted in (f"{{{name}}}", f"[{name}]", name):
        if name and wanted in text:
            return text.index(wanted)
    return len(text) if name else 0
