"""Why this suggestion: the whole ladder, which rules held, which not, and why."""

from __future__ import annotations

from textual.content import Content

from regrets.domain.cases import Case
from regrets.domain.text import safe_line
from regrets.tui.keymap import Keymap
from regrets.tui.screens.view import ViewScreen
from regrets.tui.words import STRATEGY_LABELS, STRATEGY_TITLES, UNICODE, Glyphs, fit, line


def why_screen(keymap: Keymap, case: Case, glyphs: Glyphs = UNICODE) -> ViewScreen:
    """The trace of one suggestion."""
    return ViewScreen(keymap, f"Why: {case.row.summary}", explanation(case, glyphs), "why")


def explanation(case: Case, glyphs: Glyphs = UNICODE) -> Content:
    """The suggestion, its reasons and alternatives, then rule by rule what was found."""
    suggestion = case.suggestion
    if suggestion is None:
        return Content("This item could not be read, so nothing is suggested.")
    parts: list[Content] = [
        Content.assemble((STRATEGY_TITLES[suggestion.strategy], "$chip bold"), f"  (rule {suggestion.rule})")
    ]
    parts += [line(reason) for reason in suggestion.reasons]
    if suggestion.alternatives:
        others = ", ".join(STRATEGY_LABELS[strategy] for strategy in suggestion.alternatives)
        parts.append(Content.assemble(("Else: ", "$quiet"), others))
    if suggestion.warnings:
        parts.append(line(f"! {', '.join(suggestion.warnings)}", "$alert"))
    parts += [Content(""), Content.styled("The ladder: the first rule that holds decides", "bold")]
    for verdict in suggestion.trace:
        sign = glyphs.yes if verdict.holds else glyphs.no
        style = "$chip bold" if verdict.holds else "$quiet"
        word = "holds" if verdict.holds else "no"
        label = STRATEGY_LABELS[verdict.strategy] if verdict.holds else ""
        head = f"{sign} {fit(safe_line(verdict.rule, 8), 4)} {fit(word, 6)} {fit(label, 12)} "
        parts.append(Content.assemble((head, style), line(verdict.reason, "" if verdict.holds else "$quiet")))
    return Content("\n").join(parts)
