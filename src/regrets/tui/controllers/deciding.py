"""Decisions that send nothing: not now, no reply needed, later; and taking the last one back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from regrets.domain.stored import WAITING, State
from regrets.domain.text import NOTHING, SafeText, own, safe_line
from regrets.tui import dates
from regrets.tui.bridge import DESK
from regrets.tui.words import plural

if TYPE_CHECKING:
    from regrets.domain.model import Row
    from regrets.domain.stored import Undone
    from regrets.services.desk_api import DeskApi
    from regrets.tui.screens.inbox import InboxScreen

Result = TypeVar("Result")


class Deciding:
    """Dismiss, snooze, skip, undo."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox
        self.going: set[str] = set()  # rows that leave once the desk has written it down

    def commands(self) -> dict[str, Callable[[], None]]:
        """Action ids and what they do."""
        return {
            "not_now": self.not_now,
            "dismiss": self.dismiss,
            "clear": self.clear,
            "snooze": self.snooze,
            "undo": self.undo,
        }

    def not_now(self) -> None:
        """Leaves it open and goes to the next, from the last one to the first."""
        listing = self._inbox.listing
        if len(listing.rows) < 2:
            self._inbox.say(own("There is no other invitation."))
            return
        self._inbox.move_to((listing.cursor + 1) % len(listing.rows))

    def dismiss(self) -> None:
        """No reply needed: the row leaves. One that is called off may still be in the user's own calendar."""
        row = self._inbox.listing.selected
        if row is None:
            self._inbox.replying.say_why_not()
            return
        item_id, name = row.id, self._inbox.name_of(row.id)

        def leave(done: SafeText) -> None:
            said = safe_line(f"{done} Cleared without a reply: {name}.")
            self._ask_and_leave(item_id, lambda desk: desk.dismiss(item_id), said)

        if row.state is State.CANCELLED:
            self._inbox.filing.before_clearing(item_id, leave)
        else:
            leave(NOTHING)

    def clear(self) -> None:
        """Everything that needs no answer leaves at once."""
        self._ask(lambda desk: (desk.clear(), desk.rows()), lambda result: self._cleared(*result))

    def snooze(self) -> None:
        """Hides it until tomorrow, 08:00."""
        row = self._inbox.listing.selected
        if row is None:
            self._inbox.replying.say_why_not()
            return
        preferences = self._inbox.preferences
        until = dates.tomorrow_at_eight(preferences.now(), preferences.zone)
        item_id, name = row.id, self._inbox.name_of(row.id)
        self._ask_and_leave(
            item_id, lambda desk: desk.snooze(item_id, until), own("Back tomorrow at 08:00: {}.", name)
        )

    def undo(self) -> None:
        """The last held reply or decision is taken back; its row is chosen again."""
        self._ask(lambda desk: (desk.undo(), desk.rows()), lambda result: self._undone(*result))

    def _ask_and_leave(self, item_id: str, work: Callable[..., None], said: SafeText) -> None:
        if self._inbox.outgoing.leaves(item_id):
            return
        self.going.add(item_id)

        def done(_: None) -> None:
            self._inbox.outgoing.decided += 1
            self._inbox.row_left(item_id)
            self._inbox.say(own("{} {} brings it back.", said, self._inbox.keymap.shown("undo")))

        self._ask(work, done, item_id)

    def _ask(self, work: Callable[[DeskApi], Result], done: Callable[[Result], None], item_id: str = "") -> None:
        """What is typed meanwhile is for the list as it is then."""
        self._inbox.keys.begin()

        def ended() -> None:
            self.going.discard(item_id)
            self._inbox.keys.end()

        def settled(result: Result) -> None:
            ended()
            done(result)

        def failed(error: SafeText) -> None:
            ended()
            self._inbox.alarm(error)

        self._inbox.bridge.ask(DESK, work, settled, failed)

    def _cleared(self, count: int, rows: list[Row]) -> None:
        left = sum(row.state is State.CANCELLED for row in rows)
        asks = self._inbox.keymap.shown("dismiss")
        stay = own("{} called off: still in your calendar; {} asks.", left, asks) if left else NOTHING
        if not count:
            self._inbox.say(stay or own("There is nothing to clear: everything here may be answered."))
            return
        self._inbox.outgoing.decided += count
        self._inbox.rows_arrived(rows)
        them = own("it") if count == 1 else own("them")
        undo = self._inbox.keymap.shown("undo")
        self._inbox.say(own("Cleared {} that needed no answer. {} brings {} back. {}", count, undo, them, stay))

    def _undone(self, undone: Undone | None, rows: list[Row]) -> None:
        if undone is None:
            self._inbox.say(own("There is nothing to take back."))
            return
        item_id, listing = undone.item_id, self._inbox.listing
        back = sum(row.state in WAITING and listing.row(row.id) is None for row in rows)
        self._inbox.outgoing.taken_back(item_id, max(1, back))
        self._inbox.rows_arrived(rows, select=item_id)
        others = f" and {plural(back - 1, 'other')}" if back > 1 else ""
        left = f"“{undone.left}” has left already. " if undone.left else ""
        self._inbox.say(safe_line(f"{left}Taken back: {self._inbox.name_of(item_id)}{others}."), alert=bool(left))
