"""The footer: keys of the place one is in, made from the registry; the least important leave first."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message

from regrets.domain.actions import ACTIONS
from regrets.tui.keymap import Keymap
from regrets.tui.widgets.plain import Plain


class KeyFooter(Plain):
    """One line of `key Label`, never cut within a word; clickable."""

    @dataclass
    class Pressed(Message):
        """A key was clicked."""

        action_id: str

    def __init__(self, keymap: Keymap, place: str) -> None:
        self._keymap, self._place = keymap, place
        self._spans: list[tuple[int, int, str]] = []
        super().__init__()

    def set_place(self, place: str) -> None:
        """Shows the keys of another place."""
        if place != self._place:
            self._place = place
            self._draw(self.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """Fits the keys to the new width."""
        self._draw(event.size.width)

    def on_click(self, event: events.Click) -> None:
        """A click is the key's press."""
        for start, end, action_id in self._spans:
            if start <= event.x < end:
                self.post_message(self.Pressed(action_id))

    def _draw(self, width: int) -> None:
        parts: list[tuple[str, str]] = []
        self._spans.clear()
        at = 1
        for action_id, key, label in fitting(self._keymap, self._place, width - 1):
            parts += [(key, "$key bold"), (f" {label}  ", "$quiet")]
            size = cell_len(key) + 1 + cell_len(label)
            self._spans.append((at, at + size, action_id))
            at += size + 2
        self.update(Content.assemble(" ", *parts))


def fitting(keymap: Keymap, place: str, width: int) -> list[tuple[str, str, str]]:
    """(action id, key, label) of what fits in `width` cells, in the registry's order."""
    places = (place, "anywhere") if place == "inbox" else (place,)
    labelled = [a for a in ACTIONS if a.label and a.place in places and keymap.of(a.id)]
    kept: set[str] = set()
    for action in sorted(labelled, key=lambda a: -a.priority):
        size = cell_len(keymap.shown(action.id)) + cell_len(action.label) + 3
        if size - 2 > width:
            break
        width -= size
        kept.add(action.id)
    return [(a.id, keymap.shown(a.id), a.label) for a in labelled if a.id in kept]
