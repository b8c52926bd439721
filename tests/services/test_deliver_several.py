"""Several programs on one outbox, with real locks: no other loses what one holds, and only the dead leave orphans."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from regrets.adapters.lock import FileSenderLock, FileSignOfLife
from regrets.adapters.smtp.errors import SENT, SmtpOutcome
from regrets.domain.errors import CannotAnswer, StoreError
from regrets.domain.model import OutboxEntry, OutboxState
from regrets.domain.settings import Account
from tests.services.test_deliver import Desk

S = OutboxState
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "own.db"


def program(path: Path) -> Desk:
    return Desk(path, lock=FileSenderLock(path.with_name("sender.lock")))


def signs(path: Path) -> list[Path]:
    return list(path.parent.glob("open-*.lock"))


def after_a_change_of_sender(path: Path) -> tuple[Desk, str, Desk]:
    """The first sends and ends; a shell's sync becomes the sender while the second holds a reply."""
    first, second = program(path), program(path)
    first.run()
    held = second.hold(seconds=40)
    first.delivery.close()
    shell = program(path)
    assert shell.delivery.recover() == []
    shell.run()
    assert second.state(held) is S.HELD
    assert second.delivery.seconds_left(held) == 40
    return second, held, shell


def test_what_the_second_holds_goes_when_its_window_is_over(path: Path) -> None:
    second, held, shell = after_a_change_of_sender(path)
    assert second.run(40) == 5  # it is handed over
    assert second.state(held) is S.KEPT
    shell.run()
    assert second.state(held) is S.SENT
    assert (len(shell.sender.sent), second.sender.sent) == (1, [])


def test_it_sends_by_itself_once_the_shell_has_ended(path: Path) -> None:
    second, held, shell = after_a_change_of_sender(path)
    shell.delivery.close()
    second.run(40)
    assert (second.state(held), len(second.sender.sent)) == (S.SENT, 1)


def test_undo_still_works(path: Path) -> None:
    second, held, shell = after_a_change_of_sender(path)
    taken = second.delivery.undo_last()
    assert taken is not None
    assert taken.id == held
    shell.run(3600)
    second.run(3600)
    assert shell.sender.sent + second.sender.sent == []


@pytest.mark.parametrize(("how", "state"), [("keep", S.KEPT), ("discard", S.CANCELLED), ("send", S.KEPT)])
def test_quitting_still_works(path: Path, how: str, state: OutboxState) -> None:
    second, held, shell = after_a_change_of_sender(path)
    second.delivery.settle(how)
    second.delivery.close()
    assert shell.state(held) is state  # 'send': the shell is the one that sends
    shell.run()
    assert len(shell.sender.sent) == (state is S.KEPT)


