"""The prep card: what to have at hand in the meeting."""

from __future__ import annotations

from functools import partial

from regrets.domain.prep import PrepCard
from regrets.domain.text import own, safe_line
from regrets.tui.content import BLANK, SafeContent, hung, line, styled
from regrets.tui.keymap import Keymap
from regrets.tui.screens.view import ViewScreen


def prep_screen(keymap: Keymap, card: PrepCard) -> ViewScreen:
    """One card, section by section."""
    return ViewScreen(keymap, safe_line(card.title) or own("Prep card"), partial(_lines, card), "prep")


def _lines(card: PrepCard, width: int) -> list[SafeContent]:
    parts = [line(card.when, "$quiet")]
    for section in card.sections:
        parts += [BLANK, line(section.label, "$chip bold")]
        parts += [part for each in section.lines for part in hung(styled(own("- ")), line(each), width)]
    return parts
