import contextlib
import dataclasses
import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from regrets.adapters.store import database, own
from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.errors import CannotAnswer, ClaimLost
from regrets.domain.model import AnswerRecord, OutboxEntry, OutboxState, Strategy
from regrets.domain.ports import Decision
from tests.support.outbox import NOW, answer, entry

S = OutboxState


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteOwnStore]:
    opened = SqliteOwnStore(tmp_path / "data" / "own.db")
    yield opened
    opened.close()


def put(store: SqliteOwnStore, state: OutboxState, item: str = "item1", number: int = 1, owner: str = "") -> str:
    made = entry(item, number, state=state, owner=owner)
    store.add(made, answer(made))
    return made.id


def claim(store: SqliteOwnStore, outbox_id: str) -> OutboxEntry:
    claimed = store.claim(outbox_id, (S.KEPT, S.FAILED))
    assert claimed is not None
    return claimed


def test_what_is_added_comes_back_as_it_was(store: SqliteOwnStore, tmp_path: Path) -> None:
    zone = dt.timezone(dt.timedelta(hours=2))
    made = entry(due=NOW.astimezone(zone), recipients=("a@b.example", "ü@c.example"), data=b"\x00\xff\r\n")
    store.add(made, answer(made))
    other = SqliteOwnStore(tmp_path / "data" / "own.db")
    assert other.entry(made.id) == made
    assert other.entries() == other.entries(live_only=True) == other.unfinished() == [made]
    assert other.answer_of(made.item_id) == answer(made)
    assert other.entry("nothing") is None
    other.close()


@pytest.mark.parametrize("state", [state for state in S if state.live])
def test_one_live_entry_an_item(store: SqliteOwnStore, state: OutboxState) -> None:
    first = put(store, state)
    second = entry("item1", 2)
    with pytest.raises(CannotAnswer, match="already on its way"):
        store.add(second, answer(second))
    assert [found.id for found in store.entries()] == [first]
    assert len(store.answers()) == 1


def test_a_new_answer_replaces_one_that_failed(store: SqliteOwnStore) -> None:
    first = put(store, S.FAILED)
    second = put(store, S.HELD, number=2)
    assert [(found.id, found.state) for found in store.entries()] == [(second, S.HELD), (first, S.CANCELLED)]
    assert [found.outbox_id for found in store.answers()] == [second]


def test_claim_is_for_one_alone(store: SqliteOwnStore, tmp_path: Path) -> None:
    other = SqliteOwnStore(tmp_path / "data" / "own.db")
    queued = put(store, S.KEPT)
    first = store.claim(queued, (S.KEPT, S.FAILED))
    assert first is not None
    assert (first.state, first.attempts) == (S.SENDING, 1)
    assert other.claim(queued, (S.KEPT, S.FAILED)) is None
    other.close()


@pytest.mark.parametrize("settled", [S.FAILED, S.UNKNOWN])
def test_an_attempt_that_another_has_settled_goes_no_further(
    store: SqliteOwnStore, tmp_path: Path, settled: OutboxState
) -> None:
    other = SqliteOwnStore(tmp_path / "data" / "own.db")
    mine = claim(store, put(store, S.KEPT))
    store.set_phase(mine, "dot-written" if settled is S.UNKNOWN else "body")
    (found,) = other.recover()
    assert found.state is settled
    with pytest.raises(ClaimLost, match="“Declined: Review” while it was being sent"):
        store.set_phase(mine, "dot-written")
    other.close()


def test_a_claim_says_nothing_about_a_later_one(store: SqliteOwnStore, tmp_path: Path) -> None:
    other = SqliteOwnStore(tmp_path / "data" / "own.db")
    mine = claim(store, put(store, S.KEPT))
    store.set_phase(mine, "body")
    other.recover()
    theirs = claim(other, mine.id)
    with pytest.raises(ClaimLost):
        store.set_phase(mine, "dot-written")
    for state in (S.SENT, S.FAILED, S.UNKNOWN):
        store.finish(mine, state)
    assert store.entry(mine.id) == theirs
    other.finish(theirs, S.SENT)
    assert [(found.state, found.attempts) for found in store.entries()] == [(S.SENT, 2)]
    other.close()


def test_whose_attempt_was_taken_for_uncertain_may_still_say_that_it_was_sent(store: SqliteOwnStore) -> None:
    mine = claim(store, put(store, S.KEPT))
    store.set_phase(mine, "dot-written")
    store.recover()
    store.finish(mine, S.SENT)
    assert [found.state for found in store.entries()] == [S.SENT]


