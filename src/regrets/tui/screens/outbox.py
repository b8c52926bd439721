"""The outbox: what waits, was sent, failed or is uncertain; retry and cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen

from regrets.domain.model import OutboxEntry, OutboxState
from regrets.domain.outbox import ASKS
from regrets.domain.text import NOTHING, SafeText, own, safe_line
from regrets.services.desk import DeskApi
from regrets.tui import dates
from regrets.tui.bridge import DESK, POST, Bridge
from regrets.tui.content import BLANK, SafeSegment, line, segment, stacked, styled
from regrets.tui.keymap import Keymap
from regrets.tui.preferences import Preferences
from regrets.tui.widgets.detail import RuleLine
from regrets.tui.widgets.footer import KeyFooter
from regrets.tui.widgets.line_list import LineList
from regrets.tui.widgets.plain import Plain
from regrets.tui.widgets.status import StatusLine
from regrets.tui.words import OUTBOX_WORDS, fit, glyphs, plural

_ALARMING = (OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.ORPHANED)


class EntryList(LineList):
    """Two lines an entry: state, subject; then recipients and time, or what went wrong."""

    item_height = 2

    def __init__(self, preferences: Preferences) -> None:
        self.entries: Sequence[OutboxEntry] = ()
        self._preferences, self._glyphs = preferences, glyphs(preferences.symbols)
        super().__init__()

    def count(self) -> int:
        """How many entries there are."""
        return len(self.entries)

    def item_line(self, index: int, line: int, width: int, *, selected: bool) -> list[SafeSegment]:
        """One of the two lines."""
        entry = self.entries[index]
        mark = segment(own("{} ", self._glyphs.cursor) if selected else own("  "), self.part("mark"))
        if line:
            below = entry.error or f"{', '.join(entry.recipients)}   {self._time(entry)}"
            part = "alert" if entry.error and entry.state in _ALARMING else "quiet"
            return [
                mark,
                segment(
                    own("{:14}{}", NOTHING, fit(safe_line(below), max(0, width - 16), self._glyphs.more)),
                    self.part(part),
                ),
            ]
        part = "alert" if entry.state in _ALARMING else "chip"
        return [
            mark,
            segment(fit(OUTBOX_WORDS[entry.state], 14), self.part(part)),
            segment(fit(safe_line(entry.subject), max(0, width - 16), self._glyphs.more), self.part("strong")),
        ]

    @property
    def chosen(self) -> OutboxEntry | None:
        """The entry under the cursor."""
        return self.entries[self.cursor] if self.entries else None

    def _time(self, entry: OutboxEntry) -> str:
        zone = self._preferences.zone
        created = dates.local(entry.created, zone)
        today = dates.local(self._preferences.now(), zone).date()
        return f"{dates.day(created.date(), today)} {created:%H:%M}"


class OutboxScreen(ModalScreen[None]):
    """Reads and changes the outbox in a worker."""

    CSS_PATH: ClassVar[str] = "view.tcss"

    def __init__(self, keymap: Keymap, bridge: Bridge, preferences: Preferences) -> None:
        super().__init__()
        self._keymap, self._bridge, self._glyphs = keymap, bridge, glyphs(preferences.symbols)
        self._list = EntryList(preferences)
        keymap.install(self, "outbox")

    def compose(self) -> ComposeResult:
        """Title, list, the chosen entry in full, status, keys."""
        yield RuleLine(id="view-title")
        yield self._list
        yield Plain(id="chosen")
        yield StatusLine()
        yield KeyFooter(self._keymap, "outbox")

    def on_mount(self) -> None:
        """Reads the entries."""
        self.query_one(RuleLine).show(own("Outbox"), own("reading"))
        self.watch(self._list, "cursor", self._show_chosen, init=False)
        self._ask(lambda desk: "", DESK)  # also while a delivery waits for its server

    @on(KeyFooter.Pressed)
    def _pressed(self, event: KeyFooter.Pressed) -> None:
        self.action_perform(event.action_id)

    def action_perform(self, action_id: str) -> None:
        """Moves, changes an entry, or closes."""
        actions: dict[str, Callable[[], object]] = {
            "outbox_down": lambda: setattr(self._list, "cursor", self._list.cursor + 1),
            "outbox_up": lambda: setattr(self._list, "cursor", self._list.cursor - 1),
            "outbox_show": self._show_message,
            "outbox_retry": self._retry,
            "outbox_cancel": self._cancel,
            "outbox_close": lambda: self.dismiss(None),
        }
        self.query_one(StatusLine).say(NOTHING)
        actions[action_id]()

    def _show_message(self) -> None:
        from regrets.tui.screens.preview import entry_screen

        if entry := self._entry():
            self.app.push_screen(entry_screen(self._keymap, entry, self._glyphs))

    def _retry(self) -> None:
        emit = self._bridge.emit

        def work(entry_id: str, desk: DeskApi) -> str:
            note = desk.retry(entry_id)
            desk.deliver(emit)
            return note

        self._with_entry(work)

    def _cancel(self) -> None:
        def work(entry_id: str, desk: DeskApi) -> str:
            desk.cancel(entry_id)
            return ""

        self._with_entry(work)

    def _with_entry(self, work: Callable[[str, DeskApi], str]) -> None:
        if entry := self._entry():
            self._ask(lambda desk: work(entry.id, desk))

    def _entry(self) -> OutboxEntry | None:
        """The chosen one; says so where there is none."""
        if self._list.chosen is None:
            self.query_one(StatusLine).say(own("There is no entry here."))
        return self._list.chosen

    def _ask(self, work: Callable[[DeskApi], str], lane: str = POST) -> None:
        """`work` gives what is said once the list is read anew."""

        def change_and_read(desk: DeskApi) -> tuple[str, list[OutboxEntry]]:
            return work(desk), desk.outbox()

        self._bridge.ask(lane, change_and_read, self._show, self._failed)

    def _show(self, result: tuple[str, list[OutboxEntry]]) -> None:
        note, entries = result
        if self in self.app.screen_stack:  # else it was closed before the answer came
            if note:
                self.query_one(StatusLine).say(safe_line(note))
            self._list.entries = entries
            self._list.items_changed(self._list.cursor)
            self._show_chosen()
            count = plural(len(entries), "entry", "entries") if entries else own("nothing has been sent yet")
            self.query_one(RuleLine).show(own("Outbox"), count)

    def _show_chosen(self) -> None:
        """Recipients and reason in full: the list has a line for both."""
        entry = self._list.chosen
        if entry is None:
            self.query_one("#chosen", Plain).update(BLANK)
            return
        style = "$alert" if entry.state in _ALARMING else "$quiet"
        reason = [line(f"{OUTBOX_WORDS[entry.state]}: {entry.error}", style)] if entry.error else []
        choice = [styled(self._choice(entry.state), "$quiet")] if entry.state in ASKS else []
        self.query_one("#chosen", Plain).update(
            stacked([line(f"To {', '.join(entry.recipients)}"), *reason, *choice])
        )

    def _choice(self, state: OutboxState) -> SafeText:
        """What the keys do with an entry that goes only after the user has said so."""
        retry, cancel = self._keymap.shown("outbox_retry"), self._keymap.shown("outbox_cancel")
        if state is OutboxState.ORPHANED:
            return own("{} sends it, {} takes it back.", retry, cancel)
        return own("{} sends it again, unless it is found in Sent; {} leaves it at that.", retry, cancel)

    def _failed(self, error: SafeText) -> None:
        if self in self.app.screen_stack:
            self.query_one(StatusLine).say(error, alert=True)
