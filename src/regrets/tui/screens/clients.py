"""The client book: who they are to the user, changed key by key; the organiser of the open item can be added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen

from regrets.domain.clients import SIGNS, STATUSES, TIERS, TRAITS, Client
from regrets.domain.text import NOTHING, SafeText, own, safe_line
from regrets.services.crowding import SIGN
from regrets.tui.bridge import DESK, Bridge
from regrets.tui.content import SafeSegment, segment
from regrets.tui.keymap import Keymap
from regrets.tui.widgets.detail import RuleLine
from regrets.tui.widgets.footer import KeyFooter
from regrets.tui.widgets.line_list import LineList
from regrets.tui.widgets.note import NoteLine
from regrets.tui.widgets.status import StatusLine
from regrets.tui.words import UNICODE, Glyphs, fit, plural

if TYPE_CHECKING:
    from regrets.services.client_book import BookEntry
    from regrets.services.desk_api import DeskApi


class Offer(NamedTuple):
    """The open item's organiser, and what they would be called in the book. Untrusted text."""

    address: str
    name: str
    match: str


class ClientList(LineList):
    """Two lines a client; before them the offer to add somebody."""

    item_height = 2

    def __init__(self, glyphs: Glyphs = UNICODE) -> None:
        self.entries: Sequence[BookEntry] = ()
        self.offer: Offer | None = None
        self._glyphs = glyphs
        super().__init__()

    def count(self) -> int:
        """Clients and the offer."""
        return len(self.entries) + bool(self.offer)

    @property
    def chosen(self) -> BookEntry | None:
        """The client under the cursor; None on the offer and in an empty book."""
        at = self.cursor - bool(self.offer)
        return self.entries[at] if 0 <= at < len(self.entries) else None

    def item_line(self, index: int, line: int, width: int, *, selected: bool) -> list[SafeSegment]:
        """Name, tier and status; then addresses, traits, signs and share."""
        mark = segment(own("{} ", self._glyphs.cursor) if selected else own("  "), self.part("mark"))
        room = max(0, width - 2)
        if self.offer and index == 0:
            said = f"matches {self.offer.match}" if line else f"Add {self.offer.name}"
            style = self.part("quiet" if line else "chip")
            return [mark, segment(fit(safe_line(said), room, self._glyphs.more), style)]
        entry = self.entries[index - bool(self.offer)]
        if line:
            part = "alert" if entry.crowding else "quiet"
            said = f" {self._glyphs.dot} ".join(_details(entry))
            return [mark, segment(fit(safe_line(said), room, self._glyphs.more), self.part(part))]
        who = max(0, room - 20)
        return [
            mark,
            segment(fit(safe_line(entry.client.name), who, self._glyphs.more), self.part("strong")),
            segment(fit(safe_line(entry.client.tier), 10), self.part("chip")),
            segment(fit(safe_line(entry.client.status), min(10, room)), self.part("quiet")),
        ]


