"""The command palette: every action with its key, and the themes. Titles are literal content, never markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from regrets.domain.actions import ACTIONS
from regrets.domain.text import NOTHING, SafeText, own, safe_line
from regrets.tui.content import assemble, highlighted

if TYPE_CHECKING:
    from regrets.tui.app import RegretsApp


class ActionProvider(Provider):
    """What can be done from where one is."""

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for text, key, run in self._commands():
            yield DiscoveryHit(assemble(text, (own("  {}", key), "$key bold")), run, text=text)

    async def search(self, query: str) -> Hits:
        """What matches."""
        matcher = self.matcher(query)
        for text, key, run in self._commands():
            score = matcher.match(text)
            if score > 0:
                shown = assemble(highlighted(matcher, text), (own("  {}", key), "$key bold"))
                yield Hit(score, shown, run, text=text)

    def _commands(self) -> Iterator[tuple[SafeText, SafeText, Callable[[], None]]]:
        app = cast("RegretsApp", self.app)
        for action in ACTIONS:
            if action.id != "palette" and action.place in ("inbox", "anywhere"):
                yield safe_line(action.title), app.keymap.shown(action.id), partial(app.perform, action.id)
        for name in app.own_themes:
            yield safe_line(f"Theme: {name}"), NOTHING, partial(app.use_theme, name)
