"""`E`: $EDITOR has the terminal; what is typed there is its own, and what ends the program ends it too."""

from __future__ import annotations

import os
import signal
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_leaving import LEAVES_THE_SCREEN, PATIENCE, TAKES_THE_SCREEN, assert_restored
from tests.support.terminal import Terminal
from tests.support.world import World, invitation, world

COOKED = termios.ICANON | termios.ECHO | termios.ISIG


@pytest.fixture
def there(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        made.imap.deliver(invitation())
        made.run("sync")
        yield made


class Editor:
    """A shell script that is opened as $EDITOR, with a private directory for temporary files."""

    def __init__(self, there: World, directory: Path, script: str, opens: str = "echo EDITOR-IS-OPEN") -> None:
        file = directory / "editor"
        file.write_text(f"#!/bin/sh\nsleep 0.3\n{opens}\n{script}\n")  # until it has the terminal
        file.chmod(0o700)
        self.temporary = directory / "temporary"
        self.temporary.mkdir()
        self.environment = {**there.environment, "VISUAL": str(file), "TMPDIR": str(self.temporary)}

    def letters(self) -> list[Path]:
        return list(self.temporary.glob("regrets-*"))


def open_letter(terminal: Terminal) -> None:
    terminal.wait_for("Reply goes to")
    terminal.settle()
    terminal.type("E")
    terminal.wait_for("EDITOR-IS-OPEN")


def lives(number: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):  # it ended before or while it was looked at
        return False


@pytest.mark.parametrize(
    ("number", "deaf"), [(signal.SIGTERM, False), (signal.SIGHUP, False), (signal.SIGTERM, True)]
)
def test_a_signal_ends_the_editor_and_the_program(
    there: World, tmp_path: Path, number: signal.Signals, deaf: bool
) -> None:
    """Also an editor that is started by a script, and has set the terminal's modes."""
    deafness = "trap '' TERM HUP\n" if deaf else ""
    script = f'{deafness}stty raw -echo\nsleep 60 &\necho $! > "{tmp_path}/child"\necho RAW\nwait'
    editor = Editor(there, tmp_path, script)
    with Terminal(there.arguments(), editor.environment) as terminal:
        open_letter(terminal)
        terminal.wait_for("RAW")
        assert len(editor.letters()) == 1
        os.kill(terminal._pid, number)
        assert terminal.wait_for_end(PATIENCE) == 128 + number
        assert_restored(terminal, there.data_dir)
        assert termios.tcgetattr(terminal._file)[3] & COOKED == COOKED
    assert editor.letters() == []
    child = int((tmp_path / "child").read_text())
    if deaf:
        os.kill(child, signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    while lives(child):
        assert time.monotonic() < until, "what the editor had started goes on"
        time.sleep(0.05)


def test_a_closed_terminal_ends_both(there: World, tmp_path: Path) -> None:
    editor = Editor(there, tmp_path, "sleep 60")
    with Terminal(there.arguments(), editor.environment) as terminal:
        open_letter(terminal)
        terminal.hang_up()
        terminal.wait_for_end(PATIENCE)
    assert editor.letters() == []
    assert not list(there.data_dir.glob("*-wal"))


def test_ctrl_c_is_for_the_editor_alone(there: World, tmp_path: Path) -> None:
    """One program says that it is open and reads: a shell that has just said so may lose a ctrl+c as it forks."""
    lines = "'BEGIN { print \"EDITOR-IS-OPEN\"; fflush(); while ((getline line) > 0) print line > file }'"
    editor = Editor(there, tmp_path, f'exec awk -v file="$1" {lines}', opens="")
    with Terminal(there.arguments(), editor.environment) as terminal:
        open_letter(terminal)
        terminal.type("Half a letter\r\x03")
        terminal.wait_for("it was")
        terminal.settle()
        terminal.type("E")
        terminal.settle()
        terminal.type("My own words\r\x04")
        terminal.wait_for("Your text is kept")
        terminal.type("q")
        terminal.wait_for("1 edited reply is not sent")
        terminal.type("q")
        assert terminal.wait_for_end() == 0
        assert_restored(terminal, there.data_dir)


def test_an_editor_that_is_not_there_leaves_the_screen_as_it_was(there: World, tmp_path: Path) -> None:
    editor = Editor(there, tmp_path, "")
    environment = {**editor.environment, "VISUAL": "no-such-editor"}
    with Terminal(there.arguments(), environment) as terminal:
        terminal.wait_for("Reply goes to")
        terminal.settle()
        terminal.type("E")
        terminal.wait_for("no-such-editor can't be started")
        terminal.type("q")
        assert terminal.wait_for_end() == 0
        assert_restored(terminal, there.data_dir)
    assert editor.letters() == []


def test_ctrl_z_in_the_editor_gives_the_terminal_to_the_shell_and_fg_brings_it_back(
    there: World, tmp_path: Path
) -> None:
    editor = Editor(there, tmp_path, 'read words\necho "$words" > "$1"')
    shell = ("/bin/bash", "--norc", "--noprofile", "-i")
    with Terminal([], {**editor.environment, "PS1": "READY> "}, command=shell) as terminal:
        terminal.wait_for("READY>")
        terminal.type(f"{sys.executable} -m regrets {' '.join(there.arguments())}\r")
        terminal.wait_for_bytes(TAKES_THE_SCREEN)
        open_letter(terminal)
        terminal.settle()
        terminal.forget()
        terminal.type("\x1a")
        terminal.wait_for("Stopped")
        terminal.wait_for("READY>")
        terminal.type("echo still $((40 + 2))\r")
        terminal.wait_for("still 42")
        terminal.type("fg\r")
        terminal.settle()
        terminal.type("My own words\r")
        terminal.wait_for("Your text is kept")
        terminal.type("q")
        terminal.wait_for("1 edited reply is not sent")
        terminal.forget()
        terminal.type("q")
        terminal.wait_for("READY>")
        assert LEAVES_THE_SCREEN in terminal.output
        terminal.type("exit\r")
        assert terminal.wait_for_end(PATIENCE) == 0
    assert editor.letters() == []
