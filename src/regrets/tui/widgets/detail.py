"""What one needs to know of the chosen invitation, and why the suggestion is what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget

from regrets.domain.cases import ABOUT, WHO
from regrets.domain.text import NOTHING, SafeText, own, repeated, safe_line
from regrets.tui.content import (
    BLANK,
    SafeContent,
    assemble,
    block,
    hung,
    line,
    shortened,
    stacked,
    styled,
    truncated,
    wrapped,
)
from regrets.tui.widgets.draft import DraftPane
from regrets.tui.widgets.plain import Plain
from regrets.tui.words import STRATEGY_LABELS, UNICODE, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from regrets.domain.cases import Case, Glance
    from regrets.domain.model import Row
    from regrets.tui.keymap import Keymap
    from regrets.tui.words import Glyphs

FLOW_LINES = 3


class Detail(Vertical):
    """Title, facts, reasons, and the reply below them."""

    def __init__(self, keymap: Keymap, glyphs: Glyphs, *, id: str | None = None) -> None:
        self._keymap, self._glyphs = keymap, glyphs
        self._shown: tuple[Case | None, int, bool, bool, SafeText] | None = None
        self._told_at = 0
        super().__init__(id=id)

    def compose(self) -> ComposeResult:
        """The parts, top down."""
        yield RuleLine(self._glyphs.rule, id="title")
        with VerticalScroll(id="facts-box", can_focus=False):
            yield Plain(id="facts")
        yield Plain(id="reasons")
        yield RuleLine(self._glyphs.rule, id="reply-title")
        yield DraftPane(self._keymap, id="draft")

    def on_resize(self) -> None:
        """Another width: the lines wrap elsewhere."""
        if self.size.width != self._told_at:
            self._tell()

    def show(
        self, case: Case | None, lines: int, *, folded: bool, whole: bool = False, problem: SafeText = NOTHING
    ) -> None:
        """`lines`: what facts and reasons have together; `folded`: the facts in one paragraph instead of a line each;
        `whole`: all of them and the invitation's own text, to be scrolled; `problem`: of the last sending."""
        self._shown = (case, lines, folded, whole, problem)
        self._tell()

    def _tell(self) -> None:
        """The reason first has the room that it needs; facts are cut before it."""
        self._told_at = self.size.width  # 0 where it is hidden: it is told once it has a size
        if self._shown is None or not self._told_at:
            return
        case, lines, folded, whole, problem = self._shown
        width = max(1, self._told_at - (3 if whole else 2))  # the padding, and the bar of what scrolls
        facts: list[SafeContent] = []
        reasons: list[SafeContent] = []
        if case is not None:
            glyphs = self._glyphs
            reasons = shortened(_reasons(case, glyphs.suggested, width), (lines + 1) // 2, width, glyphs.more)
            most = min(FLOW_LINES, lines - len(reasons)) if folded else lines - len(reasons)
            facts = _facts(case, width, most, folded=folded, whole=whole, problem=problem, dot=glyphs.dot)
            facts = facts if whole else shortened(facts, most, width, glyphs.more)
        self.query_one("#facts", Plain).update(stacked(facts))
        self.query_one("#reasons", Plain).update(stacked(reasons))


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


def _facts(
    case: Case, width: int, most: int, *, folded: bool, whole: bool, problem: SafeText, dot: SafeText
) -> list[SafeContent]:
    """What went wrong, the glances, and the invitation's own text where all of it is asked for."""
    from regrets.domain.model import Invitation, Unreadable  # there is a case, so it is loaded
    from regrets.domain.written import whole_text

    faults: list[SafeContent] = []
    if problem:
        faults.append(line(f"! Not sent: {problem}", "$alert bold"))
    if isinstance(case.invitation, Unreadable):
        faults.append(line(f"! {case.invitation.message}", "$alert bold"))
    text = whole_text(case.invitation) if whole and isinstance(case.invitation, Invitation) else ""
    glances = sorted(
        (glance for glance in case.glances if not (text and glance.label == ABOUT)),
        key=lambda glance: (glance.label != WHO, not glance.alert, glance.label == ABOUT),
    )
    told = _flow(glances, dot, width, most) if folded else _table(glances, width)
    own_text = [BLANK, block(text)] if text else []
    return [*(each for fault in faults for each in wrapped(fault, width)), *told, *own_text]


def _reasons(case: Case, mark: SafeText, width: int) -> list[SafeContent]:
    """The suggestion and its reasons; empty where nothing is suggested."""
    suggestion = case.suggestion
    if suggestion is None:
        return []
    head = own("{} {}  ", mark, STRATEGY_LABELS[suggestion.strategy])
    return wrapped(assemble((head, "$chip bold"), line(" ".join(suggestion.reasons))), width)


def row_title(row: Row) -> SafeText:
    """The summary, or what stands for it."""
    return safe_line(row.summary) or own("(no subject)")


def _value(glance: Glance) -> SafeContent:
    return line(f"! {glance.text}", "$alert bold") if glance.alert else line(glance.text)


def _table(glances: Sequence[Glance], width: int) -> list[SafeContent]:
    """One glance a line; what is wider than `width` cells goes on below its own text."""
    label = max((cell_len(safe_line(glance.label)) for glance in glances), default=0) + 2
    rows = [(styled(fit(safe_line(glance.label), label), "$quiet"), _value(glance)) for glance in glances]
    return [each for head, value in rows for each in hung(head, value, width)]


def _flow(glances: Sequence[Glance], dot: SafeText, width: int, most: int) -> list[SafeContent]:
    """As many as fit in `most` lines, in one paragraph. Who it is from and what warns, which come first, are cut
    rather than left out."""
    shown: list[SafeContent] = []
    for place, glance in enumerate(glances):
        longer = _beside(shown, glance, dot, width)
        if place and not glance.alert and len(longer) > most:
            break
        shown = longer
    return shown


def _beside(shown: list[SafeContent], glance: Glance, dot: SafeText, width: int) -> list[SafeContent]:
    """One more glance in the paragraph; a label never ends a line."""
    label = safe_line(glance.label)
    told = assemble((own("{} ", label), "$quiet"), _value(glance))
    if not shown:
        return wrapped(told, width)
    *before, last = shown
    longer = wrapped(assemble(last, (own(" {} ", dot), "$quiet"), told), width)
    if longer[0].plain.rstrip().endswith(own("{} {}", dot, label)):
        longer = [assemble(last, (own(" {}", dot), "$quiet")), *wrapped(told, width)]
    return [*before, *longer]
