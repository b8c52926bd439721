"""Keys in turn: what a key opens is open before the next one is looked at."""

from __future__ import annotations

from collections import deque
from typing import TypeVar

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

Ending = TypeVar("Ending")


class Passed(Message):
    """Follows a key up from the widget with the cursor: at the top, all that went before it is done."""

    def __init__(self, turn: int, last: bool) -> None:
        """`last`: it follows what the key has posted, not the key."""
        self.turn, self.last = turn, last
        super().__init__()


class KeysInTurn(App[Ending]):
    """Textual 8.2 gives a key to the widget that has the cursor when it comes, and only on its way up from there does
    it become a command. Of keys that come together (a fast typist, a paste, a script) the later ones had gone the
    same way before the first had opened the field that they were meant for."""

    def __init__(self) -> None:
        super().__init__()
        self.typed: deque[events.Key | events.Paste] = deque()  # what waits for its turn
        self._turn = 0
        self._carrier: MessagePump | None = None  # of what follows the key that is being done
        self._ending = False  # the key is done, what it posted may not be

    def waits(self) -> bool:
        """Whether keys have to wait for something other than the one before; `go_on` ends that. Only leaving (ctrl+q)
        never waits."""
        return False

    def forget_typed(self) -> None:
        """What waits is not wanted any more."""
        self.typed.clear()

    async def go_on(self) -> None:
        """The next key, if it is its turn."""
        if self._carrier is not None and self._carrier.is_running and self._carrier.is_attached:
            return
        self._carrier = None
        if self.typed and not self.waits():
            self._turn, self._ending = self._turn + 1, False
            await super().on_event(self.typed.popleft())
            self._follow()

    async def on_event(self, event: events.Event) -> None:
        """Keys wait for their turn; one that was given to a widget and comes back has been done."""
        if not isinstance(event, events.Key | events.Paste) or (self._leaves(event) and self.waits()):
            await super().on_event(event)
        elif not event.is_forwarded:
            self.typed.append(event)
            await self.go_on()
        else:
            await super().on_event(event)
            self._end()

    async def on_passed(self, message: Passed) -> None:
        """First of the key, then of what it posted."""
        if message.turn != self._turn:
            return
        if message.last:
            self._carrier = None
            await self.go_on()
        else:
            self._end()

    @staticmethod
    def _leaves(event: events.Key | events.Paste) -> bool:
        return isinstance(event, events.Key) and event.key == "ctrl+q"

    def _end(self) -> None:
        if not self._ending:
            self._ending = True
            self._follow()

    def _follow(self) -> None:
        self._carrier = self.focused or self.screen
        self._carrier.post_message(Passed(self._turn, self._ending))
