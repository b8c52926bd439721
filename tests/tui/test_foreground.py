"""The editor's job: also before it has the terminal, ctrl+c is for it."""

from __future__ import annotations

import signal
import subprocess
import sys

SCRIPT = """
from regrets.tui.foreground import run_in_foreground
print(run_in_foreground(["sh", "-c", "echo open; exec sleep 60"]))
"""


def test_a_ctrl_c_that_comes_before_the_terminal_was_lent_ends_the_editor() -> None:
    """Without a terminal it never is, so that the moment needs no luck."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdin=subprocess.DEVNULL, stdout=pipe, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "open\n"
        program.send_signal(signal.SIGINT)
        try:
            assert program.communicate(timeout=20)[0] == f"{-signal.SIGINT}\n"
        finally:
            program.terminate()