def test_states_move_only_where_they_may(store: SqliteOwnStore) -> None:
    held = put(store, S.HELD)
    assert not store.move_state(held, (S.KEPT,), S.CANCELLED)
    assert not store.move_state(held, (S.HELD,), S.SENT)
    later = NOW + dt.timedelta(hours=1)
    assert store.move_state(held, (S.HELD,), S.KEPT, due=later)
    claimed = claim(store, held)
    store.set_phase(claimed, "dot-written")
    store.finish(claimed, S.UNKNOWN, error="broke")
    found = store.entry(held)
    assert found is not None
    assert (found.state, found.phase, found.error, found.due) == (S.UNKNOWN, "dot-written", "broke", later)
    store.finish(claimed, S.SENT)
    store.finish(claimed, S.FAILED, error="no")  # what is sent stays sent
    found = store.entry(held)
    assert found is not None
    assert (found.state, found.phase, found.error) == (S.SENT, "accepted", "")


def test_unfinished_until_filed(store: SqliteOwnStore) -> None:
    sent, failed = put(store, S.SENT), put(store, S.FAILED, "item2")
    gone = put(store, S.KEPT, "item3")
    store.finish(claim(store, gone), S.FAILED, permanent=True)
    assert [found.id for found in store.unfinished()] == [sent, failed]
    store.note_filed(sent, sent_copy="done")
    store.note_filed(sent, answered_flag="failed")
    assert [found.id for found in store.unfinished()] == [failed]
    found = store.entry(sent)
    assert found is not None
    assert (found.sent_copy, found.answered_flag) == ("done", "failed")


def test_recover(store: SqliteOwnStore) -> None:
    mine, orphan = put(store, S.HELD, "mine", owner="living"), put(store, S.HELD, "orphan", owner="dead")
    phases = ("", "connecting", "envelope", "body", "dot-written")
    for phase in phases:
        claimed = claim(store, put(store, S.KEPT, f"item-{phase}"))
        store.set_phase(claimed, phase)
    others = [put(store, state, f"item-{state}") for state in (S.KEPT, S.SENT, S.UNKNOWN, S.FAILED)]
    changed = {found.id: found for found in store.recover(lambda: {"living"})}
    assert len(changed) == 1 + len(phases)
    assert mine not in changed
    assert changed[orphan].state is S.ORPHANED
    assert changed.keys().isdisjoint(others)
    for found in changed.values():
        assert store.entry(found.id) == found
        if found.id != orphan:
            assert found.state is (S.UNKNOWN if found.phase == "dot-written" else S.FAILED)
    assert store.recover(lambda: {"living"}) == []


def test_later_the_sender_looks_for_what_is_held_alone(store: SqliteOwnStore) -> None:
    held, sending = put(store, S.HELD, "held"), put(store, S.SENDING, "sending")
    assert [found.id for found in store.recover(sending=False)] == [held]
    assert [found.id for found in store.recover()] == [sending]


def test_what_comes_back_from_orphaned_says_no_more_that_a_program_ended(store: SqliteOwnStore) -> None:
    held = put(store, S.HELD)
    (found,) = store.recover()
    assert "ended within the undo window" in found.error
    assert store.move_state(held, (S.ORPHANED,), S.KEPT)
    (found,) = store.entries()
    assert (found.state, found.error) == (S.KEPT, "")


def test_which_answers_stand(store: SqliteOwnStore) -> None:
    for state in S:
        put(store, state, f"item-{state}")
    store.finish(claim(store, put(store, S.KEPT, "refused")), S.FAILED, permanent=True)
    standing = [found.item_id for found in store.answers()]
    assert standing == [f"item-{state}" for state in reversed(S) if state is not S.CANCELLED]
    assert store.answer_of("item-cancelled") is None
    assert store.answer_of("refused") is None


def test_the_list_is_told_the_same_without_letters(store: SqliteOwnStore) -> None:
    slots = ((NOW, NOW + dt.timedelta(hours=1)),)
    for number, state in enumerate(S):
        made = entry(f"item-{state}", number, state=state, permanent=state is S.FAILED)
        store.add(made, dataclasses.replace(answer(made), proposals=slots, recurrence_id="20261124", sequence=number))
    trying = entry("trying", 20, state=S.FAILED)
    brief = entry("trying", 21, state=S.KEPT, follows=trying.id)
    store.add(trying, answer(trying), brief)
    wanted = [(each.item_id, each.recurrence_id, each.sequence, each.proposals) for each in store.answers()]
    found = [(each.item_id, each.recurrence_id, each.sequence, each.proposals) for each in store.standings()]
    assert found == wanted
    assert len(found) == len(S) - 1
    assert store.queued() == {f"item-{state}" for state in S if state.live} | {"trying"}
    store.finish(claim(store, trying.id), S.SENT)
    assert "trying" not in store.queued()  # a brief on its way leaves the invitation answered


def test_decisions_and_confirmations(store: SqliteOwnStore) -> None:
    first = Decision("a", "dismissed", None, NOW, 3)
    second = Decision("b", "snoozed", NOW + dt.timedelta(days=1), NOW)
    store.decide(first)
    store.decide(second)
    assert store.decisions() == {"a": first, "b": second}
    assert store.last_decision() == second
    store.decide(first)
    assert store.last_decision() == first
    assert store.undecide("a")
    assert not store.undecide("a")
    assert store.last_decision() == second
    key = "sender-mismatch:a.example:b.example"
    assert not store.confirmed(key)
    store.confirm(key)
    store.confirm(key)
    assert store.confirmed(key)


