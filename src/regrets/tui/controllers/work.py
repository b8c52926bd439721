"""One item on the desk: what was read of it, what was chosen, what was written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from regrets.domain.cases import Choice
from regrets.domain.errors import RegretsError
from regrets.domain.stored import State, Strategy
from regrets.domain.text import NOTHING, SafeText, own, safe_line

if TYPE_CHECKING:
    from regrets.domain.cases import Case
    from regrets.domain.model import Draft
    from regrets.services.desk_api import DeskApi
    from regrets.tui.keymap import Keymap


class Loaded(NamedTuple):
    """What a worker brings back for one item and one choice."""

    case: Case
    draft: Draft | None
    objections: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@dataclass(slots=True)
class Work:
    """One item on the desk, for as long as the program runs."""

    loaded: Loaded | None = None
    choice: Choice = field(default_factory=Choice)
    edits: dict[Choice, SafeText] = field(default_factory=dict)  # by the choice they were written for
    last_edit: SafeText = NOTHING
    asked: bool = False  # the objections were shown and `s` may confirm them

    @property
    def suggested(self) -> Strategy | None:
        """The program's own suggestion."""
        suggestion = self.loaded.case.suggestion if self.loaded else None
        return suggestion.strategy if suggestion else None

    @property
    def chosen(self) -> Strategy | None:
        """What the letter on the screen follows."""
        return self.choice.strategy or self.suggested

    @property
    def options(self) -> list[Strategy]:
        """The suggestion, its alternatives, and what was chosen beside them."""
        suggestion = self.loaded.case.suggestion if self.loaded else None
        found = [suggestion.strategy, *suggestion.alternatives] if suggestion else []
        chosen = [self.choice.strategy] if self.choice.strategy else []
        return [option for option in dict.fromkeys(found + chosen) if option is not Strategy.NONE]


def read(item_id: str, choice: Choice, desk: DeskApi) -> Loaded:
    """The item and its letter for a choice; in a worker. A letter that can't be made is a problem, no failure."""
    case = desk.case(item_id)
    draft, problem = case.draft, case.problem
    if choice != Choice():
        try:
            draft, problem = desk.draft(item_id, choice), ""
        except RegretsError as error:
            draft, problem = None, str(error)
    return Loaded(case, draft, desk.objections(item_id, draft) if draft else (), problem)


def no_letter(loaded: Loaded, keymap: Keymap) -> SafeText:
    """Why there is none, and what helps."""
    state = loaded.case.row.state
    clears, all_such = keymap.shown("dismiss"), keymap.shown("clear")
    if loaded.problem:
        return safe_line(loaded.problem)
    if state is State.UNREADABLE:
        return own("It can't be read, so there is nothing to answer: {} clears it.", clears)
    what = own("It was cancelled. Nothing to answer") if state is State.CANCELLED else own("Nothing to answer")
    return own("{}: {} clears it, {} all such.", what, clears, all_such)


def written_for(choice: Choice) -> Choice:
    """The part of a choice that makes the text; the calendar answer doesn't."""
    return replace(choice, body=None, brief_body=None, partstat=None)