class ClientsScreen(ModalScreen[bool]):
    """True: something was changed."""

    CSS_PATH: ClassVar[str] = "view.tcss"

    def __init__(self, keymap: Keymap, bridge: Bridge, organizer: tuple[str, str] | None, glyphs: Glyphs) -> None:
        """`organizer`: name and address of the open item's."""
        super().__init__()
        self._keymap, self._bridge, self._organizer = keymap, bridge, organizer
        self._list, self._changed, self._looked = ClientList(glyphs), False, False
        self._seen = False  # until then a key that changes somebody is typed at nobody
        keymap.install(self, "clients")

    def compose(self) -> ComposeResult:
        """Title, list, the field for a note, status, keys."""
        yield RuleLine(id="view-title")
        yield self._list
        yield NoteLine(self._keymap, SIGNS)
        yield StatusLine()
        yield KeyFooter(self._keymap, "clients")

    def on_mount(self) -> None:
        """Reads the book."""
        self.query_one(RuleLine).show(own("Client book"), own("reading"))
        self._ask(lambda desk: None)

    @on(KeyFooter.Pressed)
    def _pressed(self, event: KeyFooter.Pressed) -> None:
        if event.action_id.startswith("note_"):
            self.query_one(NoteLine).action_perform(event.action_id)
        else:
            self.action_perform(event.action_id)

    def on_note_line_ended(self, event: NoteLine.Ended) -> None:
        """The note is written, or not."""
        self.query_one(KeyFooter).set_place("clients")
        self._list.focus()
        if event.sign:
            self._with_client(lambda name, desk: desk.note_sign(name, event.sign, event.note))

    def action_perform(self, action_id: str) -> None:
        """Moves, edits, or closes."""
        actions: dict[str, Callable[[], object]] = {
            "clients_down": lambda: setattr(self._list, "cursor", self._list.cursor + 1),
            "clients_up": lambda: setattr(self._list, "cursor", self._list.cursor - 1),
            "clients_add": self._add,
            "clients_tier": lambda: self._set("tier", lambda client: _after(TIERS, client.tier)),
            "clients_status": lambda: self._set("status", lambda client: _after(STATUSES, client.status)),
            **{f"clients_trait_{n}": partial(self._toggle, trait) for n, trait in enumerate(TRAITS, 1)},
            "clients_sign": self._write_note,
            "clients_confirm": self._confirm,
            "clients_close": lambda: self.dismiss(self._changed),
        }
        self.query_one(StatusLine).say(NOTHING)
        actions[action_id]()

    def _add(self) -> None:
        offer = self._list.offer
        if offer is None:
            self.query_one(StatusLine).say(own("The organiser is in the book, or there is none."))
            return
        if not self._seen:
            return
        self._changed = True
        self._ask(lambda desk: desk.add_client(offer.name, [offer.match], {}), safe_line(f"Added: “{offer.name}”."))

    def _set(self, field: str, value: Callable[[Client], object]) -> None:
        """`value` of the client as it is by then: a key may be pressed before the one before it is written."""

        def change(name: str, desk: DeskApi) -> None:
            client = next((entry.client for entry in desk.clients() if entry.client.name == name), None)
            if client is not None:
                desk.change_client(name, {field: value(client)})

        self._with_client(change)

    def _toggle(self, trait: str) -> None:
        def toggled(client: Client) -> list[str]:
            return [each for each in TRAITS if (each in client.traits) is not (each == trait)]

        self._set("traits", toggled)

    def _write_note(self) -> None:
        if self._list.chosen is not None:
            self.query_one(KeyFooter).set_place("note")
            self.query_one(NoteLine).open()

    def _confirm(self) -> None:
        chosen = self._list.chosen
        if chosen is None or not chosen.crowding:
            self.query_one(StatusLine).say(own("No sign is proposed here."))
            return
        note = f"{chosen.share:.0%} of the meeting hours of 30 days"
        self._with_client(lambda name, desk: desk.note_sign(name, SIGN, note))

    def _with_client(self, work: Callable[[str, DeskApi], None]) -> None:
        chosen = self._list.chosen
        if chosen is not None and self._seen:
            self._changed = True
            self._ask(lambda desk: work(chosen.client.name, desk))

    def _ask(self, work: Callable[[DeskApi], None], said: SafeText = NOTHING) -> None:
        def change_and_read(desk: DeskApi) -> list[BookEntry]:
            work(desk)
            return desk.clients()

        self._bridge.ask(DESK, change_and_read, partial(self._show, said), self._failed)

    def _show(self, said: SafeText, entries: list[BookEntry]) -> None:
        if self not in self.app.screen_stack:  # closed before the answer came
            return
        before = self._list.chosen
        at, self._list.offer = _look_up(entries, self._organizer)
        self._list.entries = entries
        if self._looked and before is not None:  # the book's order stays, the offer may have gone
            names = [entry.client.name for entry in entries]
            at = names.index(before.client.name) + bool(self._list.offer) if before.client.name in names else at
        self._looked = True
        self._list.items_changed(at)
        self.call_after_refresh(setattr, self, "_seen", True)
        count = plural(len(entries), "client") if entries else own("nobody is in it yet")
        self.query_one(RuleLine).show(own("Client book"), own("{}, nothing of it enters a letter", count))
        if said:
            self.query_one(StatusLine).say(said)

    def _failed(self, error: SafeText) -> None:
        if self in self.app.screen_stack:
            self.query_one(StatusLine).say(error, alert=True)


def _look_up(entries: Sequence[BookEntry], organizer: tuple[str, str] | None) -> tuple[int, Offer | None]:
    """Where the organiser stands in the book, or the offer to add them."""
    from regrets.domain.clients import ClientBook, guess

    if organizer is None or "@" not in organizer[1]:
        return 0, None
    clients = tuple(entry.client for entry in entries)
    client = ClientBook(clients).of(organizer[1])
    return (clients.index(client), None) if client else (0, Offer(organizer[1], *guess(*organizer)))


def _details(entry: BookEntry) -> list[str]:
    client = entry.client
    parts = [", ".join(client.match), *client.traits]
    parts += [f"{sign.sign}: {sign.note or sign.date}" for sign in client.signs[-2:]]
    if entry.crowding:
        parts.insert(0, f"! {entry.share:.0%} of your meeting hours: y notes {SIGN}")
    elif entry.share >= 0.01:
        parts.append(f"{entry.share:.0%} of your meeting hours")
    return parts


def _after(values: Sequence[str], now: str) -> str:
    return values[(values.index(now) + 1) % len(values)] if now in values else values[0]
