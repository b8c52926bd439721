"""The one door to the program for both faces: what is in the inbox, what to answer, send it, take it back."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from regrets.domain.errors import NO_ACCOUNT, ConfigError, NotFound
from regrets.domain.naming import told_apart
from regrets.domain.outbox import CANCELLABLE
from regrets.domain.stored import (
    AGREED,
    CLEARED,
    LEARNED,
    WAITING,
    Decision,
    OutboxState,
    Row,
    State,
    Strategy,
    Undone,
)
from regrets.services.desk_api import DeskApi as DeskApi
from regrets.services.standing import Standing

if TYPE_CHECKING:
    from regrets.domain.cases import Case, Choice
    from regrets.domain.events import Emit, Event, SyncFinished
    from regrets.domain.model import Draft, Invitation, OutboxEntry, OutgoingMessage, Unreadable
    from regrets.domain.own_calendar import Offer
    from regrets.domain.ports import Cache, Clock, OwnStore
    from regrets.domain.prep import PrepCard
    from regrets.domain.settings import Account
    from regrets.domain.stored import Chosen
    from regrets.services.casebook import Casebook, Engine
    from regrets.services.client_book import BookEntry, ClientEdits
    from regrets.services.own_calendar import OwnCalendar
    from regrets.services.statistics import Total


class Desk:
    """DeskApi over the stores; the casebook and its engine are made on first use, so that the list paints at once."""

    def __init__(
        self,
        cache: Cache,
        own: OwnStore,
        clock: Clock,
        read: Callable[[bytes], Invitation | Unreadable],
        engine: Callable[[], Engine],
        read_only: str = "",
    ) -> None:
        self._cache, self._own, self._clock, self._read = cache, own, clock, read
        self._make_engine = engine
        self.read_only = read_only
        self._lock = threading.Lock()
        self._cases: Casebook | None = None
        self._own_calendar: OwnCalendar | None = None
        self._recent: list[str] = []  # what was done in this program, oldest first: "held" or "decided"

    def casebook(self) -> Casebook:
        """Made once, in whichever thread comes first. Raises ConfigError."""
        with self._lock:
            if self._cases is None:
                from regrets.services.casebook import Casebook

                self._cases = Casebook(self._cache, self._own, self._clock, self._read, self._make_engine())
            return self._cases

    # --- the list and one item --------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """All items with what the user decided about them; those that are agreed upon come first."""
        standing = Standing.of(self._own, self._clock.now())
        rows = told_apart(standing.apply(row) for row in self._cache.rows())
        return sorted(rows, key=lambda row: row.note != AGREED)

    def first_rows(self, most: int) -> list[Row]:
        """The newest of those that wait for an answer or can't be read."""
        standing = Standing.of(self._own, self._clock.now())
        waiting = (row for row in map(standing.apply, self._cache.newest()) if row.state in WAITING)
        return told_apart(itertools.islice(waiting, most))

    def refresh(self) -> list[str]:
        """Judges open items that have no suggestion of today."""
        return self.casebook().refresh()

    def faults(self) -> list[str]:
        """What can't count in calendars and client book."""
        return list(self._cases.engine.triage.faults) if self._cases else []

    def case(self, item_id: str) -> Case:
        """Everything that a screen shows of one item."""
        found = self.casebook().case(item_id)
        return replace(found, glances=(*found.glances, *self.own_calendar().glances(found.row)))

    def draft(self, item_id: str, choice: Choice) -> Draft:
        """The letter for a choice."""
        return self.casebook().draft(item_id, choice)

    def messages(self, item_id: str, draft: Draft) -> tuple[OutgoingMessage, ...]:
        """The exact messages that `hold` would queue."""
        return self.casebook().messages(item_id, draft)

    def objections(self, item_id: str, draft: Draft) -> tuple[tuple[str, str], ...]:
        """What must be confirmed first."""
        return self.casebook().objections(item_id, draft)

    def confirm(self, item_id: str, code: str) -> None:
        """Remembers a confirmation where that may be remembered."""
        self.casebook().confirm(item_id, code)

    # --- answering --------------------------------------------------------------------------------------

    def hold(self, item_id: str, draft: Draft, filing: Offer | None = None) -> OutboxEntry:
        """Queues the answer with the undo window."""
        ui = self.casebook().engine.settings.ui
        held = self._hold(item_id, draft, ui.undo_seconds_final if draft.strategy.final else ui.undo_seconds, filing)
        self._recent.append("held")
        return held

    def send_now(self, item_id: str, draft: Draft, emit: Emit, filing: Offer | None = None) -> OutboxEntry:
        """Queues the answer and delivers it before returning (the shell's way)."""
        held = self._hold(item_id, draft, 0, filing)
        sent = self.casebook().engine.delivery.send_now(held.id, emit)
        self.own_calendar().settle(emit)
        return sent

    def _hold(self, item_id: str, draft: Draft, seconds: float, filing: Offer | None) -> OutboxEntry:
        entry, answer, brief = self.casebook().entry(item_id, draft)
        with self.own_calendar().wished(entry.id, item_id, draft, filing):
            return self.casebook().engine.delivery.hold(entry, answer, seconds, brief)

    def own_calendar(self) -> OwnCalendar:
        """What is filed beside the answers."""
        cases = self.casebook()
        with self._lock:
            if self._own_calendar is None:
                from regrets.services.own_calendar import OwnCalendar

                self._own_calendar = OwnCalendar(cases, self._own, self._clock)
            return self._own_calendar

    def undo(self) -> Undone | None:
        """The last held answer or decision, whichever is later; the order of this program's own comes first."""
        last = self._recent.pop() if self._recent else ""
        decision = self._own.last_decision()
        held = next((e for e in self._own.entries(live_only=True) if e.state is OutboxState.HELD), None)
        answer_is_later = held is not None and (decision is None or held.created >= decision.at)
        if last == "held" or (last != "decided" and answer_is_later):
            delivery = self.casebook().engine.delivery
            entry = delivery.undo_last()  # says so where it has just left
            return Undone(entry.item_id, delivery.left_before(entry.id)) if entry else None
        if decision is None:
            return None
        for item_id in self._together(decision):
            self._own.undecide(item_id)
            if self._own_calendar is not None:
                self._own_calendar.put_back(item_id)
        return Undone(decision.item_id)

    def _together(self, last: Decision) -> list[str]:
        """The items that were decided in one go with the last one."""
        if last.kind != CLEARED:
            return [last.item_id]
        made = self._own.decisions().values()
        return [each.item_id for each in made if each.kind == CLEARED and each.at == last.at]

    def dismiss(self, item_id: str) -> None:
        """No reply needed."""
        self._decide(item_id, "dismissed", None)

    def clear(self) -> int:
        """All that need no answer, in one go."""
        now = self._clock.now().astimezone(dt.UTC)
        waiting = (row for row in self.rows() if row.state in WAITING and row.note != AGREED)
        over = [row for row in waiting if row.strategy == Strategy.NONE and not self._still_filed(row)]
        for row in over:
            self._own.decide(_decision(row, CLEARED, None, now))
        if over:
            self._recent.append("decided")
        return len(over)

    def _still_filed(self, row: Row) -> bool:
        """Whether it is called off, and still in a calendar of the user's that could be changed."""
        return row.state is State.CANCELLED and self.own_calendar().standing_offer(row.id) is not None

    def snooze(self, item_id: str, until: dt.datetime) -> None:
        """Later."""
        self._decide(item_id, "snoozed", until.astimezone(dt.UTC))

    def _decide(self, item_id: str, kind: str, until: dt.datetime | None) -> None:
        row = self.casebook().row(item_id)
        now = self._clock.now().astimezone(dt.UTC)
        self._own.decide(_decision(row, kind, until, now))
        self._recent.append("decided")

    # --- clients and time ------------------------------------------------------------------------------

    def clients(self) -> list[BookEntry]:
        """The client book."""
        return self._edits().entries()

    def add_client(self, name: str, match: Sequence[str], fields: Mapping[str, object]) -> None:
        """A new client; its items are judged anew."""
        self._edits().add(name, match, fields)

    def change_client(self, name: str, fields: Mapping[str, object]) -> None:
        """Other values; its items are judged anew."""
        self._edits().change(name, fields)

    def note_sign(self, name: str, sign: str, note: str) -> None:
        """A warning sign of today; its items are judged anew."""
        self._edits().note_sign(name, sign, note)

    def _edits(self) -> ClientEdits:
        from regrets.services.client_book import ClientEdits

        return ClientEdits(self.casebook(), self._clock)

    def statistics(self) -> list[Total]:
        """Time won back."""
        from zoneinfo import ZoneInfo

        from regrets.services.statistics import totals

        engine = self.casebook().engine
        zone = ZoneInfo(engine.settings.me.timezone or "UTC")
        return totals(self._own.answers(), engine.triage.book, zone, self._own.won_back())

    # --- the world --------------------------------------------------------------------------------------

    def sync(self, emit: Emit, stop: threading.Event, accounts: Sequence[str] = ()) -> list[SyncFinished]:
        """Fetches from all accounts (or these alone), judges what is new, sends what is due."""
        from regrets.domain.events import ItemsChanged

        engine = self.casebook().engine
        if not engine.settings.accounts:
            raise ConfigError([NO_ACCOUNT])
        engine.delivery.recover()
        results = []
        for account in engine.settings.accounts:
            if stop.is_set():
                break
            if accounts and account.name not in accounts:
                continue
            results.append(engine.sync.run(account, emit, stop))
            if changed := self.refresh():
                emit(ItemsChanged(account.name, tuple(changed)))
        self._withdraw_overtaken(emit)
        sent = self._deliver_counting(emit)
        if engine.keeping is not None and (gone := engine.keeping.expire_quietly()):
            emit(ItemsChanged("", tuple(gone)))
        return [replace(result, sent=sent.get(result.account, 0)) for result in results]

    def login_of(self, name: str) -> str:
        """Whose password an account needs, for people. Raises NotFound."""
        account = self._account(name)
        return f"{account.login.user} at {account.imap.host}"

    def type_password(self, name: str, password: str) -> None:
        """The password of an account, for as long as the program runs; '' forgets it. Raises NotFound."""
        engine = self.casebook().engine
        engine.type_password(self._account(name), password)
        if password:
            engine.delivery.lift(name)

    def _account(self, name: str) -> Account:
        for account in self.casebook().engine.settings.accounts:
            if account.name == name:
                return account
        raise NotFound(f"There is no account {name} in config.toml.")

    def _withdraw_overtaken(self, emit: Emit) -> None:
        """A reply that still waits is not sent once its meeting was cancelled or changed: the user looks again. One
        that may have left (unknown) stays and is asked about."""
        from regrets.domain.events import OutboxChanged
        from regrets.services.standing import overtaken

        answers = {answer.outbox_id: answer for answer in self._own.answers()}
        for entry in self._own.entries():
            row, answer = self._cache.row(entry.item_id), answers.get(entry.id)
            waits = entry.state in CANCELLABLE and entry.state is not OutboxState.UNKNOWN
            if not waits or row is None or answer is None or not overtaken(answer, row):
                continue
            self.casebook().engine.delivery.cancel(entry.id)
            what = "was cancelled" if row.state is State.CANCELLED else "was changed"
            told = f"“{row.summary}” {what} while your reply waited: it was not sent."
            emit(OutboxChanged(entry.id, entry.item_id, OutboxState.CANCELLED, told))

    def _deliver_counting(self, emit: Emit) -> dict[str, int]:
        """Sends what is due; how many of each account went out."""
        from regrets.domain.events import OutboxChanged

        sent: dict[str, int] = {}

        def count(event: Event) -> None:
            if isinstance(event, OutboxChanged) and event.state == OutboxState.SENT and not event.error:
                entry = self._own.entry(event.outbox_id)
                if entry is not None:
                    sent[entry.account] = sent.get(entry.account, 0) + 1
            emit(event)

        self.deliver(count)
        return sent

    def waits(self) -> bool:
        """Whether a reply is ready to go, also one that another instance has queued."""
        return self.casebook().engine.delivery.waits()

    def deliver(self, emit: Emit) -> float | None:
        """Sends what is due, then files what goes with it."""
        seconds = self.casebook().engine.delivery.run_due(emit)
        self.own_calendar().settle(emit)
        return seconds

    def outbox(self) -> list[OutboxEntry]:
        """All entries, newest first."""
        return self._own.entries()

    def seconds_left(self, outbox_id: str) -> float:
        """Of the undo window."""
        return self.casebook().engine.delivery.seconds_left(outbox_id)

    def retry(self, outbox_id: str) -> str:
        """The user said so. '' or what they should know of it."""
        return self.casebook().engine.delivery.retry(outbox_id)

    def cancel(self, outbox_id: str) -> None:
        """Takes an answer out that has not left."""
        self.casebook().engine.delivery.cancel(outbox_id)

    def settle(self, how: str) -> None:
        """What happens to held answers at quit."""
        self.casebook().engine.delivery.settle(how)

    # --- in the meeting ---------------------------------------------------------------------------------

    def prep(self, item_id: str) -> PrepCard:
        """What to have at hand in a meeting."""
        from regrets.services.prep import card_of

        return card_of(self.casebook(), self._own, item_id, self._clock.now())

    def prep_today(self) -> list[tuple[Row, PrepCard]]:
        """Of today's meetings."""
        from regrets.services.prep import cards_of_today

        return cards_of_today(self.casebook(), self._own, self.rows(), self._clock.now())

    # --- learning ---------------------------------------------------------------------------------------

    def choices(self) -> list[Chosen]:
        """From what the program learns."""
        return self._own.choices()

    def forget_choices(self, organizer: str, rule: str | None = None) -> int:
        """Unlearns, and suggests anew where that changes anything."""
        forgotten = self._own.forget_choices(organizer, rule)
        if forgotten:
            for row in self._cache.rows():
                if row.rule == LEARNED:
                    self._cache.update_row(replace(row, judged=""))
            self.refresh()
        return forgotten

    def close(self) -> None:
        """Ends sending and closes both databases."""
        if self._cases is not None:
            self._cases.engine.delivery.close()
        self._cache.close()
        self._own.close()


def _decision(row: Row, kind: str, until: dt.datetime | None, now: dt.datetime) -> Decision:
    from regrets.domain.versions import secondhand  # not for the first paint

    return Decision(row.id, kind, until, now, row.sequence, secondhand(row))