_CHILD = """
import sys
from pathlib import Path
from tests.services.test_deliver_several import program
desk = program(Path(sys.argv[1]))
print(desk.hold(seconds=40), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("sends_already", [True, False])
def test_only_the_reply_of_a_killed_program_is_asked_about(path: Path, sends_already: bool) -> None:
    here = program(path)
    if sends_already:
        here.run()
    run = [sys.executable, "-c", _CHILD, str(path)]
    with subprocess.Popen(run, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        held = child.stdout.readline().strip()
        assert here.delivery.recover() == []
        assert here.state(held) is S.HELD
        assert len(signs(path)) == 1
        child.kill()
    mine = here.hold("mine", 40)
    here.run()
    assert (here.state(held), here.state(mine)) == (S.ORPHANED, S.HELD)
    assert [file.stem for file in signs(path)] == [f"open-{here.found(mine).owner}"]  # nothing of the dead one's
    here.run(40)
    assert (here.state(held), here.state(mine)) == (S.ORPHANED, S.SENT)
    here.delivery.retry(held)
    here.run()
    assert here.state(held) is S.SENT


def test_what_is_held_when_a_program_ends_unsettled_is_asked_about(path: Path) -> None:
    sender, other = program(path), program(path)
    sender.run()
    held = other.hold(seconds=40)
    other.delivery.close()
    sender.run()
    assert sender.state(held) is S.ORPHANED


def test_the_sender_does_not_take_what_it_is_sending_for_left_behind(path: Path) -> None:
    desk = program(path)
    sending = desk.hold("a", 0)
    meanwhile: list[OutboxState] = []

    def answer_another() -> None:
        desk.hold("b", 40)
        desk.delivery.recover()
        meanwhile.append(desk.state(sending))

    desk.sender.during = answer_another
    desk.run()
    assert (meanwhile, desk.state(sending)) == ([S.SENDING], S.SENT)


# --- another program took our reply for left behind (an older version, a lock file that somebody removed) -----------


def taken_for_left_behind(path: Path) -> tuple[Desk, str]:
    desk, other = program(path), program(path)
    held = desk.hold(seconds=40)
    assert [found.id for found in other.own.recover()] == [held]
    return desk, held


def test_the_end_of_our_window_brings_it_back(path: Path) -> None:
    desk, held = taken_for_left_behind(path)
    desk.run(40)
    assert (desk.state(held), desk.found(held).error) == (S.SENT, "")


def test_undo_finds_it(path: Path) -> None:
    desk, held = taken_for_left_behind(path)
    taken = desk.delivery.undo_last()
    assert taken is not None
    assert (taken.id, desk.state(held)) == (held, S.CANCELLED)


@pytest.mark.parametrize(("how", "state"), [("keep", S.KEPT), ("discard", S.CANCELLED), ("send", S.SENT)])
def test_quitting_settles_it(path: Path, how: str, state: OutboxState) -> None:
    desk, held = taken_for_left_behind(path)
    desk.delivery.settle(how)
    assert desk.state(held) is state


def test_undo_leaves_alone_what_another_program_left_behind(path: Path) -> None:
    _, held = taken_for_left_behind(path)
    other = program(path)
    assert other.delivery.undo_last() is None
    assert other.state(held) is S.ORPHANED


# --- a lock that does not hold (its file is removed, or lies where locks are not shared) ----------------------------


@pytest.mark.parametrize("moment", ["connecting", "envelope", "body", "dot-written"])
def test_of_two_senders_one_at_most_writes_the_dot(path: Path, moment: str) -> None:
    """Whenever the second one comes: it takes over what may go again, and the first one ends before its dot; or it
    finds that it may have left, and asks."""
    first, second = Desk(path), Desk(path)  # both have their lock
    item = first.hold(seconds=0)
    dots: list[Desk] = []

    def phases(desk: Desk, after: Callable[[str], None]) -> Callable[..., SmtpOutcome]:
        def send(account: Account, entry: OutboxEntry, phase: Callable[[str], None]) -> SmtpOutcome:
            for name in ("connecting", "envelope", "body", "dot-written"):
                phase(name)
                after(name)
            dots.append(desk)
            return SENT

        return send

    def meanwhile(name: str) -> None:
        if name == moment:
            second.run()

    first.sender.send = phases(first, meanwhile)  # type: ignore[method-assign]
    second.sender.send = phases(second, lambda _: None)  # type: ignore[method-assign]
    first.run()
    first.run(3600)
    second.run(3600)
    assert dots == [first if moment == "dot-written" else second]
    assert first.state(item) is S.SENT
    assert first.found(item).attempts == len(dots) + (moment != "dot-written")


def test_a_lock_whose_file_is_gone_or_another_one_is_none(path: Path) -> None:
    first, second = program(path), program(path)
    first.run()
    path.with_name("sender.lock").unlink()
    second.run()  # becomes the sender
    item = first.hold(seconds=0)
    first.run()
    assert (first.state(item), first.sender.sent) == (S.KEPT, [])
    second.run()
    assert (first.state(item), len(second.sender.sent)) == (S.SENT, 1)
    second.delivery.close()
    again = first.hold("b", 0)
    first.run()  # nobody else is the sender now
    assert (first.state(again), len(first.sender.sent)) == (S.SENT, 1)


def test_a_lock_that_fails_amidst_a_pass_ends_it(path: Path) -> None:
    first, second = program(path), program(path)
    items = [first.hold(name, 0) for name in "ab"]

    def meanwhile() -> None:
        path.with_name("sender.lock").unlink(missing_ok=True)
        assert second.lock.acquire()

    first.sender.during = meanwhile
    first.run()
    assert [first.state(item) for item in items] == [S.SENT, S.KEPT]


# --- quitting says what it could not do -----------------------------------------------------------------------------


def test_a_reply_that_has_left_is_not_said_to_be_discarded(path: Path) -> None:
    desk, shell = program(path), program(path)
    left, still = desk.hold("a", 40), desk.hold("b", 40)
    desk.lock.release()
    shell.delivery.send_now(left, shell.events.append)
    with pytest.raises(CannotAnswer, match="“Declined: Review” was not discarded: it is sent already"):
        desk.delivery.settle("discard")
    assert (desk.state(left), desk.state(still)) == (S.SENT, S.CANCELLED)
    desk.delivery.settle("discard")  # once is enough


def test_a_reply_that_was_taken_back_elsewhere_is_not_said_to_be_kept(path: Path) -> None:
    desk, shell = program(path), program(path)
    held = desk.hold(seconds=40)
    shell.delivery.cancel(held)
    with pytest.raises(CannotAnswer, match="was not kept: it is cancelled already"):
        desk.delivery.settle("keep")
    again = desk.hold("b", 10)  # the user stays and goes on
    desk.run(10)
    assert desk.state(again) is S.SENT


def test_a_disk_that_fails_at_quit_forgets_no_window(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = program(path)
    held = desk.hold(seconds=40)

    def refuse(*_: object, **__: object) -> bool:
        raise StoreError("There is no room left.")

    with monkeypatch.context() as patched:
        patched.setattr(desk.own, "move_state", refuse)
        with pytest.raises(StoreError):
            desk.delivery.settle("keep")
    desk.delivery.settle("keep")
    assert desk.state(held) is S.KEPT


# --- the sign itself ------------------------------------------------------------------------------------------------


def test_the_sign_of_life(tmp_path: Path) -> None:
    mine, other = FileSignOfLife(tmp_path), FileSignOfLife(tmp_path)
    assert mine.living() == frozenset()
    name = mine.show()
    assert mine.show() == name
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert mine.living() == other.living() == {name}
    assert other.show() != name
    assert len(mine.living()) == 2
    mine.end()
    mine.end()
    assert len(other.living()) == len(list(tmp_path.iterdir())) == 1
    other.end()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "open-left.lock").touch()
    (tmp_path / "sender.lock").touch()
    assert mine.living() == frozenset()
    assert [left.name for left in tmp_path.iterdir()] == ["sender.lock"]
    with pytest.raises(StoreError, match="can't be had"):
        FileSignOfLife(tmp_path / "sender.lock").show()
