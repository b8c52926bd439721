# ruff: noqa: E501
"""A desk without mailbox or store: a dozen lively invitations, all answers in memory.

`python -m tests.tui.fake_desk` opens the terminal face on it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from regrets.domain.cases import Case, Choice, Glance, Range
from regrets.domain.clients import Client, Sign
from regrets.domain.errors import CannotAnswer, NotFound
from regrets.domain.events import AccountFailed, Emit, ItemsChanged, OutboxChanged, SyncFinished, SyncProgress
from regrets.domain.model import (
    Draft,
    Effect,
    Mailbox,
    Method,
    OutboxEntry,
    OutboxState,
    OutgoingMessage,
    PartStat,
    Row,
    State,
    Strategy,
    Suggestion,
    Unreadable,
    Verdict,
)
from regrets.domain.own_calendar import DONE, FilingRule, Offer, OwnCalendarState
from regrets.domain.prep import PrepCard, Section
from regrets.domain.stored import WAITING, Undone
from regrets.services.client_book import BookEntry
from regrets.services.statistics import Total
from tests.support.invitations import make_invitation

ZONE = ZoneInfo("Europe/Ljubljana")
NOW = dt.datetime(2026, 11, 23, 7, 58, tzinfo=ZONE)  # a Monday
ME = Mailbox("Ana Novak", "ana@studio.example")
_S = Strategy
_EFFECTS = {
    _S.ACCEPT: PartStat.ACCEPTED,
    _S.TIMEBOX: PartStat.ACCEPTED,
    _S.INVOLVE: PartStat.ACCEPTED,
    _S.CALL: PartStat.TENTATIVE,
}
_COUNTERS = (_S.SHORTEN, _S.RESCHEDULE, _S.OFFICE_HOURS)
_TEXTS = {
    _S.ACCEPT: "thank you for the invitation. I will be there and look forward to it.",
    _S.CALL: (
        "I would very much like to talk about this. Would a phone call do as well? That saves us both the "
        "trip, and you reach me at the same time on +386 1 555 0100.\n\n"
        "If anything has to be looked at together, send it over before and I will have it open."
    ),
    _S.EMAIL: (
        "all of this can be put in writing, and you will have it sooner that way: the status of each part by "
        "Wednesday noon, with what is open and what I need from you.\n\n"
        "If one of the points turns out to need a talk, call me and we will find a quarter of an hour."
    ),
    _S.SHORTEN: (
        "I believe we can cover both points in 25 minutes, so may I propose 10:00 to 10:25? Should anything "
        "be left over, we settle it by phone or mail the same day."
    ),
    _S.DECLINE: (
        "thank you for getting in touch and for your trust. I can't take this on.\n\n"
        "What may help: the checklist for a first brief at https://studio.example/brief, and Ben Kos "
        "(ben@example.org), who does this very well."
    ),
    _S.RESPECT: "I decline this meeting and ask you not to contact me again.",
    _S.UNPAID: "a consultation is 90 EUR an hour; you can book it at {booking}.",
}

# id, summary, organiser, address, start, minutes, strategy, alternatives, reason, glances, extras
_ITEMS: list[tuple[str, str, str, str, str, int, Strategy, tuple[Strategy, ...], str]] = [
    ("kovin1", "Quarterly review with Kovin", "Marko Kovač", "marko@kovin.example", "2026-11-24T10:00:00+01:00", 90, _S.CALL, (_S.SHORTEN, _S.DECLINE, _S.ACCEPT), "It takes place at Kovin in Celje, which isn't one of your places, and there is no link to join."),
    ("acme02", "Weekly sync", "Anna Virtanen", "anna@acme.example", "2026-11-24T14:05:00+01:00", 45, _S.EMAIL, (_S.SHORTEN, _S.DECLINE, _S.ACCEPT), "It is a weekly series without an agenda, and nothing serious is in it."),
    ("odega3", "Statusmøte om nettsiden", "Kåre Ødegård", "kare@fjord.example", "2026-11-25T09:00:00+01:00", 60, _S.SHORTEN, (_S.DECLINE, _S.ACCEPT), "It lasts 60 minutes and names two topics."),
    ("sule04", "Tanışma toplantısı", "Şule Yıldız", "sule@bosfor.example", "2026-11-25T19:30:00+01:00", 30, _S.OFFICE_HOURS, (_S.DECLINE, _S.ACCEPT), "19:30 is after your working hours (09:00-17:00)."),
    ("board5", "Board: budget 2027, decision", "Ben Kos", "ben@studio.example", "2026-11-26T11:00:00+01:00", 60, _S.BOW_OUT, (_S.ACCEPT, _S.DECLINE), "Ben Kos leads this client and is attending; you are optional."),
    ("clash6", "Rebranding kick-off", "Liga Ozola", "liga@zvaigzne.example", "2026-11-26T13:00:00+01:00", 60, _S.RESCHEDULE, (_S.SHORTEN, _S.DECLINE, _S.ACCEPT), "It overlaps 13:30-14:30 Dentist in your calendar."),
    ("guide7", "Let me introduce our growth platform", "Chad Sterling", "chad@growth.example", "2026-11-27T08:30:00+01:00", 30, _S.DECLINE, (_S.ACCEPT,), "A stranger wants to sell something."),
    ("exposu", "Pick your brain over coffee", "Nika Zajc", "nika@startup.example", "2026-11-27T15:00:00+01:00", 60, _S.UNPAID, (_S.SHORTEN, _S.DECLINE, _S.ACCEPT), "It asks for work without pay."),
    ("guaran", "Guarantee for page one on Google", "Igor Hribar", "igor@trgovina.example", "2026-11-30T10:00:00+01:00", 45, _S.NO_GUARANTEE, (_S.DECLINE, _S.ACCEPT), "It demands a promise for an outcome."),
    ("abuse0", "You WILL answer this time", "R. Grim", "grim@blocked.example", "2026-12-01T09:00:00+01:00", 30, _S.RESPECT, (_S.DECLINE, _S.ACCEPT), "This client is blocked."),
    ("key011", "Contract renewal", "Maja Zupan", "maja@kljuc.example", "2026-12-01T11:00:00+01:00", 30, _S.ACCEPT, (_S.DECLINE,), "Maja Zupan is a key client."),
    ("none12", "Cancelled: design review", "Petra Lah", "petra@acme.example", "2026-12-02T10:00:00+01:00", 30, _S.NONE, (), "The organiser has called it off; there is nothing to answer."),
]  # fmt: skip


def _covers(row: Row, choice: Choice) -> str:
    if not row.recurrence:
        return ""
    alone = choice.range_ is Range.THIS
    return f"This answers {'1 meeting, on 24 November 2026' if alone else 'all 12 meetings until 9 February 2027'}."


class FakeClock:
    """A monotonic clock that goes only where it is told, plus a hair for every look at it."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class FakeOwnCalendar:
    """OwnCalendar in memory: tests set `offers` by item id, and look at the rest."""

    def __init__(self) -> None:
        self.offers: dict[str, Offer] = {}
        self.rules: dict[str, FilingRule] = {}
        self.wished: list[Offer | None] = []
        self.acted: list[tuple[str, Offer]] = []
        self.writable = True

    def offer(self, item_id: str, draft: Draft, calendar: str = "") -> Offer | None:
        return self._now(self.offers.get(item_id))

    def standing_offer(self, item_id: str) -> Offer | None:
        return self.offers.get(item_id)

    def act(self, item_id: str, offer: Offer) -> str:
        self.acted.append((item_id, offer))
        return f"{DONE[offer.kind]} “{offer.calendar}”."

    def states(self) -> list[OwnCalendarState]:
        rule = self.rules.get("mine", FilingRule.ASK)
        return [OwnCalendarState("mine", "/home/ana/mine.ics", self.writable, rule)]

    def set_rule(self, calendar: str, rule: FilingRule) -> None:
        self.rules[calendar] = rule

    def _now(self, offer: Offer | None) -> Offer | None:
        rule = self.rules.get(offer.calendar, FilingRule.ASK) if offer else FilingRule.NEVER
        if offer is None or rule is FilingRule.NEVER:
            return None
        return dataclasses.replace(offer, asks=rule is FilingRule.ASK)


