"""From `s` to the wire: the guards, the undo window, and the timer that lets due replies go."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from regrets.domain.stored import OutboxState
from regrets.domain.text import NOTHING, SafeText, own, safe_line
from regrets.tui.bridge import DESK, POST
from regrets.tui.controllers.replying import SETTLING_SECONDS
from regrets.tui.words import plural

if TYPE_CHECKING:
    from regrets.domain.events import OutboxChanged
    from regrets.domain.model import Draft, OutboxEntry, Row, Strategy
    from regrets.domain.own_calendar import Offer
    from regrets.services.desk_api import DeskApi
    from regrets.tui.controllers.work import Work
    from regrets.tui.screens.inbox import InboxScreen


OTHERS_SECONDS = 5.0
"""Between two looks for what another instance, e.g. `regrets reply` in a shell, has left for this one to send."""
REPEAT_SECONDS = 0.75
"""A held key repeats after at most this long on usual systems: sooner, the same key sends nothing more."""


class Held(NamedTuple):
    """A reply in its undo window; `until` on the monotonic clock."""

    item_id: str
    until: float


def hold(
    item_id: str, draft: Draft, codes: tuple[str, ...], agreed: tuple[Offer | None] | None, desk: DeskApi
) -> tuple[OutboxEntry | None, float, Offer | None]:
    """Confirms what the user has seen, queues the answer: the entry, the seconds left, what is filed with it. Where
    the user has to be asked about filing first (nothing is `agreed` yet) nothing is queued. In a worker."""
    for code in codes:
        desk.confirm(item_id, code)
    (filing,) = agreed or (desk.own_calendar().offer(item_id, draft),)
    if filing is not None and filing.asks and agreed is None:
        return None, 0.0, filing
    entry = desk.hold(item_id, draft, filing)
    return entry, desk.seconds_left(entry.id), filing


class Outgoing:
    """Replies on their way out."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox
        self._now = inbox.preferences.monotonic
        self.held: dict[str, Held] = {}
        self.failures: dict[str, SafeText] = {}  # item id -> why the last sending failed
        self.minutes_won = 0
        self.decided = 0
        self._leaving: set[str] = set()
        self._sending = ""  # the one that a server is being given
        self._last_send = self._acted = -math.inf
        self._next_delivery: float | None = None
        self._looked = self._now()

    def commands(self) -> dict[str, Callable[[], None]]:
        """Action ids and what they do."""
        return {"send": self.send}

    @property
    def holding(self) -> int:
        """Replies that are on their way into the outbox."""
        return len(self._leaving)

    def leaves(self, item_id: str) -> bool:
        """Whether it is on its way from the list: answered, or decided about."""
        return item_id in self._leaving or item_id in self._inbox.deciding.going

    def send(self) -> None:
        """`s`: sends the letter on the screen, unless something has to be asked or filled in first."""
        held_down = self._now() - self._last_send < SETTLING_SECONDS
        too_soon = self._now() - self._acted < REPEAT_SECONDS
        self._last_send = self._now()
        current = self._inbox.replying.current()
        if current is None:
            self._inbox.replying.say_why_not()
            return
        if self.leaves(current[0].id) or self._inbox.open_single():
            return
        row, work = current
        if too_soon and not held_down:
            self._inbox.say(own("Not sent: that was too soon after the last one. Once more sends it."))
            return
        if held_down or not self._inbox.replying.ready(row.id):
            self._inbox.say(own("Not sent: this letter was not on the screen yet."))
            return
        self._acted = self._now()
        draft = work.loaded.draft if work.loaded else None
        if draft is None:
            self._inbox.replying.say_why_not()
        elif draft.missing:
            self._inbox.replying.editing.edit(at=draft.missing[0])
            self._inbox.say(safe_line(f"Still to fill in: {', '.join(draft.missing)}."), alert=True)
        elif draft.strategy.final:
            self._confirm_final(row, work, draft)
        elif work.loaded and work.loaded.objections and not work.asked:
            work.asked = True
            sentences = " ".join(sentence for _, sentence in work.loaded.objections)
            self._inbox.say(safe_line(f"{sentences} s again sends it."), alert=True)
        else:
            self._hold(row, work, draft)

    def tick(self) -> None:
        """Every second: shows what is left of the undo window, and delivers when it is over."""
        now = self._now()
        self._show_queue()
        due = [held.until for held in self.held.values()]
        due += [self._next_delivery] if self._next_delivery is not None else []
        if self._inbox.bridge.busy(POST):
            return
        if due and min(due) <= now:
            self.deliver()
        elif now - self._looked >= OTHERS_SECONDS:
            self._looked = now
            self._inbox.bridge.ask(POST, lambda desk: desk.waits(), self._found_waiting, self._fault)

    def deliver(self) -> None:
        """Sends what is due, in a worker; not while the user is asked what shall become of it."""
        if self._inbox.leaving.asking:
            return
        emit = self._inbox.bridge.emit
        self._inbox.bridge.ask(POST, lambda desk: desk.deliver(emit), self._delivered, self._fault)

    def _found_waiting(self, waits: bool) -> None:
        if waits and self._next_delivery is None:
            self.deliver()

    def noticed(self, event: OutboxChanged) -> None:
        """An entry of the outbox has reached a new state."""
        if event.state != OutboxState.HELD:
            self.held.pop(event.outbox_id, None)
        self._sending = event.outbox_id if event.state == OutboxState.SENDING else ""
        if event.state in (OutboxState.FAILED, OutboxState.UNKNOWN):
            row_name = self._inbox.name_of(event.item_id)
            what = "is uncertain" if event.state == OutboxState.UNKNOWN else "was not sent"
            self.failures[event.item_id] = safe_line(event.error)
            self._inbox.say(safe_line(f"{row_name} {what}: {event.error} x shows the outbox."), alert=True)
        elif event.state == OutboxState.CANCELLED and event.error:
            self._inbox.say(safe_line(event.error), alert=True)
        elif event.state == OutboxState.SENT:
            self.failures.pop(event.item_id, None)
        self._show_queue()
        self._inbox.reload()

    def taken_back(self, item_id: str, count: int) -> None:
        """An undo: the item is open again, perhaps with others."""
        self.held = {key: held for key, held in self.held.items() if held.item_id != item_id}
        self.decided = max(0, self.decided - count)
        self._show_queue()

    def look(self) -> None:
        """Reads the outbox once: what waits there from earlier, and what asks to be decided."""
        self._inbox.bridge.ask(POST, lambda desk: desk.outbox(), self._seen, self._fault)

    def _confirm_final(self, row: Row, work: Work, draft: Draft) -> None:
        """The whole letter once more, and an explicit key."""
        from regrets.tui.screens.confirm import ConfirmScreen

        objections = work.loaded.objections if work.loaded else ()
        screen = ConfirmScreen(self._inbox.keymap, row, draft, [sentence for _, sentence in objections])
        self._inbox.lay_over(screen, lambda yes: self._hold(row, work, draft) if yes else None)

    def _hold(self, row: Row, work: Work, draft: Draft, agreed: tuple[Offer | None] | None = None) -> None:
        codes = tuple(code for code, _ in work.loaded.objections) if work.loaded else ()
        self._leaving.add(row.id)
        self._inbox.keys.begin()  # what is typed behind `s` is for the next invitation
        self._inbox.bridge.ask(
            DESK,
            partial(hold, row.id, draft, codes, agreed),
            partial(self._is_held, row, work, draft),
            partial(self._refused, row.id),
        )

    def _is_held(
        self, row: Row, work: Work, draft: Draft, result: tuple[OutboxEntry | None, float, Offer | None]
    ) -> None:
        entry, seconds, filing = result
        self._left(row.id)
        if entry is None:
            if filing is not None:
                self._inbox.filing.ask(filing, lambda agreed: self._hold(row, work, draft, (agreed,)))
            return
        if filing is not None and filing.problem:
            self._inbox.say(safe_line(f"Not filed in “{filing.calendar}”: {filing.problem}"), alert=True)
        work.asked = False
        self.failures.pop(row.id, None)
        self.held[entry.id] = Held(row.id, self._now() + seconds)
        self.decided += 1
        self.minutes_won += _won(work, draft.strategy)
        self._inbox.row_left(row.id)
        self._show_queue()
        if seconds <= 0:
            self.deliver()

    def _refused(self, item_id: str, error: SafeText) -> None:
        self._left(item_id)
        self._inbox.say(own("Not queued: {}", error), alert=True)

    def _left(self, item_id: str) -> None:
        self._leaving.discard(item_id)
        self._inbox.keys.end()

    def _delivered(self, seconds: float | None) -> None:
        now = self._now()
        self._next_delivery = None if seconds is None else now + max(1.0, seconds)
        self.held = {key: held for key, held in self.held.items() if held.until > now}
        self._show_queue()
        self._inbox.reload()
        self._inbox.leaving.delivery_ended()

    def _fault(self, error: SafeText) -> None:
        self._next_delivery = self._now() + 60
        self._inbox.say(error, alert=True)
        self._inbox.leaving.delivery_ended()

    def _seen(self, entries: list[OutboxEntry]) -> None:
        waiting = [e for e in entries if e.state in (OutboxState.ORPHANED, OutboxState.UNKNOWN)]
        for entry in entries:
            if entry.state is OutboxState.FAILED:
                self.failures.setdefault(entry.item_id, safe_line(entry.error))
        if waiting:
            replies = plural(len(waiting), "reply from before asks", "replies from before ask")
            self._inbox.say(own("{} to be decided: x.", replies), alert=True)

    def _show_queue(self) -> None:
        left = [held.until - self._now() for held in self.held.values()]
        if not left:
            more = self._inbox.glyphs.more
            self._inbox.show_queue(own("Sending{}", more) if self._sending else NOTHING)
            return
        seconds = max(0, math.ceil(min(left)))
        replies = plural(len(left), "reply leaves", "replies leave")
        undo = self._inbox.keymap.shown("undo")
        dot = self._inbox.glyphs.dot
        when = own("in {} s {} {} undo", seconds, dot, undo) if seconds else own("now")
        self._inbox.show_queue(own("{} {}", replies, when))


def _won(work: Work, strategy: Strategy) -> int:
    suggestion = work.loaded.case.suggestion if work.loaded else None
    return dict(suggestion.minutes_won).get(strategy, 0) if suggestion else 0
