"""The outbox at work on a fake clock: windows, taking back, one sender of several, delays, the rate, filing."""

import datetime as dt
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from regrets.adapters.lock import FileSenderLock, FileSignOfLife
from regrets.adapters.smtp.errors import SENT, SmtpOutcome
from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.errors import CannotAnswer, NotFound, StoreError
from regrets.domain.events import Event, OutboxChanged, ignore
from regrets.domain.model import OutboxEntry, OutboxState
from regrets.domain.ports import SenderLock
from regrets.domain.settings import Account, AfterReply, Server
from regrets.services.deliver import Delivery
from tests.support.outbox import NOW, FakeClock, FakeLock, FakeMailbox, FakeSender, account, answer, entry

S = OutboxState
LATER = SmtpOutcome(S.FAILED, "Later.")
NEVER = SmtpOutcome(S.FAILED, "Never.", permanent=True)
UNSURE = SmtpOutcome(S.UNKNOWN, "Unsure.")


class Desk:
    """One instance of the program with fakes around it."""

    def __init__(
        self,
        path: Path,
        outcomes: list[SmtpOutcome | Exception] | None = None,
        *,
        free: bool = True,
        lock: SenderLock | None = None,
        **wishes: object,
    ) -> None:
        self.own = SqliteOwnStore(path)
        self.clock, self.sender, self.mailbox = FakeClock(), FakeSender(outcomes or []), FakeMailbox()
        self.lock = lock or FakeLock(free)
        self.life = FileSignOfLife(path.parent)
        self.account: Account = account(**wishes)  # type: ignore[arg-type]
        self.events: list[Event] = []
        self.delivery = Delivery(
            self.own, self.sender, self.mailbox, [self.account], self.clock, self.lock, self.life, patience=0
        )

    def hold(self, item: str = "item1", seconds: float = 10, number: int = 1) -> str:
        made = entry(item, number)
        return self.delivery.hold(made, answer(made), seconds).id

    def run(self, after: float = 0.0) -> float | None:
        self.clock.seconds += after
        return self.delivery.run_due(self.events.append)

    def found(self, outbox_id: str) -> OutboxEntry:
        found = self.own.entry(outbox_id)
        assert found is not None
        return found

    def state(self, outbox_id: str) -> OutboxState:
        return self.found(outbox_id).state


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "own.db"


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    made = Desk(path)
    yield made
    made.own.close()


# --- the undo window ---------------------------------------------------------------------------------------------


def test_held_then_sent_when_the_window_is_over(desk: Desk) -> None:
    held = desk.hold()
    assert desk.found(held).due == NOW + dt.timedelta(seconds=10)
    assert desk.run() == 10
    assert desk.run(9.75) == 0.25
    assert desk.state(held) is S.HELD
    assert desk.sender.sent == []
    assert desk.run(0.25) is None
    assert desk.state(held) is S.SENT
    assert [event.state for event in desk.events if isinstance(event, OutboxChanged)] == ["sending", "sent"]
    assert desk.run(3600) is None
    assert len(desk.sender.sent) == 1


@pytest.mark.parametrize("after", [0.0, 9.999, 10.0, 10.001])
def test_undone_before_a_pass_is_never_sent(desk: Desk, after: float) -> None:
    held = desk.hold()
    desk.clock.seconds += after
    taken = desk.delivery.undo_last()
    assert taken is not None
    assert (taken.id, taken.state) == (held, S.CANCELLED)
    assert desk.run(100) is None
    assert desk.sender.sent == []
    assert desk.own.answers() == []
    assert desk.delivery.seconds_left(held) == 0


def test_too_late_says_so(desk: Desk) -> None:
    desk.hold()
    desk.run(10)
    with pytest.raises(CannotAnswer, match="Too late to undo: “Declined: Review” has just left"):
        desk.delivery.undo_last()
    desk.clock.seconds += 6
    assert desk.delivery.undo_last() is None
    assert len(desk.sender.sent) == 1


