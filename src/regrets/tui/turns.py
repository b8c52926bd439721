"""Keys in turn: what a key opens is open before the next one is looked at."""

from __future__ import annotations

from collections import deque
from typing import TypeVar

from textual import events
from textual._time import get_time
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

Ending = TypeVar("Ending")

_LOST_SECONDS = 0.3  # a widget that was taken away tells nobody that the key is done


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
        self._under_way = 0  # what keys have set in motion and the next one must find done
        self._deaf_until = 0.0  # what was typed before is not wanted

    def waits(self) -> bool:
        """Whether keys have to wait for something other than the one before; `go_on` ends that. Only leaving (ctrl+q)
        never waits."""
        return False

    @property
    def typing(self) -> bool:
        """Whether keys wait, or are waited for: nothing that asks may come between."""
        return bool(self.typed) or self._under_way > 0 or (self._under_way > 0 or self.waits())

    def begin(self) -> None:
        """A key has set something in motion on another thread; the next key waits until `end`."""
        self._under_way += 1

    def end(self) -> None:
        """It is done."""
        self._under_way -= 1
        self.call_later(self.go_on)

    def forget_typed(self) -> None:
        """What was typed until now is not wanted any more, whether it has been looked at or not."""
        self.typed.clear()
        self._deaf_until = get_time()

    async def go_on(self) -> None:
        """The next key, if it is its turn."""
        if not self.is_running:  # the screens are being taken down
            return
        if self._carrier is not None and self._carrier.is_running and self._carrier.is_attached:
            return
        self._carrier = None
        if self.typed and not self._under_way and not self.waits():
            self._turn, self._ending = self._turn + 1, False
            await super().on_event(self.typed.popleft())
            self._follow()

    async def on_event(self, event: events.Event) -> None:
        """Keys wait for their turn; one that was given to a widget and comes back has been done."""
        if not isinstance(event, events.Key | events.Paste) or self._leaves_at_once(event):
            await super().on_event(event)
        elif not event.is_forwarded:
            if event.time < self._deaf_until:
                return
            self.typed.append(event)
            await self.go_on()
            if self.typed:  # whatever becomes of the widget that is waited for, the key is not left behind
                self.set_timer(_LOST_SECONDS, self.go_on)
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

    def _leaves_at_once(self, event: events.Key | events.Paste) -> bool:
        leaves = isinstance(event, events.Key) and event.key == "ctrl+q"
        return leaves and self.waits()

    def _end(self) -> None:
        if not self._ending:
            self._ending = True
            self._follow()

    def _follow(self) -> None:
        if not self.is_running:
            return
        self._carrier = self.focused or self.screen
        self._carrier.post_message(Passed(self._turn, self._ending))
