"""A disk that is full or can't be written is survived, with a line that says so. Needs root, for a small disk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.home import databases, write_config
from tests.support.terminal import Terminal

NOW = "2026-11-22T09:00:00+01:00"
DISK = """
set -e
mount -t tmpfs -o size=4m tmpfs "$1" || exit 77
cp -r "$2" "$1/config"
cp -r "$3" "$1/data"
chmod 700 "$1/data"
D=$1
"""
SCRIPT = """
run() {
    echo "== $1"; shift
    set +e; "$PYTHON" -m regrets "$@" --config-dir "$D/config" --data-dir "$D/data" --now NOW; echo "= $?"; set -e
}
run well list
dd if=/dev/zero of="$D/fill" bs=1k 2>/dev/null || true
run full list
run full sync
rm "$D/fill"
run well list
mount -o remount,ro "$D"
run read-only list
run read-only show item1
run read-only sync
run read-only reply item1 --yes
run read-only dismiss item1
"""
IN_TERMINAL = """
mount -o remount,ro "$D"
exec "$PYTHON" -m regrets --config-dir "$D/config" --data-dir "$D/data" --now NOW
"""


@pytest.fixture
def disk(tmp_path: Path) -> tuple[list[str], dict[str, str]]:
    """What follows `unshare -m sh -c SCRIPT`, and the environment: a disk with one invitation on it."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mount, config, data = (tmp_path / name for name in ("disk", "config", "data"))
    mount.mkdir()
    write_config(config)
    for database in databases(data, invitations=1):
        database.close()
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8", "PYTHON": sys.executable}
    return ["sh", str(mount), str(config), str(data)], environment


def test_one_line_says_what_is_wrong_and_nothing_is_broken(disk):
    arguments, environment = disk
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", DISK + SCRIPT.replace("NOW", NOW), *arguments],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if done.returncode in (1, 77) and "==" not in done.stdout:
        pytest.skip("no mount namespace here")
    output = done.stdout + done.stderr
    assert "Traceback" not in output
    assert "disk I/O error" not in output
    states = [line for line in done.stdout.splitlines() if line.startswith("=")]
    assert states == [
        *("== well", "= 0", "== full", "= 1", "== full", "= 1", "== well", "= 0"),
        *("== read-only", "= 0", "== read-only", "= 0"),
        *("== read-only", "= 1", "== read-only", "= 1", "== read-only", "= 1"),
    ]
    shown = done.stdout.partition("== read-only")[2]
    assert shown.count("Quarterly review") >= 2  # the list and the invitation
    assert "Suggestion: " in shown
    said = [line for line in done.stderr.splitlines() if line.startswith("regrets: ")]
    assert [("no room left" in line, "nothing can be written" in line) for line in said] == [
        *((True, False), (True, False)),
        *((False, True),) * 5,
    ]


def test_the_inbox_opens_read_only_with_a_banner_and_says_why_nothing_is_sent(disk):
    arguments, environment = disk
    if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mount namespace here")
    command = ("/usr/bin/unshare", "-m", "sh", "-c", DISK + IN_TERMINAL.replace("NOW", NOW))
    with Terminal(arguments, {**environment, "TERM": "xterm-256color"}, 120, 40, command) as terminal:
        terminal.wait_for("READ-ONLY")
        terminal.wait_for("Quarterly review")
        terminal.wait_for("nothing is fetched, sent or decided")
        terminal.wait_for("Thank you for the invitation")
        for key in ("s", "m", "R"):
            terminal.settle(0.4, 5)
            terminal.forget()
            terminal.type(key)
            terminal.wait_for("nothing can be written")
        terminal.type("q")
        assert terminal.wait_for_end() == 0
    assert "Traceback" not in terminal.text
