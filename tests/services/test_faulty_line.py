"""Deliveries and syncs over a line that is slow, cut after some bytes, or silent: what is known afterwards is true,
nothing is half stored, and once the line is well everything is done, once."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from regrets.adapters.imap.client import Limits
from regrets.adapters.imap.connection import ImapSource
from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.events import SyncFinished, ignore
from regrets.domain.model import OutboxState, Row, State
from regrets.domain.settings import Server
from regrets.services.sync import MOST_CONNECTIONS
from tests.services.test_deliver_faults import Program
from tests.services.test_sync import Bench
from tests.support.dovecot import PASSWORD, Dovecot, dovecot
from tests.support.fault_proxy import Fault, fault_proxy
from tests.support.mails import calendar, ordinary, shapes
from tests.support.outbox import entry
from tests.support.scripted_smtp import scripted_smtp

S = OutboxState
HOWS = ("close", "reset", "stall")
QUICK = Limits(connect=2, quiet=0.3, command=0.6)
PATIENT = Limits(connect=10, quiet=10, command=30)


def cuts(up: int, down: int, step: int, *hows: str) -> list[Fault]:
    """After each `step` bytes of what a whole conversation takes."""
    made = [Fault(up=number, then=how) for how in hows for number in range(1, up, step)]
    return made + [Fault(down=number, then=how) for how in hows for number in range(1, down, step)]


# --- SMTP --------------------------------------------------------------------------------------------------------


class Deliveries:
    """One answer after another, each on a data directory of its own."""

    def __init__(self, place: Path) -> None:
        self.place, self.number = place, 0
        SqliteOwnStore(place / "pristine" / "own.db").close()

    def through(self, fault: Fault) -> tuple[OutboxState, int, int]:
        """The state after one pass, and the bytes of the conversation. What is known is true, and once the line is
        well the server has the answer exactly once, unless it had to be asked about."""
        self.number += 1
        directory = self.place / str(self.number)
        shutil.copytree(self.place / "pristine", directory)
        waits = fault.half_open or fault.then == "stall"
        with scripted_smtp() as server:
            with fault_proxy(server.port, fault) as proxy:
                program = Program(directory, proxy.port, timeout=0.3 if waits else 10)
                made = program.hold(entry(), 0)
                program.delivery.run_due(ignore)
                found = program.found(made)
                program.end()
            assert found.state in (S.SENT, S.FAILED, S.UNKNOWN), fault
            assert (found.error == "") is (found.state is S.SENT), fault
            assert not found.permanent, fault
            again = Program(directory, server.port)
            again.delivery.recover()
            again.clock.seconds += 3600
            again.delivery.run_due(ignore)
            assert again.found(made).state is (S.UNKNOWN if found.state is S.UNKNOWN else S.SENT), fault
            again.end()
            assert len(server.accepted) == 1 or (found.state is S.UNKNOWN and not server.accepted), fault
        shutil.rmtree(directory)
        return found.state, proxy.up, proxy.down


@pytest.fixture
def deliveries(tmp_path: Path) -> Deliveries:
    return Deliveries(tmp_path)


def delivered(deliveries: Deliveries, step: int, *hows: str) -> None:
    state, up, down = deliveries.through(Fault())
    assert (state, up > 200, down > 100) == (S.SENT, True, True)
    states = [deliveries.through(fault)[0] for fault in cuts(up, down, step, *hows)]
    assert set(states) == {S.SENT, S.FAILED, S.UNKNOWN}  # before, within and after the reply to the final dot


def test_a_delivery_that_is_cut_off(deliveries: Deliveries) -> None:
    delivered(deliveries, 23, "reset")


@pytest.mark.long
@pytest.mark.parametrize("how", HOWS)
def test_a_delivery_that_is_cut_off_after_each_byte(deliveries: Deliveries, how: str) -> None:
    delivered(deliveries, 1 if how != "stall" else 5, how)


def test_a_delivery_over_a_slow_and_over_a_silent_line(deliveries: Deliveries) -> None:
    assert deliveries.through(Fault(pause=0.01, piece=40))[0] is S.SENT
    assert deliveries.through(Fault(half_open=True))[0] is S.FAILED
    assert deliveries.through(Fault(up=100, then="stall"))[0] is S.FAILED
    _, up, _ = deliveries.through(Fault())
    assert deliveries.through(Fault(up=up - len("quit\r\n.\r\n"), then="stall"))[0] is S.UNKNOWN


# --- IMAP --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


class Syncs:
    """Syncs of a mailbox of which two mails are known already, each on a cache of its own."""

    def __init__(self, place: Path, server: Dovecot) -> None:
        self.place, self.server, self.number = place, server, 0
        mails = [shapes(calendar(f"{name}@kovin.example", summary=name))[name] for name in shapes("")]
        server.deliver_all(mails[:2])
        self.before = self.rows(self.pass_(place / "before", server.plain_port))
        server.deliver_all(ordinary() + mails[2:])
        self.whole = self.rows(self.pass_(place / "whole", server.plain_port))
        assert (len(self.before), len(self.whole)) == (2, len(mails))

    def pass_(
        self,
        path: Path,
        port: int,
        limits: Limits = PATIENT,
        said: list[SyncFinished] | None = None,
        reconnects: Sequence[float] = (),
    ) -> Bench:
        secrets = SimpleNamespace(password=lambda account: PASSWORD)
        source = ImapSource(secrets, limits=limits, compression=False)  # type: ignore[arg-type]
        bench = Bench(path, source, reconnects)
        account = dataclasses.replace(self.server.account("none"), imap=Server("127.0.0.1", port, "none"))
        finished = bench.run(account)
        if said is not None:
            said.append(finished)
        return bench

    @staticmethod
    def rows(bench: Bench) -> dict[str, Row]:
        found = {row.id: row for row in bench.cache.rows()}
        bench.cache.close()
        return found

    def through(self, fault: Fault, limits: Limits = PATIENT) -> tuple[bool, int, int, int]:
        """Whether it said that something went wrong, how many rows there were then, and the bytes. No row is half
        there, none is gone, and a pass over a line that is well finds the rest."""
        self.number += 1
        path, said = self.place / str(self.number), list[SyncFinished]()
        shutil.copytree(self.place / "before", path)
        with fault_proxy(self.server.plain_port, fault) as proxy:
            rows = self.rows(self.pass_(path, proxy.port, limits, said))
        assert self.before.items() <= rows.items() <= self.whole.items(), fault
        assert said[0].errors or rows == self.whole, fault
        assert self.rows(self.pass_(path, self.server.plain_port, said=said)) == self.whole, fault
        assert said[1].errors == (), fault
        shutil.rmtree(path)
        return bool(said[0].errors), len(rows), proxy.up, proxy.down


@pytest.fixture
def syncs(tmp_path_factory: pytest.TempPathFactory, server: Dovecot, request: pytest.FixtureRequest) -> Syncs:
    return Syncs(tmp_path_factory.mktemp("syncs"), server.as_user(request.node.name.replace("[", "-").rstrip("]")))


def synced(syncs: Syncs, step: Callable[[int], int], limits: Limits, *hows: str) -> None:
    wrong, count, up, down = syncs.through(Fault())
    assert (wrong, count, up > 500, down > 5000) == (False, len(syncs.whole), True, True)
    made = [Fault(up=number, then=how) for how in hows for number in range(1, up, step(up))]
    made += [Fault(down=number, then=how) for how in hows for number in range(1, down, step(down))]
    ends = [syncs.through(fault, limits) for fault in made]
    assert {wrong for wrong, *_ in ends} <= {True, False}
    assert sum(wrong for wrong, *_ in ends) > len(ends) // 2


@pytest.mark.dovecot
def test_a_sync_that_is_cut_off(syncs: Syncs) -> None:
    synced(syncs, lambda size: size // 9, PATIENT, "reset")


@pytest.mark.dovecot
def test_a_sync_over_a_slow_and_over_a_silent_line(syncs: Syncs) -> None:
    assert syncs.through(Fault(pause=0.002, piece=500))[:2] == (False, len(syncs.whole))
    assert syncs.through(Fault(half_open=True), QUICK)[:2] == (True, len(syncs.before))
    assert syncs.through(Fault(up=150, then="stall"), QUICK)[:2] == (True, len(syncs.before))
    assert syncs.through(Fault(down=5000, then="stall"), QUICK)[0]


@pytest.mark.dovecot
@pytest.mark.parametrize("how", HOWS)
def test_a_pass_goes_on_over_a_line_that_breaks_again_and_again(syncs: Syncs, how: str) -> None:
    """Each connection brings something before it breaks, so one pass finds everything."""
    _, _, _, whole = syncs.through(Fault())
    limits, said = QUICK if how == "stall" else PATIENT, list[SyncFinished]()
    shutil.copytree(syncs.place / "before", syncs.place / how)
    with fault_proxy(syncs.server.plain_port, Fault(down=whole * 2 // 3, then=how)) as proxy:
        found = syncs.rows(syncs.pass_(syncs.place / how, proxy.port, limits, said, reconnects=(0.0, 0.0, 0.0)))
        assert proxy.down > whole
    assert (found, said[0].errors) == (syncs.whole, ())


@pytest.mark.dovecot
@pytest.mark.parametrize(
    ("item", "how"), [("BODYSTRUCTURE", "close"), ("INTERNALDATE", "reset"), ("BODYSTRUCTURE", "stall")]
)
def test_a_mail_at_which_the_server_breaks_off_costs_one_row(syncs: Syncs, item: str, how: str) -> None:
    uid = max(syncs.server.uids()) - 1  # newer and older ones are in the same batch
    fault = Fault(at=f"FETCH (UID {uid} {item}".encode(), then=how)
    path, said = syncs.place / "stumbles", list[SyncFinished]()
    limits = QUICK if how == "stall" else PATIENT
    with fault_proxy(syncs.server.plain_port, fault) as proxy:
        found = syncs.rows(syncs.pass_(path, proxy.port, limits, said, reconnects=(0.0, 0.0, 0.0)))
        assert said[0].errors == ()
        assert proxy.connections <= MOST_CONNECTIONS
        (lost,) = syncs.whole.keys() - found.keys()
        (row,) = (row for item_id, row in found.items() if item_id not in syncs.whole)
        assert {**found, lost: syncs.whole[lost]} == {**syncs.whole, row.id: row}
        assert (row.state, row.summary) == (State.UNREADABLE, f"Mail {uid} of INBOX")
        assert (
            syncs.rows(syncs.pass_(path, proxy.port, limits, said)) == found
        )  # asked for again, and still not to be had
        assert said[1].errors == ()
    assert syncs.rows(syncs.pass_(path, syncs.server.plain_port, said=said)) == syncs.whole
    assert (said[2].new, said[2].gone, said[2].errors) == (1, 1, ())


@pytest.mark.long
@pytest.mark.dovecot
@pytest.mark.parametrize("how", HOWS)
def test_a_sync_that_is_cut_off_at_many_points(syncs: Syncs, how: str) -> None:
    step = {"stall": 40}.get(how, 150)
    synced(syncs, lambda size: max(1, size // step), QUICK if how == "stall" else PATIENT, how)
