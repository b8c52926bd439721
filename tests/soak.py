"""`python -m tests.soak --minutes 5`: the demo in a real terminal, its keys again and again, on its own real servers.

Ends with status 1 where it dies, or where memory, open files or threads keep growing after the first round.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.support.terminal import Terminal

MOST_MEGABYTES, MOST_FILES, MOST_THREADS = 40, 6, 3  # of growth, from the end of the first round
ROUND = (
    *("R", "j", "j", "\r", "w", "\x1b", "v", "\x1b", "L", "\x1b", "0", "\x1b", "?", "\x1b", "x", "\x1b", "C", "\x1b"),
    *("e", "\x1b", "/a\r", "\x1b", "s", "z", "k", "m", "z", "T", "\x1b", "p", "\x1b", "\x10", "\x1b", "\x1b", "k"),
)


class Use(NamedTuple):
    """What a process and its children have in use."""

    megabytes: float
    files: int
    threads: int


def use_of(pid: int) -> Use:
    """Linux only. The reading process is replaced now and then, so it is counted along."""
    pids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    megabytes = threads = files = 0.0
    for each in pids:
        status = Path(f"/proc/{each}/status").read_text()
        if "VmRSS" not in status:  # it has just ended
            continue
        megabytes += int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024
        threads += int(re.findall(r"Threads:\s+(\d+)", status)[0])
        files += len(list(Path(f"/proc/{each}/fd").iterdir()))
    return Use(megabytes, int(files), int(threads))


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    minutes = parser.parse_args().minutes
    end, uses = time.monotonic() + minutes * 60, []
    with tempfile.TemporaryDirectory(prefix="regrets-soak-") as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        with Terminal(["demo"], environment, 120, 40) as terminal:
            terminal.wait_for("synced", 60)
            while time.monotonic() < end or len(uses) < 3:
                for key in ROUND:
                    terminal.type(key)
                    terminal.settle(0.1, 1.0)
                terminal.forget()
                terminal.settle(1.0, 5.0)
                uses.append(use_of(terminal._pid))
                print(f"round {len(uses)}: {uses[-1]}", flush=True)
            os.kill(terminal._pid, signal.SIGTERM)
            terminal.wait_for_end(20)
    growth = [last - first for first, last in zip(uses[1], uses[-1], strict=True)]
    print(f"{len(uses)} rounds; growth: {growth[0]:.1f} MB, {growth[1]} files, {growth[2]} threads")
    return int(
        growth[0] > MOST_MEGABYTES
        or growth[1] > MOST_FILES
        or growth[2] > MOST_THREADS
        or terminal.status != 128 + 15
    )


if __name__ == "__main__":
    sys.exit(main())
