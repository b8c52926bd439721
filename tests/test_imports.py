"""What a command needs is what it loads: start-up is not paid for by things of other commands."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = {
    "textual",
    "imapclient",
    "icalendar",
    "pydantic",
    "jinja2",
    "babel",
    "keyring",
    "py3langid",
    "holidays",
    "pymap",
}


def loaded(tmp_path, *arguments):
    code = (
        "import sys\n"
        "from regrets.bootstrap import Program\n"
        "from regrets.cli.main import status_of\n"
        f"status = status_of(Program, {list(arguments)!r})\n"
        "print(status, *sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "REGRETS_CONFIG_DIR": str(tmp_path / "config"),
        "REGRETS_DATA_DIR": str(tmp_path / "data"),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60, check=True
    )
    status, *modules = done.stderr.splitlines()[-1].split()
    assert status == "0", done.stderr
    return set(modules)


@pytest.mark.parametrize("arguments", [("--help",), ("list",), ("list", "--json"), ("paths",), ("outbox",)])
def test_the_quick_commands_load_nothing_heavy(tmp_path, arguments):
    assert not loaded(tmp_path, *arguments) & HEAVY


def test_the_first_paint_needs_textual_and_the_store_alone():
    code = "import sys, regrets.tui.app, regrets.services.desk; print(*sorted({n.partition('.')[0] for n in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert not set(done.stdout.split()) & (HEAVY - {"textual"})
