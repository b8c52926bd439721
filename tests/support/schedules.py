"""What lies around the outbox in `test_schedules`: time, a server and a disk that fail as told, instances of the
program that are killed, and the model: what the user was told of each answer, and what must follow from it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from regrets.adapters.lock import FileSenderLock, FileSignOfLife
from regrets.adapters.smtp.errors import SENT, SmtpOutcome
from regrets.adapters.store.database import Database
from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.errors import StoreError
from regrets.domain.model import OutboxEntry, OutboxState
from regrets.domain.settings import Account
from regrets.services.deliver import Delivery
from tests.support.outbox import NOW, FakeMailbox, account

S = OutboxState
PHASES = ("connecting", "envelope", "body", "dot-written")

# how an attempt ends: what the sender says (an exception: what it raises), and whether the server has the message
_LATER, _NEVER = SmtpOutcome(S.FAILED, "Later."), SmtpOutcome(S.FAILED, "Never.", permanent=True)
_LOGIN = SmtpOutcome(S.FAILED, "Login refused.", permanent=True, account_wide=True)
_OFFLINE = SmtpOutcome(S.FAILED, "No line.", account_wide=True)
_UNSURE = SmtpOutcome(S.UNKNOWN, "It may have arrived.")


class Killed(BaseException):
    """kill -9."""


End = tuple[SmtpOutcome | BaseException, bool]
FAULTS: dict[str, tuple[str, End]] = {
    "no line": ("connecting", (_OFFLINE, False)),
    "login refused": ("connecting", (_LOGIN, False)),
    "greylisted": ("envelope", (_LATER, False)),
    "no such user": ("envelope", (_NEVER, False)),
    "dropped in the body": ("body", (_LATER, False)),
    "a fault of ours": ("body", (RuntimeError("of ours"), False)),
    "dropped before the dot arrived": ("dot-written", (_UNSURE, False)),
    "dropped after the dot arrived": ("dot-written", (_UNSURE, True)),
    "451 after the dot": ("dot-written", (_LATER, False)),
    "554 after the dot": ("dot-written", (_NEVER, False)),
    "a fault of ours after the dot": ("dot-written", (RuntimeError("of ours"), True)),
    **{f"killed at {phase}": (phase, (Killed(), False)) for phase in PHASES},
    "killed once it is accepted": ("dot-written", (Killed(), True)),
}


@dataclass
class Told:
    """One message of an answer that was queued: what the user has said of it."""

    entry: OutboxEntry
    says: str  # hold: it goes when its window ends; send; no: taken back; ask: the program died in its window
    window_ends: float
    holder: int
    lead: Told | None = None  # the answer that a brief follows
    most: int = 1  # times that it may go out: once, and again whenever the user says so of an uncertain one
    ever_unknown: bool = False


@dataclass
class World:
    """Time in seconds (monotonic) and as a wall clock shows it."""

    seconds: float = 1000.0
    moment: dt.datetime = NOW
    told: dict[str, Told] = field(default_factory=dict)  # by Message-ID
    accepted: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # of the next attempts
    refusals: list[bool] = field(default_factory=list)  # of the next transactions
    mailbox: FakeMailbox = field(default_factory=FakeMailbox)
    server_files: bool = False

    def now(self) -> dt.datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    def send(self, account: Account, entry: OutboxEntry, phase: Callable[[str], None]) -> SmtpOutcome:
        """ports.MailSender, in the phases of the real one."""
        at, (end, arrived) = FAULTS[self.faults.pop(0)] if self.faults else ("dot-written", (SENT, True))
        for name in PHASES:
            phase(name)
            if name == at:
                break
        if arrived:
            self._accept(entry.message_id)
        if isinstance(end, BaseException):
            raise end
        return end

    def _accept(self, message_id: str) -> None:
        told = self.told[message_id]
        self.accepted[message_id] += 1
        if self.server_files:
            self.mailbox.in_sent_ids.add(message_id)
        if self.accepted[message_id] > told.most:
            self.wrong.append(f"{message_id} went out {self.accepted[message_id]} times")
        if told.says in ("no", "ask"):
            self.wrong.append(f"{message_id} went out, and the user's word is '{told.says}'")
        if told.says == "hold" and self.seconds < told.window_ends:
            self.wrong.append(f"{message_id} went out {told.window_ends - self.seconds} s before its time")
        if told.lead and not self.accepted[told.lead.entry.message_id]:
            self.wrong.append(f"{message_id} went out before the answer that it follows")

    def disk_refuses(self) -> bool:
        return self.refusals.pop(0) if self.refusals else False


class Instance:
    """One running program."""

    def __init__(self, directory: Path, world: World, number: int) -> None:
        self.number = number
        self.own = SqliteOwnStore(directory / "own.db")
        self.own.database.execute("PRAGMA synchronous = OFF")  # what a power cut does is the matter of others
        _refusing(self.own.database, world)
        self.lock, self.life = FileSenderLock(directory / "sender.lock"), FileSignOfLife(directory)
        self.delivery = Delivery(self.own, world, world.mailbox, [account()], world, self.lock, self.life, patience=0)

    def die(self) -> None:
        """As at kill -9: the system takes the locks back, their files stay."""
        for lock in (self.lock._lock, self.life._lock):
            if lock is not None:
                lock.release()
        self.lock._lock = self.life._lock = None
        self.own.close()


def _refusing(database: Database, world: World) -> None:
    """Some transactions end with a disk error, and are rolled back."""
    real = database.transaction

    @contextlib.contextmanager
    def transaction() -> Iterator[object]:
        with real() as cursor:
            yield cursor
            if world.disk_refuses():
                raise StoreError("The database can't be used: disk I/O error.", "See to the disk.")

    database.transaction = transaction  # type: ignore[method-assign, assignment]
