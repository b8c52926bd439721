"""The main screen: the list, the chosen invitation, and the reply that one key sends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen

from regrets.domain.text import NOTHING, SafeText, own, safe_line
from regrets.tui.bridge import DESK, Bridge
from regrets.tui.controllers.listing import MOVES, Listing
from regrets.tui.keymap import Keymap
from regrets.tui.layout import HIGH, Shape, shape_of
from regrets.tui.preferences import Preferences
from regrets.tui.textual_mends import forget_closed_screens
from regrets.tui.widgets.footer import KeyFooter
from regrets.tui.widgets.invite_list import InviteList
from regrets.tui.widgets.line_list import LineList
from regrets.tui.widgets.plain import Plain
from regrets.tui.widgets.status import HeaderLine, StatusLine
from regrets.tui.words import glyphs

if TYPE_CHECKING:
    from textual.geometry import Size
    from textual.widgets import Input

    from regrets.domain.model import Row
    from regrets.tui.turns import KeysInTurn
    from regrets.tui.widgets.draft import DraftPane
    from regrets.tui.widgets.editor import DraftEditor
    from regrets.tui.widgets.find import FindField


Result = TypeVar("Result")


class InboxScreen(Screen[None]):
    """Wires widgets and controllers; every action is one entry of `commands`.

    It comes in two steps: header, list and footer are painted first; the invitation beside the list, and the
    controllers, whose modules take as long to load as that paint, follow at once (`whole`).
    """

    AUTO_FOCUS: ClassVar[str] = "#list"

    def __init__(
        self,
        bridge: Bridge,
        keymap: Keymap,
        preferences: Preferences,
        rows: Sequence[Row],
        banner: SafeText = NOTHING,
    ) -> None:
        self.bridge, self.keymap, self.preferences = bridge, keymap, preferences
        self.glyphs = glyphs(preferences.symbols)
        self.listing = Listing(rows)
        self.shape, self.zoomed, self.whole = Shape.STACKED, False, False
        self.commands: dict[str, Callable[[], None]] = {}
        self.banner = banner
        super().__init__()
        keymap.install(self, "inbox")

    def compose(self) -> ComposeResult:
        """What is painted first, arranged for the terminal's size."""
        self._arrange(self.app.size)
        self.set_class(not self.listing.rows, "-empty", update=False)
        yield HeaderLine(self.banner, id="header")
        with Container(id="main"):
            yield InviteList(
                self.listing.rows,
                now=self.preferences.now,
                zone=self.preferences.zone,
                glyphs=self.glyphs,
                tall=self.shape is Shape.WIDE,
                id="list",
            )
        yield StatusLine(id="status")
        yield KeyFooter(self.keymap, "inbox")

    # --- what happens -----------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """The rest comes when the list is on the screen."""
        self.call_after_refresh(self._complete)

    def on_screen_resume(self) -> None:
        """Another screen has closed."""
        forget_closed_screens()
        self.keys.call_later(self.keys.go_on)

    async def _complete(self) -> None:
        """The invitation beside the list, the controllers, then what they ask of the workers."""
        self._load_controllers()
        from regrets.tui.widgets.detail import Detail

        await self.query_one("#main").mount(Detail(self.keymap, self.glyphs, id="detail"))
        await self.mount(Plain(id="note"), after="#main")
        self.whole = True
        self._show_note()
        self.reload()
        self.replying.show()
        self._begin()
        self.set_interval(1.0, self._tick)
        self.keys.call_later(self.keys.go_on)

    def _tick(self) -> None:
        self.outgoing.tick()
        self.syncing.tick()

    def _begin(self) -> None:
        """What is asked of the workers at once; nothing of it where nothing can be written."""
        if self.bridge.desk.read_only:
            self.alarm(safe_line(self.bridge.desk.read_only))
            return
        self.syncing.refresh()
        self.outgoing.look()
        self.outgoing.deliver()
        if self.preferences.sync_on_start:
            self.syncing.sync()

    def on_resize(self, event: events.Resize) -> None:
        """Chooses the arrangement for the new size."""
        self._arrange(event.size)
        self.query_one(InviteList).set_tall(self.shape is Shape.WIDE)
        if self.whole:
            self._show_note()
            self.painting.again()

    def action_perform(self, action_id: str) -> None:
        """One action of the registry, by key, footer or palette."""
        if action_id not in self.commands:
            return
        if self.replying.arriving and action_id not in MOVES:
            self.replying.show()
        current = self.replying.current()
        if current and action_id != "send":
            current[1].asked = False
        self.query_one(StatusLine).say(NOTHING)
        self.commands[action_id]()

    @on(LineList.Clicked)
    def _clicked(self, event: LineList.Clicked) -> None:
        if event.again:
            self.action_perform("open")
        elif self.whole:
            self.move_to(event.index)

    @on(KeyFooter.Pressed)
    def _footer_pressed(self, event: KeyFooter.Pressed) -> None:
        from regrets.domain.actions import BY_ID

        place = BY_ID[event.action_id].place
        if place == "editor":
            cast("DraftEditor", self.query_one("#editor")).action_perform(event.action_id)
        elif place == "find":
            cast("FindField", self.query_one("#find")).action_perform(event.action_id)
        elif place == "anywhere":
            self.app.action_perform(event.action_id)  # type: ignore[attr-defined]
        else:
            self.action_perform(event.action_id)

    def on_draft_editor_kept(self) -> None:
        """Editing is over."""
        self.query_one(StatusLine).say(NOTHING)
        self.end_edit()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Finds while one types."""
        self.looking.find_as_typed(event.value)

    def on_find_field_ended(self, event: FindField.Ended) -> None:
        """Back to the list."""
        if event.keep:
            self.looking.close_find()
        else:
            self.looking.clear_find()

    # --- what controllers ask for -----------------------------------------------------------------------------

    @property
    def keys(self) -> KeysInTurn[int]:
        """What the user types."""
        return cast("KeysInTurn[int]", self.app)

    @property
    def draft_pane(self) -> DraftPane:
        """The reply."""
        return cast("DraftPane", self.query_one("#draft"))

    def say(self, text: SafeText, *, alert: bool = False) -> None:
        """A sentence for the status line."""
        self.query_one(StatusLine).say(text, alert=alert)

    def alarm(self, text: SafeText) -> None:
        """An error or a question for the status line."""
        self.say(text, alert=True)

    def show_queue(self, text: SafeText) -> None:
        """What is about to leave."""
        self.query_one(StatusLine).show_queue(text)

    def show_sync(self, text: SafeText) -> None:
        """How the sync stands."""
        self.query_one(HeaderLine).show(right=text)

    def name_of(self, item_id: str) -> SafeText:
        """An item in words."""
        row = self.listing.row(item_id) or self.looking.known(item_id)
        title = safe_line(row.summary if row else "", 60)
        return own("“{}”", title) if title else own("The invitation")

    def reload(self) -> None:
        """Reads the rows again, in a worker."""
        self.bridge.ask(DESK, lambda desk: desk.rows(), self.rows_arrived, self.alarm, latest="rows")

    def rows_arrived(self, rows: Sequence[Row], select: str = "") -> None:
        """New rows: the chosen one stays chosen, and stays where it is on the screen."""
        self.looking.remember(rows)
        before = self.listing.selected
        above = self.listing.replace(rows)
        if select:
            self.looking.make_visible(select)
        self.show_rows(above)
        after = self.listing.selected
        if after is None or before is None or before.id != after.id or not self.replying.known(after.id):
            self.replying.show()

    def row_left(self, item_id: str) -> None:
        """An answered or cleared row leaves; the next one is chosen."""
        chosen = self.listing.selected
        self.listing.remove(item_id)
        self.show_rows()
        if chosen and chosen.id == item_id:
            self.replying.show()
        self.reload()

    def move_to(self, index: int) -> None:
        """Chooses a row by position."""
        if self.listing.move(index):
            self.query_one(InviteList).cursor = self.listing.cursor
            self.replying.arrive()

    def show_rows(self, above: int = 0) -> None:
        """The list, the counts, and what stands in place of an empty list."""
        invites = self.query_one(InviteList)
        invites.failed = self.listing.marked(self.outgoing.failures)
        invites.show(self.listing.rows, self.listing.cursor, above)
        self.query_one(HeaderLine).show(left=self.listing.counts(), order=self.listing.order())
        self.set_class(not self.listing.rows, "-empty")
        self._show_note()

    def lay_over(self, screen: Screen[Result], done: Callable[[Result | None], None] = lambda _: None) -> None:
        """Shows what a worker has brought; where something else was opened meanwhile it counts as closed at once."""
        if self.app.screen is self:
            self.app.push_screen(screen, done)
        else:
            done(None)

    def open_single(self) -> bool:
        """Where only one pane fits: shows the letter instead; whether it had to."""
        if self.shape is not Shape.SINGLE or self.zoomed:
            return False
        self.set_zoom(True)
        return True

    def set_zoom(self, zoomed: bool) -> None:
        """The whole invitation in place of the list, or back."""
        self.zoomed = zoomed
        self.set_class(zoomed, "-zoom")
        self.replying.show()

    def editor_opened(self) -> None:
        """It has most of the room, and only its keys are shown."""
        self.set_class(True, "-editing")
        self.query_one(KeyFooter).set_place("editor")
        self.painting.again()

    def end_edit(self) -> None:
        """Keeps what was written and goes back to the list."""
        if self.draft_pane.editing:
            text = self.draft_pane.close_editor()
            self.set_class(False, "-editing")
            self.focus_list()
            self.replying.editing.keep(text)
            self.painting.again()

    def focus_list(self) -> None:
        """Back to the list's keys."""
        self.query_one(KeyFooter).set_place("inbox")
        self.query_one(InviteList).focus()

    # --- its parts --------------------------------------------------------------------------------------------

    def _arrange(self, size: Size) -> None:
        self.shape = shape_of(size.width, size.height)
        names = {f"-{shape}": shape is self.shape for shape in Shape}
        names |= {"-high": size.height >= HIGH, "-low": size.height < 14}
        if self.shape is Shape.SINGLE and self.whole and self.draft_pane.editing:
            self.zoomed = names["-zoom"] = True  # hidden, the editor would lose the cursor to the list's commands
        self.update_classes(names, update=self.is_mounted)

    def _show_note(self) -> None:
        """What stands in place of the list."""
        if self.shape is Shape.TINY:
            self.query_one("#note", Plain).update(own("Too small"))
        elif not self.listing.rows:
            self.query_one("#note", Plain).update(self.looking.nothing_here())

    def _load_controllers(self) -> None:
        from regrets.tui.controllers.booking import Booking
        from regrets.tui.controllers.deciding import Deciding
        from regrets.tui.controllers.filing import Filing
        from regrets.tui.controllers.leaving import Leaving
        from regrets.tui.controllers.looking import Looking
        from regrets.tui.controllers.outgoing import Outgoing
        from regrets.tui.controllers.painting import Painting
        from regrets.tui.controllers.replying import Replying
        from regrets.tui.controllers.syncing import Syncing

        self.replying, self.outgoing, self.deciding = Replying(self), Outgoing(self), Deciding(self)
        self.syncing, self.leaving, self.looking = Syncing(self), Leaving(self), Looking(self)
        self.painting, self.filing = Painting(self), Filing(self)
        others = (self.deciding, self.syncing, self.looking, self.leaving, self.filing, Booking(self))
        for part in (self.replying, self.outgoing, *others):
            self.commands.update(part.commands())
