"""The only code that touches threads: work goes out on a lane, its result comes back as a message.

A lane is one daemon thread with a queue, so what is asked on it happens in order; a lane that waits for the
network never holds up quitting. Only the handler of `Finished` and `Noticed` (on the UI thread) touches widgets.
"""

from __future__ import annotations

import contextlib
import threading
import time
import traceback
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from textual.message import Message

from regrets.domain.errors import RegretsError
from regrets.domain.text import NOTHING, SafeText, own, safe_line

if TYPE_CHECKING:
    from regrets.domain.events import Event
    from regrets.services.desk_api import DeskApi

Result = TypeVar("Result")
Served = TypeVar("Served")

DESK, POST, SYNC = "desk", "post", "sync"
"""The lanes: reading and deciding (quick, in order), delivering, and looking for new mail."""


class Finished(Message):
    """A job is done: `value`, or `error` for the user. Plain data; the bridge knows what it was for."""

    def __init__(self, job: int, value: Any = None, error: SafeText = NOTHING) -> None:
        self.job, self.value, self.error = job, value, error
        super().__init__()


class Noticed(Message):
    """A service said something while it works."""

    def __init__(self, event: Event) -> None:
        self.event = event
        super().__init__()

    def can_replace(self, message: Message) -> bool:
        """Only the latest progress counts."""
        from regrets.domain.events import SyncProgress

        return (
            isinstance(message, Noticed)
            and isinstance(self.event, SyncProgress)
            and isinstance(message.event, SyncProgress)
        )


class _Job(NamedTuple):
    number: int
    work: Callable[[Any], Any]
    done: Callable[[Any], None]
    failed: Callable[[SafeText], None]
    latest: str
    generation: int


class Lanes(Generic[Served]):
    """Runs work on something off the UI thread. `ask` and `settle` belong to the UI thread."""

    def __init__(self, served: Served, post: Callable[[Message], object]) -> None:
        self._served = served
        self.stop = threading.Event()
        self.unexpected: list[str] = []  # tracebacks without locals, for the end of the program
        self._post = post
        self._lanes: dict[str, tuple[threading.Thread, SimpleQueue[_Job | None]]] = {}
        self._jobs: dict[int, tuple[str, _Job]] = {}
        self._generations: dict[str, int] = {}
        self._count = 0

    def ask(
        self,
        lane: str,
        work: Callable[[Served], Result],
        done: Callable[[Result], None],
        failed: Callable[[SafeText], None],
        latest: str = "",
    ) -> None:
        """Runs `work(what it serves)` on a lane; `done(result)` or `failed(sentence)` follows on the UI thread.

        `latest` names a question of which only the newest answer counts: older ones are dropped.
        """
        if self.stop.is_set():
            return
        self._count += 1
        generation = self._generations.get(latest, 0) + 1
        if latest:
            self._generations[latest] = generation
        job = _Job(self._count, work, done, failed, latest, generation)
        self._jobs[job.number] = (lane, job)
        self._queue(lane).put(job)

    def tell(self, message: Message) -> None:
        """What work says before it is done; safe on every thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to tell
            self._post(message)

    def settle(self, finished: Finished) -> None:
        """Hands a result to whoever asked, unless a newer question has replaced it."""
        _, job = self._jobs.pop(finished.job, ("", None))
        if job is None or self._stale(job):
            return
        if finished.error:
            job.failed(finished.error)
        else:
            job.done(finished.value)

    def forget(self, latest: str) -> None:
        """Answers to this question no longer count."""
        self._generations[latest] = self._generations.get(latest, 0) + 1

    def busy(self, lane: str = "") -> bool:
        """Whether anything (on that lane) is under way."""
        return any(not lane or lane == where for where, _ in self._jobs.values())

    def finish(self, patience: float) -> bool:
        """Stops all lanes; whether they ended within `patience` seconds. None is waited for any longer."""
        self.stop.set()
        for _, queue in self._lanes.values():
            queue.put(None)
        until = time.monotonic() + patience
        for thread, _ in self._lanes.values():
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread, _ in self._lanes.values())

    def _queue(self, lane: str) -> SimpleQueue[_Job | None]:
        if lane not in self._lanes:
            queue: SimpleQueue[_Job | None] = SimpleQueue()
            thread = threading.Thread(target=self._run, args=(queue,), name=f"regrets-{lane}", daemon=True)
            self._lanes[lane] = (thread, queue)
            thread.start()
        return self._lanes[lane][1]

    def _run(self, queue: SimpleQueue[_Job | None]) -> None:
        while (job := queue.get()) is not None:
            self.tell(self._perform(job))

    def _perform(self, job: _Job) -> Finished:
        if self._stale(job):
            return Finished(job.number)
        try:
            return Finished(job.number, job.work(self._served))
        except RegretsError as error:
            return Finished(job.number, error=safe_line(error) or safe_line(type(error).__name__))
        except Exception as error:
            self.unexpected.append("".join(traceback.format_exception(error)))
            name = safe_line(type(error).__name__)
            return Finished(job.number, error=own("Unexpected fault ({}). Nothing else is affected.", name))

    def _stale(self, job: _Job) -> bool:
        return bool(job.latest) and self._generations.get(job.latest) != job.generation


class Bridge(Lanes["DeskApi"]):
    """The lanes of the desk."""

    def __init__(self, desk: DeskApi, post: Callable[[Message], object]) -> None:
        super().__init__(desk, post)
        self.desk = desk

    def emit(self, event: Event) -> None:
        """An `Emit` for services; safe on every thread."""
        self.tell(Noticed(event))
