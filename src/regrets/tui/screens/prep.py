"""The prep card: what to have at hand in the meeting."""

from __future__ import annotations

from regrets.domain.prep import PrepCard
from regrets.domain.text import own, safe_line
from regrets.tui.content import BLANK, line, stacked
from regrets.tui.keymap import Keymap
from regrets.tui.screens.view import ViewScreen


def prep_screen(keymap: Keymap, card: PrepCard) -> ViewScreen:
    """One card, section by section."""
    parts = [line(card.when, "$quiet")]
    for section in card.sections:
        parts += [BLANK, line(section.label, "$chip bold"), *(line(f"- {each}") for each in section.lines)]
    return ViewScreen(keymap, safe_line(card.title) or own("Prep card"), stacked(parts), "prep")
