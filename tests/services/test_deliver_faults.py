"""A real sender, a real database, and a server that fails at each point: what is known afterwards, and that the
server never accepts a message twice."""

import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from regrets.adapters.lock import FileSenderLock, FileSignOfLife
from regrets.adapters.smtp.sender import SmtpSender
from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.events import ignore
from regrets.domain.model import OutboxEntry, OutboxState
from regrets.services.deliver import Delivery
from tests.support.outbox import FakeClock, FakeMailbox, FakeSecrets, account, answer, entry
from tests.support.scripted_smtp import DROP, SILENCE, STALL, scripted_smtp

S = OutboxState
BIG = "x" * 70 + "\r\n"


class Program:
    """One run of the program on a data directory."""

    def __init__(self, directory: Path, port: int, timeout: float = 2.0) -> None:
        self.own = SqliteOwnStore(directory / "own.db")
        self.lock, self.life = FileSenderLock(directory / "sender.lock"), FileSignOfLife(directory)
        self.clock = FakeClock()
        self.mailbox = FakeMailbox()
        sender = SmtpSender(FakeSecrets(), timeout=timeout, deadline=timeout)
        self.delivery = Delivery(self.own, sender, self.mailbox, [account(port)], self.clock, self.lock, self.life)

    def hold(self, made: OutboxEntry, seconds: float = 10) -> OutboxEntry:
        return self.delivery.hold(made, answer(made), seconds)

    def found(self, made: OutboxEntry) -> OutboxEntry:
        found = self.own.entry(made.id)
        assert found is not None
        return found

    def end(self) -> None:
        """As at a crash: nothing is settled, the system takes the locks back."""
        self.life.end()
        self.lock.release()
        self.own.close()


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    return tmp_path / "data"


FAILS, ASKS = (S.FAILED, False), (S.UNKNOWN, False)
REFUSED = (S.FAILED, True)

