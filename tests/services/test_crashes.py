"""Killed, or refused by the disk, at every single write, sync, unlink and send between `s` and the mail's delivery:
nothing that was promised is lost, nothing goes out twice, the database stays whole (strace injects the faults)."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.events import ignore
from regrets.domain.model import OutboxState
from tests.support.crash_driver import LATER, NOW, Program
from tests.support.scripted_smtp import ScriptedSmtp, scripted_smtp

S = OutboxState
ROOT = Path(__file__).resolve().parents[2]
DISK = ("pwrite64", "fdatasync", "ftruncate", "unlink")
KILLED = (*DISK, "sendto", "write")
LEAST = {"pwrite64": 50, "fdatasync": 10, "sendto": 7, "write": 3, "unlink": 1, "ftruncate": 1}
JOBS = 2


def _traceable() -> bool:
    if not shutil.which("strace"):
        return False
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        tried = ["strace", "-o", os.devnull, "-e", "inject=chdir:error=EIO", "true"]
        return subprocess.run(tried, capture_output=True, timeout=10, check=False).returncode == 0
    return False


pytestmark = pytest.mark.skipif(not _traceable(), reason="no strace here, or it may not trace (Debian: strace)")


class Driver:
    """`crash_driver`, ready to run on one directory after another."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.place.mkdir()
        SqliteOwnStore(place / "pristine" / "own.db").close()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.crash_driver"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()

    def run(
        self, name: str, calls: str, server: ScriptedSmtp, fault: str = "", trace: str = os.devnull
    ) -> tuple[Path, set[str], int]:
        """Its directory afterwards, what it has said, its status (negative: the signal)."""
        directory = self.place / name
        shutil.copytree(self.place / "pristine", directory)
        self._tell(f"{directory} {server.port}")
        pid = self._hear().removeprefix("pid ")
        faults = ["-e", f"inject={calls}:{fault}"] if fault else []
        tracer = subprocess.Popen(
            ["strace", "-f", "-o", trace, "-e", f"trace={calls}", *faults, "-p", pid], stderr=subprocess.PIPE
        )
        assert tracer.stderr
        with tracer.stderr as said:
            line = said.readline()
            assert b"attached" in line, line
            self._tell("go\n")
            promised = set()
            while not (heard := self._hear()).startswith("status "):
                promised.add(heard)
            said.read()
        tracer.wait()
        return directory, promised, int(heard.removeprefix("status "))

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line.encode())

    def _hear(self) -> str:
        assert self._process.stdout
        line = b""
        while not line.endswith(b"\n"):
            byte = self._process.stdout.read(1)
            assert byte, "the driver is gone"
            line += byte
        return line.decode().strip()


@pytest.fixture(scope="module")
def drivers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Driver]]:
    place = tmp_path_factory.mktemp("crashes")
    made = [Driver(place / str(number)) for number in range(JOBS)]
    yield made
    for driver in made:
        driver.end()


def check(directory: Path, promised: set[str], server: ScriptedSmtp) -> None:
    """Starts again, twice, and looks at what became of the two answers."""
    with contextlib.closing(sqlite3.connect(directory / "own.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for _ in range(2):
        again = Program(directory, server.port)
        found = again.delivery.recover()
        assert not any(entry.state is S.SENDING for entry in again.own.entries()), found
        for _ in range(2):
            again.clock.seconds += 3600
            again.delivery.run_due(ignore)
        states = {entry.item_id: entry.state for entry in again.own.entries()}
        answered = {record.item_id for record in again.own.answers()}
        again.end()
    sent = {entry.item_id: server.accepted.count(entry.message_id) for entry in (NOW, LATER)}
    for item, times in sent.items():
        state = states.get(item)
        assert times <= 1, f"{item} went out {times} times"
        if f"queued {item}" in promised:
            assert state is not None, f"{item} is lost"
            assert item in answered
        assert state in (None, S.SENT, S.UNKNOWN, S.ORPHANED), f"{item} is left {state}"
        assert state is not S.SENT or times == 1, f"{item} counts as sent and was not"
        assert state in (S.SENT, S.UNKNOWN) or times == 0, f"{item} went out and is {state}"
    if "kept later" in promised:
        assert states["later"] is S.SENT
    elif "queued later" in promised:  # its window was open: it is asked about, unless it was already kept
        assert states["later"] in (S.ORPHANED, S.SENT)


Points = list[tuple[str, int]]


@pytest.fixture(scope="module")
def points(drivers: list[Driver], tmp_path_factory: pytest.TempPathFactory) -> Points:
    """(system call, how many of these came before it) of a run in which nothing goes wrong."""
    trace = tmp_path_factory.mktemp("trace") / "calls"
    with scripted_smtp() as server:
        directory, promised, status = drivers[0].run("clean", ",".join(KILLED), server, trace=str(trace))
        assert (status, "ended" in promised, len(server.accepted)) == (0, True, 1)
        check(directory, promised, server)
    made = Counter(line.split()[1].partition("(")[0] for line in trace.read_text().splitlines())
    assert all(made[call] >= least for call, least in LEAST.items()), made
    return [(call, number) for call in KILLED for number in range(1, made[call] + 1)]


def each(drivers: list[Driver], points: Points, fault: str) -> list[tuple[set[str], int]]:
    """A run for each point with the fault there: what was said, and the statuses. All are checked."""
    assert len(points) > 20

    def one(driver: Driver, call: str, number: int) -> tuple[set[str], int]:
        with scripted_smtp() as server:
            name = f"{call}-{number}-{fault[:12].replace(':', '-')}"
            directory, promised, status = driver.run(name, call, server, fault.format(number))
            check(directory, promised, server)
        shutil.rmtree(directory)
        return promised, status

    shares = [(driver, points[index::JOBS]) for index, driver in enumerate(drivers)]
    with ThreadPoolExecutor(JOBS) as pool:
        ends = pool.map(lambda share: [one(share[0], *point) for point in share[1]], shares)
        return [end for share in ends for end in share]


def test_killed_at_every_point(drivers: list[Driver], points: Points) -> None:
    ends = each(drivers, points, "signal=KILL:when={}")
    assert {status for _, status in ends} == {-signal.SIGKILL}
    assert {len(promised) for promised, _ in ends} == {0, 1, 2, 3}  # in every stretch of the work


@pytest.mark.parametrize("fault", ["error=EIO:when={}", "error=ENOSPC:when={}+"])
def test_the_disk_refuses_at_every_point(drivers: list[Driver], points: Points, fault: str) -> None:
    """A bad sector once; a disk that is full stays full."""
    ends = each(drivers, [point for point in points if point[0] in DISK], fault)
    assert {status for _, status in ends} <= {0, 3}  # 3: a StoreError, for the user to read
    for promised, status in ends:
        assert (status == 3) == any(line.startswith("error ") for line in promised)
    assert sum(status == 3 for _, status in ends) > 20
