"""What clocks do to a reply that is held: it goes when its window is over, once, neither earlier nor a day later."""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from regrets.domain.model import OutboxState
from tests.services.test_deliver import Desk
from tests.support.terminal import Terminal
from tests.support.world import invitation, world

S = OutboxState
LJUBLJANA = ZoneInfo("Europe/Ljubljana")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "data" / "own.db")
    yield made
    made.own.close()


@pytest.mark.parametrize("jump", [dt.timedelta(days=-1), dt.timedelta(days=2), dt.timedelta(hours=-1)])
def test_a_clock_that_is_set_neither_hurries_nor_holds_it(desk: Desk, jump: dt.timedelta) -> None:
    held = desk.hold(seconds=10)
    desk.run(4)
    desk.clock.moment += jump
    assert desk.run(5) == 1
    assert desk.state(held) is S.HELD
    desk.run(1)
    assert desk.state(held) is S.SENT
    assert len(desk.sender.sent) == 1


def test_sleep_within_the_window_leaves_the_rest_of_it_for_an_undo(desk: Desk) -> None:
    """The monotonic clock stands still while a laptop sleeps."""
    held = desk.hold(seconds=10)
    desk.clock.seconds += 9
    desk.clock.moment += dt.timedelta(hours=8)
    desk.run()
    assert desk.delivery.seconds_left(held) == 1
    taken = desk.delivery.undo_last()
    assert taken is not None
    desk.run(3600)
    assert desk.sender.sent == []


@pytest.mark.parametrize(
    "before",
    [
        dt.datetime(2026, 3, 29, 1, 59, 55, tzinfo=LJUBLJANA),  # 2:00 becomes 3:00
        dt.datetime(2026, 10, 25, 2, 59, 55, tzinfo=LJUBLJANA),  # 3:00 becomes 2:00
    ],
)
def test_summer_time_begins_or_ends_within_the_window(desk: Desk, before: dt.datetime) -> None:
    desk.clock.moment = before
    held = desk.hold(seconds=10)
    found = desk.found(held)
    assert found.due - found.created == dt.timedelta(seconds=10)
    assert found.due.astimezone(LJUBLJANA).utcoffset() != before.utcoffset()
    desk.clock.moment = (before.astimezone(dt.UTC) + dt.timedelta(seconds=10)).astimezone(LJUBLJANA)
    desk.run(10)
    assert desk.state(held) is S.SENT


def test_a_kept_reply_goes_at_the_next_start_whatever_the_clock_shows_then(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "own.db")
    held = desk.hold(seconds=10)
    desk.delivery.settle("keep")
    desk.delivery.close()
    again = Desk(tmp_path / "own.db")
    again.clock.moment -= dt.timedelta(days=400)
    again.clock.seconds = 1.0  # the machine was started anew
    again.run()
    assert again.state(held) is S.SENT
    assert len(desk.sender.sent + again.sender.sent) == 1


@pytest.mark.dovecot
def test_a_program_that_was_stopped_beyond_the_window_sends_once(tmp_path: Path) -> None:
    """As on a laptop that sleeps: nothing leaves while it is stopped, and one mail when it wakes."""
    with world(tmp_path) as there:
        config = there.config_dir / "config.toml"
        config.write_text(config.read_text().replace("undo_seconds = 1", "undo_seconds = 4"))
        there.imap.deliver(invitation())
        with Terminal(there.arguments(), there.environment) as terminal:
            terminal.wait_for("Reply goes to", 60)
            terminal.settle()
            terminal.type("s")
            terminal.wait_for("z undo")
            os.kill(terminal._pid, signal.SIGSTOP)
            with pytest.raises(AssertionError, match="0 of 1 messages"):
                there.smtp.wait_for(1, seconds=4.5)  # longer than the window
            os.kill(terminal._pid, signal.SIGCONT)
            there.smtp.wait_for(1, seconds=60)
            terminal.wait_for("decided", 60)
            terminal.type("q")
            assert terminal.wait_for_end(60) == 0
        there.run("sync")
        assert len(there.smtp.received) == 1
        assert [entry["state"] for entry in there.json("outbox")] == ["sent"]
