"""The outbox at work: hold, take back, send, and find out what became of it.

One instance is the sender: it takes the lock with its first pass and keeps it until `close`. Others queue, and
hand over what is due (held becomes kept). Should the lock fail (its file is removed, or lies where locks aren't
shared), no mail goes twice all the same: an attempt whose entry another has taken over ends before its final dot.
Whoever holds a reply shows a sign of life until `close`: only what the dead held is orphaned. Undo windows, delays
and the rate run on the monotonic clock.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

from regrets.domain.backoff import backoff
from regrets.domain.errors import CannotAnswer, ClaimLost, NotFound, RegretsError
from regrets.domain.events import Emit, ignore
from regrets.domain.model import AnswerRecord, OutboxEntry, OutboxState
from regrets.domain.outbox import (
    ASKS,
    CANCELLABLE,
    SENDABLE,
    SENDS_PER_MINUTE,
    after_crash,
    retryable,
)
from regrets.domain.ports import Clock, MailSender, MailSource, Outcome, OwnStore, SenderLock, SignOfLife
from regrets.domain.settings import Account
from regrets.services.after_sending import AfterSending, tell

_NEVER = float("inf")
_TOO_LATE = 5.0  # seconds after it has left in which an undo is told so
_ANOTHER_SENDS = 5.0  # seconds between two looks whether this instance has become the sender
_IN_OUR_WINDOW = (OutboxState.HELD, OutboxState.ORPHANED)  # also what another took for left behind: we know better
_SETTLED = {  # for each way to settle: what becomes of the entry, how that is said, and where nothing is left to do
    "send": (OutboxState.KEPT, "sent", (OutboxState.KEPT, OutboxState.SENDING, OutboxState.SENT)),
    "keep": (OutboxState.KEPT, "kept", (OutboxState.KEPT, OutboxState.SENDING, OutboxState.SENT)),
    "discard": (OutboxState.CANCELLED, "discarded", (OutboxState.CANCELLED,)),
}


class Delivery:
    """All methods may be called from any thread; `run_due` and `send_now` block on the network."""

    def __init__(
        self,
        own: OwnStore,
        sender: MailSender,
        source: MailSource,
        accounts: Sequence[Account],
        clock: Clock,
        lock: SenderLock,
        life: SignOfLife,
        *,
        patience: float = 30.0,  # seconds that `send_now` waits for another instance that sends
    ) -> None:
        self._own, self._sender = own, sender
        self._accounts = {account.name: account for account in accounts}
        self._after = AfterSending(own, source, self._accounts, clock)
        self._clock, self._lock, self._life, self._patience = clock, lock, life, patience
        self._guard = threading.RLock()  # the fields below; never held while the network is used
        self._pass = threading.Lock()  # one sending pass at a time
        self._windows: dict[str, float] = {}  # outbox id, monotonic end; in the order of holding
        self._left: tuple[str, float] = ("", -_NEVER)  # what left last, and when
        self._left_before: dict[str, str] = {}  # outbox id, the subject of what was held later and left before it
        self._rests: dict[str, float] = {}  # outbox id or account, monotonic time before which it is not tried
        self._starts: deque[float] = deque(maxlen=SENDS_PER_MINUTE)
        self._is_sender = False
        self._stopped = False

    # --- the user's side ---------------------------------------------------------------------------------------

    def hold(
        self, entry: OutboxEntry, answer: AnswerRecord, seconds: float, brief: OutboxEntry | None = None
    ) -> OutboxEntry:
        """Queues durably, with an undo window of `seconds` (none: it is kept, and goes with the next pass); `brief`
        follows the answer, and is held, taken back and sent with it.

        Raises CannotAnswer where an answer to the item is on its way, StoreError."""
        self.recover()
        now = self._clock.now().astimezone(dt.UTC)
        state = OutboxState.HELD if seconds > 0 else OutboxState.KEPT
        due = now + dt.timedelta(seconds=seconds)
        with self._guard:
            owner = self._life.show() if seconds > 0 else ""
            held = replace(entry, state=state, created=now, due=due, owner=owner)
            second = replace(brief, state=state, created=now, due=due, owner=owner) if brief else None
            self._own.add(held, answer, second)
            self._stopped = False  # it goes on, also after a `settle` that was refused
            if seconds > 0:
                self._windows[held.id] = self._clock.monotonic() + seconds
        return held

    def undo_last(self) -> OutboxEntry | None:
        """Takes the newest held answer back; None where none is held. CannotAnswer where it has just left."""
        for entry in self._own.entries(live_only=True):
            with self._guard:
                states = _IN_OUR_WINDOW if entry.id in self._windows else (OutboxState.HELD,)
                held = entry.state in states and not entry.follows
                if held and self._own.move_state(entry.id, states, OutboxState.CANCELLED):
                    self._windows.pop(entry.id, None)
                    return replace(entry, state=OutboxState.CANCELLED)
        subject, when = self._left
        if self._clock.monotonic() - when <= _TOO_LATE:
            raise CannotAnswer(f"Too late to undo: “{subject}” has just left.", "Write to the organiser.")
        return None

    def left_before(self, outbox_id: str) -> str:
        """The subject of an answer that was held later than that one, and left before it; '' for none."""
        with self._guard:
            return self._left_before.get(outbox_id, "")

    def seconds_left(self, outbox_id: str) -> float:
        """Of the undo window; 0 where it is over, or not this program's."""
        with self._guard:
            end = self._windows.get(outbox_id)
        return max(0.0, end - self._clock.monotonic()) if end is not None else 0.0

    def retry(self, outbox_id: str) -> str:
        """Goes (again) with the next pass because the user said so; an uncertain one only if Sent doesn't hold it.
        '' or what the user should know of it. Raises NotFound, CannotAnswer."""
        entry = self._entry(outbox_id)
        if entry.state is OutboxState.KEPT:
            return ""
        found = self._after.look_up(entry, ignore) if entry.state is OutboxState.UNKNOWN else False
        if found:
            return "It was found in Sent: it has arrived, and is not sent again."
        if not self._own.move_state(outbox_id, (OutboxState.FAILED, *ASKS), OutboxState.KEPT):
            raise CannotAnswer(f"{_stands(self._entry(outbox_id).state)}: there is nothing to retry.")
        with self._guard:
            self._rests.pop(outbox_id, None)
            self._rests.pop(entry.account, None)
        return "Sent could not be looked into: if it did arrive, it arrives twice." if found is None else ""

    def waits(self) -> bool:
        """Whether anything goes by itself, now or later: not what rests until the user does something."""
        return any(
            retryable(entry) and self._rest(entry) != _NEVER and not self._waits_for_another(entry)
            for entry in self._own.unfinished()
        )

    def lift(self, account: str) -> None:
        """What rests because of an account may go with the next pass: its password is known now."""
        with self._guard:
            self._rests.pop(account, None)

    def cancel(self, outbox_id: str) -> None:
        """Takes out what has not been sent. Raises NotFound, CannotAnswer."""
        if not self._own.move_state(outbox_id, CANCELLABLE, OutboxState.CANCELLED):
            raise CannotAnswer(_not_taken_back(self._entry(outbox_id).state))
        with self._guard:
            self._windows.pop(outbox_id, None)

    def settle(self, how: str) -> None:
        """At quit, for answers inside their window: 'send' now, 'keep' for the next start, 'discard'. Raises
        CannotAnswer, once the others are settled, where another program has decided otherwise about one."""
        with self._guard:
            self._stopped = how != "send"
            held = list(self._windows)
            refused = [line for outbox_id in held if (line := self._settle(outbox_id, how))]
        if how == "send" and held:
            self.run_due(ignore)
        if refused:
            raise CannotAnswer(" ".join(refused), "See `regrets outbox`.")

    def close(self) -> None:
        """Sends nothing more, and lets another instance send. What is still held then is asked about. Never waits:
        where a pass still waits for the network, the program's end lets go of the locks."""
        self._stopped = True
        if self._pass.acquire(blocking=False):
            try:
                self._life.end()
                self._lock.release()
                self._is_sender = False
            finally:
                self._pass.release()

    # --- the sender's side -------------------------------------------------------------------------------------

    def recover(self) -> list[OutboxEntry]:
        """Becomes the sender if nobody is. The sender settles what the dead left, also later; what was changed."""
        return self._recover(between_attempts=False)

    def _recover(self, *, between_attempts: bool) -> list[OutboxEntry]:
        """`between_attempts`: nothing is being sent just now, so what is SENDING was cut short, also by a disk that
        refused the outcome."""
        with self._guard:
            if not self._lock.acquire():
                self._is_sender = False
                return []
            changed = self._own.recover(self._life.living, sending=between_attempts or not self._is_sender)
            self._is_sender = True
            return changed

    def run_due(self, emit: Emit) -> float | None:
        """One pass: sends what is due, files what was sent, looks for what is uncertain. Seconds until the next
        pass is worth while; None where nothing waits."""
        with self._working(emit):
            self._recover(between_attempts=True)
            self._end_windows(emit)
            if self._is_sender:
                for entry in self._sendable():
                    self._deliver(entry, emit)
                self._after.resolve(emit)
                self._after.file(emit)
            return self._next_pass()

    def send_now(self, outbox_id: str, emit: Emit) -> OutboxEntry:
        """Sends one entry before it returns: how it stands then. Where another instance is the sender, that one
        sends it, and this waits for it for a while. Raises NotFound."""
        self._entry(outbox_id)
        with self._guard:
            states = _IN_OUR_WINDOW if outbox_id in self._windows else (OutboxState.HELD,)
            self._own.move_state(outbox_id, states, OutboxState.KEPT)
            self._windows.pop(outbox_id, None)
        if self._wait_for_turn(outbox_id):
            with self._working(emit):
                for entry in (self._entry(outbox_id), *self._followers(outbox_id)):
                    self._deliver(entry, emit)
                self._after.file(emit)
        return self._entry(outbox_id)

    # --- inside ------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _working(self, emit: Emit) -> Iterator[None]:
        """One pass at a time. What ctrl+c cuts off is settled at once, by its phase on disk."""
        with self._pass:
            try:
                yield
            except KeyboardInterrupt:
                with contextlib.suppress(RegretsError):  # then the next start settles it
                    for entry in self._recover(between_attempts=True):
                        tell(emit, entry)
                raise

    def _entry(self, outbox_id: str) -> OutboxEntry:
        entry = self._own.entry(outbox_id)
        if entry is None:
            raise NotFound(f"There is no {outbox_id} in the outbox.", "See `regrets outbox`.")
        return entry

    def _settle(self, outbox_id: str, how: str) -> str:
        """Settles one of our windows; a sentence where that can't be."""
        to, said, done = _SETTLED[how]
        moved = self._own.move_state(outbox_id, _IN_OUR_WINDOW, to)
        del self._windows[outbox_id]
        entry = self._own.entry(outbox_id)
        if moved or entry is None or entry.state in done:
            return ""
        return f"“{entry.subject}” was not {said}: it is {entry.state} already."

    def _followers(self, outbox_id: str) -> list[OutboxEntry]:
        return [entry for entry in self._own.unfinished() if entry.follows == outbox_id]

    def _waits_for_another(self, entry: OutboxEntry) -> bool:
        """Whether it follows an answer that is not sent."""
        lead = self._own.entry(entry.follows) if entry.follows else None
        return bool(entry.follows) and (lead is None or lead.state is not OutboxState.SENT)

    def _wait_for_turn(self, outbox_id: str) -> bool:
        end = self._clock.monotonic() + self._patience
        pause = threading.Event()
        self.recover()
        while not self._is_sender:
            if self._entry(outbox_id).state not in (OutboxState.KEPT, OutboxState.SENDING):
                return False
            if self._clock.monotonic() >= end:
                return False
            pause.wait(0.2)
            self.recover()
        return True

    def _end_windows(self, emit: Emit) -> None:
        """Held answers whose window is over can't be taken back from here on."""
        now = self._clock.monotonic()
        with self._guard:
            over = [outbox_id for outbox_id, end in self._windows.items() if end <= now]
            for outbox_id in over:
                moved = self._own.move_state(outbox_id, _IN_OUR_WINDOW, OutboxState.KEPT)
                held = list(self._windows)
                del self._windows[outbox_id]
                if moved:
                    entry = self._entry(outbox_id)
                    self._left = (entry.subject, now)
                    self._left_before |= dict.fromkeys(held[: held.index(outbox_id)], entry.subject)
                    if not self._is_sender:
                        tell(emit, entry)

    def _sendable(self) -> Iterator[OutboxEntry]:
        """What may go now, oldest first."""
        for entry in self._own.unfinished():
            if self._stopped or self._rate_wait() > 0:
                return
            if retryable(entry) and self._rest(entry) <= 0 and not self._waits_for_another(entry):
                yield entry

    def _deliver(self, entry: OutboxEntry, emit: Emit) -> None:
        with self._guard:
            still_sender = self._lock.acquire()
        claimed = self._own.claim(entry.id, SENDABLE) if still_sender else None
        if claimed is None:
            return
        tell(emit, claimed)
        self._starts.append(self._clock.monotonic())
        account = self._accounts.get(claimed.account)
        if account is None:
            message = f"Account {claimed.account} is not in config.toml any more. Add it, then retry."
            self._own.finish(claimed, OutboxState.FAILED, error=message, permanent=True)
        else:
            outcome = self._send(account, claimed)
            if outcome is not None:
                self._own.finish(claimed, outcome.state, error=outcome.error, permanent=outcome.permanent)
                self._note_rest(claimed, outcome)
        tell(emit, self._entry(claimed.id))

    def _send(self, account: Account, claimed: OutboxEntry) -> Outcome | None:
        try:
            return self._sender.send(account, claimed, lambda phase: self._own.set_phase(claimed, phase))
        except ClaimLost:
            return None  # it is another instance's, which took this one for dead: that one settles it
        except Exception as error:
            # A fault of ours: the phase on disk says whether it can have left.
            state = after_crash(OutboxState.SENDING, self._entry(claimed.id).phase)
            self._own.finish(claimed, state, error=_own_fault(error))
            with self._guard:
                self._rests[claimed.id] = self._clock.monotonic() + backoff(claimed.attempts)
            self._after.expect(claimed.id)
            return None

    def _note_rest(self, entry: OutboxEntry, outcome: Outcome) -> None:
        """When the entry, and where the account is at fault its others, are tried again."""
        now = self._clock.monotonic()
        with self._guard:
            if outcome.state is OutboxState.FAILED:
                again = _NEVER if outcome.permanent else now + backoff(entry.attempts)
                self._rests[entry.account if outcome.account_wide else entry.id] = again
            elif outcome.state is OutboxState.UNKNOWN:
                self._after.expect(entry.id)

    def _rest(self, entry: OutboxEntry) -> float:
        now = self._clock.monotonic()
        with self._guard:
            return max(self._rests.get(entry.id, now), self._rests.get(entry.account, now)) - now

    def _rate_wait(self) -> float:
        full = len(self._starts) == SENDS_PER_MINUTE
        return self._starts[0] + 60.0 - self._clock.monotonic() if full else 0.0

    def _next_pass(self) -> float | None:
        with self._guard:
            now = self._clock.monotonic()
            waits = [max(0.0, end - now) for end in self._windows.values()]
        for entry in self._own.unfinished():
            if retryable(entry) and not self._waits_for_another(entry):
                own = max(0.0, self._rest(entry), self._rate_wait())
                waits.append(own if self._is_sender else _ANOTHER_SENDS)
            elif entry.state is OutboxState.UNKNOWN and self._is_sender:
                waits.append(max(0.0, self._after.wait(entry.id)))
        soonest = min(waits, default=_NEVER)
        return None if soonest == _NEVER or self._stopped else soonest


def _stands(state: OutboxState) -> str:
    """The state of an entry as people say it."""
    return {
        OutboxState.HELD: "It leaves soon",
        OutboxState.SENDING: "It is being sent",
        OutboxState.SENT: "It was sent",
        OutboxState.CANCELLED: "It was taken back",
    }.get(state, f"It is {state}")


def _not_taken_back(state: OutboxState) -> str:
    done = state is OutboxState.CANCELLED
    return f"{_stands(state)} already." if done else f"{_stands(state)}: it can't be taken back."


def _own_fault(error: Exception) -> str:
    return str(error) if isinstance(error, RegretsError) else f"Internal fault ({type(error).__name__})."
