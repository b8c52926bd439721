"""However the program is made to end, the terminal is as before, nobody waits, and what was queued is kept."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

from tests.support import canary
from tests.support.terminal import Terminal

LEAVES_THE_SCREEN = b"\x1b[?1049l"
SHOWS_THE_CURSOR = b"\x1b[?25h"
CONFIG = """
[me]
name = "Ana Novak"
addresses = ["ana@studio.example"]
timezone = "Europe/Ljubljana"
[[account]]
name = "work"
address = "ana@studio.example"
imap = { host = "127.0.0.1", port = 9, security = "none" }
smtp = { host = "127.0.0.1", port = 9, security = "none" }
login = { user = "ana", auth = "command", command = COMMAND }
""".replace("COMMAND", json.dumps(canary.command_that_prints()))


@pytest.fixture
def opened(tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG)
    environment = {
        **{name: os.environ[name] for name in ("PATH",)},
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
    }
    arguments = ["--config-dir", str(tmp_path), "--data-dir", str(tmp_path / "data")]
    with Terminal(arguments, environment) as terminal:
        terminal.wait_for("Nothing answers")  # it runs, and has tried its mailbox
        terminal.settle()
        yield terminal


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_restores_the_terminal(opened, number, tmp_path):
    begin = time.monotonic()
    os.kill(opened._pid, number)
    status = opened.wait_for_end(5)
    seconds = time.monotonic() - begin
    assert status == 128 + number
    assert LEAVES_THE_SCREEN in opened.output
    assert SHOWS_THE_CURSOR in opened.output
    assert "Traceback" not in opened.text
    assert seconds < 2  # half a second on a machine that does nothing else
    assert not list((tmp_path / "data").glob("*-wal"))  # both databases were closed


def test_a_closed_terminal_ends_it(opened, tmp_path):
    os.close(opened._file)
    end = time.monotonic() + 5
    while not opened._ended():
        assert time.monotonic() < end, "it outlives its terminal"
        time.sleep(0.02)
    opened._file = os.open(os.devnull, os.O_RDWR)
    assert not list((tmp_path / "data").glob("*-wal"))
