"""The one door to the program for both faces: what is in the inbox, what to answer, send it, take it back."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from regrets.domain.cases import Case, Choice
from regrets.domain.errors import CannotAnswer, ConfigError, LetterError, NotFound
from regrets.domain.events import Emit, Event, ItemsChanged, OutboxChanged, SyncFinished
from regrets.domain.model import (
    AnswerRecord,
    Draft,
    Invitation,
    OutboxEntry,
    OutboxState,
    OutgoingMessage,
    Row,
    State,
    Strategy,
    Suggestion,
    Unreadable,
)
from regrets.domain.ports import Cache, Clock, Decision, OwnStore
from regrets.services.records import judged_row, outbox_pair
from regrets.services.standing import Standing, surroundings

if TYPE_CHECKING:
    from regrets.domain.settings import Settings
    from regrets.services.compose import Compose
    from regrets.services.deliver import Delivery
    from regrets.services.sync import Sync
    from regrets.services.triage import Triage


class DeskApi(Protocol):
    """What faces may ask for. Every method may block on disk or network: the TUI calls all but `rows` from a
    thread worker. All raise RegretsError subclasses, whose text is for the user."""

    def rows(self) -> list[Row]:
        """All items from the store, newest received first; `state` includes what the user decided. Quick (no
        parsing, no config)."""

    def refresh(self) -> list[str]:
        """Suggests anew for open items without a suggestion or of another day: ids that changed."""

    def case(self, item_id: str) -> Case: ...
    def draft(self, item_id: str, choice: Choice) -> Draft:
        """The letter for a choice. Raises CannotAnswer, LetterError."""

    def messages(self, item_id: str, draft: Draft) -> tuple[OutgoingMessage, ...]:
        """The exact messages that `hold` would queue."""

    def objections(self, item_id: str, draft: Draft) -> tuple[tuple[str, str], ...]:
        """(warning code, sentence) for everything that must be confirmed before this goes out; empty: one key."""

    def confirm(self, item_id: str, code: str) -> None: ...
    def hold(self, item_id: str, draft: Draft) -> OutboxEntry:
        """Queues the answer as a durable row with the undo window of [ui]; on disk when it returns."""

    def send_now(self, item_id: str, draft: Draft, emit: Emit) -> OutboxEntry:
        """Queues without an undo window and delivers before it returns: the shell's way."""

    def undo(self) -> str | None:
        """Takes the last held answer or decision back; returns the item's id, or None where nothing is left to
        undo. Raises CannotAnswer where it has just left."""

    def dismiss(self, item_id: str) -> None: ...
    def snooze(self, item_id: str, until: dt.datetime) -> None: ...

    def sync(self, emit: Emit, stop: threading.Event) -> list[SyncFinished]:
        """One pass over all accounts. Safe to call again; returns early when `stop` is set."""

    def deliver(self, emit: Emit) -> float | None:
        """Sends what is due; seconds until the next entry is due, None where none waits."""

    def outbox(self) -> list[OutboxEntry]: ...
    def seconds_left(self, outbox_id: str) -> float:
        """Of the undo window; 0 where it is over."""

    def retry(self, outbox_id: str) -> None:
        """A failed, orphaned or unknown entry goes (again) because the user said so."""

    def cancel(self, outbox_id: str) -> None: ...
    def settle(self, how: str) -> None:
        """At quit, for held answers: 'send' now, 'keep' for the next start, or 'discard'."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that needs the config; built on first use, so that the list paints without it."""

    settings: Settings
    triage: Triage
    compose: Compose
    delivery: Delivery
    sync: Sync


@dataclass(slots=True)
class _Opened:
    """An item as it was last read and judged."""

    invitation: Invitation
    suggestion: Suggestion