def test_undone_while_it_is_being_sent_is_too_late(desk: Desk) -> None:
    said: list[str] = []

    def undo() -> None:
        with pytest.raises(CannotAnswer) as caught:
            desk.delivery.undo_last()
        said.append(str(caught.value))

    desk.sender.during = undo
    desk.hold()
    desk.run(10)
    assert len(said) == len(desk.sender.sent) == 1


def test_undo_takes_back_the_newest_first(desk: Desk) -> None:
    first, second = desk.hold("a"), desk.hold("b")
    taken = [desk.delivery.undo_last(), desk.delivery.undo_last(), desk.delivery.undo_last()]
    assert [found and found.id for found in taken] == [second, first, None]


def test_a_later_one_that_has_left_already_is_named(desk: Desk) -> None:
    """A final answer is held longer: what is taken back is not the last one then."""
    final, usual, later = desk.hold("a", 60), desk.hold("b", 10), desk.hold("c", 60)
    assert desk.delivery.left_before(final) == ""
    desk.run(10)
    assert desk.state(usual) is S.SENT
    assert [desk.delivery.left_before(each) for each in (final, later)] == ["Declined: Review", ""]
    taken = [desk.delivery.undo_last(), desk.delivery.undo_last()]
    assert [found and found.id for found in taken] == [later, final]
    assert desk.delivery.left_before(final) == "Declined: Review"


def test_seconds_left_runs_on_the_monotonic_clock_alone(desk: Desk) -> None:
    held = desk.hold(seconds=60)
    desk.clock.moment += dt.timedelta(days=2)
    desk.clock.seconds += 12.5
    assert desk.delivery.seconds_left(held) == 47.5
    assert desk.run() == 47.5
    desk.clock.moment -= dt.timedelta(days=4)
    desk.run(47.5)
    assert desk.state(held) is S.SENT
    assert desk.delivery.seconds_left("nothing") == 0


def test_a_second_answer_to_the_same_item_is_refused(desk: Desk) -> None:
    desk.hold("a")
    with pytest.raises(CannotAnswer, match="already on its way"):
        desk.hold("a", number=2)
    desk.delivery.undo_last()
    desk.hold("a", number=2)
    desk.run(10)
    assert desk.sender.sent == ["<a.2@regrets.example>"]