# fault: replies, the state and whether for good, the phase on disk, accepted before and after a restart
FAULTS = {
    "silent greeting": ({"greeting": SILENCE}, FAILS, "connecting", 0, 1),
    "dropped greeting": ({"greeting": DROP}, FAILS, "connecting", 0, 1),
    "greeting 421": ({"greeting": b"421 busy\r\n"}, FAILS, "connecting", 0, 1),
    "greeting 554": ({"greeting": b"554 no\r\n"}, REFUSED, "connecting", 0, 0),
    "bad EHLO": ({"EHLO": b"xyzzy\r\n"}, FAILS, "connecting", 0, 1),
    "EHLO refused": ({"EHLO": b"502 what\r\n"}, REFUSED, "connecting", 0, 0),
    "EHLO dropped": ({"EHLO": DROP}, FAILS, "connecting", 0, 1),
    "AUTH 535": ({"AUTH": b"535 5.7.8 no\r\n"}, REFUSED, "connecting", 0, 0),
    "AUTH 454": ({"AUTH": b"454 later\r\n"}, FAILS, "connecting", 0, 1),
    "half a reply to AUTH": ({"AUTH": b"2" + DROP}, FAILS, "connecting", 0, 1),
    "AUTH dropped": ({"AUTH": DROP}, FAILS, "connecting", 0, 1),
    "MAIL 550": ({"MAIL": b"550 not you\r\n"}, REFUSED, "envelope", 0, 0),
    "MAIL 451": ({"MAIL": b"451 later\r\n"}, FAILS, "envelope", 0, 1),
    "MAIL dropped": ({"MAIL": DROP}, FAILS, "envelope", 0, 1),
    "RCPT 550": ({"RCPT": b"550 unknown user\r\n"}, REFUSED, "envelope", 0, 0),
    "RCPT 450": ({"RCPT": b"450 greylisted\r\n"}, FAILS, "envelope", 0, 1),
    "DATA 554": ({"DATA": b"554 no\r\n"}, REFUSED, "body", 0, 0),
    "DATA 451": ({"DATA": b"451 later\r\n"}, FAILS, "body", 0, 1),
    "DATA dropped": ({"DATA": DROP}, FAILS, "body", 0, 1),
    "dropped in the body": ({"body": DROP}, FAILS, "body", 0, 1),
    "dropped after the dot": ({"dot": DROP}, ASKS, "dot-written", 1, 1),
    "silent after the dot": ({"dot": SILENCE}, ASKS, "dot-written", 1, 1),
    "half a reply": ({"dot": b"25" + DROP}, ASKS, "dot-written", 1, 1),
    "a reply without an end": ({"dot": b"250" + DROP}, ASKS, "dot-written", 1, 1),
    "half a long reply": ({"dot": b"250-one\r\n" + DROP}, ASKS, "dot-written", 1, 1),
    "garbage reply": ({"dot": b"okay then\r\n"}, ASKS, "dot-written", 1, 1),
    "reply 354": ({"dot": b"354 go on\r\n"}, ASKS, "dot-written", 1, 1),
    "451 after the dot": ({"dot": b"451 4.3.0 later\r\n"}, FAILS, "dot-written", 0, 1),
    "421 after the dot": ({"dot": b"421 closing\r\n" + DROP}, FAILS, "dot-written", 0, 1),
    "554 after the dot": ({"dot": b"554 5.7.1 spam\r\n"}, REFUSED, "dot-written", 0, 0),
    "250, QUIT dropped": ({"QUIT": DROP}, (S.SENT, False), "accepted", 1, 1),
    "250, then dropped": ({"dot": b"250 ok\r\n" + DROP}, (S.SENT, False), "accepted", 1, 1),
    "multi-line 250": ({"dot": b"250-two\r\n250 lines\r\n"}, (S.SENT, False), "accepted", 1, 1),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_known_after_a_fault(directory: Path, name: str) -> None:
    faults, (state, permanent), phase, before, after = FAULTS[name]
    on_disk_at_dot = []

    def look() -> None:
        with sqlite3.connect(directory / "own.db") as reader:
            on_disk_at_dot.append(reader.execute("SELECT phase FROM outbox").fetchone()[0])
        reader.close()

    silent = SILENCE in faults.values()
    with scripted_smtp(faults, at_dot=look) as server:
        program = Program(directory, server.port, timeout=0.3 if silent else 5)
        made = program.hold(entry(body=BIG * 60_000 if "body" in faults else "No."))
        program.clock.seconds += 10
        program.delivery.run_due(ignore)
        found = program.found(made)
        assert (found.state, found.permanent, found.phase) == (state, permanent, phase), found.error
        assert (found.error == "") is (state is S.SENT)
        assert len(server.accepted) == before
        assert on_disk_at_dot == (["dot-written"] if phase in ("dot-written", "accepted") else [])
        for _ in range(3):  # the same run goes on
            program.clock.seconds += 3600
            program.delivery.run_due(ignore)
        program.end()

        again = Program(directory, server.port)  # and another one, against a server that is well
        again.delivery.recover()
        for _ in range(3):
            again.clock.seconds += 3600
            again.delivery.run_due(ignore)
        assert len(server.accepted) == after
        assert again.found(made).state is (S.SENT if after and state is not S.UNKNOWN else state)
        again.end()


def test_no_server_at_all(directory: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    program = Program(directory, port)
    made = program.hold(entry(), 0)
    wait = program.delivery.run_due(ignore)
    found = program.found(made)
    assert (found.state, found.permanent, found.phase) == (S.FAILED, False, "connecting")
    assert "takes no connection" in found.error
    assert wait == 15
    program.end()


def test_one_refused_recipient_and_nobody_gets_it(directory: Path) -> None:
    with scripted_smtp({"RCPT": b"550 no such user\r\n"}) as server:
        program = Program(directory, server.port)
        made = program.hold(entry(recipients=("a@x.example", "b@x.example")), 0)
        program.delivery.run_due(ignore)
        assert "a@x.example" in program.found(made).error
        assert "DATA" not in server.commands
        program.end()


def test_what_is_uncertain_is_found_in_sent(directory: Path) -> None:
    with scripted_smtp({"dot": DROP}) as server:
        program = Program(directory, server.port)
        made = program.hold(entry(), 0)
        wait = program.delivery.run_due(ignore)
        assert program.found(made).state is S.UNKNOWN
        assert "may have arrived" in program.found(made).error
        assert wait == 5
        program.clock.seconds += 5
        program.delivery.run_due(ignore)
        assert program.found(made).state is S.UNKNOWN  # absence proves nothing
        program.mailbox.in_sent_ids.add(made.message_id)
        program.clock.seconds += 20
        program.delivery.run_due(ignore)
        found = program.found(made)
        assert (found.state, found.answered_flag, found.sent_copy) == (S.SENT, "done", "skipped")
        assert len(server.accepted) == 1
        program.end()


def test_the_user_may_send_what_is_uncertain_again_unless_sent_holds_it(directory: Path) -> None:
    with scripted_smtp({"dot": DROP}, connections=2) as server:
        program = Program(directory, server.port)
        first, second = program.hold(entry("a"), 0), program.hold(entry("b"), 0)
        program.delivery.run_due(ignore)
        assert [program.found(made).state for made in (first, second)] == [S.UNKNOWN, S.UNKNOWN]
        program.mailbox.in_sent_ids.add(first.message_id)
        program.delivery.retry(first.id)
        program.delivery.retry(second.id)
        program.delivery.run_due(ignore)
        assert [program.found(made).state for made in (first, second)] == [S.SENT, S.SENT]
        assert sorted(server.accepted) == sorted([first.message_id, second.message_id, second.message_id])
        program.end()


_CHILD = """
import sys
from pathlib import Path
from tests.services.test_deliver_faults import Program
from tests.support.outbox import entry
from regrets.domain.events import ignore
program = Program(Path(sys.argv[1]), int(sys.argv[2]), 60)
program.hold(entry(), 0)
program.delivery.run_due(ignore)
"""


@pytest.mark.parametrize(
    ("point", "state", "accepted"),
    [("greeting", S.SENT, 1), ("RCPT", S.SENT, 1), ("DATA", S.SENT, 1), ("dot", S.UNKNOWN, 1)],
)
def test_killed_in_the_middle(directory: Path, point: str, state: OutboxState, accepted: int) -> None:
    root = Path(__file__).parents[2]
    with scripted_smtp({point: STALL}) as server:
        child = subprocess.Popen([sys.executable, "-c", _CHILD, str(directory), str(server.port)], cwd=root)
        assert server.reached.wait(20)
        child.kill()
        child.wait()
        program = Program(directory, server.port)
        (left,) = program.delivery.recover()
        assert left.state is (S.UNKNOWN if point == "dot" else S.FAILED)
        for _ in range(3):
            program.clock.seconds += 3600
            program.delivery.run_due(ignore)
        assert program.found(left).state is state
        assert len(server.accepted) == accepted
        program.end()