class FakeDesk:
    """DeskApi in memory. Gates (threading.Event) hold its slow calls until a test opens them."""

    def __init__(
        self, items: int = len(_ITEMS), window: float = 10.0, clock: Callable[[], float] | None = None
    ) -> None:
        import time

        self.clock = clock or time.monotonic
        self.window = window
        self.lock = threading.RLock()
        self.calls: list[tuple[object, ...]] = []
        self.stored = {row.id: row for row in map(_row, _ITEMS[:items])}
        self.entries: list[OutboxEntry] = []
        self.due: dict[str, float] = {}
        self.undoable: list[tuple[str, Any]] = []
        self.left = ""  # what the next undo says has left already
        self.confirmed: set[tuple[str, str]] = set()
        self.arriving: list[Row] = []
        self.sync_gate: threading.Event | None = None
        self.sync_error = ""
        self.retry_note = ""
        self.keyring_is_empty, self.typed = False, ""
        self.folder_error, self.second_account_again = "", None
        self.sync_again: float | None = None  # a refused login; seconds: a line that broke
        self.wrong: list[str] = []
        self.case_gate: threading.Event | None = None
        self.hold_gate: threading.Event | None = None
        self.decision_gate: threading.Event | None = None
        self.screen_gate: threading.Event | None = None  # holds what other screens ask for
        self.fail_delivery = ""
        self.hold_error = ""
        self.closed = False
        self.filing = FakeOwnCalendar()
        self.read_only = ""
        self.book = {"Acme": Client("Acme", ("acme.example",), "minor")}

    # --- reading ---

    def rows(self) -> list[Row]:
        with self.lock:
            return sorted(self.stored.values(), key=lambda row: row.received, reverse=True)

    def first_rows(self, most: int) -> list[Row]:
        return [row for row in self.rows() if row.state in WAITING][:most]

    def refresh(self) -> list[str]:
        return []

    def faults(self) -> list[str]:
        return list(self.wrong)

    def case(self, item_id: str) -> Case:
        self.calls.append(("case", item_id))
        if self.case_gate:
            self.case_gate.wait(5)
        row = self._get(item_id)
        if row.state is State.UNREADABLE:
            return Case(row, Unreadable(row.error_code, row.error))
        suggestion = _suggestion(row)
        draft = None if suggestion.strategy is _S.NONE else self.draft(item_id, Choice())
        text = "Agenda:\n1. Numbers of the quarter\n2. Plan for spring"
        invitation = make_invitation(summary=row.summary, description=text, mail_text=text)
        return Case(row, invitation, suggestion, _glances(row), draft)

    def draft(self, item_id: str, choice: Choice) -> Draft:
        self.calls.append(("draft", item_id, choice))
        row = self._get(item_id)
        strategy = choice.strategy or Strategy(row.strategy)
        if strategy is _S.NONE:
            raise CannotAnswer("There is nothing to answer.", "Dismiss it.")
        if strategy is _S.CHECKPOINT:
            raise CannotAnswer("No report is agreed with this client.", "Set next_report in clients.toml.")
        language = choice.language or "en"
        formal = bool(choice.formal)
        hello = f"Dear Mr {row.organizer_name.split()[-1]}," if formal else f"Dear {row.organizer_name},"
        text = _TEXTS.get(strategy, f"this is the letter for {strategy}.")
        reason = "\n\nThe reason: my week is full." if choice.reason else ""
        signature = f"\n\nKind regards,\nAna Novak{'' if language == 'en' else f' [{language}]'}"
        body = f"{hello}\n\n{text}{reason}{signature}" if choice.body is None else choice.body
        missing = ("booking",) if "{booking}" in body else ()
        brief = None
        if strategy is _S.BOW_OUT:
            told = (
                "Hi Ben,\n\nthank you for speaking for both of us."
                if choice.brief_body is None
                else choice.brief_body
            )
            ben = Mailbox("Ben Kos", "ben@studio.example")
            brief = Draft(
                strategy, Effect(Method.REQUEST if choice.partstat is PartStat.DELEGATED else None, None),
                "en", False, False, ME, (ben,), (), f"Before the meeting: {row.summary}",
                told, missing=("limits",) if choice.brief_body is None else (),
            )  # fmt: skip
        return Draft(
            strategy, _effect(strategy, choice), language, formal, bool(choice.reason), ME,
            (Mailbox(row.organizer_name, row.organizer_address),), (), f"Re: {row.summary}", body, missing=missing,
            range_=choice.range_, covers=_covers(row, choice), brief=brief,
        )  # fmt: skip

    def messages(self, item_id: str, draft: Draft) -> tuple[OutgoingMessage, ...]:
        to = tuple(person.address for person in draft.to)
        data = f"From: {draft.from_.address}\r\nTo: {to[0]}\r\nSubject: {draft.subject}\r\n\r\n{draft.body}\r\n"
        answer = OutgoingMessage("<1@studio.example>", ME.address, to, draft.subject, data.encode())
        return (answer, *self.messages(item_id, draft.brief)) if draft.brief and draft.brief.body else (answer,)

    def prep(self, item_id: str) -> PrepCard:
        row = self._get(item_id)
        return PrepCard(row.summary, "today, 10:00", "en", (Section("open", "To open", ("Business first.",)),))

    def objections(self, item_id: str, draft: Draft) -> tuple[tuple[str, str], ...]:
        row = self._get(item_id)
        lacking = [("missing", f"The letter still lacks: {', '.join(draft.missing)}.")] if draft.missing else []
        sentences = {
            "unsolicited": "An answer tells a stranger that this address is read.",
            "sender-mismatch": "The mail doesn't come from the organiser.",
        }
        open_ones = [code for code in row.warnings if (item_id, code) not in self.confirmed]
        return (*((code, sentences.get(code, code)) for code in open_ones), *lacking)

    # --- deciding ---

    def confirm(self, item_id: str, code: str) -> None:
        self.calls.append(("confirm", item_id, code))
        self.confirmed.add((item_id, code))

    def own_calendar(self) -> FakeOwnCalendar:
        return self.filing

    def hold(self, item_id: str, draft: Draft, filing: Offer | None = None) -> OutboxEntry:
        if self.hold_gate:
            self.hold_gate.wait(5)
        with self.lock:
            self.calls.append(("hold", item_id, draft.strategy, draft.body))
            self.filing.wished.append(filing)
            if self.hold_error:
                raise CannotAnswer(self.hold_error)
            assert not self.objections(item_id, draft)
            message = self.messages(item_id, draft)[0]
            entry = OutboxEntry(
                f"out{len(self.entries):03}", item_id, "work", OutboxState.HELD, "", message.message_id,
                message.sender, message.recipients, message.subject, message.data, NOW, NOW,
            )  # fmt: skip
            self.entries.insert(0, entry)
            self.due[entry.id] = self.clock() + self.window
            self._set(item_id, State.QUEUED)
            self.undoable.append(("hold", entry.id))
            return entry

    def undo(self) -> Undone | None:
        with self.lock:
            self.calls.append(("undo",))
            if not self.undoable:
                return None
            kind, key = self.undoable.pop()
            if kind == "hold":
                entry = self._entry(key)
                if entry.state is not OutboxState.HELD:
                    raise CannotAnswer("That reply has just left.", "Write to the organiser yourself.")
                self._move(key, OutboxState.CANCELLED)
                key = entry.item_id
            if kind == "cleared":
                for item_id, state in key.items():
                    self._set(item_id, state)
                return Undone(next(iter(key)))
            self._set(key, State.OPEN)
            return Undone(key, self.left)

    def dismiss(self, item_id: str) -> None:
        if self.decision_gate:
            self.decision_gate.wait(5)
        with self.lock:
            self.calls.append(("dismiss", item_id))
            self._set(item_id, State.DISMISSED)
            self.undoable.append(("decision", item_id))

    def clear(self) -> int:
        with self.lock:
            done = [row.id for row in self.rows() if row.state in WAITING and row.strategy == _S.NONE]
            before = {item_id: self.stored[item_id].state for item_id in done}
            for item_id in done:
                self._set(item_id, State.DISMISSED)
            self.undoable += [("cleared", before)] if done else []
            return len(done)

    def snooze(self, item_id: str, until: dt.datetime) -> None:
        if self.decision_gate:
            self.decision_gate.wait(5)
        with self.lock:
            self.calls.append(("snooze", item_id, until))
            self._set(item_id, State.SNOOZED)
            self.undoable.append(("decision", item_id))

    # --- clients and time ---

    def clients(self) -> list[BookEntry]:
        self._wait()
        return [BookEntry(client, 0.45, client.name == "Kovin" and not client.signs) for client in self.book.values()]

    def add_client(self, name: str, match: Sequence[str], fields: Mapping[str, object]) -> None:
        self.calls.append(("add_client", name, tuple(match)))
        self.book[name] = Client(name, tuple(match))

    def change_client(self, name: str, fields: Mapping[str, Any]) -> None:
        self.calls.append(("change_client", name, dict(fields)))
        self.book[name] = dataclasses.replace(self.book[name], **fields)

    def note_sign(self, name: str, sign: str, note: str) -> None:
        self.calls.append(("note_sign", name, sign, note))
        signs = (*self.book[name].signs, Sign(NOW.date(), sign, note))
        self.book[name] = dataclasses.replace(self.book[name], signs=signs)

    def _wait(self) -> None:
        if self.screen_gate:
            self.screen_gate.wait(5)

    def statistics(self) -> list[Total]:
        self._wait()
        return [
            Total("2026-W47", "email", "Kovin", 3, 135),
            Total("2026-W47", "decline", "", 1, 60),
            Total("2026-W46", "call", "Kovin", 1, 45),
        ]

    # --- the world ---

    def sync(self, emit: Emit, stop: threading.Event, accounts: Sequence[str] = ()) -> list[SyncFinished]:
        self.calls.append(("sync", *accounts))
        emit(SyncProgress("work", "INBOX", 40, 312))
        while self.sync_gate and not self.sync_gate.wait(0.01):
            if stop.is_set():
                return []
        if self.sync_error:
            emit(AccountFailed("work", self.sync_error))
            return [SyncFinished("work", 0, 0, 0, 0, (self.sync_error,), self.sync_again)]
        if self.keyring_is_empty and self.typed != "right":
            error = "The server refused the login." if self.typed else "No password is in the keyring."
            emit(AccountFailed("work", error))
            return [SyncFinished("work", 0, 0, 0, 0, (error,), None, not self.typed, bool(self.typed))]
        if self.folder_error:
            return [SyncFinished("work", 0, 0, 0, 0, (self.folder_error,))]
        if self.second_account_again and not set(accounts) & {"work"}:
            return [
                SyncFinished("work", 0, 0, 0, 0, ()),
                SyncFinished("home", 0, 0, 0, 0, ("The line broke.",), self.second_account_again),
            ]
        with self.lock:
            new, self.arriving = self.arriving, []
            self.stored.update({row.id: row for row in new})
        if new:
            emit(ItemsChanged("work", tuple(row.id for row in new)))
        return [SyncFinished("work", len(new), 0, 0, 0, ())]

    def login_of(self, name: str) -> str:
        return "ana at imap.studio.example"

    def type_password(self, name: str, password: str) -> None:
        self.calls.append(("type_password", name, password))
        self.typed = password

    def waits(self) -> bool:
        return any(entry.state is OutboxState.KEPT for entry in self.entries)

    def deliver(self, emit: Emit) -> float | None:
        with self.lock:
            self.calls.append(("deliver",))
            for entry in [e for e in self.entries if e.state in (OutboxState.HELD, OutboxState.KEPT)]:
                if self.due[entry.id] <= self.clock():
                    state = OutboxState.FAILED if self.fail_delivery else OutboxState.SENT
                    self._move(entry.id, state, self.fail_delivery)
                    self._set(entry.item_id, State.OPEN if self.fail_delivery else State.ANSWERED)
                    emit(OutboxChanged(entry.id, entry.item_id, state, self.fail_delivery))
            waiting = [self.due[e.id] - self.clock() for e in self.entries if e.state is OutboxState.HELD]
            return min(waiting) if waiting else None

    def outbox(self) -> list[OutboxEntry]:
        self._wait()
        return list(self.entries)

    def seconds_left(self, outbox_id: str) -> float:
        return max(0.0, self.due[outbox_id] - self.clock())

    def retry(self, outbox_id: str) -> str:
        self.calls.append(("retry", outbox_id))
        self.due[outbox_id] = self.clock()
        self._move(outbox_id, OutboxState.KEPT)
        return self.retry_note

    def cancel(self, outbox_id: str) -> None:
        self.calls.append(("cancel", outbox_id))
        self._move(outbox_id, OutboxState.CANCELLED)
        self._set(self._entry(outbox_id).item_id, State.OPEN)

    def settle(self, how: str) -> None:
        self.calls.append(("settle", how))
        for entry in [e for e in self.entries if e.state is OutboxState.HELD]:
            self.due[entry.id] = self.clock()
            if how != "send":
                self._move(entry.id, OutboxState.KEPT if how == "keep" else OutboxState.CANCELLED)

    def close(self) -> None:
        self.closed = True

    # --- for tests ---

    def change(self, item_id: str, **changes: object) -> None:
        """Other values in a row."""
        self.stored[item_id] = dataclasses.replace(self.stored[item_id], **changes)  # type: ignore[arg-type]

    def held(self) -> list[tuple[object, ...]]:
        """What was queued: (item id, strategy, body)."""
        return [call[1:] for call in self.calls if call[0] == "hold"]

    def _get(self, item_id: str) -> Row:
        if item_id not in self.stored:
            raise NotFound("There is no such invitation.")
        return self.stored[item_id]

    def _set(self, item_id: str, state: State) -> None:
        self.change(item_id, state=state)

    def _entry(self, outbox_id: str) -> OutboxEntry:
        return next(entry for entry in self.entries if entry.id == outbox_id)

    def _move(self, outbox_id: str, state: OutboxState, error: str = "") -> None:
        self.entries = [
            dataclasses.replace(e, state=state, error=error) if e.id == outbox_id else e for e in self.entries
        ]


