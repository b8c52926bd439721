"""Looking at invitations talks to nobody: strace sees no connection while items are listed, opened and judged."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.support.world import invitation, world


def traceable() -> bool:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        tried = ["strace", "-o", os.devnull, "-e", "trace=connect", "true"]
        return subprocess.run(tried, capture_output=True, timeout=10, check=False).returncode == 0
    return False


pytestmark = [
    pytest.mark.dovecot,
    pytest.mark.skipif(not (shutil.which("strace") and traceable()), reason="no strace here, or it may not trace"),
]
LURES = (
    "URL:http://127.0.0.1:9/url\nATTACH:http://127.0.0.1:9/attach\nCONFERENCE;VALUE=URI:http://127.0.0.1:9/call\n"
    'IMAGE;VALUE=URI:http://127.0.0.1:9/image\nX-ALT-DESC;FMTTYPE=text/html:<img src="http://127.0.0.1:9/pixel">\n'
)


def connections(there, trace, *arguments: str) -> list[str]:
    """Where a command went: address and port of everything but local sockets."""
    command = ["strace", "-f", "-o", str(trace), "-e", "trace=connect,sendto", sys.executable, "-m", "regrets"]
    done = subprocess.run(
        [*command, *arguments, *there.arguments()],
        env=there.environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return re.findall(r"AF_INET6?, sin6?_port=htons\((\d+)\)", trace.read_text(errors="replace"))


def test_only_a_sync_talks_to_anybody(tmp_path):
    with world(tmp_path) as there:
        there.imap.deliver(
            invitation(extra=LURES, text='See http://127.0.0.1:9/text <img src="http://127.0.0.1:9/">')
        )
        trace = tmp_path / "trace"
        assert set(connections(there, trace, "sync")) == {str(there.imap.tls_port)}  # it does see connections
        (row,) = there.json("list")
        for command in (["list"], ["show", row["id"]], ["reply", row["id"], "--dry-run"], ["outbox"]):
            assert connections(there, trace, *command) == [], command
