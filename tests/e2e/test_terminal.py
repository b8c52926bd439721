"""The inbox in a real terminal, on real servers: keys in, mails out."""

from __future__ import annotations

import email
import email.policy

import pytest

from tests.support.terminal import Terminal
from tests.support.world import invitation, world

pytestmark = pytest.mark.dovecot
LEAVES_THE_SCREEN = b"\x1b[?1049l"


@pytest.fixture
def there(tmp_path):
    with world(tmp_path) as running:
        yield running


def opened(there, size=(80, 24)):
    return Terminal(there.arguments(), there.environment, *size)


def shown(terminal):
    """Waits until the letter stands on the screen: before that, `s` does nothing."""
    terminal.wait_for("Reply goes to")
    terminal.settle()


def test_s_sends_the_shown_reply_once_the_window_is_over(there):
    uid = there.imap.deliver(invitation())
    with opened(there) as terminal:
        terminal.wait_for("Logo colours")
        shown(terminal)
        terminal.type("s")
        (received,) = there.smtp.wait_for(1, seconds=20)
        terminal.wait_for("decided")
        terminal.type("q")
        assert terminal.wait_for_end() == 0
        assert LEAVES_THE_SCREEN in terminal.output
    message = email.message_from_bytes(received.data, policy=email.policy.default)
    assert message["To"].addresses[0].addr_spec == "Marko@Kovin.example"
    assert message["Subject"] == "New time proposed: Logo colours"
    assert "Thank you" in message.get_body(("plain",)).get_content()
    assert there.imap.flags(uid) == {b"\\Answered"}
    assert len(there.smtp.received) == 1


def test_z_within_the_window_sends_nothing(there):
    config = there.config_dir / "config.toml"
    config.write_text(config.read_text().replace("undo_seconds = 1", "undo_seconds = 600"))
    uid = there.imap.deliver(invitation())
    with opened(there) as terminal:
        shown(terminal)
        terminal.type("s")
        terminal.wait_for("z undo")
        terminal.forget()
        terminal.type("z")
        terminal.wait_for("Logo colours")
        terminal.type("q")
        assert terminal.wait_for_end() == 0
    assert [entry["state"] for entry in there.json("outbox")] == ["cancelled"]
    assert [row["state"] for row in there.json("list")] == ["open"]
    there.run("sync")
    assert there.smtp.received == []
    assert there.imap.flags(uid) == set()


def test_a_held_reply_can_be_kept_at_quit_and_goes_with_the_next_sync(there):
    config = there.config_dir / "config.toml"
    config.write_text(config.read_text().replace("undo_seconds = 1", "undo_seconds = 600"))
    there.imap.deliver(invitation())
    with opened(there) as terminal:
        shown(terminal)
        terminal.type("s")
        terminal.wait_for("z undo")
        terminal.type("q")
        terminal.wait_for("Keep")
        terminal.type("k")
        assert terminal.wait_for_end() == 0
    assert there.smtp.received == []
    there.run("sync")
    there.smtp.wait_for(1)
    assert [entry["state"] for entry in there.json("outbox")] == ["sent"]


def test_hostile_mail_writes_nothing_of_its_own_to_the_terminal(there):
    evil = "\x1b]0;owned\x07\x1b]52;c;cm0=\x1b\\[@click=app.quit]x[/] \u202egnp"
    there.imap.deliver(invitation(summary=evil, text=evil, extra=f"DESCRIPTION:{evil}\n"))
    with opened(there, (120, 40)) as terminal:
        shown(terminal)
        terminal.type("w")
        terminal.wait_for("esc")
        terminal.type("q")
        terminal.settle()
        terminal.type("q")
        assert terminal.wait_for_end() == 0
    for sequence in (b"\x1b]0;owned", b"\x1b]52", b"cm0=\x1b\\", "\u202e".encode()):
        assert sequence not in terminal.output


@pytest.mark.parametrize("size", [(40, 10), (20, 4), (200, 60)])
def test_any_window_works(there, size):
    there.imap.deliver(invitation())
    there.run("sync")
    with opened(there, size) as terminal:
        terminal.wait_for("small" if size[0] < 30 else "Logo")
        terminal.resize(1, 1)
        terminal.resize(*size)
        terminal.type("q")
        assert terminal.wait_for_end() == 0


def test_an_idle_inbox_sends_what_a_shell_has_queued(there):
    """One instance sends: what the other one queues reaches it without a key."""
    there.imap.deliver(invitation())
    there.imap.deliver(invitation("k2@kovin.example", summary="Second one"))
    with opened(there) as terminal:
        shown(terminal)
        terminal.type("s")
        there.smtp.wait_for(1, seconds=20)  # from here on it is the sender
        terminal.settle()
        (left,) = there.json("list")
        there.run("reply", left["id"], "--strategy", "decline", "--yes")
        assert [entry["state"] for entry in there.json("outbox")] == ["sent", "sent"]
        terminal.type("q")
        assert terminal.wait_for_end() == 0
    assert len(there.smtp.received) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"method": "CANCEL", "sequence": 1, "extra": "STATUS:CANCELLED\n"}, "cancelled"),
        ({"sequence": 1, "start": "20261126T100000", "end": "20261126T113000"}, "changed"),
    ],
)
def test_a_waiting_reply_is_not_sent_once_the_meeting_has_changed(there, change, said):
    config = there.config_dir / "config.toml"
    config.write_text(config.read_text().replace("undo_seconds = 1", "undo_seconds = 600"))
    there.imap.deliver(invitation())
    with opened(there) as terminal:
        shown(terminal)
        terminal.type("s")
        terminal.wait_for("z undo")
        there.imap.deliver(invitation(**change))
        terminal.type("R")
        terminal.wait_for(f"was {said} while your reply waited")
        terminal.type("q")
        assert terminal.wait_for_end() == 0
    assert [entry["state"] for entry in there.json("outbox")] == ["cancelled"]
    there.run("sync")
    assert there.smtp.received == []
