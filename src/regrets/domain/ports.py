"""What the core wants from the world. Adapters implement these; tests bring small fakes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from regrets.domain.stored import Decision as Decision

if TYPE_CHECKING:
    from regrets.domain.clients import ClientBook
    from regrets.domain.model import AnswerRecord, Busy, OutboxEntry, OutboxState, Row
    from regrets.domain.own_calendar import Filing, FilingRule
    from regrets.domain.settings import Account, CalendarSource
    from regrets.domain.stored import Chosen, Stands, Won
    from regrets.domain.versions import Placed, Version


class Clock(Protocol):
    """`now` is what is judged, shown and dated (`--now` sets it); `monotonic` times undo, leases, time-outs."""

    def now(self) -> dt.datetime:
        """Aware."""

    def monotonic(self) -> float:
        """Seconds."""


class Secrets(Protocol):
    """Where passwords come from. Raises SecretError, with the cure."""

    def password(self, account: Account) -> str: ...
    def store(self, account: Account, password: str) -> None: ...
    def forget(self, account: Account) -> bool: ...


# --- the mailbox -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """What SELECT (read-only) said."""

    uidvalidity: int
    uidnext: int
    exists: int
    says_uidnext: bool = True  # else it was made of the highest UID, and may fall when the newest mail is removed


@dataclass(frozen=True, slots=True)
class FoundMail:
    """A mail that holds an invitation, reduced to headers, calendar parts and its text.

    `data` is an RFC 5322 message put together from what was fetched; `received` is INTERNALDATE, aware UTC.
    `truncated`: a part was larger than the limit.
    """

    uid: int
    received: dt.datetime
    data: bytes
    truncated: bool = False


class MailSession(Protocol):
    """One logged-in IMAP connection. Reading changes nothing: EXAMINE and BODY.PEEK only."""

    def open(self, folder: str) -> FolderStatus: ...
    def uids(self, low: int, high: int | None, since: dt.date | None = None) -> list[int]:
        """The UIDs that exist from `low` to `high` (None: to the end), ascending; only mails since a day."""

    def find_invitations(self, uids: Sequence[int]) -> Iterable[FoundMail]: ...
    def present(self, uids: Sequence[int]) -> set[int]: ...
    def mark_answered(self, folder: str, uidvalidity: int, uid: int) -> bool: ...
    def move(self, folder: str, uidvalidity: int, uid: int, to: str) -> bool: ...
    def save_sent(self, data: bytes, message_id: str, when: dt.datetime) -> str:
        """Files a copy in Sent unless it is there: 'done' or 'skipped'. Raises MailboxError."""

    def in_sent(self, message_id: str) -> bool:
        """Whether Sent holds a message with that Message-ID of ours."""

    def close(self) -> None: ...


class MailSource(Protocol):
    """Opens a MailSession: raises Unreachable, LoginRefused, SecretError, MailboxError."""

    def connect(self, account: Account) -> MailSession: ...


class Outcome(Protocol):
    """How one delivery ended."""

    @property
    def state(self) -> OutboxState: ...  # SENT, FAILED or UNKNOWN

    @property
    def error(self) -> str: ...  # for the user, with the cure

    @property
    def permanent(self) -> bool: ...  # FAILED for good (5xx, login refused)

    @property
    def account_wide(self) -> bool: ...  # not the message's fault: the account's other messages wait


class MailSender(Protocol):
    """Delivers one message by SMTP. `phase` is called before each phase begins and must be durable on return;
    'dot-written' is announced before the final dot goes out, which is never written where `phase` raises. Never
    raises for what the line or server does."""

    def send(self, account: Account, entry: OutboxEntry, phase: Callable[[str], None]) -> Outcome: ...


# --- the stores ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FolderScan:
    """How far a folder has been looked through: all UIDs in [low, next) are done."""

    uidvalidity: int
    low: int
    next: int


class Cache(Protocol):
    """The cache database: may be deleted at any time and is rebuilt by the next sync."""

    def folder_scan(self, account: str, folder: str) -> FolderScan | None: ...
    def save_folder_scan(self, account: str, folder: str, scan: FolderScan) -> None: ...
    def drop_folder(self, account: str, folder: str, keep: Collection[str] = ()) -> list[str]:
        """Forgets its scan and mails: returns the ids of items that vanish with them, `keep` excepted."""

    def known_uids(self, account: str, folder: str) -> list[int]: ...
    def save_mail(self, row: Row, mail: FoundMail, uidvalidity: int, *, current: bool) -> None:
        """Stores the mail, and makes `row` the item's columns if `current`."""

    def versions(self, account: str, uid: str) -> list[Version]:
        """All mails about an event's UID, as they were read; also those that are gone from their folder."""

    def place(self, placed: Sequence[Placed]) -> list[str]:
        """Files the mails under their items and makes the current ones the items' columns; a suggestion stays
        where the version stays. Returns the ids of items that are new or changed."""

    def forget_mails(self, account: str, folder: str, uids: Iterable[int], keep: Collection[str] = ()) -> list[str]:
        """The mails are gone from the folder: returns the ids of items that vanish with them, `keep` excepted."""

    def newest(self) -> Iterator[Row]:
        """What `rows` gives, read only as far as it is taken."""

    def rows(self) -> list[Row]:
        """All items, newest received first, then id. `state` is what the mails alone say."""

    def row(self, item_id: str) -> Row | None: ...
    def mail(self, item_id: str) -> bytes | None:
        """The current mail of an item."""

    def location(self, item_id: str) -> tuple[str, int, int] | None:
        """(folder, UIDVALIDITY, UID) of the current mail."""

    def update_row(self, row: Row) -> None: ...
    def close(self) -> None: ...


