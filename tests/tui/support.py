"""Runs the terminal face on a FakeDesk, waits for conditions, and compares screens with stored text grids."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from regrets.tui.app import RegretsApp
from regrets.tui.bridge import DESK
from regrets.tui.preferences import Preferences
from regrets.tui.screens.inbox import InboxScreen
from tests.tui.fake_desk import NOW, ZONE, FakeClock, FakeDesk

GOLDENS = Path(__file__).parent / "goldens"


class Session:
    """One run: `press` keys, `until` something holds, look at `screen`."""

    def __init__(self, app: RegretsApp, pilot: Pilot[int], desk: FakeDesk, clock: FakeClock) -> None:
        self.app, self.pilot, self.desk, self.clock = app, pilot, desk, clock

    @property
    def inbox(self) -> InboxScreen:
        return self.app.inbox

    @property
    def selected(self) -> str:
        row = self.inbox.listing.selected
        return row.id if row else ""

    @property
    def screen(self) -> str:
        """The text on the screen, a line each, without trailing blanks."""
        strips = self.app.screen._compositor.render_strips()  # private in Textual: only here
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    @property
    def status(self) -> str:
        return self.inbox.query_one("#status").message  # type: ignore[attr-defined]

    @property
    def notices(self) -> str:
        return "\n".join(notice.message for notice in self.app._notifications)

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        for _ in range(400):
            if condition():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"never came true: {what or condition}\n{self.screen}")

    async def settled(self) -> None:
        """All questions answered, the letter painted, and the moment after it over."""
        await self.until(
            lambda: self.inbox.whole and not self.arriving and not self.app.bridge.busy(), "nothing under way"
        )
        self.clock.advance(1)
        if self.selected and not self.inbox.draft_pane.editing:
            await self.until(lambda: self.ready, "the letter is painted")

    @property
    def ready(self) -> bool:
        if not self.selected or self.inbox.replying.ready(self.selected):
            return True
        self.clock.advance(0.2)
        return False

    @property
    def arriving(self) -> bool:
        return self.inbox.whole and self.inbox.replying.arriving

    async def press(self, *keys: str) -> None:
        """Keys one by one, each with all that follows from it."""
        for key in keys:
            await self.pilot.press(key)
            await self.pilot.pause()
            await self.until(lambda: not self.arriving and not self.app.bridge.busy(DESK), "the desk has answered")
            await self.pilot.pause()
            self.clock.advance(0.8)

    async def burst(self, *keys: str) -> None:
        """Keys that come together, as of a fast typist or a script; then all that follows from them."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            self.app._driver.send_message(events.Key(name, key if len(key) == 1 else None))  # type: ignore[union-attr]
        await self.until(lambda: not self.app.typed, "all keys were looked at")
        await self.pilot.pause()


@asynccontextmanager
async def session(
    desk: FakeDesk | None = None, size: tuple[int, int] = (80, 24), *, settle: bool = True, **preferences: Any
) -> AsyncIterator[Session]:
    """The face at a size on a desk, with fixed clocks."""
    clock = FakeClock()
    desk = desk or FakeDesk()
    desk.clock = clock
    wanted = Preferences(
        **{"theme": "regrets-dark", "zone": ZONE, "now": lambda: NOW, "monotonic": clock, **preferences}
    )
    app = RegretsApp(lambda: desk, wanted)
    async with app.run_test(size=size, notifications=True) as pilot:
        running = Session(app, pilot, desk, clock)
        if settle:
            await running.settled()
        yield running
        app.bridge.stop.set()
    app.bridge.finish(1.0)
    assert app.bridge.unexpected == []


def play(scenario: Coroutine[Any, Any, None]) -> None:
    """Runs one scenario."""
    asyncio.run(scenario)


def assert_golden(name: str, screen: str) -> None:
    """The screen is as stored. REGRETS_UPDATE=1 stores it."""
    path = GOLDENS / f"{name}.txt"
    if os.environ.get("REGRETS_UPDATE"):
        path.write_text(screen + "\n", "utf-8")
    assert screen == path.read_text("utf-8").removesuffix("\n"), f"{name} looks different (REGRETS_UPDATE=1)"
