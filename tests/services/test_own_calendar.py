"""What is offered to be filed, and when a wish is done, forgotten or tried again."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from regrets.adapters.calendars import Calendars, WritableCalendars
from regrets.adapters.store.cache import SqliteCache
from regrets.adapters.store.filings import SqliteFilings
from regrets.adapters.store.kept import SqliteKept
from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.clients import ClientBook
from regrets.domain.errors import CannotAnswer, NotFound
from regrets.domain.imip import read
from regrets.domain.model import Draft, Effect, Invitation, Mailbox, Method, OutboxState, PartStat, State, Strategy
from regrets.domain.own_calendar import FilingKind, FilingRule, Offer
from regrets.domain.ports import KeptItem
from regrets.domain.settings import CalendarSource, Settings
from regrets.services.own_calendar import OwnCalendar
from regrets.services.triage import Triage
from tests.support.facts import HOURS, ME
from tests.support.outbox import NOW, FakeClock, answer, entry
from tests.support.world import invitation

UID = b"kovin-1@kovin.example"
EMPTY = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mine//EN\r\nEND:VCALENDAR\r\n"
YES, PERHAPS, NO = (Effect(Method.REPLY, each) for each in (PartStat.ACCEPTED, PartStat.TENTATIVE, PartStat.DECLINED))
COUNTER, PLAIN = Effect(Method.COUNTER, PartStat.TENTATIVE), Effect(None, None)


def mail(**parts: str) -> Invitation:
    found = read(invitation(**parts))
    assert isinstance(found, Invitation)
    return found


def draft(effect: Effect = YES, strategy: Strategy = Strategy.ACCEPT) -> Draft:
    me = Mailbox("Ana", "Ana@Studio.example")
    return Draft(strategy, effect, "en", True, False, me, (), (), "Accepted", "Yes.")


class Desk:
    """The service on real files and a real database, around one invitation."""

    def __init__(self, root: Path, *names: str) -> None:
        self.paths = {name: root / f"{name}.ics" for name in names}
        for path in self.paths.values():
            path.write_bytes(EMPTY)
        feed = CalendarSource("feed", url="https://calendar.example/ana.ics", writable=True)
        sources = [CalendarSource(name, str(path), writable=True) for name, path in self.paths.items()]
        read_only = CalendarSource("team", str(root / "team.ics"))
        self.settings = Settings(me=ME, hours=HOURS, calendars=(feed, read_only, *sources))
        self.store = SqliteOwnStore(root / "own.db")
        self.filings = SqliteFilings(self.store)
        self.invitation, self.state = mail(), State.OPEN
        self.clock, self.told, self.forgotten = FakeClock(), [], 0
        engine = SimpleNamespace(
            settings=self.settings,
            compose=SimpleNamespace(answered=lambda item, draft, now: item),
            triage=SimpleNamespace(forget=self._forget),
            calendar_files=WritableCalendars(root / "calendars.lock"),
            filings=self.filings,
        )
        cases: Any = SimpleNamespace(
            engine=engine,
            opened=lambda item: SimpleNamespace(invitation=self.invitation),
            row=lambda item: SimpleNamespace(state=self.state),
        )
        self.own = OwnCalendar(cases, self.store, self.clock)

    def _forget(self) -> None:
        self.forgotten += 1

    def offer(self, effect: Effect = YES, strategy: Strategy = Strategy.ACCEPT, calendar: str = "") -> Offer | None:
        return self.own.offer("item1", draft(effect, strategy), calendar)

    def answer(self, effect: Effect = YES, state: OutboxState = OutboxState.SENT, number: int = 1) -> str:
        """Agrees to what is offered and queues the answer, which by now is in `state`."""
        made = entry("item1", number, state=state)
        with self.own.wished(made.id, "item1", draft(effect), self.offer(effect)):
            self.store.add(made, dataclasses.replace(answer(made), partstat=effect.partstat))
        return made.id

    def settle(self) -> list[str]:
        self.told.clear()
        self.own.settle(self.told.append)
        return [event.told for event in self.told]

    def data(self, name: str = "mine") -> bytes:
        return self.paths[name].read_bytes()


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    made = Desk(tmp_path, "mine")
    yield made
    made.store.close()


@pytest.fixture
def two(tmp_path: Path) -> Any:
    made = Desk(tmp_path, "home", "work")
    yield made
    made.store.close()


# --- what is offered -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effect", "strategy", "offered"),
    [
        (YES, Strategy.ACCEPT, True),
        (PERHAPS, Strategy.CALL, True),
        (PLAIN, Strategy.INVOLVE, True),  # not invited by name, but coming
        (PLAIN, Strategy.DECLINE, False),
        (COUNTER, Strategy.RESCHEDULE, False),  # nothing is agreed yet
        (NO, Strategy.DECLINE, False),  # nothing of it is there
    ],
)
def test_a_yes_and_a_perhaps_are_offered(desk: Desk, effect: Effect, strategy: Strategy, offered: bool) -> None:
    assert desk.offer(effect, strategy) == (Offer(FilingKind.FILE, "mine") if offered else None)


def test_a_no_to_what_is_filed_offers_to_take_it_out_and_the_same_again_offers_nothing(desk: Desk) -> None:
    desk.answer()
    assert desk.settle() == ["Filed in “mine”: “Logo colours”."]
    assert desk.offer() is None
    assert desk.offer(PERHAPS, Strategy.CALL) == Offer(FilingKind.FILE, "mine")
    assert desk.offer(NO, Strategy.DECLINE) == Offer(FilingKind.REMOVE, "mine")
    assert desk.offer(COUNTER, Strategy.RESCHEDULE) is None


def test_what_was_said_about_a_calendar_counts_until_it_is_said_anew(two: Desk) -> None:
    assert two.offer() == Offer(FilingKind.FILE, "home")
    two.own.set_rule("work", FilingRule.ALWAYS)
    assert two.offer() == Offer(FilingKind.FILE, "work", asks=False)
    two.own.set_rule("work", FilingRule.NEVER)
    assert two.offer() == Offer(FilingKind.FILE, "home")
    two.own.set_rule("home", FilingRule.NEVER)
    assert two.offer() is None
    assert two.offer(calendar="work") == Offer(FilingKind.FILE, "work", asks=False)  # named: that was the question
    two.own.set_rule("home", FilingRule.ASK)
    rules = {state.name: (state.writable, state.rule) for state in two.own.states()}
    assert rules == {
        "feed": (False, FilingRule.ASK),
        "team": (False, FilingRule.ASK),
        "home": (True, FilingRule.ASK),
        "work": (True, FilingRule.NEVER),
    }
    for name, reason in (("team", "only read"), ("feed", "only read"), ("mein", "no calendar “mein”")):
        with pytest.raises(NotFound, match=reason):
            two.own.set_rule(name, FilingRule.ALWAYS)


def test_the_calendar_that_holds_it_comes_first(two: Desk) -> None:
    two.own.set_rule("work", FilingRule.ALWAYS)
    two.answer()
    two.settle()
    two.own.set_rule("work", FilingRule.ASK)
    assert UID in two.data("work")
    two.invitation = mail(sequence=1, start="20261125T100000", end="20261125T110000")
    assert two.offer() == Offer(FilingKind.FILE, "work")
    assert two.offer(NO, Strategy.DECLINE) == Offer(FilingKind.REMOVE, "work")


def test_what_no_calendar_could_hold_is_told_only_to_who_wants_it(desk: Desk) -> None:
    desk.invitation = mail(zone="BRT")
    assert desk.offer() is None
    desk.own.set_rule("mine", FilingRule.ALWAYS)
    offer = desk.offer()
    assert offer is not None
    assert "BRT" in offer.problem
    made = entry("item1")
    with desk.own.wished(made.id, "item1", draft(), offer):
        pass  # the answer goes all the same
    assert desk.own.waiting(made.id) is None


# --- when it is done -------------------------------------------------------------------------------------------


def test_it_waits_for_the_sending_and_is_forgotten_when_taken_back(desk: Desk) -> None:
    outbox_id = desk.answer(state=OutboxState.HELD)
    assert (desk.settle(), desk.data()) == ([], EMPTY)
    desk.store.move_state(outbox_id, (OutboxState.HELD,), OutboxState.CANCELLED)
    assert (desk.settle(), desk.data()) == ([], EMPTY)
    assert desk.filings.all() == []
    again = desk.answer(state=OutboxState.KEPT, number=2)
    assert desk.settle() == []
    claimed = desk.store.claim(again, (OutboxState.KEPT,))
    assert claimed is not None
    desk.store.finish(claimed, OutboxState.UNKNOWN)
    assert (desk.settle(), desk.data()) == ([], EMPTY)  # nobody knows yet whether the answer arrived
    desk.store.finish(claimed, OutboxState.SENT)
    assert desk.settle() == ["Filed in “mine”: “Logo colours”."]
    assert (desk.filings.all(), desk.forgotten) == ([], 1)


def test_an_answer_that_is_not_queued_leaves_no_wish(desk: Desk) -> None:
    offer = desk.offer()
    with pytest.raises(CannotAnswer), desk.own.wished("out1", "item1", draft(), offer):
        raise CannotAnswer("It is on its way already.")
    assert desk.filings.all() == []


def test_a_wish_outlives_a_crash_before_its_answer_is_queued_for_a_day(desk: Desk) -> None:
    with desk.own.wished("out1", "item1", draft(), desk.offer()):
        pass
    desk.settle()
    assert [filing.outbox_id for filing in desk.filings.all()] == ["out1"]
    desk.clock.moment = NOW + dt.timedelta(days=2)
    desk.settle()
    assert desk.filings.all() == []


def test_a_fault_is_told_once_kept_and_mended_by_itself(desk: Desk) -> None:
    outbox_id = desk.answer()
    desk.paths["mine"].rename(desk.paths["mine"].with_suffix(".away"))
    (told,) = desk.settle()
    assert told.startswith("Sent, but not filed in “mine”: ")
    assert told.endswith("is not there. Check its path in config.toml.")
    assert desk.told[0].failed
    assert desk.settle() == []
    waiting = desk.own.waiting(outbox_id)
    assert waiting is not None
    assert waiting.error == told
    assert [state.waiting for state in desk.own.states() if state.waiting] == [(waiting,)]
    desk.paths["mine"].with_suffix(".away").rename(desk.paths["mine"])
    assert desk.settle() == ["Filed in “mine”: “Logo colours”."]


def test_a_fault_of_ours_costs_a_sentence_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.answer()

    def faulty(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("regrets.services.own_calendar.with_event", faulty)
    assert desk.settle() == ["Sent, but not filed in “mine”: Internal fault (ZeroDivisionError)."]
    desk.paths["mine"].write_bytes(EMPTY.replace(b"END:VC", b"X-NOTE:" + UID + b"\r\nEND:VC"))
    assert desk.offer() is None


def test_a_later_answer_overtakes_what_waits_unless_it_is_taken_back(desk: Desk) -> None:
    first = desk.answer()
    desk.paths["mine"].chmod(0o444)
    desk.settle()
    desk.paths["mine"].chmod(0o644)
    held = desk.answer(NO, OutboxState.HELD, 2)  # nothing is filed yet, so nothing is offered with it
    assert (desk.settle(), desk.data()) == ([], EMPTY)
    assert desk.own.waiting(first)
    desk.store.move_state(held, (OutboxState.HELD,), OutboxState.CANCELLED)
    assert desk.settle() == ["Filed in “mine”: “Logo colours”."]


def test_what_was_said_no_to_since_is_never_filed(desk: Desk) -> None:
    desk.answer()
    desk.paths["mine"].chmod(0o444)
    desk.settle()
    desk.paths["mine"].chmod(0o644)
    desk.answer(NO, OutboxState.SENT, 2)
    assert (desk.settle(), desk.data(), desk.filings.all()) == ([], EMPTY, [])


def test_what_was_called_off_is_taken_out_and_put_back_to_the_byte(desk: Desk) -> None:
    desk.answer()
    desk.settle()
    before = desk.data()
    desk.invitation, desk.state = mail(method="CANCEL", sequence=1), State.CANCELLED
    offer = desk.own.standing_offer("item1")
    assert offer == Offer(FilingKind.REMOVE, "mine")
    desk.own.set_rule("mine", FilingRule.ALWAYS)
    assert desk.own.standing_offer("item1") == offer  # it is always asked: somebody else's mail set it off
    assert desk.own.act("item1", offer) == "Taken out of “mine”."
    assert UID not in desk.data()
    assert desk.own.standing_offer("item1") is None
    assert desk.own.put_back("item1") == "It is in “mine” again."
    assert desk.data() == before
    assert desk.own.put_back("item1") == ""


def test_forgetting_an_item_forgets_what_was_to_be_filed_of_it(desk: Desk, tmp_path: Path) -> None:
    desk.answer()
    with contextlib.closing(SqliteCache(tmp_path / "cache.db")) as cache:
        kept = SqliteKept(cache, desk.store, tmp_path)
        desk.store.note_filed(desk.filings.all()[0].outbox_id, sent_copy="done", answered_flag="done")
        kept.remove([KeptItem("item1", live=False, stands=True)], lambda _: [])
    assert desk.filings.all() == []


# --- the invitation beside its own entry -----------------------------------------------------------------------


def test_a_filed_meeting_is_no_clash_no_newer_version_and_nobody_elses(desk: Desk) -> None:
    secretary = 'ORGANIZER;SENT-BY="mailto:desk@kovin.example";CN="Kovač, Marko":'

    def from_the_desk(**parts: str) -> Invitation:
        found = mail(**parts)
        lines = tuple(
            dataclasses.replace(line, raw=secretary + line.value) if line.name == "ORGANIZER" else line
            for line in found.source.lines
        )
        sender = Mailbox("", "desk@kovin.example")
        return dataclasses.replace(
            found,
            sent_by=sender,
            source=dataclasses.replace(found.source, lines=lines),
            mail=dataclasses.replace(found.mail, from_=sender),
        )

    triage = Triage(desk.settings, ClientBook(), Calendars(), None, desk.clock)
    desk.invitation = from_the_desk()
    before = triage.suggest(desk.invitation)[1]
    desk.answer()
    desk.settle()
    triage.forget()
    facts, after = triage.suggest(desk.invitation)
    assert facts.clashes == ()
    assert after == before
    updated = from_the_desk(sequence=1, start="20261124T103000", end="20261124T120000")
    facts, suggestion = triage.suggest(updated)
    assert facts.clashes == ()
    assert suggestion.strategy is not Strategy.NONE
    assert "spoofed-update" not in suggestion.warnings
    other = mail(uid="other@kovin.example")
    assert [entry.uid for entry in triage.suggest(other)[0].clashes] == [UID.decode()]
