"""The power is cut between `s` and the mail's delivery, on a disk that keeps only what was synced: the same promises
hold as after a kill. The model (tests/support/power_loss.py) is shown to see what a careless database would lose."""

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.crash_driver import NOW
from tests.support.crash_runs import Driver, check, traceable
from tests.support.power_loss import (
    CALLS,
    OPTIONS,
    Moment,
    Survivors,
    every_other,
    everything,
    first_half,
    moments,
    nothing,
    second_half,
)
from tests.support.scripted_smtp import scripted_smtp

pytestmark = pytest.mark.skipif(not traceable(), reason="no strace here, or it may not trace (Debian: strace)")
SAID = ("queued now", "queued later", "queued taken", "undone taken", "kept later", "ended")


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    made = Driver(tmp_path_factory.mktemp("power") / "runs")
    yield made
    made.end()


def traced(driver: Driver, wishes: str) -> list[Moment]:
    """Each moment of one run in which nothing goes wrong."""
    trace = driver.place / f"{wishes}.trace"
    with scripted_smtp() as server:
        directory, promised, status = driver.run(wishes, CALLS, server, *OPTIONS, trace=str(trace), wishes=wishes)
        assert (status, promised, server.accepted) == (0, set(SAID), [NOW.message_id])
        found = list(moments(trace, directory, driver.pristine))
    assert (found[-1].promised, found[-1].dot, found[-1].pending) == (SAID, True, ())
    assert found[-1].safe["own.db"] == (directory / "own.db").read_bytes()  # the model knows every byte
    return found


@pytest.fixture(scope="module")
def run(driver: Driver) -> list[Moment]:
    return traced(driver, "undo")


def cut(moment: Moment, directory: Path, survivors: Survivors) -> None:
    """The power goes at this moment, and the program is started again."""
    moment.rebuilt(directory, survivors)
    with scripted_smtp() as server:
        server.accepted += [NOW.message_id] * moment.dot
        check(directory, set(moment.promised), server)
    shutil.rmtree(directory)


def cut_each(moments: Sequence[Moment], place: Path, survivors: Survivors) -> None:
    with ThreadPoolExecutor(4) as pool:  # they wait for the disk, mostly
        list(pool.map(lambda each: cut(each[1], place / str(each[0]), survivors), enumerate(moments)))


def test_only_what_was_synced_is_left(run: list[Moment], tmp_path: Path) -> None:
    """At each moment in which the disk or what was promised is another than before."""
    different = [
        now
        for before, now in zip([Moment(), *run], run, strict=False)
        if (before.safe, before.promised, before.dot) != (now.safe, now.promised, now.dot)
    ]
    assert {len(now.promised) for now in different} == set(range(len(SAID) + 1))
    cut_each(different, tmp_path, nothing)
    assert len(different) > 20


def test_the_model_sees_what_a_careless_database_loses(driver: Driver, tmp_path: Path) -> None:
    """With synchronous=NORMAL, each acknowledged answer is lost until the journal is copied at the end."""
    careless = traced(driver, "undo+careless")
    for said in SAID[:5]:
        moment = next(now for now in careless if now.promised and now.promised[-1] == said)
        with pytest.raises(AssertionError, match="is lost"):
            cut(moment, tmp_path / said, nothing)


@pytest.mark.long
@pytest.mark.parametrize("survivors", [nothing, everything, first_half, second_half, every_other])
def test_whatever_is_left_of_what_was_not_synced(run: list[Moment], tmp_path: Path, survivors: Survivors) -> None:
    """At every single call."""
    assert len(run) > 100
    cut_each(run, tmp_path, survivors)
