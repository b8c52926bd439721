"""However the program is made to end, the terminal is as before, nobody waits, and what was queued is kept.

How long it takes is in benchmarks/leaving.py; here it only has to be far less than the server's silence, which would
be given up after half a minute.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import canary
from tests.support.home import write_config
from tests.support.terminal import Terminal

TAKES_THE_SCREEN, LEAVES_THE_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"
SHOWS_THE_CURSOR = b"\x1b[?25h"
PATIENCE = 15.0  # seconds, on a machine that does other things too


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A mail server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        yield server


@pytest.fixture
def start(tmp_path: Path, silent: socket.socket) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment."""
    write_config(tmp_path, port=silent.getsockname()[1], command=canary.command_that_prints())
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


BY_Q, BY_TERM, BY_HUP = "q", signal.SIGTERM, signal.SIGHUP


def leave(terminal: Terminal, how: str | int, pid: int) -> None:
    if isinstance(how, str):
        terminal.type(how)
    else:
        os.kill(pid, how)


def stop_and_continue(pid: int) -> None:
    """As from outside: a machine that sleeps and wakes, a debugger."""
    os.kill(pid, signal.SIGSTOP)
    assert os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)
    os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("stopped", [False, True], ids=["", "after being stopped and continued"])
@pytest.mark.parametrize("how", [BY_Q, BY_TERM, BY_HUP])
def test_the_terminal_is_in_the_mode_that_it_was_in_before(start, silent, tmp_path, how, stopped):
    with Terminal(*start) as terminal:
        before = terminal.mode()
        silent.accept()[0].close()
        terminal.wait_for("nothing to decide")
        assert terminal.mode() != before
        for _ in range(2 if stopped else 0):
            terminal.forget_text()
            stop_and_continue(terminal._pid)
            terminal.wait_for("nothing to decide")
        leave(terminal, how, terminal._pid)
        assert terminal.wait_for_end(PATIENCE) == (0 if how == BY_Q else 128 + how)
        assert terminal.mode() == before
        assert_restored(terminal, tmp_path / "data")


@pytest.fixture
def shell(start, silent: socket.socket) -> Iterator[Terminal]:
    """A shell in which the program shows its list: only what has a shell above it can be stopped."""
    arguments, environment = start
    command = ("/bin/bash", "--norc", "--noprofile", "--noediting", "-i")
    with Terminal([], {**environment, "PS1": "READY> "}, command=command) as terminal:
        terminal.wait_for("READY>")
        terminal.before = terminal.mode()  # type: ignore[attr-defined]
        terminal.type(f"{sys.executable} -m regrets {' '.join(arguments)}\r")
        silent.accept()[0].close()
        terminal.wait_for_bytes(TAKES_THE_SCREEN)
        terminal.wait_for("nothing to decide")
        terminal.settle(0.2, 3)
        terminal.forget()
        yield terminal
        terminal.type("exit 0\r")
        assert terminal.wait_for_end(PATIENCE) == 0


def program_in(shell: Terminal) -> int:
    return int(Path(f"/proc/{shell._pid}/task/{shell._pid}/children").read_text().split()[0])


def wait_until_stopped(pid: int) -> None:
    """Where the process is a shell's, not ours to wait for."""
    end = time.monotonic() + PATIENCE
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < end
        time.sleep(0.02)


def test_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(shell, tmp_path):
    shell.type("\x1a")
    shell.wait_for("Stopped")
    shell.wait_for("READY>")
    assert LEAVES_THE_SCREEN in shell.output
    assert SHOWS_THE_CURSOR in shell.output
    assert shell.mode() == shell.before
    shell.forget()
    shell.type("fg\r")
    shell.wait_for_bytes(TAKES_THE_SCREEN)
    shell.wait_for("nothing to decide")
    shell.wait_for("nothing to decide")  # the header, and the footer below: all of it is painted again
    shell.wait_for("q Quit")
    shell.forget()
    shell.type("q")
    shell.wait_for("READY>")
    assert LEAVES_THE_SCREEN in shell.output
    assert SHOWS_THE_CURSOR in shell.output
    assert shell.mode() == shell.before
    assert not list((tmp_path / "data").glob("*-wal"))


@pytest.mark.parametrize("how", [BY_Q, BY_TERM, BY_HUP])
def test_a_shell_that_had_the_terminal_meanwhile_loses_and_gets_it(shell, tmp_path, how):
    """Stopped from outside, the program can't give it back; the shell takes it, and gives it again with `fg`."""
    os.kill(program_in(shell), signal.SIGSTOP)
    shell.wait_for("READY>")
    shell.forget()
    shell.type("fg\r")
    shell.wait_for_bytes(TAKES_THE_SCREEN)
    shell.wait_for("nothing to decide")
    assert shell.mode() != shell.before
    leave(shell, how, program_in(shell))
    shell.wait_for("READY>")
    assert shell.mode() == shell.before
    assert not list((tmp_path / "data").glob("*-wal"))


def test_continued_in_the_background_it_waits_for_the_foreground_and_can_be_ended(shell, tmp_path):
    pid = program_in(shell)
    shell.type("\x1a")
    shell.wait_for("READY>")
    shell.forget()
    shell.type("bg\r")
    shell.wait_for("READY>")
    wait_until_stopped(pid)
    assert shell.mode() == shell.before
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGCONT)
    shell.type("wait\r")
    shell.wait_for(f"Exit {128 + signal.SIGTERM}")
    assert TAKES_THE_SCREEN not in shell.output
    assert shell.mode() == shell.before
    assert not list((tmp_path / "data").glob("*-wal"))
