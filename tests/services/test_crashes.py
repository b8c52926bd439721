"""Killed, or refused by the disk, at every single write, sync, unlink and send between `s` and the mail's delivery:
nothing that was promised is lost, nothing goes out twice, the database stays whole (strace injects the faults)."""

import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.crash_runs import Driver, check, traceable
from tests.support.scripted_smtp import scripted_smtp

DISK = ("pwrite64", "fdatasync", "ftruncate", "unlink")
KILLED = (*DISK, "sendto", "write")
LEAST = {"pwrite64": 50, "fdatasync": 10, "sendto": 7, "write": 3, "unlink": 1, "ftruncate": 1}
JOBS = 2

pytestmark = pytest.mark.skipif(not traceable(), reason="no strace here, or it may not trace (Debian: strace)")


@pytest.fixture(scope="module")
def drivers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Driver]]:
    place = tmp_path_factory.mktemp("crashes")
    made = [Driver(place / str(number)) for number in range(JOBS)]
    yield made
    for driver in made:
        driver.end()


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
            directory, promised, status = driver.run(
                name, call, server, "-e", f"inject={call}:{fault.format(number)}"
            )
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
