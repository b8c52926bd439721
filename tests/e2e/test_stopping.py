"""ctrl+c while an answer is being sent from the shell: what became of it is said at once, and is so."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from tests.support.scripted_smtp import STALL, ScriptedSmtp, scripted_smtp
from tests.support.terminal import Terminal
from tests.support.world import World, invitation, world

NOT_SENT, PERHAPS = "was not sent. It goes with the next `regrets sync`", "may have been sent"


def sends_by(there: World, server: ScriptedSmtp) -> None:
    config = there.config_dir / "config.toml"
    smtp = f'smtp = {{ host = "127.0.0.1", port = {server.port}, security = "none" }}'
    config.write_text(re.sub(r"smtp = \{[^}]*\}", smtp, config.read_text()))


@pytest.mark.parametrize(
    ("point", "state", "said", "later"),
    [("RCPT", "failed", NOT_SENT, "sent"), ("dot", "unknown", PERHAPS, "unknown")],
)
def test_ctrl_c_says_what_became_of_the_answer(tmp_path: Path, point: str, state: str, said: str, later: str) -> None:
    with world(tmp_path) as there, scripted_smtp({point: STALL}) as server:
        sends_by(there, server)
        there.imap.deliver(invitation())
        there.run("sync")
        item = there.json("list")[0]["id"]
        arguments = ["reply", item, "--strategy", "decline", "--yes", *there.arguments()]
        with Terminal(arguments, there.environment, columns=300) as terminal:
            assert server.reached.wait(20)
            terminal.type("\x03")
            assert terminal.wait_for_end() == 1
            stopped, note = terminal.text.strip().splitlines()[-2:]
        assert stopped.strip() == "Stopped."
        assert said in note
        (entry,) = there.json("outbox")
        assert (entry["state"], entry["id"] in note) == (state, True)
        assert "cut short" in entry["error"]
        there.run("sync")
        assert [entry["state"] for entry in there.json("outbox")] == [later]
        assert len(server.accepted) == 1


def test_the_outbox_says_of_one_that_was_killed_how_to_learn_more(tmp_path: Path) -> None:
    with world(tmp_path) as there, scripted_smtp({"RCPT": STALL}) as server:
        sends_by(there, server)
        there.imap.deliver(invitation())
        there.run("sync")
        item = there.json("list")[0]["id"]
        arguments = ["reply", item, "--strategy", "decline", "--yes", *there.arguments()]
        with Terminal(arguments, there.environment) as terminal:
            assert server.reached.wait(20)
            os.kill(terminal._pid, signal.SIGKILL)
            terminal.wait_for_end()
        said = there.run("outbox").stderr
        assert "If no regrets runs any more, it was cut short: the next `regrets sync` says" in said
        there.run("sync")
        assert [entry["state"] for entry in there.json("outbox")] == ["sent"]
        assert there.run("outbox").stderr == ""


def test_where_nothing_was_queued_it_says_that_nothing_was_sent(tmp_path: Path) -> None:
    with world(tmp_path) as there, scripted_smtp({"greeting": STALL}) as server:
        config = there.config_dir / "config.toml"
        imap = f'imap = {{ host = "127.0.0.1", port = {server.port}, security = "none" }}'
        config.write_text(re.sub(r"imap = \{[^}]*\}", imap, config.read_text()))
        with Terminal(["sync", *there.arguments()], there.environment) as terminal:
            assert server.reached.wait(20)
            terminal.type("\x03")
            assert terminal.wait_for_end() == 1
            assert terminal.text.split()[-4:] == ["Stopped.", "Nothing", "was", "sent."]