class Desk:
    """DeskApi over the stores and an engine."""

    def __init__(
        self,
        cache: Cache,
        own: OwnStore,
        clock: Clock,
        read: Callable[[bytes], Invitation | Unreadable],
        engine: Callable[[], Engine],
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        self._cache = cache
        self._own = own
        self._clock = clock
        self._read = read
        self._make_engine = engine
        self._on_close = on_close
        self._engine: Engine | None = None
        self._lock = threading.RLock()
        self._opened: dict[str, _Opened] = {}
        self._recent: list[str] = []  # what was done in this program, oldest first: "held" or "decided"

    # --- the list ---------------------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """All items with what the user decided about them."""
        standing = Standing.of(self._own, self._clock.now())
        return [standing.apply(row) for row in self._cache.rows()]

    def _row(self, item_id: str) -> Row:
        row = self._cache.row(item_id)
        if row is None:
            raise NotFound(f"There is no invitation {item_id}.", "`regrets list --all` shows the ids.")
        return Standing.of(self._own, self._clock.now()).apply(row)

    def refresh(self) -> list[str]:
        """Judges open items that have no suggestion of today."""
        today = self._clock.now().date().isoformat()
        stale = [
            r for r in self.rows() if r.judged != today and r.state in (State.OPEN, State.CANCELLED, State.SNOOZED)
        ]
        changed = []
        for row in stale:
            self._opened.pop(row.id, None)
            if self._judge(row, today):
                changed.append(row.id)
        return changed

    # --- one item ---------------------------------------------------------------------------------------

    def case(self, item_id: str) -> Case:
        """Everything that a screen shows of one item."""
        row = self._row(item_id)
        invitation = self._invitation(row)
        if isinstance(invitation, Unreadable):
            return Case(row, invitation)
        suggestion = self._suggestion(row, invitation)
        engine = self.engine()
        from regrets.services.glance import glances

        facts = glances(invitation, suggestion, engine.settings, self._clock.now())
        draft, problem = None, ""
        if suggestion.strategy is not Strategy.NONE:
            try:
                former = self._own.answer_of(item_id)
                draft = engine.compose.draft(invitation, suggestion, Choice(), self._clock.now(), former)
            except (CannotAnswer, LetterError) as error:
                problem = str(error)
        return Case(judged_row(row, suggestion, draft, ""), invitation, suggestion, facts, draft, problem)

    def draft(self, item_id: str, choice: Choice) -> Draft:
        """The letter for a choice."""
        opened = self._open(item_id)
        former = self._own.answer_of(item_id)
        return self.engine().compose.draft(opened.invitation, opened.suggestion, choice, self._clock.now(), former)

    def messages(self, item_id: str, draft: Draft) -> tuple[OutgoingMessage, ...]:
        """The exact messages that `hold` would queue."""
        opened = self._open(item_id)
        former = self._own.answer_of(item_id)
        last = former.dtstamp if former else None
        return self.engine().compose.messages(opened.invitation, draft, self._clock.now(), last)

    def objections(self, item_id: str, draft: Draft) -> tuple[tuple[str, str], ...]:
        """What must be confirmed first; what was confirmed for this pair of domains is not asked again."""
        opened = self._open(item_id)
        found = self.engine().compose.objections(opened.invitation, opened.suggestion, draft)
        return tuple((c, text) for c, text in found if not self._own.confirmed(self._pair(opened.invitation, c)))

    def confirm(self, item_id: str, code: str) -> None:
        """Remembers a confirmation for the pair of domains, where that may be remembered at all."""
        from regrets.services.compose import REMEMBERED

        if code in REMEMBERED:
            self._own.confirm(self._pair(self._open(item_id).invitation, code))

    # --- answering --------------------------------------------------------------------------------------

    def hold(self, item_id: str, draft: Draft) -> OutboxEntry:
        """Queues the answer with the undo window."""
        ui = self.engine().settings.ui
        seconds = ui.undo_seconds_final if draft.strategy.final else ui.undo_seconds
        entry, answer = self._entry(item_id, draft)
        held = self.engine().delivery.hold(entry, answer, seconds)
        self._recent.append("held")
        return held

    def send_now(self, item_id: str, draft: Draft, emit: Emit) -> OutboxEntry:
        """Queues the answer and delivers it before returning (the shell's way)."""
        entry, answer = self._entry(item_id, draft)
        held = self.engine().delivery.hold(entry, answer, 0)
        return self.engine().delivery.send_now(held.id, emit)

    def undo(self) -> str | None:
        """The last held answer or decision, whichever is later; the order of this program's own comes first."""
        last = self._recent.pop() if self._recent else ""
        decision = self._own.last_decision()
        held = next((e for e in self._own.entries(live_only=True) if e.state is OutboxState.HELD), None)
        answer_is_later = held is not None and (decision is None or held.created >= decision.at)
        if last == "held" or (last != "decided" and answer_is_later):
            entry = self.engine().delivery.undo_last()  # says so where it has just left
            return entry.item_id if entry else None
        if decision is None:
            return None
        self._own.undecide(decision.item_id)
        return decision.item_id

    def dismiss(self, item_id: str) -> None:
        """No reply needed."""
        self._decide(item_id, "dismissed", None)

    def snooze(self, item_id: str, until: dt.datetime) -> None:
        """Later."""
        self._decide(item_id, "snoozed", until.astimezone(dt.UTC))

    # --- the world --------------------------------------------------------------------------------------

    def sync(self, emit: Emit, stop: threading.Event) -> list[SyncFinished]:
        """Fetches from all accounts, judges what is new, sends what is due."""
        engine = self.engine()
        if not engine.settings.accounts:
            raise ConfigError(["No account is set up. `regrets setup` adds one, `regrets demo` needs none."])
        engine.delivery.recover()
        results = []
        for account in engine.settings.accounts:
            if stop.is_set():
                break
            results.append(engine.sync.run(account, emit, stop))
            changed = self.refresh()
            if changed:
                emit(ItemsChanged(account.name, tuple(changed)))
        sent = self._deliver_counting(emit)
        return [replace(result, sent=sent.get(result.account, 0)) for result in results]

    def _deliver_counting(self, emit: Emit) -> dict[str, int]:
        sent: dict[str, int] = {}

        def count(event: Event) -> None:
            if isinstance(event, OutboxChanged) and event.state == OutboxState.SENT:
                entry = self._own.entry(event.outbox_id)
                if entry is not None:
                    sent[entry.account] = sent.get(entry.account, 0) + 1
            emit(event)

        self.engine().delivery.run_due(count)
        return sent

    def deliver(self, emit: Emit) -> float | None:
        """Sends what is due."""
        return self.engine().delivery.run_due(emit)

    def outbox(self) -> list[OutboxEntry]:
        """All entries, newest first."""
        return self._own.entries()

    def seconds_left(self, outbox_id: str) -> float:
        """Of the undo window."""
        return self.engine().delivery.seconds_left(outbox_id)

    def retry(self, outbox_id: str) -> None:
        """The user said so."""
        self.engine().delivery.retry(outbox_id)

    def cancel(self, outbox_id: str) -> None:
        """Takes an answer out that has not left."""
        self.engine().delivery.cancel(outbox_id)

    def settle(self, how: str) -> None:
        """What happens to held answers at quit."""
        self.engine().delivery.settle(how)

    def close(self) -> None:
        """Ends sending and closes both databases."""
        if self._engine is not None:
            self._engine.delivery.close()
        self._cache.close()
        self._own.close()
        self._on_close()

    def engine(self) -> Engine:
        """The engine, built once, in whichever thread comes first."""
        with self._lock:
            if self._engine is None:
                self._engine = self._make_engine()
            return self._engine

    # --- inside -----------------------------------------------------------------------------------------

    def _invitation(self, row: Row) -> Invitation | Unreadable:
        data = self._cache.mail(row.id)
        if data is None:
            raise NotFound(f"The mail of {row.id} is not in the cache.", "Sync again.")
        return self._read(data)

    def _open(self, item_id: str) -> _Opened:
        with self._lock:
            if item_id not in self._opened:
                row = self._row(item_id)
                invitation = self._invitation(row)
                if isinstance(invitation, Unreadable):
                    raise CannotAnswer(f"This mail could not be read: {invitation.message}")
                self._suggestion(row, invitation)
            return self._opened[item_id]

    def _suggestion(self, row: Row, invitation: Invitation) -> Suggestion:
        with self._lock:
            others, known = surroundings(row, self.rows())
            suggestion = self.engine().triage.suggest(invitation, account=row.account, others=others, known=known)[1]
            suggestion = replace(suggestion, warnings=tuple(dict.fromkeys((*row.warnings, *suggestion.warnings))))
            self._opened[row.id] = _Opened(invitation, suggestion)
            return suggestion

    def _judge(self, row: Row, today: str) -> bool:
        invitation = self._invitation(row)
        if isinstance(invitation, Unreadable):
            return False
        judged = judged_row(row, self._suggestion(row, invitation), None, today)
        stored = self._cache.row(row.id)
        if stored is None:
            return False
        self._cache.update_row(replace(judged, state=stored.state, snoozed_until=None))
        return True

    def _pair(self, invitation: Invitation, code: str) -> str:
        sender = invitation.mail.from_.domain if invitation.mail.from_ else ""
        organizer = invitation.organizer.domain if invitation.organizer else ""
        return f"{code}:{sender}:{organizer}"

    def _decide(self, item_id: str, kind: str, until: dt.datetime | None) -> None:
        row = self._row(item_id)
        now = self._clock.now().astimezone(dt.UTC)
        self._own.decide(Decision(row.id, kind, until, now, row.sequence))
        self._recent.append("decided")

    def _entry(self, item_id: str, draft: Draft) -> tuple[OutboxEntry, AnswerRecord]:
        opened, row = self._open(item_id), self._row(item_id)
        message = self.messages(item_id, draft)[0]
        now = self._clock.now().astimezone(dt.UTC)
        folder, uidvalidity, uid = self._cache.location(item_id) or ("", 0, 0)
        return outbox_pair(opened.invitation, opened.suggestion, row, draft, message, now, (folder, uidvalidity, uid))
