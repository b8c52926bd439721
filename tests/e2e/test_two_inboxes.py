"""Two open inboxes and a shell on one data directory: what the second one holds stays its own."""

from __future__ import annotations

import os
import signal

import pytest

from tests.support.terminal import Terminal
from tests.support.world import invitation, world

pytestmark = pytest.mark.dovecot


@pytest.fixture
def there(tmp_path):
    with world(tmp_path) as running:
        config = running.config_dir / "config.toml"
        config.write_text(config.read_text().replace("undo_seconds = 1", "undo_seconds = 600"))
        running.imap.deliver(invitation())
        yield running


def opened(there):
    return Terminal(there.arguments(), there.environment)


def states(there):
    return [entry["state"] for entry in there.json("outbox")]


def held_by_the_second(there, first, second, *, killed):
    """The first inbox, the sender, ends while the second holds a reply; then the shell becomes the sender."""
    for inbox in (first, second):
        inbox.wait_for("Reply goes to")
        inbox.settle()
    second.type("s")
    second.wait_for("z undo")
    if killed:
        os.kill(first._pid, signal.SIGKILL)
    else:
        first.type("q")
    first.wait_for_end()
    there.run("sync")
    assert states(there) == ["held"]


def test_z_takes_it_back(there):
    with opened(there) as first, opened(there) as second:
        held_by_the_second(there, first, second, killed=False)
        second.forget()
        second.type("z")
        second.wait_for("Taken back: “Logo colours”.")
        assert states(there) == ["cancelled"]
    there.run("sync")
    assert there.smtp.received == []


def test_it_can_be_kept_at_quit_and_goes_with_the_next_sync(there):
    with opened(there) as first, opened(there) as second:
        held_by_the_second(there, first, second, killed=True)
        second.type("q")
        second.settle()
        second.type("k")
        assert second.wait_for_end() == 0
    assert states(there) == ["kept"]
    assert not list(there.data_dir.glob("open-*.lock"))
    there.run("sync")
    assert len(there.smtp.received) == 1
