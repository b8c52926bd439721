"""However the program is made to end, the terminal is as before, nobody waits, and what was queued is kept.

How long it takes is in benchmarks/leaving.py; here it only has to be far less than the server's silence, which would
be given up after half a minute.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import canary
from tests.support.terminal import Terminal

TAKES_THE_SCREEN, LEAVES_THE_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"
SHOWS_THE_CURSOR = b"\x1b[?25h"
PATIENCE = 15.0  # seconds, on a machine that does other things too
CONFIG = """
[me]
name = "Ana Novak"
addresses = ["ana@studio.example"]
timezone = "Europe/Ljubljana"
[[account]]
name = "work"
address = "ana@studio.example"
imap = {{ host = "127.0.0.1", port = {port}, security = "none" }}
smtp = {{ host = "127.0.0.1", port = {port}, security = "none" }}
login = {{ user = "ana", auth = "command", command = COMMAND }}
""".replace("COMMAND", json.dumps(canary.command_that_prints()))


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A mail server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        yield server


@pytest.fixture
def start(tmp_path: Path, silent: socket.socket) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment."""
    (tmp_path / "config.toml").write_text(CONFIG.format(port=silent.getsockname()[1]))
    environment = {
        **{name: os.environ[name] for name in ("PATH",)},
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
    }
    return ["--config-dir", str(tmp_path), "--data-dir", str(tmp_path / "data")], environment


@pytest.fixture
def opened(start, silent: socket.socket) -> Iterator[Terminal]:
    """In the middle of a sync."""
    with Terminal(*start) as terminal:
        connection, _ = silent.accept()
        with connection:
            terminal.wait_for("checking")
            yield terminal


def assert_restored(terminal: Terminal, data: Path) -> None:
    assert terminal.output.count(LEAVES_THE_SCREEN) == terminal.output.count(TAKES_THE_SCREEN)
    assert terminal.output.rindex(SHOWS_THE_CURSOR) > terminal.output.rindex(TAKES_THE_SCREEN)
    assert "Traceback" not in terminal.text
    assert not list(data.glob("*-wal"))  # both databases were closed


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_restores_the_terminal(opened, number, tmp_path):
    os.kill(opened._pid, number)
    assert opened.wait_for_end(PATIENCE) == 128 + number
    assert_restored(opened, tmp_path / "data")


def test_q_in_the_middle_of_a_sync_ends_it(opened, tmp_path):
    opened.type("q")
    assert opened.wait_for_end(PATIENCE) == 0
    assert_restored(opened, tmp_path / "data")


def test_a_closed_terminal_ends_it(opened, tmp_path):
    opened.hang_up()
    opened.wait_for_end(PATIENCE)
    assert not list((tmp_path / "data").glob("*-wal"))


def test_a_signal_as_soon_as_the_screen_is_taken_restores_it(start, tmp_path):
    with Terminal(*start) as terminal:
        terminal.wait_for_bytes(TAKES_THE_SCREEN)
        os.kill(terminal._pid, signal.SIGTERM)
        assert terminal.wait_for_end(PATIENCE) == 128 + signal.SIGTERM
        assert_restored(terminal, tmp_path / "data")


def test_a_window_of_one_cell_is_survived(opened, tmp_path):
    opened.resize(1, 1)
    opened.settle(0.1, 1)
    opened.type("j?")
    opened.settle(0.1, 1)
    opened.forget()
    opened.type("\x1b")
    opened.resize(80, 24)
    opened.wait_for("regrets")
    os.kill(opened._pid, signal.SIGTERM)
    opened.wait_for_end(PATIENCE)
    assert "Traceback" not in opened.text
    assert LEAVES_THE_SCREEN in opened.output


def test_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(start, silent, tmp_path):
    """In a shell: only what has a shell above it can be stopped."""
    arguments, environment = start
    shell = ("/bin/bash", "--norc", "--noprofile", "-i")
    with Terminal([], {**environment, "PS1": "READY> "}, command=shell) as terminal:
        terminal.wait_for("READY>")
        terminal.type(f"{sys.executable} -m regrets {' '.join(arguments)}\r")
        silent.accept()[0].close()
        terminal.wait_for("regrets")
        terminal.wait_for_bytes(TAKES_THE_SCREEN)
        terminal.settle(0.2, 3)
        terminal.forget()
        terminal.type("\x1a")
        terminal.wait_for("Stopped")
        assert LEAVES_THE_SCREEN in terminal.output
        assert SHOWS_THE_CURSOR in terminal.output
        terminal.forget()
        terminal.type("fg\r")
        terminal.wait_for_bytes(TAKES_THE_SCREEN)
        terminal.wait_for("No invitation is waiting")
        terminal.forget()
        terminal.type("q")
        terminal.wait_for("READY>")
        assert LEAVES_THE_SCREEN in terminal.output
        terminal.type("exit\r")
        assert terminal.wait_for_end(PATIENCE) == 0
    assert not list((tmp_path / "data").glob("*-wal"))