def test_undo_and_the_end_of_the_window_race(path: Path) -> None:
    """Whoever is first wins; never both, never neither."""
    for number in range(30):
        desk = Desk(path.with_name(f"{number}.db"))
        held = desk.hold()
        desk.clock.seconds += 10
        taken: list[OutboxEntry | None] = []

        def undo(desk: Desk = desk, taken: list[OutboxEntry | None] = taken) -> None:
            try:
                taken.append(desk.delivery.undo_last())
            except CannotAnswer:
                taken.append(None)

        threads = [threading.Thread(target=undo), threading.Thread(target=desk.run)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (taken[0] is not None) is (desk.state(held) is S.CANCELLED) is (not desk.sender.sent)
        desk.own.close()


# --- the end of the program --------------------------------------------------------------------------------------


def test_died_in_the_window_is_asked_about(path: Path) -> None:
    desk = Desk(path)
    held = desk.hold()
    desk.life.end()
    again = Desk(path)
    changed = again.delivery.recover()
    assert [(found.id, found.state) for found in changed] == [(held, S.ORPHANED)]
    assert "within the undo window" in again.found(held).error
    assert again.run(3600) is None
    assert again.sender.sent == []
    again.delivery.retry(held)
    again.run()
    assert again.state(held) is S.SENT


@pytest.mark.parametrize(
    ("how", "state", "sent_later"),
    [("send", S.SENT, 1), ("keep", S.KEPT, 1), ("discard", S.CANCELLED, 0)],
)
def test_settled_at_quit(path: Path, how: str, state: OutboxState, sent_later: int) -> None:
    desk = Desk(path)
    held = desk.hold()
    desk.delivery.settle(how)
    assert desk.state(held) is state
    if how != "send":
        desk.run(3600)  # a pass that comes late sends nothing more
    desk.delivery.close()
    assert desk.state(held) is state
    again = Desk(path)
    assert again.delivery.recover() == []
    again.run()
    assert len(desk.sender.sent + again.sender.sent) == sent_later


# --- several instances -------------------------------------------------------------------------------------------


def test_the_second_instance_hands_over(path: Path) -> None:
    first, second = Desk(path), Desk(path, free=False)
    assert first.run() is None
    held = second.hold()
    assert first.run(3600) is None  # another's window is not this one's to end
    assert second.run(10) == 5
    assert second.state(held) is S.KEPT
    first.run()
    assert first.state(held) is S.SENT
    assert (len(first.sender.sent), second.sender.sent) == (1, [])
    assert second.run() is None


def test_the_shell_takes_back_what_the_screen_holds(path: Path) -> None:
    first, second = Desk(path), Desk(path, free=False)
    held = first.hold()
    taken = second.delivery.undo_last()
    assert taken is not None
    assert taken.id == held
    first.run(10)
    assert first.sender.sent == []


def test_becoming_the_sender_later_spares_the_own_windows(path: Path) -> None:
    dead, living = Desk(path), Desk(path, free=False)
    orphan, mine = dead.hold("a"), living.hold("b")
    dead.life.end()
    living.lock.free = True
    living.run(10)
    assert (living.state(orphan), living.state(mine)) == (S.ORPHANED, S.SENT)


def test_send_now_leaves_it_to_the_instance_that_sends(path: Path) -> None:
    shell = Desk(path, free=False)
    queued = shell.hold(seconds=0)
    assert shell.delivery.send_now(queued, ignore).state is S.KEPT
    screen = Desk(path)
    screen.run()
    assert screen.state(queued) is S.SENT


def test_the_lock_of_a_living_process_holds_and_is_private(tmp_path: Path) -> None:
    file = tmp_path / "sender.lock"
    lock = FileSenderLock(file)
    assert lock.acquire()
    assert lock.acquire()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    code = (
        "import sys; from pathlib import Path; from regrets.adapters.lock import FileSenderLock;"
        "print(FileSenderLock(Path(sys.argv[1])).acquire())"
    )
    run = [sys.executable, "-c", code, str(file)]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "False\n"
    threads: list[bool] = []
    thread = threading.Thread(target=lambda: threads.append(lock.acquire()))
    thread.start()
    thread.join()
    assert threads == [True]
    lock.release()
    lock.release()
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "True\n"
    with pytest.raises(StoreError, match="can't be had"):
        FileSenderLock(file / "sender.lock").acquire()


# --- sending -----------------------------------------------------------------------------------------------------


def test_send_now(desk: Desk) -> None:
    queued = desk.hold(seconds=0)
    assert desk.state(queued) is S.KEPT
    found = desk.delivery.send_now(queued, ignore)
    assert (found.state, found.attempts, found.answered_flag, found.sent_copy) == (S.SENT, 1, "done", "done")
    assert desk.delivery.send_now(queued, ignore).state is S.SENT
    assert len(desk.sender.sent) == 1
    with pytest.raises(NotFound):
        desk.delivery.send_now("nothing", ignore)


def test_failed_for_the_time_being_is_tried_again_with_longer_delays(path: Path) -> None:
    desk = Desk(path, [LATER, LATER, LATER])
    queued = desk.hold(seconds=0)
    assert [desk.run(), desk.run(15), desk.run(30)] == [15, 30, 60]
    assert desk.run(59) == 1
    assert desk.found(queued).attempts == 3
    assert len(desk.own.answers()) == 1
    assert desk.run(1) is None
    assert desk.state(queued) is S.SENT


def test_failed_for_good_waits_for_the_user(path: Path) -> None:
    desk = Desk(path, [NEVER])
    queued = desk.hold(seconds=0)
    assert desk.run() is None
    assert desk.run(3600) is None
    assert desk.found(queued).error == "Never."
    assert Desk(path).run(3600) is None
    desk.delivery.retry(queued)
    desk.run()
    assert desk.state(queued) is S.SENT


def test_a_refused_login_is_not_tried_with_every_message(path: Path) -> None:
    desk = Desk(path, [SmtpOutcome(S.FAILED, "No.", permanent=True, account_wide=True)])
    first, second, third = (desk.hold(item, 0) for item in "abc")
    assert desk.run() is None
    desk.run(100_000)
    assert [desk.state(one) for one in (first, second, third)] == [S.FAILED, S.KEPT, S.KEPT]
    desk.delivery.retry(first)
    desk.run()
    assert {desk.state(one) for one in (first, second, third)} == {S.SENT}


def test_at_most_thirty_a_minute(desk: Desk) -> None:
    for number in range(40):
        desk.hold(f"item{number}", 0)
    assert desk.run() == 60
    assert len(desk.sender.sent) == 30
    assert desk.run(59) == 1
    assert len(desk.sender.sent) == 30
    assert desk.run(1) is None
    assert len(desk.sender.sent) == 40
    assert desk.sender.sent == [f"<item{number}.1@regrets.example>" for number in range(40)]


@pytest.mark.parametrize("fault", [StoreError("disk full"), RuntimeError("a fault of ours")])
def test_a_fault_of_ours_before_the_dot_loses_nothing(path: Path, fault: Exception) -> None:
    desk = Desk(path, [fault])
    first, second = desk.hold("a", 0), desk.hold("b", 0)
    desk.run()
    assert [desk.state(first), desk.state(second)] == [S.FAILED, S.SENT]
    desk.run(15)
    assert desk.state(first) is S.SENT


@pytest.mark.parametrize(("ending", "state"), [(SENT, S.UNKNOWN), (LATER, S.FAILED)])
def test_an_outcome_that_the_disk_refused_is_settled_with_the_next_pass(
    path: Path, monkeypatch: pytest.MonkeyPatch, ending: SmtpOutcome, state: OutboxState
) -> None:
    """Not only after a restart: it would be called "sending" for as long as the program runs."""
    desk = Desk(path, [ending, NEVER])
    queued = desk.hold(seconds=0)

    def refuse(*_: object, **__: object) -> None:
        raise StoreError("There is no room left.")

    with monkeypatch.context() as patched:
        patched.setattr(desk.own, "finish", refuse)
        with pytest.raises(StoreError):
            desk.run()
    assert desk.state(queued) is S.SENDING
    desk.run()
    assert desk.state(queued) is state
    assert "cut short" in desk.found(queued).error or desk.found(queued).error == "Never."
    desk.run(3600)
    assert len(desk.sender.sent) == (ending is SENT)


@pytest.mark.parametrize(
    ("moment", "state", "says"),
    [
        ("connecting", S.FAILED, "cut short before it was sent"),
        ("body", S.FAILED, "cut short before it was sent"),
        ("dot-written", S.UNKNOWN, "it may have arrived"),
    ],
)
@pytest.mark.parametrize("way", ["now", "due"])
def test_what_ctrl_c_cuts_off_is_settled_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, moment: str, state: OutboxState, says: str, way: str
) -> None:
    def send(account: Account, entry: OutboxEntry, phase: Callable[[str], None]) -> SmtpOutcome:
        for name in ("connecting", "envelope", "body", "dot-written"):
            phase(name)
            if name == moment:
                raise KeyboardInterrupt
        return SENT

    queued = desk.hold(seconds=0)
    with monkeypatch.context() as patched:
        patched.setattr(desk.sender, "send", send)
        with pytest.raises(KeyboardInterrupt):
            _ = desk.run() if way == "due" else desk.delivery.send_now(queued, desk.events.append)
    assert desk.state(queued) is state
    assert says in desk.found(queued).error
    last = desk.events[-1]
    assert isinstance(last, OutboxChanged)
    assert last.state == state
    desk.run(3600)
    assert (desk.state(queued), len(desk.sender.sent)) == ((S.SENT, 1) if state is S.FAILED else (S.UNKNOWN, 0))


