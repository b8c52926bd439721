"""A disk that is full or can't be written is survived, with a line that says so. Needs root, for a small disk."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SCRIPT = """
set -e
mount -t tmpfs -o size=4m tmpfs "$1" || exit 77
mkdir "$1/config"
D=$1
run() {
    echo "== $1"; shift
    set +e; "$PYTHON" -m regrets "$@" --config-dir "$D/config" --data-dir "$D/data"; echo "= $?"; set -e
}
run well list
dd if=/dev/zero of="$1/fill" bs=1k 2>/dev/null || true
run full list
run full sync
rm "$1/fill"
run well list
mount -o remount,ro "$1"
run read-only list
run read-only sync
"""


def test_one_line_says_what_is_wrong_and_nothing_is_broken(tmp_path):
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8", "PYTHON": sys.executable}
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", SCRIPT, "sh", str(tmp_path)],
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
        *("== read-only", "= 1", "== read-only", "= 1"),
    ]
    said = [line for line in done.stderr.splitlines() if line.startswith("regrets: ")]
    assert [("no room left" in line, "nothing can be written" in line) for line in said] == [
        *((True, False), (True, False)),
        *((False, True), (False, True)),
    ]
