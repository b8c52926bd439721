"""Why this suggestion: the whole ladder, which rules held, which not, and why."""

from __future__ import annotations

from functools import partial

from regrets.domain.cases import Case
from regrets.domain.text import NOTHING, joined, own, safe_line
from regrets.tui.content import BLANK, SafeContent, assemble, hung, line, styled, wrapped
from regrets.tui.keymap import Keymap
from regrets.tui.screens.view import ViewScreen
from regrets.tui.words import STRATEGY_LABELS, STRATEGY_TITLES, UNICODE, Glyphs, fit


def why_screen(keymap: Keymap, case: Case, glyphs: Glyphs = UNICODE) -> ViewScreen:
    """The trace of one suggestion."""
    return ViewScreen(keymap, safe_line(f"Why: {case.row.summary}"), partial(explanation, case, glyphs), "why")


def explanation(case: Case, glyphs: Glyphs, width: int) -> list[SafeContent]:
    """The suggestion, its reasons and alternatives, then rule by rule what was found."""
    suggestion = case.suggestion
    if suggestion is None:
        return wrapped(styled(own("This item could not be read, so nothing is suggested.")), width)
    title, rule = STRATEGY_TITLES[suggestion.strategy], safe_line(suggestion.rule)
    parts = [assemble((title, "$chip bold"), own("  (rule {})", rule))]
    parts += [line(reason) for reason in suggestion.reasons]
    if suggestion.alternatives:
        others = joined(own(", "), (STRATEGY_LABELS[strategy] for strategy in suggestion.alternatives))
        parts.append(assemble((own("Else: "), "$quiet"), others))
    if suggestion.warnings:
        parts.append(line(f"! {', '.join(suggestion.warnings)}", "$alert"))
    parts += [BLANK, styled(own("The ladder: the first rule that holds decides"), "bold")]
    for verdict in suggestion.trace:
        sign = glyphs.yes if verdict.holds else glyphs.no
        style = "$chip bold" if verdict.holds else "$quiet"
        word = own("holds") if verdict.holds else own("no")
        label = STRATEGY_LABELS[verdict.strategy] if verdict.holds else NOTHING
        head = own("{} {} {} {} ", sign, fit(safe_line(verdict.rule, 8), 4), fit(word, 6), fit(label, 12))
        parts += hung(styled(head, style), line(verdict.reason, "" if verdict.holds else "$quiet"), width, 24)
    return parts