def test_a_face_that_fails_does_not_stop_a_delivery(desk: Desk) -> None:
    def gone(event: Event) -> None:
        raise RuntimeError("the screen is gone")

    queued = desk.hold(seconds=0)
    desk.delivery.run_due(gone)
    assert desk.state(queued) is S.SENT


def test_an_account_that_is_gone(path: Path) -> None:
    desk = Desk(path, name="other")
    queued = desk.hold(seconds=0)
    desk.run()
    found = desk.found(queued)
    assert (found.state, found.permanent) == (S.FAILED, True)
    assert "Account work is not in config.toml" in found.error


def test_cancel(path: Path) -> None:
    desk = Desk(path, [UNSURE, NEVER])
    unsure, never = desk.hold("a", 0), desk.hold("b", 0)
    desk.run()
    sent = desk.hold("c", 0)
    desk.run()
    held, kept = desk.hold("d"), desk.hold("e", 0)
    for one in (unsure, never, held, kept):
        desk.delivery.cancel(one)
        assert desk.state(one) is S.CANCELLED
    with pytest.raises(CannotAnswer, match=r"^It was sent: it can't be taken back"):
        desk.delivery.cancel(sent)
    with pytest.raises(CannotAnswer, match=r"^It was sent: there is nothing to retry"):
        desk.delivery.retry(sent)
    with pytest.raises(CannotAnswer, match=r"^It was taken back already\.$"):
        desk.delivery.cancel(held)
    with pytest.raises(CannotAnswer, match=r"^It was taken back: there is nothing to retry"):
        desk.delivery.retry(held)
    with pytest.raises(NotFound):
        desk.delivery.cancel("nothing")
    desk.run(3600)
    assert len(desk.sender.sent) == 2  # the unsure one and the sent one


