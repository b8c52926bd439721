"""Entries, answers, accounts and small fakes for everything about the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from regrets.adapters.smtp.errors import SENT, SmtpOutcome
from regrets.domain.errors import MailboxError, SecretError, Unreachable
from regrets.domain.model import AnswerRecord, OutboxEntry, OutboxState, PartStat, Strategy
from regrets.domain.outbox import outbox_id
from regrets.domain.settings import Account, AfterReply, Login, Server
from tests.support.canary import SECRET

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def account(port: int = 25, security: str = "none", **changes: object) -> Account:
    made = Account(
        "work",
        "ana@studio.example",
        Server("127.0.0.1", 1, "none"),
        Server("127.0.0.1", port, security),
        Login("ana@studio.example"),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def entry(item: str = "item1", number: int = 1, *, body: str = "Sorry, no.", **changes: object) -> OutboxEntry:
    message_id = f"<{item}.{number}@regrets.example>"
    data = f"Message-ID: {message_id}\r\nSubject: Declined: Review\r\n\r\n{body}\r\n".encode()
    made = OutboxEntry(
        outbox_id(message_id),
        item,
        "work",
        OutboxState.HELD,
        "",
        message_id,
        "ana@studio.example",
        ("marko@kovin.example",),
        "Declined: Review",
        data,
        NOW,
        NOW,
        folder="INBOX",
        uidvalidity=7,
        uid=11,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def answer(to: OutboxEntry) -> AnswerRecord:
    return AnswerRecord(
        to.item_id,
        to.account,
        "marko@kovin.example",
        "uid-1",
        None,
        0,
        "Review",
        Strategy.DECLINE,
        Strategy.CALL,
        "10",
        PartStat.DECLINED,
        30,
        NOW,
        NOW,
        NOW + dt.timedelta(days=1),
        None,
        to.id,
        "Sorry, no.",
    )


@dataclass
class FakeClock:
    seconds: float = 1000.0
    moment: dt.datetime = NOW

    def now(self) -> dt.datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class FakeSecrets:
    secret: str | None = SECRET

    def password(self, account: Account) -> str:
        if self.secret is None:
            raise SecretError("No password is stored.", "Run `regrets setup`.")
        return self.secret

    def store(self, account: Account, password: str) -> None:
        self.secret = password

    def forget(self, account: Account) -> None:
        self.secret = None


@dataclass
class FakeSender:
    """Ends as told, in turn, then SENT; goes through the phases like the real one."""

    outcomes: list[SmtpOutcome | Exception] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    during: Callable[[], None] | None = None

    def send(self, account: Account, entry: OutboxEntry, phase: Callable[[str], None]) -> SmtpOutcome:
        outcome = self.outcomes.pop(0) if self.outcomes else SENT
        phase("connecting")
        if self.during:
            self.during()
        if isinstance(outcome, Exception):
            raise outcome
        if outcome.state is not OutboxState.FAILED:
            phase("dot-written")
            self.sent.append(entry.message_id)
        return outcome


@dataclass
class FakeMailbox:
    """ports.MailSource and its one session. `broken` names the calls that fail."""

    broken: set[str] = field(default_factory=set)
    in_sent_ids: set[str] = field(default_factory=set)
    calls: list[tuple[str, ...]] = field(default_factory=list)

    def connect(self, account: Account) -> FakeMailbox:
        if "connect" in self.broken:
            raise Unreachable("The mailbox can't be reached.", "Try later.")
        self.calls.append(("connect",))
        return self

    def _do(self, name: str, *about: str) -> None:
        self.calls.append((name, *about))
        if name in self.broken:
            raise MailboxError(f"{name} failed.", "Over quota?")

    def mark_answered(self, folder: str, uidvalidity: int, uid: int) -> bool:
        self._do("mark", folder, str(uid))
        return True

    def move(self, folder: str, uidvalidity: int, uid: int, to: str) -> bool:
        self._do("move", folder, to)
        return True

    def save_sent(self, data: bytes, message_id: str, when: dt.datetime) -> str:
        self._do("copy", message_id)
        if message_id in self.in_sent_ids:
            return "skipped"
        self.in_sent_ids.add(message_id)
        return "done"

    def in_sent(self, message_id: str) -> bool:
        self._do("look", message_id)
        return message_id in self.in_sent_ids

    def close(self) -> None:
        self.calls.append(("close",))


@dataclass
class FakeLock:
    free: bool = True

    def acquire(self) -> bool:
        return self.free

    def release(self) -> None:
        return


def after_reply(**wishes: str) -> AfterReply:
    return AfterReply(**wishes)
