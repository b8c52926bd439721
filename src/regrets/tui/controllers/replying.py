"""The reply to the chosen invitation: which strategy, in which language and tone, with whose words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from regrets.domain.cases import Range
from regrets.domain.stored import PartStat, Strategy
from regrets.domain.text import SafeText, own, owned
from regrets.tui.bridge import DESK
from regrets.tui.controllers.editing import Editing
from regrets.tui.controllers.work import Loaded, Work, no_letter, read, written_for
from regrets.tui.words import LANGUAGES

if TYPE_CHECKING:
    from textual.timer import Timer

    from regrets.domain.model import Draft, Row
    from regrets.tui.screens.inbox import InboxScreen

SETTLING_SECONDS = 0.15
"""A letter must have been on the screen this long before `s` sends it (key repeat, ux.md 2.4)."""

RESTING_SECONDS = 0.08
"""The cursor must rest this long before its invitation is read and painted: the list comes first."""

_ANSWERS = (PartStat.ACCEPTED, PartStat.TENTATIVE, PartStat.DECLINED, PartStat.DELEGATED, PartStat.NEEDS_ACTION)

_RANGES = (Range.ALL, Range.THIS, Range.FOLLOWING)
_RANGE_WORDS = owned(
    {
        Range.ALL: "The whole series.",
        Range.THIS: "The next meeting alone. Another one: `regrets reply ID --instance DAY`.",
        Range.FOLLOWING: "It and all that follow: the whole series. A later start: `--range following` in the shell.",
    }
)


class Replying:
    """Loads and redraws the letter of the chosen row."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox
        self._works: dict[str, Work] = {}
        self._painted: tuple[str, int] = ("", 0)  # item, and which painting of it
        self._painted_at = 0.0
        self._painting = 0
        self._reading = ""  # the item that a worker reads for the screen
        self.editing = Editing(inbox, self)
        self._arriving: Timer | None = None  # runs while the cursor has not come to rest

    def unsent_edits(self) -> int:
        """Open invitations whose letter the user has written on."""
        return sum(
            bool(work.edits) and self._inbox.listing.row(item_id) is not None for item_id, work in self._works.items()
        )

    def commands(self) -> dict[str, Callable[[], None]]:
        """Action ids and what they do."""
        picks = {f"strategy_{number}": partial(self.pick_number, number) for number in range(1, 10)}
        return {
            **picks,
            "strategy_next": partial(self.step, 1),
            "strategy_previous": partial(self.step, -1),
            "accept": partial(self.pick, Strategy.ACCEPT),
            "decline": partial(self.pick, Strategy.DECLINE),
            "partstat": self.cycle_answer,
            "range": self.cycle_range,
            "tone": lambda: self._with_draft(lambda draft: {"formal": not draft.formal}),
            "language": lambda: self._with_draft(lambda draft: {"language": _next_language(draft.language)}),
            "reason": lambda: self._with_draft(lambda draft: {"reason": not draft.reason_named}),
            **self.editing.commands(),
        }

    def work(self, item_id: str) -> Work:
        """The state of one item; made on first sight."""
        return self._works.setdefault(item_id, Work())

    def current(self) -> tuple[Row, Work] | None:
        """The chosen row and its work."""
        row = self._inbox.listing.selected
        return (row, self.work(row.id)) if row else None

    def known(self, item_id: str) -> bool:
        """Whether the item has been read, or is about to be, and nothing newer is known."""
        return self._reading == item_id or self.work(item_id).loaded is not None

    def say_why_not(self) -> None:
        """Why a key does nothing to the letter: there is none."""
        current = self.current()
        if current is None:
            self._inbox.say(own("There is no invitation here."))
        elif (loaded := current[1].loaded) is not None:
            self._inbox.say(no_letter(loaded, self._inbox.keymap), alert=bool(loaded.problem))
        else:
            read = self._reading == current[0].id
            self._inbox.say(own("It is still being read.") if read else own("It could not be read."))

    def forget(self, ids: tuple[str, ...] | None) -> None:
        """These items changed (None: all may have): they are read anew; choices and edits stay."""
        if ids is None or self._reading in ids:
            self._reading = ""
        for item_id in self._works if ids is None else ids:
            if item_id in self._works:
                self._works[item_id].loaded = None

    def ready(self, item_id: str) -> bool:
        """Whether the letter of this item has been on the screen for a moment."""
        steady = self._inbox.preferences.monotonic() - self._painted_at >= SETTLING_SECONDS
        return self._painted == (item_id, self._painting) and steady

    @property
    def arriving(self) -> bool:
        """Whether the cursor moves and the chosen row is not shown yet."""
        return self._arriving is not None

    def reads(self, item_id: str) -> bool:
        """Whether a worker reads this item for the screen."""
        return self._reading == item_id

    def arrive(self) -> None:
        """The cursor moved: its row is shown once it rests; until then nothing of it can be sent."""
        self._painting += 1
        self.editing.give_up()
        self._inbox.bridge.forget("show")
        if self._arriving is None:
            self._arriving = self._inbox.set_timer(RESTING_SECONDS, self.show)
        else:
            self._arriving.reset()

    def show(self) -> None:
        """The chosen row changed: paints what is known and asks for the rest."""
        if self._arriving is not None:
            self._arriving.stop()
            self._arriving = None
        self._painting += 1
        self._reading = ""
        self.editing.give_up()
        self._inbox.bridge.forget("show")
        current = self.current()
        if current is None or current[0].id != self.editing.item_id:
            self._inbox.end_edit()
        if current is None:
            return
        row, work = current
        self._inbox.painting.item(row, work)
        if work.loaded is None:
            self._load(row.id, work)
        else:
            self._after_paint(row.id)

    def seen_anew(self) -> None:
        """The screen was somebody else's: the letter on it counts as seen from now on only."""
        current = self.current()
        if current is not None and not self.reads(current[0].id):
            self._painting += 1
            self._after_paint(current[0].id)

    def pick(self, strategy: Strategy) -> None:
        """Another strategy: its letter, with the calendar answer that belongs to it."""
        current = self.current()
        if current is None or current[1].loaded is None:
            self.say_why_not()
            return
        own = None if strategy is current[1].suggested else strategy
        self.change(strategy=own, partstat=None)

    def pick_number(self, number: int) -> None:
        """The strategy at a position of this item's list."""
        current = self.current()
        if current is None or not current[1].options:
            self.say_why_not()
        elif number <= len(current[1].options):
            self.pick(current[1].options[number - 1])
        else:
            self._inbox.say(own("There is no strategy {} here; 0 shows all of them.", number))

    def step(self, by: int) -> None:
        """The next or the previous strategy of this item's list, round and round."""
        current = self.current()
        options = current[1].options if current else []
        if current and options:
            chosen = current[1].chosen
            at = options.index(chosen) if chosen in options else -1 if by > 0 else 0
            self.pick(options[(at + by) % len(options)])
        else:
            self.say_why_not()

    def cycle_answer(self) -> None:
        """What the calendar is told: yes, perhaps, no, the colleague instead of me where one leads, nothing."""

        def following(draft: Draft) -> dict[str, Any]:
            answers = [each for each in _ANSWERS if draft.brief or each is not PartStat.DELEGATED]
            now = draft.effect.partstat if draft.effect.method else PartStat.NEEDS_ACTION
            at = answers.index(now) if now in answers else -1
            return {"partstat": answers[(at + 1) % len(answers)]}

        current = self.current()
        if current and current[1].choice.partstat and current[1].loaded and current[1].loaded.problem:
            self.change(partstat=None)  # what was chosen can't be told, such as a hand-over to nobody
        else:
            self._with_draft(following)

    def cycle_range(self) -> None:
        """Of a series: all meetings, the next one alone, or it and all that follow, which is what lies ahead of the
        series. Other meetings are named in the shell (--instance)."""
        current = self.current()
        if current is None or not current[1].options:
            self.say_why_not()
            return
        if not current[0].recurrence or current[0].recurrence_id:
            self._inbox.say(own("This is no series: there is one meeting to answer."))
            return
        chosen = _RANGES[(_RANGES.index(current[1].choice.range_ or Range.ALL) + 1) % len(_RANGES)]
        self._inbox.say(_RANGE_WORDS[chosen])
        self.change(range_=chosen)

    def _with_draft(self, changes: Callable[[Draft], dict[str, Any]]) -> None:
        current = self.current()
        draft = current[1].loaded.draft if current and current[1].loaded else None
        if draft is None:
            self.say_why_not()
        else:
            self.change(**changes(draft))

    def change(self, **changes: Any) -> None:
        """Another choice for the chosen row; where only one pane fits, the letter that it changes is shown."""
        current = self.current()
        if current is not None and current[1].loaded is not None:
            self._inbox.open_single()
            self.change_item(current[0].id, current[1], **changes)

    def change_item(self, item_id: str, work: Work, **changes: Any) -> None:
        """Another choice for an item. An edit stays with the choice that it was written for."""
        choice = replace(work.choice, **changes)
        choice = replace(choice, body=work.edits.get(written_for(choice)))
        if work.choice.body is not None and choice.body is None and work.edits:
            self._inbox.say(own("Your edited text is kept: choose as before, or e and then ^z bring it back."))
        work.choice, work.asked = choice, False
        current = self.current()
        if current is None or current[0].id != item_id:
            work.loaded = None
            return
        self._painting += 1
        self._load(item_id, work)

    def _load(self, item_id: str, work: Work) -> None:
        self._reading = item_id
        self._inbox.bridge.ask(
            DESK,
            partial(read, item_id, work.choice),
            partial(self._loaded, item_id),
            partial(self._failed, item_id),
            latest="show",
        )

    def _loaded(self, item_id: str, loaded: Loaded) -> None:
        self._reading = ""
        work = self.work(item_id)
        work.loaded = loaded
        current = self.current()
        if current and current[0].id == item_id:
            self._inbox.painting.item(*current)
            self._after_paint(item_id)
            self.editing.open_what_was_asked_for()
            self._read_ahead()

    def _failed(self, item_id: str, error: SafeText) -> None:
        self._reading = ""
        current = self.current()
        if current and current[0].id == item_id:
            self.editing.give_up()
            self._inbox.painting.failure(error)

    def _after_paint(self, item_id: str) -> None:
        painting = self._painting

        def mark() -> None:
            if painting == self._painting:
                self._painted = (item_id, painting)
                self._painted_at = self._inbox.preferences.monotonic()

        self._inbox.call_after_refresh(mark)

    def _read_ahead(self) -> None:
        """The next row's letter, so that it is there at once after `s`."""
        row = self._inbox.listing.after()
        if row is None or self.work(row.id).loaded is not None:
            return
        work = self.work(row.id)

        def done(loaded: Loaded) -> None:
            work.loaded = work.loaded or loaded

        self._inbox.bridge.ask(DESK, partial(read, row.id, work.choice), done, lambda error: None, latest="ahead")


def _next_language(code: str) -> str:
    codes = list(LANGUAGES)
    return codes[(codes.index(code) + 1) % len(codes)] if code in codes else codes[0]