def test_unsure_is_looked_for_a_few_times_and_never_sent_again(path: Path) -> None:
    desk = Desk(path, [UNSURE])
    queued = desk.hold(seconds=0)
    waits = [desk.run(), desk.run(5), desk.run(20), desk.run(60), desk.run(300), desk.run(100_000)]
    assert waits == [5, 20, 60, 300, None, None]
    assert [call for call in desk.mailbox.calls if call[0] == "look"] == [("look", "<item1.1@regrets.example>")] * 4
    assert desk.state(queued) is S.UNKNOWN
    assert len(desk.sender.sent) == 1


def test_a_mailbox_that_can_not_be_asked_uses_up_no_look(path: Path) -> None:
    desk = Desk(path, [UNSURE])
    desk.mailbox.broken.add("connect")
    queued = desk.hold(seconds=0)
    assert [desk.run(), desk.run(5), *(desk.run(300) for _ in range(20))] == [5, *[300] * 21]
    desk.mailbox.broken.clear()
    desk.mailbox.in_sent_ids.add(desk.found(queued).message_id)
    desk.run(300)
    assert desk.state(queued) is S.SENT
    assert len(desk.sender.sent) == 1


def test_what_rests_for_lack_of_a_password_goes_once_it_is_typed(path: Path) -> None:
    lacking = SmtpOutcome(S.FAILED, "No password is in the keyring.", account_wide=True)
    desk = Desk(path, [lacking])
    queued = desk.hold(seconds=0)
    assert desk.run() == 15
    assert desk.run(1) == 14
    desk.delivery.lift(desk.account.name)
    desk.run()
    assert desk.state(queued) is S.SENT