class OwnStore(Protocol):
    """The user's own database (answers, outbox, decisions, confirmations): synchronous=FULL, never recreated."""

    def add(self, entry: OutboxEntry, answer: AnswerRecord, brief: OutboxEntry | None = None) -> None:
        """All in one transaction, on disk when it returns; `brief` follows `entry`. Raises StoreError; CannotAnswer
        where a live entry for the same item exists."""

    def entry(self, outbox_id: str) -> OutboxEntry | None: ...
    def entries(self, *, live_only: bool = False) -> list[OutboxEntry]:
        """Newest first."""

    def unfinished(self) -> list[OutboxEntry]:
        """Oldest first: what is live, failed for the time being, or sent and not yet filed (flag, Sent copy)."""

    def claim(self, outbox_id: str, states: Sequence[OutboxState]) -> OutboxEntry | None:
        """To SENDING in one atomic step if it is in one of `states`; None if another was quicker, or if it follows
        an answer that is not sent. What it returns is the claim: `set_phase` and `finish` hold for it alone."""

    def set_phase(self, claimed: OutboxEntry, phase: str) -> None:
        """Durable on return. Raises ClaimLost where another has settled or claimed the entry meanwhile."""

    def finish(self, claimed: OutboxEntry, state: OutboxState, *, error: str = "", permanent: bool = False) -> None:
        """Does nothing where another has claimed the entry meanwhile."""

    def move_state(
        self,
        outbox_id: str,
        states: Sequence[OutboxState],
        to: OutboxState,
        *,
        due: dt.datetime | None = None,
    ) -> bool:
        """One atomic step from one of `states` to `to`, together with what follows it where that may go there;
        False if it was in none of them."""

    def note_filed(
        self, outbox_id: str, *, sent_copy: str | None = None, answered_flag: str | None = None
    ) -> None: ...
    def recover(self, living: Callable[[], Collection[str]] = tuple, *, sending: bool = True) -> list[OutboxEntry]:
        """By the one sender: HELD -> ORPHANED unless its owner is among the `living`, who are asked for inside the
        transaction; with `sending`, for one that has just become the sender, SENDING -> FAILED before the final dot,
        else UNKNOWN. Returns what was changed."""

    def answers(self) -> list[AnswerRecord]:
        """Answers whose outbox entry is live, sent, or failed for the time being; newest first."""

    def answer_of(self, item_id: str) -> AnswerRecord | None: ...
    def standings(self) -> list[Stands]:
        """Those of `answers`, newest first, without letters: for the first paint."""

    def won_back(self) -> list[Won]:
        """Time won back by items that are no longer kept."""

    def queued(self) -> frozenset[str]:
        """Items with an answer on its way: live, or failed for the time being."""

    def choices(self) -> list[Chosen]:
        """What was chosen with the answers that stand, and is not forgotten; newest first."""

    def forget_choices(self, organizer: str, rule: str | None = None) -> int:
        """Unlearns: one rule's for an organiser, or all of them; how many were forgotten."""

    def decide(self, decision: Decision) -> None: ...
    def decisions(self) -> dict[str, Decision]: ...
    def undecide(self, item_id: str) -> bool: ...
    def last_decision(self) -> Decision | None: ...
    def confirm(self, key: str) -> None:
        """Remembers that the user confirmed e.g. 'sender-mismatch:a.example:b.example'."""

    def confirmed(self, key: str) -> bool: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class KeptItem:
    """An item of which something is kept, and what to do with it."""

    id: str
    live: bool  # an answer is on its way, or sent and not yet filed
    stands: bool  # an answer stands
    theirs: bool = True  # not just named in somebody else's invitation
    whole: bool = True  # its mails go too, not just what was undone
    settled: bool = False  # answered or dismissed: a mark stays, so that it isn't asked again
    sequence: int = 0  # of its row
    secondhand: bool = True  # so is its row, if it has one


