"""Without a keyring that keeps passwords one is typed unseen, for as long as the program runs, written nowhere."""

from __future__ import annotations

import pytest

from tests.support import canary
from tests.support.terminal import Terminal
from tests.support.world import USER, invitation, world

pytestmark = pytest.mark.dovecot


@pytest.fixture
def there(tmp_path):
    with world(tmp_path) as running:
        running.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
        yield running


def set_up(there) -> None:
    """As a newcomer does, in a terminal."""
    (there.config_dir / "config.toml").unlink()
    servers = ["--imap-host", "localhost", "--imap-port", str(there.imap.tls_port)]
    servers += ["--smtp-host", "localhost", "--smtp-port", str(there.smtp.port), "--user", USER]
    you = ["--address", "ana@studio.example", "--name", "work", "--your-name", "Ana Novak"]
    with Terminal(["setup", *you, *servers, *there.arguments()], there.environment) as terminal:
        terminal.wait_for("Password (an app password")
        terminal.type(f"{canary.SECRET}\r")
        terminal.wait_for("ask for it each time?")
        assert "No keyring that keeps passwords safely was found" in terminal.text
        terminal.type("y\r")
        assert terminal.wait_for_end() == 0


def test_the_shell_asks_for_it(there):
    set_up(there)
    there.imap.deliver(invitation())
    with Terminal(["sync", *there.arguments()], there.environment) as terminal:
        terminal.wait_for("kept for this run only:")
        terminal.type(f"{canary.SECRET}\r")
        terminal.wait_for("work: 1 new")
        assert terminal.wait_for_end() == 0
    assert "No keyring" in there.run("sync", status=1).stderr  # nobody is there to be asked


def test_the_inbox_asks_for_it_and_sends_with_it(there):
    set_up(there)
    there.imap.deliver(invitation())
    with Terminal(there.arguments(), there.environment) as terminal:
        terminal.wait_for("No keyring keeps the password of work.")
        terminal.settle()
        terminal.type(canary.SECRET)
        terminal.settle()
        terminal.type("\r")
        terminal.wait_for("Reply goes to")
        terminal.settle()
        terminal.type("s")
        there.smtp.wait_for(1, seconds=40)
        terminal.type("q")
        terminal.wait_for_end(30)
