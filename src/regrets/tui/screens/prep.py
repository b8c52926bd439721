"""The prep card: what to have at hand in the meeting."""

from __future__ import annotations

from textual.content import Content

from regrets.domain.prep import PrepCard
from regrets.tui.keymap import Keymap
from regrets.tui.screens.view import ViewScreen
from regrets.tui.words import line


def prep_screen(keymap: Keymap, card: PrepCard) -> ViewScreen:
    """One card, section by section."""
    parts: list[Content] = [line(card.when, "$quiet")]
    for section in card.sections:
        parts += [Content(""), line(section.label, "$chip bold"), *(line(f"- {each}") for each in section.lines)]
    return ViewScreen(keymap, card.title or "Prep card", Content("\n").join(parts), "prep")