class Kept(Protocol):
    """What is kept over all stores, backups and the log, and its removal for good. All raise StoreError."""

    def items(self, before: dt.datetime) -> list[KeptItem]:
        """Of which the own database keeps anything, all of it and their meetings before that moment."""

    def mails_before(self, before: dt.datetime) -> list[KeptItem]:
        """Of the cache, all of whose mails came before that moment."""

    def naming(self, address: str) -> list[KeptItem]:
        """That name the address anywhere."""

    def remove(
        self, items: Sequence[KeptItem], tally: Callable[[Sequence[AnswerRecord]], Iterable[Won]]
    ) -> tuple[list[KeptItem], int, int]:
        """All but what is on its way by now: what went, how many mails and answers. `tally` says what stays of the
        answers."""

    def remove_traces(self, address: str, domain: str, client: str) -> tuple[int, int]:
        """Choices and confirmations about somebody: how many of each."""

    def remove_files(self, before: dt.datetime | None) -> list[str]:
        """Backups, all or old ones: their names."""

    def remove_log_lines(self, address: str, before: dt.datetime | None) -> int: ...
    def wipe(self) -> bool:
        """Leaves no trace of what was removed in the files; False where another program holds one open."""


class BusySource(Protocol):
    """The user's calendars. Faults are collected, one line each; the other calendars still count."""

    def busy(
        self,
        sources: Sequence[CalendarSource],
        start: dt.datetime,
        end: dt.datetime,
        me: Sequence[str],
        zone: dt.tzinfo,
    ) -> tuple[list[Busy], list[str]]:
        """All entries between two aware instants, expanded within bounds, sorted by start; and the faults."""


class CalendarFiles(Protocol):
    """Writable calendars on disk; what isn't the event stays as it is. All raise CalendarError."""

    def content(self, source: CalendarSource, uid: str) -> bytes:
        """What holds, or would hold, the events of a UID; empty where there is nothing."""

    def edit(self, source: CalendarSource, uid: str, change: Callable[[bytes], bytes]) -> tuple[bytes, bytes]:
        """Changes that in one step; the bytes before and after."""

    def check(self, source: CalendarSource) -> None:
        """Raises where nothing could be filed in it."""


class Filings(Protocol):
    """In the user's own database: what waits to be filed, and what was said about a calendar once."""

    def add(self, filing: Filing) -> None: ...
    def all(self) -> list[Filing]:
        """Oldest first."""

    def note_error(self, outbox_id: str, error: str) -> None: ...
    def drop(self, outbox_id: str) -> None: ...
    def rules(self) -> dict[str, FilingRule]:
        """By calendar; one that is missing asks."""

    def set_rule(self, calendar: str, rule: FilingRule) -> None: ...


class ClientStore(Protocol):
    """clients.toml: the user's comments and order stay. All raise ConfigError, changes NotFound too."""

    def load(self) -> ClientBook: ...
    def add(self, name: str, match: Sequence[str], fields: Mapping[str, object]) -> None: ...
    def change(self, name: str, fields: Mapping[str, object]) -> None: ...
    def note_sign(self, name: str, date: dt.date, sign: str, note: str) -> None: ...


class SenderLock(Protocol):
    """One sender among several running instances."""

    def acquire(self) -> bool: ...
    def release(self) -> None: ...


class SignOfLife(Protocol):
    """By which the others see that the program whose undo window a reply is in still runs. All raise StoreError."""

    def show(self) -> str:
        """From now until `end`, or until the program ends in whatever way: its name, the `owner` of what it holds."""

    def living(self) -> Collection[str]:
        """The names of all that live, this one's too. Clears away what dead ones left."""

    def end(self) -> None: ...
