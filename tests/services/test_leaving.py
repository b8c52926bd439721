"""Leaving never waits for a network, a keyring or another thread, and what is cut off is as after a crash."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from regrets.adapters.store import database
from regrets.adapters.store.database import open_database
from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.errors import StoreError
from regrets.domain.events import ignore
from regrets.domain.model import OutboxState
from regrets.services.deliver import Delivery
from regrets.tui import app
from regrets.tui.bridge import POST, Bridge
from tests.support.outbox import FakeClock, FakeLock, FakeMailbox, FakeSender, account, answer, entry


class FakeLife:
    def show(self) -> str:
        return "me"

    def living(self) -> frozenset[str]:
        return frozenset({"me"})

    def end(self) -> None:
        return


def delivery(own: SqliteOwnStore, sender: FakeSender) -> Delivery:
    return Delivery(own, sender, FakeMailbox(), [account()], FakeClock(), FakeLock(), FakeLife())


def test_what_is_waited_for_is_less_than_half_a_second() -> None:
    assert app.QUIT_PATIENCE_SECONDS + 2 * database.CLOSE_SECONDS < 0.25  # the rest is Textual's and Python's


def test_a_delivery_that_is_cut_off_sends_nothing_and_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "own.db"
    own, sender, connected, cut = SqliteOwnStore(path), FakeSender(), threading.Event(), threading.Event()

    def wait_for_the_network() -> None:
        connected.set()
        cut.wait(20)

    sender.during = wait_for_the_network
    post = delivery(own, sender)
    made = entry()
    post.hold(made, answer(made), 0)
    failed: list[Exception] = []

    def run() -> None:
        try:
            post.run_due(ignore)
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert connected.wait(20)
    post.close()  # neither waits for the pass that is under way
    own.close()
    assert not list(tmp_path.glob("*-wal"))  # closed, whole
    cut.set()
    thread.join(20)
    assert [type(error) for error in failed] == [StoreError]
    assert sender.sent == []  # the phase before the final dot could not be written
    sender.during = None
    again = SqliteOwnStore(path)
    delivery(again, sender).run_due(ignore)
    assert [each.state for each in again.entries()] == [OutboxState.SENT]
    assert len(sender.sent) == 1
    again.close()


def test_a_database_that_is_busy_is_left_to_the_end_of_the_program(tmp_path: Path) -> None:
    opened = open_database(tmp_path / "own.db", "own", durable=True, disposable=False)
    busy, over = threading.Event(), threading.Event()

    def work() -> None:
        with opened.transaction():
            busy.set()
            over.wait(20)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert busy.wait(20)
    opened.close()
    over.set()
    thread.join(20)
    assert opened.read("SELECT count(*) FROM outbox")[0][0] == 0
    opened.close()
    with pytest.raises(StoreError, match="closed"):
        opened.read("SELECT 1")


def test_a_lane_that_hangs_is_not_waited_for() -> None:
    over, begun = threading.Event(), threading.Event()
    bridge = Bridge(None, lambda _: None)  # type: ignore[arg-type]
    bridge.ask(POST, lambda _: begun.set() or over.wait(20), lambda _: None, lambda _: None)
    assert begun.wait(20)
    assert not bridge.finish(0.01)
    over.set()


def test_a_keyring_that_waits_for_its_dialog_does_not_hold_the_program() -> None:
    script = """
import threading
from regrets.adapters import secrets
from regrets.domain.errors import SecretError
from tests.support.outbox import account
secrets.KEYRING_SECONDS = 0.05
try:
    secrets._in_time(threading.Event().wait, account())
except SecretError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert "did not answer" in done.stdout
