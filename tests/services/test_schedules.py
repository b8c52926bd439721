"""Random schedules of keys, faults, restarts and clock jumps, against a model of what the user has said: every answer
ends as sent, refused with a reason, asked about or taken back; none twice, none lost, none before its time."""

import contextlib
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.errors import CannotAnswer, StoreError
from regrets.domain.events import ignore
from regrets.domain.model import OutboxEntry, OutboxState
from tests.support.outbox import answer, entry
from tests.support.schedules import FAULTS, Instance, Killed, Told, World

S = OutboxState
WHICH = st.integers(0, 1)
ANY = st.integers(0, 9)
WINDOW = 10.0
Trouble = tuple[Sequence[str], Sequence[bool]]  # of the next attempts to send, of the next transactions
TROUBLE = st.tuples(
    st.lists(st.sampled_from(sorted(FAULTS)), max_size=2), st.just(()) | st.lists(st.booleans(), max_size=8)
)


class Schedules(RuleBasedStateMachine):
    """At most two instances at a time on one data directory."""

    pristine: Path  # an empty own.db

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp(prefix="regrets-schedules-"))
        shutil.copy(self.pristine, self.directory / "own.db")
        self.look = SqliteOwnStore(self.directory / "own.db")
        self.world, self.started, self.answers = World(), 0, 0
        self.instances: list[Instance] = []

    # --- instances ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        if len(self.instances) < 2:
            self.started += 1
            self.instances.append(Instance(self.directory, self.world, self.started))

    @contextlib.contextmanager
    def use(self, which: int, trouble: Trouble = ((), ())) -> Iterator[Instance]:
        """One that runs; started where none does. What is refused is said to the user; a kill ends it."""
        if not self.instances:
            self.start()
        self.world.faults, self.world.refusals = map(list, trouble)
        instance = self.instances[which % len(self.instances)]
        try:
            yield instance
        except (StoreError, CannotAnswer):
            pass
        except Killed:
            self.gone(instance)
            instance.die()

    def gone(self, instance: Instance) -> None:
        self.instances.remove(instance)
        for told in self.windows(instance):
            if told.window_ends > self.world.seconds:
                told.says = "ask"

    @rule(which=WHICH, trouble=TROUBLE, how=st.sampled_from(["another", "kill", "send", "keep", "discard"]))
    def start_or_end(self, which: int, trouble: Trouble, how: str) -> None:
        if how == "another":
            self.start()
        elif how == "kill":
            self.kill(which)
        else:
            self.quit(which, trouble, how)

    def kill(self, which: int) -> None:
        with self.use(which):
            raise Killed

    def quit(self, which: int, trouble: Trouble, how: str) -> None:
        with self.use(which, trouble) as instance:
            mine = self.windows(instance)
            if how != "discard":
                for told in mine:
                    told.says = "send"
            try:
                instance.delivery.settle(how)
                assert how != "discard" or not [told for told in self.windows(instance) if self.state(told) is S.HELD]
            except (StoreError, CannotAnswer):
                pass  # said to the user
            for told in self.world.told.values():
                mine_or_its_brief = told in mine or told.lead in mine
                if how == "discard" and mine_or_its_brief and self.state(told) is S.CANCELLED:
                    told.says = "no"
            self.gone(instance)
            instance.delivery.close()
            instance.own.close()

    # --- keys -----------------------------------------------------------------------------------------------------

    @rule(
        which=WHICH,
        trouble=TROUBLE,
        item=st.sampled_from("abcdef"),
        seconds=st.sampled_from([WINDOW, 0.0]),
        briefed=st.booleans(),
    )
    def answer(self, which: int, trouble: Trouble, item: str, seconds: float, briefed: bool) -> None:
        self.answers += 1
        made = entry(item, self.answers)
        brief = entry(item, 1000 + self.answers, folder="", uid=0, follows=made.id) if briefed else None
        earlier = [told for told in self.world.told.values() if told.entry.item_id == item]
        failed = {told.entry.id for told in earlier if self.state(told) in (S.FAILED, S.SENDING)}
        with self.use(which, trouble) as instance:
            instance.delivery.hold(made, answer(made), seconds, brief)
            for told in earlier:
                if self.state(told) is S.CANCELLED and told.says != "no":
                    assert told.lead or told.entry.id in failed, "replaced, and it had not failed"
                    told.says = "no"
            self.promise(instance, made, brief, seconds)
            return
        assert self.look.entry(made.id) is None

    def promise(self, instance: Instance, made: OutboxEntry, brief: OutboxEntry | None, seconds: float) -> None:
        ends, says = self.world.seconds + seconds, "hold" if seconds else "send"
        told = self.world.told[made.message_id] = Told(made, says, ends, instance.number)
        if brief:
            self.world.told[brief.message_id] = Told(brief, says, ends, instance.number, told)

    @precondition(lambda self: self.world.told)
    @rule(which=WHICH, trouble=TROUBLE, key=st.sampled_from(["undo", "cancel", "retry", "send_now"]), nth=ANY)
    def press(self, which: int, trouble: Trouble, key: str, nth: int) -> None:
        getattr(self, key)(which, trouble, self.told(nth))

    def undo(self, which: int, trouble: Trouble, _: Told) -> None:
        with self.use(which, trouble) as instance:
            taken = instance.delivery.undo_last()
            if taken:
                assert not self.world.accepted[taken.message_id], "undone, and it had left"
                self.taken_back(self.world.told[taken.message_id])

    def cancel(self, which: int, trouble: Trouble, told: Told) -> None:
        with self.use(which, trouble) as instance:
            instance.delivery.cancel(told.entry.id)
            self.taken_back(told)

    def taken_back(self, told: Told) -> None:
        for each in (told, *(other for other in self.world.told.values() if other.lead is told)):
            if self.state(each) is S.CANCELLED:
                each.says = "no"
        assert told.says == "no"

    def retry(self, which: int, trouble: Trouble, told: Told) -> None:
        with self.use(which, trouble) as instance:
            before = self.state(told)
            told_before, told.says = told.says, told.says if before is S.CANCELLED else "send"
            try:
                instance.delivery.retry(told.entry.id)
            except (StoreError, CannotAnswer):
                told.says = told_before
                raise
            told.most += before is S.UNKNOWN and self.state(told) is S.KEPT
            for each in self.world.told.values():
                if each.lead is told and each.says == "ask":
                    each.says = "send"

    def send_now(self, which: int, trouble: Trouble, told: Told) -> None:
        with self.use(which, trouble) as instance:
            if self.state(told) in (S.HELD, S.KEPT, S.FAILED):
                for each in (told, *(other for other in self.world.told.values() if other.lead is told)):
                    each.says = "send" if each.says != "no" else "no"
            instance.delivery.send_now(told.entry.id, ignore)

    def told(self, nth: int) -> Told:
        return list(self.world.told.values())[-1 - nth % len(self.world.told)]

    # --- time and the world ----------------------------------------------------------------------------------------

    @rule(which=WHICH, trouble=TROUBLE, seconds=st.sampled_from([0.0, 0.5, 9.5, WINDOW, 15.0, 3600.0]))
    def wait(self, which: int, trouble: Trouble, seconds: float) -> None:
        self.world.seconds += seconds
        self.world.moment += dt.timedelta(seconds=seconds)
        with self.use(which, trouble) as instance:
            instance.delivery.run_due(ignore)

    @rule(
        hours=st.sampled_from([-48.0, -1.0, 0.0, 1.0, 1000.0]),
        broken=st.sets(st.sampled_from(["connect", "mark", "copy", "look"])),
        files=st.booleans(),
    )
    def the_world_changes(self, hours: float, broken: set[str], files: bool) -> None:
        """The clock jumps, or the laptop sleeps; the mailbox fails or is well; the server files copies or not."""
        self.world.moment += dt.timedelta(hours=hours)
        self.world.mailbox.broken, self.world.server_files = broken, files

    # --- what must hold -------------------------------------------------------------------------------------------

    def state(self, told: Told) -> OutboxState:
        found = self.look.entry(told.entry.id)
        assert found is not None, f"{told.entry.message_id} is lost"
        return found.state

    def windows(self, instance: Instance) -> list[Told]:
        """Those that it holds, or held before their window was over."""
        return [told for told in self.world.told.values() if told.says == "hold" and told.holder == instance.number]

    @invariant()
    def nothing_is_wrong(self) -> None:
        assert self.world.wrong == []
        rows = {found.message_id: found for found in self.look.entries()}
        assert set(rows) == set(self.world.told)
        for message_id, told in self.world.told.items():
            found = rows[message_id]
            told.ever_unknown |= found.state is S.UNKNOWN
            assert (found.state is S.CANCELLED) is (told.says == "no"), (found.state, told.says)
            if found.state is S.SENT:
                assert self.world.accepted[message_id], f"{message_id} counts as sent and was not"
            if found.state in (S.HELD, S.KEPT, S.ORPHANED, S.FAILED) and not told.ever_unknown:
                assert not self.world.accepted[message_id], f"{message_id} went out and is {found.state}"
            if found.state in (S.FAILED, S.UNKNOWN, S.ORPHANED):
                assert found.error, f"{message_id} is {found.state} without a reason"
        for instance in self.instances:
            for told in self.windows(instance):
                is_open = told.window_ends > self.world.seconds
                assert not is_open or rows[told.entry.message_id].state is S.HELD

    def teardown(self) -> None:
        try:
            self.all_is_well_again()
        finally:
            for instance in self.instances:
                instance.die()
            self.look.close()
            shutil.rmtree(self.directory)

    def all_is_well_again(self) -> None:
        """Everything that can end has ended, without a restart and after one."""
        self.world.faults, self.world.refusals, self.world.mailbox.broken = [], [], set()
        self.passes(3)
        stuck = [told for told in self.world.told.values() if self.state(told) in (S.HELD, S.SENDING)]
        assert not stuck, "it hangs until a restart"
        for instance in list(self.instances):
            self.gone(instance)
            instance.die()
        self.passes(3)
        for told in self.world.told.values():
            found = self.look.entry(told.entry.id)
            assert found is not None
            ended = found.state in (S.SENT, S.UNKNOWN, S.ORPHANED, S.CANCELLED)
            waits = found.state is S.KEPT and told.lead and self.state(told.lead) is not S.SENT
            assert ended or waits or (found.state is S.FAILED and found.permanent), found.state

    def passes(self, count: int) -> None:
        for _ in range(count):
            for which in range(len(self.instances) or 1):
                self.wait(which, ((), ()), 3600)
            self.nothing_is_wrong()


@pytest.fixture(autouse=True)
def pristine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SqliteOwnStore(tmp_path / "own.db").close()
    monkeypatch.setattr(Schedules, "pristine", tmp_path / "own.db", raising=False)


RANDOM = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


def test_random_schedules() -> None:
    run_state_machine_as_test(Schedules, settings=RANDOM)


@pytest.mark.long
def test_many_random_schedules() -> None:
    run_state_machine_as_test(
        Schedules, settings=settings(RANDOM, max_examples=600, stateful_step_count=50, derandomize=False)
    )
