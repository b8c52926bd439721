"""The footer: keys of the place one is in, made from the registry; the least important leave first."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.widget import Widget

from regrets.domain.actions import ACTIONS, Action
from regrets.domain.text import SafeText, joined, own, safe_line
from regrets.tui.content import Part, SafeContent, assemble
from regrets.tui.keymap import Keymap


class KeyFooter(Widget):
    """One line of `key Label`, never cut within a word; clickable."""

    class Pressed(Message):
        """A key was clicked."""

        def __init__(self, action_id: str) -> None:
            self.action_id = action_id
            super().__init__()

    def __init__(self, keymap: Keymap, place: str, without: Sequence[str] = ()) -> None:
        """`without`: actions that make no sense here now."""
        self._keymap, self._place, self._without = keymap, place, without
        super().__init__()

    def set_place(self, place: str) -> None:
        """Shows the keys of another place."""
        if place != self._place:
            self._place = place
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click is the key's press."""
        at = 1
        for action_id, key, label in self._fitting():
            size = cell_len(key) + 1 + cell_len(label)
            if at <= event.x < at + size:
                self.post_message(self.Pressed(action_id))
            at += size + 2

    def render(self) -> SafeContent:
        """As many keys as the width allows."""
        parts: list[Part] = []
        for _, key, label in self._fitting():
            parts += [(key, "$key bold"), (own(" {}  ", label), "$quiet")]
        return assemble(own(" "), *parts)

    def _fitting(self) -> list[tuple[str, SafeText, SafeText]]:
        return fitting(self._keymap, self._place, self.size.width - 1, self._without)


def fitting(
    keymap: Keymap, place: str, width: int, without: Sequence[str] = ()
) -> list[tuple[str, SafeText, SafeText]]:
    """(action id, key, label) of what fits in `width` cells, in the registry's order."""
    places = (place, "anywhere") if place == "inbox" else (place,)
    labelled = [a for a in ACTIONS if a.label and a.place in places and keymap.of(a.id) and a.id not in without]
    kept: set[str] = set()
    for action in sorted(labelled, key=lambda a: -a.priority):
        size = cell_len(_key(keymap, action)) + cell_len(action.label) + 3
        if size - 2 > width:
            break
        width -= size
        kept.add(action.id)
    return [(a.id, _key(keymap, a), safe_line(a.label)) for a in labelled if a.id in kept]


def _key(keymap: Keymap, action: Action) -> SafeText:
    """Its own key, or the first and the last of the keys that stand for it: `1-9`."""
    ends = [keymap.shown(action_id) for action_id in action.span]
    return joined(own("-"), ends) if ends and all(ends) else keymap.shown(action.id)
