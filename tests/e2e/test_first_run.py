"""The first run in a real terminal: a newcomer sets up a mailbox on one page, and the inbox opens."""

from __future__ import annotations

import pytest

from tests.support import canary
from tests.support.terminal import Terminal
from tests.support.world import USER, invitation, world

pytestmark = pytest.mark.dovecot
TAB = "\t"


@pytest.fixture
def there(tmp_path):
    with world(tmp_path) as running:
        running.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
        running.environment["REGRETS_CONFIG_DIR"] = str(running.config_dir)
        running.environment["REGRETS_DATA_DIR"] = str(running.data_dir)
        running.environment["REGRETS_NOW"] = "2026-11-22T09:00:00+01:00"
        (running.config_dir / "config.toml").unlink()
        yield running


def test_a_newcomer_mends_a_wrong_password_and_the_inbox_opens(there):
    there.imap.deliver(invitation())
    with Terminal([], there.environment) as terminal:
        terminal.wait_for("Nothing is kept until both servers let you in.")
        terminal.settle()
        terminal.type("ana@studio.example")
        terminal.wait_for("imap.studio.example")
        terminal.type(f"{TAB}Ana Novak{TAB}work{TAB}")
        terminal.type(f"localhost{TAB}{there.imap.tls_port}{TAB}{TAB}")
        terminal.type(f"localhost{TAB}{there.smtp.port}{TAB}{TAB}{USER}{TAB}wrong")
        terminal.settle()
        terminal.type("\r")
        terminal.wait_for("refused the login of ana")
        terminal.wait_for("refused user or password")
        terminal.wait_for("Check user and")
        assert not (there.config_dir / "config.toml").exists()
        terminal.forget_text()
        terminal.settle()
        terminal.type(canary.SECRET)  # in the wrong one's place
        terminal.settle()
        terminal.type("\x13")
        terminal.wait_for("Keep the account without")
        assert not (there.config_dir / "config.toml").exists()
        terminal.forget_text()
        terminal.settle()
        terminal.type("\r")
        terminal.wait_for("Logo colours")
        terminal.wait_for("Reply goes to")
        terminal.settle()
        assert "keeps the password of" not in terminal.text  # it was typed a moment ago
        terminal.type("q")
        assert terminal.wait_for_end() == 0
        assert "Account work is in" in terminal.text
    config = (there.config_dir / "config.toml").read_text()
    assert "Ana Novak" in config
    assert f'user = "{USER}", auth = "password"' in config
    assert canary.files_that_leak(there.config_dir.parent) == []


def test_escape_leaves_and_says_how_to_come_back(there):
    with Terminal([], there.environment, 120, 40) as terminal:
        terminal.wait_for("Nothing is kept until")
        terminal.settle()
        terminal.type("ana@studio.example")
        terminal.settle()
        terminal.forget_text()
        terminal.type("\x1b")
        assert terminal.wait_for_end() == 0
        assert "`regrets demo` needs no account." in terminal.text
    assert not (there.config_dir / "config.toml").exists()


def test_a_terminal_that_shows_no_screen_is_asked_in_lines(there):
    there.environment["TERM"] = "dumb"
    with Terminal([], there.environment) as terminal:
        terminal.wait_for("Your choice")
        terminal.type("a\r")
        terminal.wait_for("Your e-mail address")
        terminal.type("ana\r")
        assert terminal.wait_for_end() == 1
        assert "ana is no e-mail address." in terminal.text
        assert b"\x1b" not in terminal.output


def test_where_an_account_is_set_up_the_dumb_terminal_is_told_what_works(there):
    there.run("setup", "--address", "ana@studio.example", "--password-command", "true", "--your-name", "Ana",
              "--name", "work", "--no-test")  # fmt: skip
    there.environment["TERM"] = "dumb"
    with Terminal([], there.environment) as terminal:
        assert terminal.wait_for_end() == 1
        assert "`regrets list` and `regrets reply` work here." in terminal.text
