"""Moving, finding, opening and asking why: everything that only looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll

from regrets.domain.stored import State
from regrets.domain.text import NOTHING, SafeText, own, safe_line
from regrets.tui import dates
from regrets.tui.bridge import DESK
from regrets.tui.widgets.footer import KeyFooter
from regrets.tui.words import plural

if TYPE_CHECKING:
    from regrets.domain.model import Draft, OutgoingMessage, Row
    from regrets.domain.prep import PrepCard
    from regrets.services.desk_api import DeskApi
    from regrets.tui.screens.inbox import InboxScreen
    from regrets.tui.widgets.find import FindField


class Looking:
    """Search, zoom, and the screens beside the inbox."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox
        self._known: dict[str, Row] = {}
        self._snoozed = 0
        self._find: FindField | None = None

    def commands(self) -> dict[str, Callable[[], None]]:
        """Action ids and what they do."""
        inbox = self._inbox
        return {
            "down": lambda: inbox.move_to(inbox.listing.cursor + 1),
            "up": lambda: inbox.move_to(inbox.listing.cursor - 1),
            "first": partial(inbox.move_to, 0),
            "last": lambda: inbox.move_to(len(inbox.listing.rows) - 1),
            "suspend": lambda: inbox.app.action_suspend_process(),
            "find": self.open_find,
            "open": lambda: inbox.set_zoom(not inbox.zoomed),
            "back": self.back,
            "scroll_down": partial(self.scroll, 1),
            "scroll_up": partial(self.scroll, -1),
            "why": self.why,
            "preview": self.preview,
            "prep": self.prep,
            "outbox": self.outbox,
            "strategy_all": self.choose_strategy,
        }

    def remember(self, rows: Sequence[Row]) -> None:
        """Names of items that are on the list no longer."""
        self._known = {row.id: row for row in rows}
        self._snoozed = sum(row.state is State.SNOOZED for row in rows)

    def known(self, item_id: str) -> Row | None:
        """Any row of the store."""
        return self._known.get(item_id)

    # --- the list ---------------------------------------------------------------------------------------------

    def nothing_here(self) -> SafeText:
        """What an empty list says: how it came to be so and what helps."""
        listing, outgoing, shown = self._inbox.listing, self._inbox.outgoing, self._inbox.keymap.shown
        if listing.query:
            query = safe_line(listing.query, 60)
            return own("Nothing matches “{}”.\n\n{} clears the search.", query, shown("back"))
        keys = own("{} check again   {} quit", shown("sync"), shown("quit"))
        later = own("\n{} will be back later.", plural(self._snoozed, "invitation")) if self._snoozed else NOTHING
        if self._inbox.syncing.first_look:
            return own("Looking for invitations{}", self._inbox.glyphs.more)
        if not outgoing.decided:
            return own("No invitation is waiting for an answer.{}\n\n{}", later, keys)
        one = outgoing.decided == 1
        done = own("The one invitation is") if one else own("All {} are", outgoing.decided)
        won = own("\n{} won back.", dates.minutes(outgoing.minutes_won)) if outgoing.minutes_won else NOTHING
        return own("{} decided.{}{}\n\n{} undo the last   {}", done, won, later, shown("undo"), keys)

    def open_find(self) -> None:
        """Shows the search field."""
        if self._find is None:
            from regrets.tui.widgets.find import FindField

            self._find = FindField(self._inbox.keymap)
            self._inbox.mount(self._find, before="#status")
        self._inbox.set_class(True, "-finding")
        self._find.value = self._inbox.listing.query
        self._inbox.set_focus(self._find)  # at once: the next key may be waiting already
        self._inbox.query_one(KeyFooter).set_place("find")

    def find_as_typed(self, query: str) -> None:
        """Filters while one types; the chosen row stays chosen as long as it matches."""
        if safe_line(query) != self._inbox.listing.query:
            before = self._inbox.listing.selected
            self._inbox.listing.search(query)
            self._inbox.show_rows()
            after = self._inbox.listing.selected
            if (before and before.id) != (after and after.id):
                self._inbox.replying.show()

    def close_find(self) -> None:
        """Back to the list, with the search kept."""
        self._inbox.set_class(False, "-finding")
        self._inbox.focus_list()

    def clear_find(self) -> None:
        """All rows again."""
        if self._find is not None:
            self._find.value = NOTHING
        self.find_as_typed("")
        self.close_find()

    def make_visible(self, item_id: str) -> None:
        """Chooses an item; a search that hides it is cleared."""
        if not self._inbox.listing.select(item_id) and self._inbox.listing.row(item_id):
            self.clear_find()
            self._inbox.listing.select(item_id)

    def back(self) -> None:
        """esc: closes the search field, the detail, the search; whichever is open."""
        inbox = self._inbox
        if inbox.has_class("-finding") or (inbox.listing.query and not inbox.zoomed):
            self.clear_find()
        elif inbox.zoomed:
            inbox.set_zoom(False)

    def scroll(self, direction: int) -> None:
        """The letter by a few lines; in the detail all of it."""
        if self._inbox.zoomed:
            box = self._inbox.query_one("#facts-box", VerticalScroll)
            if box.max_scroll_y > 0 and not (direction > 0 and box.is_vertical_scroll_end):
                box.scroll_relative(y=4 * direction, animate=False)
                return
        self._inbox.draft_pane.scroll_letter(4 * direction)

    # --- other screens ----------------------------------------------------------------------------------------

    def why(self) -> None:
        """The whole ladder."""
        from regrets.tui.screens.why import why_screen

        current = self._inbox.replying.current()
        if current and current[1].loaded:
            case = current[1].loaded.case
            self._inbox.app.push_screen(why_screen(self._inbox.keymap, case, self._inbox.glyphs))
        else:
            self._inbox.replying.say_why_not()

    def preview(self) -> None:
        """The exact messages."""
        if self._inbox.replying.editing.waits_for_letter(self.preview):
            return
        current = self._inbox.replying.current()
        draft = current[1].loaded.draft if current and current[1].loaded else None
        if current is None or draft is None:
            self._inbox.replying.say_why_not()
            return
        self._inbox.bridge.ask(
            DESK, partial(_messages, current[0].id, draft), self._show_messages, self._inbox.alarm, latest="preview"
        )

    def prep(self) -> None:
        """The prep card of the chosen meeting."""
        row = self._inbox.listing.selected
        if row is None:
            self._inbox.replying.say_why_not()
            return
        item_id = row.id
        self._inbox.bridge.ask(
            DESK, lambda desk: desk.prep(item_id), self._show_prep, self._inbox.alarm, latest="prep"
        )

    def outbox(self) -> None:
        """What waits, was sent, failed or is uncertain."""
        from regrets.tui.screens.outbox import OutboxScreen

        inbox = self._inbox
        inbox.app.push_screen(OutboxScreen(inbox.keymap, inbox.bridge, inbox.preferences), lambda _: inbox.reload())

    def choose_strategy(self) -> None:
        """All 19."""
        from regrets.tui.screens.chooser import ChooserScreen

        current = self._inbox.replying.current()
        if current and current[1].loaded:
            self._inbox.app.push_screen(
                ChooserScreen(self._inbox.keymap, current[1].chosen, current[1].options, self._inbox.glyphs),
                lambda strategy: self._inbox.replying.pick(strategy) if strategy else None,
            )
        else:
            self._inbox.replying.say_why_not()

    def _show_prep(self, card: PrepCard) -> None:
        from regrets.tui.screens.prep import prep_screen

        self._inbox.lay_over(prep_screen(self._inbox.keymap, card))

    def _show_messages(self, messages: tuple[OutgoingMessage, ...]) -> None:
        from regrets.tui.screens.preview import preview_screen

        self._inbox.lay_over(preview_screen(self._inbox.keymap, messages, self._inbox.glyphs))


def _messages(item_id: str, draft: Draft, desk: DeskApi) -> tuple[OutgoingMessage, ...]:
    return desk.messages(item_id, draft)