def new_row(item_id: str, summary: str, received: dt.datetime, **changes: object) -> Row:
    """A row for tests."""
    base = _row((item_id, summary, "Zoja Kralj", "zoja@new.example", "2026-12-03T10:00:00+01:00", 30, _S.ACCEPT, (_S.DECLINE,), "Nothing speaks against it."))  # fmt: skip
    return dataclasses.replace(base, received=received, **changes)  # type: ignore[arg-type]


def _row(item: tuple[str, str, str, str, str, int, Strategy, tuple[Strategy, ...], str]) -> Row:
    item_id, summary, name, address, start, minutes, strategy, alternatives, reason = item
    index = next((i for i, other in enumerate(_ITEMS) if other[0] == item_id), 0)
    begin = dt.datetime.fromisoformat(start)
    return Row(
        item_id, "work", "INBOX", NOW.astimezone(dt.UTC) - dt.timedelta(hours=index + 1), State.OPEN, "REQUEST",
        f"uid-{item_id}", None, 0, summary, name, address, start,
        (begin + dt.timedelta(minutes=minutes)).isoformat(), False,
        "FREQ=WEEKLY" if item_id == "acme02" else None, "Celje", str(strategy), "10", (reason,),
        tuple(map(str, alternatives)), ("unsolicited",) if item_id == "guide7" else (), "en", ME.address,
    )  # fmt: skip