def test_sending_again_says_where_sent_could_not_be_looked_into(path: Path) -> None:
    desk = Desk(path, [UNSURE])
    queued = desk.hold(seconds=0)
    desk.run()
    desk.mailbox.broken.add("connect")
    assert "arrives twice" in desk.delivery.retry(queued)
    assert desk.state(queued) is S.KEPT


def test_sending_again_sends_nothing_where_sent_holds_it(path: Path) -> None:
    desk = Desk(path, [UNSURE])
    queued = desk.hold(seconds=0)
    desk.run()
    desk.mailbox.in_sent_ids.add(desk.found(queued).message_id)
    assert "found in Sent" in desk.delivery.retry(queued)
    desk.run(100)
    assert (desk.state(queued), len(desk.sender.sent)) == (S.SENT, 1)


# --- filing ------------------------------------------------------------------------------------------------------


def calls(desk: Desk) -> list[str]:
    return [call[0] for call in desk.mailbox.calls]


@pytest.mark.parametrize(
    ("host", "wish", "copy"),
    [
        ("smtp.gmail.com", "auto", "skipped"),
        ("smtp.office365.com", "auto", "skipped"),
        ("smtp-mail.outlook.com", "auto", "skipped"),
        ("smtp.fastmail.com", "auto", "done"),
        ("smtp.gmail.com", "yes", "done"),
        ("smtp.fastmail.com", "no", "skipped"),
    ],
)
def test_the_copy_in_sent(path: Path, host: str, wish: str, copy: str) -> None:
    desk = Desk(path, smtp=Server(host, 465), after_reply=AfterReply("", wish))
    queued = desk.hold(seconds=0)
    desk.run()
    found = desk.found(queued)
    assert (found.state, found.sent_copy, found.answered_flag) == (S.SENT, copy, "done")
    assert ("copy" in calls(desk)) is (copy == "done")


def test_one_login_files_them_all_and_moves_last(path: Path) -> None:
    desk = Desk(path, after_reply=AfterReply("Answered"))
    for item in "ab":
        desk.hold(item, 0)
    desk.run()
    assert calls(desk) == ["connect", "mark", "copy", "move", "mark", "copy", "move", "close"]
    desk.run(100)
    assert len(desk.mailbox.calls) == 8


@pytest.mark.parametrize(
    ("broken", "flag", "copy"),
    [
        ("connect", "failed", "failed"),
        ("mark", "failed", "done"),
        ("copy", "done", "failed"),
        ("move", "done", "done"),
    ],
)
def test_filing_that_fails_is_shown_and_sends_nothing_again(path: Path, broken: str, flag: str, copy: str) -> None:
    desk = Desk(path, after_reply=AfterReply("Answered"))
    desk.mailbox.broken = {broken}
    queued = desk.hold(seconds=0)
    desk.run()
    desk.run(3600)
    found = desk.found(queued)
    assert (found.state, found.answered_flag, found.sent_copy) == (S.SENT, flag, copy)
    last = desk.events[-1]
    assert isinstance(last, OutboxChanged)
    assert last.state == "sent"
    assert last.error.startswith("Sent, but")
    assert len(desk.sender.sent) == 1


def test_filing_cut_short_by_a_crash_goes_on_at_the_next_start(path: Path) -> None:
    made = entry(state=S.SENT, phase="accepted")
    SqliteOwnStore(path).add(made, answer(made))
    desk = Desk(path)
    desk.run()
    assert (desk.found(made.id).answered_flag, desk.found(made.id).sent_copy) == ("done", "done")
    assert desk.sender.sent == []


def test_an_answer_to_no_mail_needs_no_mailbox(path: Path) -> None:
    desk = Desk(path, after_reply=AfterReply("", "no"))
    made = entry(folder="", uid=0)
    desk.delivery.hold(made, answer(made), 0)
    desk.run()
    assert desk.state(made.id) is S.SENT
    assert desk.mailbox.calls == []
