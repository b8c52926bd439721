"""What one needs to know of the chosen invitation, and why the suggestion is what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget

from regrets.domain.cases import ABOUT, WHO
from regrets.domain.text import NOTHING, SafeText, own, repeated, safe_line
from regrets.tui.content import BLANK, SafeContent, assemble, block, hung, line, stacked, styled, truncated
from regrets.tui.widgets.draft import DraftPane
from regrets.tui.widgets.plain import Plain
from regrets.tui.words import STRATEGY_LABELS, UNICODE, fit

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from regrets.domain.cases import Case, Glance
    from regrets.domain.model import Row
    from regrets.tui.keymap import Keymap

FLOW_LINES = 3


class Detail(Vertical):
    """Title, facts, reasons, and the reply below them."""

    def __init__(self, keymap: Keymap, dash: SafeText, *, id: str | None = None) -> None:
        self._keymap, self._dash = keymap, dash
        super().__init__(id=id)

    def compose(self) -> ComposeResult:
        """The parts, top down."""
        yield RuleLine(self._dash, id="title")
        with VerticalScroll(id="facts-box", can_focus=False):
            yield Facts(id="facts")
            yield Reasons(id="reasons")
        yield RuleLine(self._dash, id="reply-title")
        yield DraftPane(self._keymap, id="draft")


class RuleLine(Widget):
    """A thin rule with a title on the left and a note on the right."""

    def __init__(self, dash: SafeText = UNICODE.rule, *, id: str | None = None) -> None:
        self._dash, self._title, self._note = dash, NOTHING, NOTHING
        super().__init__(id=id)

    def show(self, title: SafeText, note: SafeText = NOTHING) -> None:
        """Both sides; the title gives way."""
        self._title, self._note = safe_line(title), safe_line(note)
        self.refresh()

    def render(self) -> SafeContent:
        """As much of both as the width allows."""
        width = self.size.width
        note = truncated(styled(self._note), max(width // 2, width - 13) - 2, ellipsis=True) if self._note else BLANK
        note = assemble(own(" "), note, own(" ")) if self._note else BLANK
        room = max(0, width - note.cell_length - 3)
        title = truncated(styled(self._title), max(0, room - 2), ellipsis=True)
        fill = max(0, width - note.cell_length - title.cell_length - 5)
        return assemble(
            (own("{} ", self._dash), "$rule"),
            styled(title, "bold"),
            (own(" {}", repeated(self._dash, fill)), "$rule"),
            styled(note, "$quiet"),
            (repeated(self._dash, 2), "$rule"),
        )


class Facts(Plain):
    """The glances: flowing when there is little room, one a line when there is enough."""

    def __init__(self, *, id: str | None = None) -> None:
        self._shown: tuple[Case | None, int, bool, SafeText, SafeText] | None = None
        self._wrapped_at = 0
        super().__init__(id=id)

    def on_resize(self, event: events.Resize) -> None:
        """Another width: the lines wrap elsewhere."""
        if event.size.width != self._wrapped_at and self._shown is not None and self._shown[1] == 0:
            case, width, whole, problem, dot = self._shown
            self.show(case, width=width, whole=whole, problem=problem, dot=dot)

    def show(
        self,
        case: Case | None,
        *,
        width: int,
        whole: bool,
        problem: SafeText = NOTHING,
        dot: SafeText = UNICODE.dot,
    ) -> None:
        """`width`: in which all must flow in three lines, 0 for one glance a line; `whole`: with the invitation's
        own text; `problem`: of the last sending."""
        self._shown, self._wrapped_at = (case, width, whole, problem, dot), self.size.width
        if case is None:
            self.update(BLANK)
            return
        from regrets.domain.model import Invitation, Unreadable  # there is a case, so it is loaded
        from regrets.domain.written import whole_text

        parts: list[SafeContent] = []
        if problem:
            parts.append(line(f"! Not sent: {problem}", "$alert bold"))
        if isinstance(case.invitation, Unreadable):
            parts.append(line(f"! {case.invitation.message}", "$alert bold"))
        text = whole_text(case.invitation) if whole and isinstance(case.invitation, Invitation) else ""
        glances = tuple(glance for glance in case.glances if not (text and glance.label == ABOUT))
        parts += _flow(glances, dot, width) if width else _table(glances, self.size.width - 2)
        if text:
            parts += [BLANK, block(text)]
        self.update(stacked(parts))


class Reasons(Plain):
    """The suggestion and its reasons."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)

    def show(self, case: Case | None, mark: SafeText = UNICODE.suggested) -> None:
        """Empty where nothing is suggested."""
        suggestion = case.suggestion if case else None
        if suggestion is None:
            self.update(BLANK)
            return
        head = own("{} {}  ", mark, STRATEGY_LABELS[suggestion.strategy])
        self.update(assemble((head, "$chip bold"), line(" ".join(suggestion.reasons))))


def row_title(row: Row) -> SafeText:
    """The summary, or what stands for it."""
    return safe_line(row.summary) or own("(no subject)")


def _value(glance: Glance) -> SafeContent:
    return line(f"! {glance.text}", "$alert bold") if glance.alert else line(glance.text)


def _table(glances: tuple[Glance, ...], width: int) -> list[SafeContent]:
    """One glance a line; what is wider than `width` cells goes on below its own text."""
    label = max((cell_len(safe_line(glance.label)) for glance in glances), default=0) + 2
    room = width if width > 0 else 1000
    rows = [(styled(fit(safe_line(glance.label), label), "$quiet"), _value(glance)) for glance in glances]
    return [each for head, value in rows for each in hung(head, value, room)]


def _flow(glances: tuple[Glance, ...], dot: SafeText, width: int) -> list[SafeContent]:
    """As many as fit in three lines, in one paragraph: who it is from, always; then what warns, the first of it cut
    rather than left out; then the others."""
    ordered = sorted(glances, key=lambda glance: (glance.label != WHO, not glance.alert))
    shown = BLANK
    for place, glance in enumerate(ordered):
        label = own("{} ", safe_line(glance.label))
        between = own(" {} ", dot) if shown.plain else NOTHING
        longer = assemble(shown, (between, "$quiet"), (label, "$quiet"), _value(glance))
        must = place == 0 or (glance.alert and place == 1)
        if not must and longer.get_height({}, width) > FLOW_LINES:
            break
        shown = longer
    return [shown] if shown.plain else []