def of_version_one(patch: pytest.MonkeyPatch, path: Path, made: OutboxEntry, given: AnswerRecord) -> None:
    """A database as the first version left it, with one answer in it; whatever has been added since."""
    first = {1: database._migrations("own")[1]}
    with patch.context() as then:
        then.setattr(database, "_migrations", lambda name: first)
        database.open_database(path, "own", durable=True, disposable=False).close()
    with contextlib.closing(sqlite3.connect(path)) as raw:
        for table, values in (("outbox", own._outbox_values(made)), ("answers", own._answer_values(given))):
            known = {column[1] for column in raw.execute(f"PRAGMA table_info({table})")}
            own._insert(raw.cursor(), table, {name: value for name, value in values.items() if name in known})
        raw.commit()


def test_proposals_come_back_and_answers_of_the_first_version_have_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data" / "own.db"
    made, later = entry(), entry("item2", 2)
    slots = ((NOW, NOW + dt.timedelta(hours=1)), (NOW + dt.timedelta(days=1), NOW + dt.timedelta(days=1, hours=1)))
    of_version_one(monkeypatch, path, made, answer(made))
    second = SqliteOwnStore(path)
    second.add(later, dataclasses.replace(answer(later), proposals=slots))
    assert second.answer_of(made.item_id) == answer(made)
    kept = second.answer_of(later.item_id)
    assert kept is not None
    assert kept.proposals == slots
    second.close()


def both(
    store: SqliteOwnStore, state: OutboxState = S.HELD, item: str = "item1", number: int = 1, owner: str = ""
) -> tuple[str, str]:
    """An answer and the brief that follows it."""
    made = entry(item, number, state=state, owner=owner)
    follower = {"follows": made.id, "owner": owner, "recipients": ("ben@studio.example",)}
    brief = entry(item, number + 1, state=state, **follower)
    store.add(made, answer(made), brief)
    return made.id, brief.id


def states(store: SqliteOwnStore) -> list[OutboxState]:
    """Oldest first."""
    return [found.state for found in reversed(store.entries())]


def test_a_brief_is_queued_with_its_answer_or_not_at_all(store: SqliteOwnStore) -> None:
    first = both(store)
    assert [(found.id, found.follows) for found in store.unfinished()] == [(first[0], ""), (first[1], first[0])]
    assert len(store.answers()) == 1
    with pytest.raises(CannotAnswer, match="already on its way"):
        both(store, number=3)
    assert len(store.entries()) == 2


@pytest.mark.parametrize(("to", "follow"), [(S.CANCELLED, S.CANCELLED), (S.KEPT, S.KEPT), (S.ORPHANED, S.ORPHANED)])
def test_a_brief_goes_where_its_answer_goes(store: SqliteOwnStore, to: OutboxState, follow: OutboxState) -> None:
    made, _ = both(store)
    assert store.move_state(made, (S.HELD,), to)
    assert states(store) == [to, follow]


def test_a_brief_is_not_sent_before_its_answer(store: SqliteOwnStore) -> None:
    made, brief = both(store, S.KEPT)
    assert store.claim(brief, (S.KEPT,)) is None
    leading = claim(store, made)
    assert store.claim(brief, (S.KEPT,)) is None
    store.finish(leading, S.SENT)
    assert claim(store, brief).state is S.SENDING


def test_a_brief_in_a_living_undo_window_is_spared_with_its_answer(store: SqliteOwnStore) -> None:
    both(store, owner="living")
    assert store.recover(lambda: {"living"}) == []
    store.recover()
    assert states(store) == [S.ORPHANED, S.ORPHANED]


def test_a_later_answer_replaces_a_brief_that_has_not_left(store: SqliteOwnStore) -> None:
    made, _ = both(store, S.KEPT)
    store.finish(claim(store, made), S.SENT)
    put(store, S.HELD, number=3)
    assert states(store) == [S.SENT, S.CANCELLED, S.HELD]


def test_choices_stand_as_long_as_their_answers_and_can_be_forgotten(store: SqliteOwnStore) -> None:
    for number, state in enumerate((S.SENT, S.KEPT, S.CANCELLED), 1):
        put(store, state, f"item{number}", number)
    found = store.choices()
    assert [(one.organizer, one.rule, one.suggested, one.strategy) for one in found] == [
        ("marko@kovin.example", "10", Strategy.CALL, Strategy.DECLINE)
    ] * 2
    assert store.forget_choices("marko@kovin.example", "9") == 0
    assert store.forget_choices("Marko@Kovin.example", "10") == 3
    assert store.choices() == []
    assert len(store.answers()) == 2