def _suggestion(row: Row) -> Suggestion:
    strategy = Strategy(row.strategy)
    return Suggestion(
        strategy, row.rule, row.reasons, tuple(map(Strategy, row.alternatives)), row.warnings,
        trace=(
            Verdict("0", _S.NONE, False, "It is a REQUEST, and the meeting lies ahead."),
            Verdict("1", _S.RESPECT, False, "The client isn't blocked."),
            Verdict("4", _S.OFFICE_HOURS, False, "It lies within your working hours."),
            Verdict(row.rule, strategy, True, row.reasons[0] if row.reasons else ""),
            Verdict("11", _S.SHORTEN, True, "It lasts 90 minutes and names two topics."),
            Verdict("13", _S.ACCEPT, True, "Otherwise yes."),
        ),
        minutes_won=((strategy, 45),),
    )  # fmt: skip


def _effect(strategy: Strategy, choice: Choice) -> Effect:
    if choice.partstat is PartStat.NEEDS_ACTION:
        return Effect(None, None)
    if choice.partstat:
        return Effect(Method.REPLY, choice.partstat)
    if strategy in _COUNTERS:
        start = dt.datetime(2026, 11, 25, 10, tzinfo=ZONE)
        return Effect(Method.COUNTER, PartStat.TENTATIVE, start, start + dt.timedelta(minutes=25))
    return Effect(Method.REPLY, _EFFECTS.get(strategy, PartStat.DECLINED))


def _glances(row: Row) -> tuple[Glance, ...]:
    clash = (Glance("Clash", "13:30-14:30 Dentist", True),) if row.id == "clash6" else ()
    return (
        Glance("From", f"{row.organizer_name}, client Kovin d.d., 14 mails, 3 of 5 declined"),
        Glance("When", "Tue 24 Nov 10:00-11:30 your time, calendar unknown"),
        *clash,
        Glance("Length", "1 h 30"),
        Glance("You", "required"),
        Glance("People", "4 (2 accepted)"),
        Glance("Purpose", "2 points on the agenda"),
        Glance("Where", row.location),
        Glance("Reply", f"to {row.organizer_address} as {ME.address}"),
    )


def main() -> None:
    """The terminal face on this desk."""
    import sys

    from regrets.tui.app import run
    from regrets.tui.preferences import Preferences

    theme = sys.argv[1] if len(sys.argv) > 1 else "auto"
    sys.exit(
        run(
            FakeDesk,
            Preferences(theme=theme, zone=ZONE, now=lambda: NOW),
            banner="demo: nothing leaves this machine",
        )
    )


if __name__ == "__main__":
    main()
