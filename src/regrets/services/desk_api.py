"""What faces may ask the program for."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from regrets.domain.cases import Case, Choice
    from regrets.domain.events import Emit, SyncFinished
    from regrets.domain.model import Draft, OutboxEntry, OutgoingMessage, Row
    from regrets.domain.own_calendar import Offer
    from regrets.domain.prep import PrepCard
    from regrets.domain.stored import Chosen, Undone
    from regrets.services.client_book import BookEntry
    from regrets.services.own_calendar import OwnCalendar
    from regrets.services.statistics import Total


class DeskApi(Protocol):
    """What faces may ask for. Every method may block on disk or network: the TUI calls all but `first_rows` from a
    thread worker. All raise RegretsError subclasses, whose text is for the user."""

    @property
    def read_only(self) -> str:
        """Why nothing can be fetched, sent or decided, in a sentence: the disk takes no writing. '' as a rule."""

    def rows(self) -> list[Row]:
        """All items from the store, newest received first; `state` includes what the user decided. Quick (no
        parsing, no config)."""

    def first_rows(self, most: int) -> list[Row]:
        """The newest items that wait for an answer or can't be read, for the first paint: takes as long for a
        thousand items as for ten thousand."""

    def refresh(self) -> list[str]:
        """Suggests anew for open items without a suggestion or of another day: ids that changed."""

    def faults(self) -> list[str]:
        """A line for each thing in the user's own files that can't count (calendars, clients); as known so far."""

    def case(self, item_id: str) -> Case: ...
    def draft(self, item_id: str, choice: Choice) -> Draft:
        """The letter for a choice. Raises CannotAnswer, LetterError."""

    def messages(self, item_id: str, draft: Draft) -> tuple[OutgoingMessage, ...]:
        """The exact messages that `hold` would queue."""

    def objections(self, item_id: str, draft: Draft) -> tuple[tuple[str, str], ...]:
        """(warning code, sentence) for everything that must be confirmed before this goes out; empty: one key."""

    def confirm(self, item_id: str, code: str) -> None: ...
    def hold(self, item_id: str, draft: Draft, filing: Offer | None = None) -> OutboxEntry:
        """Queues the answer as a durable row with the undo window of [ui]; on disk when it returns. `filing` is done
        once the answer is sent."""

    def send_now(self, item_id: str, draft: Draft, emit: Emit, filing: Offer | None = None) -> OutboxEntry:
        """Queues without an undo window and delivers before it returns: the shell's way."""

    def undo(self) -> Undone | None:
        """Takes the last held answer or decision back, of those that still can be; None where nothing is left to
        undo. Raises CannotAnswer where it has just left."""

    def dismiss(self, item_id: str) -> None: ...
    def clear(self) -> int:
        """Dismisses all that need no answer (over, called off, not for me) at once, for one `undo`; how many. What is
        called off and still in a writable calendar of the user's stays."""

    def snooze(self, item_id: str, until: dt.datetime) -> None: ...

    def clients(self) -> list[BookEntry]:
        """The client book. It and the edits below raise ConfigError, NotFound."""

    def add_client(self, name: str, match: Sequence[str], fields: Mapping[str, object]) -> None: ...
    def change_client(self, name: str, fields: Mapping[str, object]) -> None: ...
    def note_sign(self, name: str, sign: str, note: str) -> None: ...
    def statistics(self) -> list[Total]:
        """Time won back, newest week first."""

    def sync(self, emit: Emit, stop: threading.Event, accounts: Sequence[str] = ()) -> list[SyncFinished]:
        """One pass over all accounts, or these. Safe to call again; returns early when `stop` is set."""

    def login_of(self, name: str) -> str:
        """Whose password an account needs, for people: `ana at imap.studio.example`."""

    def type_password(self, name: str, password: str) -> None:
        """The password of an account, for as long as the program runs; '' forgets it."""

    def waits(self) -> bool:
        """Whether a reply is ready to go, also one that another instance has queued."""

    def deliver(self, emit: Emit) -> float | None:
        """Sends what is due; seconds until the next entry is due, None where none waits."""

    def outbox(self) -> list[OutboxEntry]: ...
    def seconds_left(self, outbox_id: str) -> float:
        """Of the undo window; 0 where it is over."""

    def retry(self, outbox_id: str) -> str:
        """A failed, orphaned or unknown entry goes (again) because the user said so; '' or what they should know."""

    def cancel(self, outbox_id: str) -> None: ...
    def settle(self, how: str) -> None:
        """At quit, for held answers: 'send' now, 'keep' for the next start, or 'discard'."""

    def own_calendar(self) -> OwnCalendar:
        """What is filed in the user's own calendars, and what was said about them. Raises ConfigError."""

    def prep(self, item_id: str) -> PrepCard:
        """What to have at hand in a meeting. Raises NotFound, CannotAnswer."""

    def prep_today(self) -> list[tuple[Row, PrepCard]]:
        """Of today's meetings that carry a card, in the order of the day."""

    def choices(self) -> list[Chosen]:
        """What was chosen with the answers that stand, newest first: from it the program learns."""

    def forget_choices(self, organizer: str, rule: str | None = None) -> int:
        """Unlearns, for one rule or all, and suggests anew where that changes anything; how many were forgotten."""

    def close(self) -> None: ...
