"""How long from a key to the repainted list, beside a Textual app that repaints one label.

    python benchmarks/keys.py [--keys 200] [--items 1000] [--pause 0.15]

Each contender runs in a pseudo-terminal of 100x30. `j` is written, and the time is taken until the first bytes of the
repaint arrive, for one key at a time (`--pause` seconds between them: longer than the letter takes to follow) and for
a held key (30 a second). To reach on a quiet machine: p50 10 ms, p95 20 ms.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

from startup import COLUMNS, ESCAPES, LABEL, LINES, NEWEST, _end, _read, fill, write_config

HELD = 1 / 30
COUNTER = f"""
from textual.app import App, ComposeResult
from textual.widgets import Label

class Minimal(App[None]):
    BINDINGS = [("j", "count")]
    count = 0

    def compose(self) -> ComposeResult:
        yield Label({LABEL!r})

    def action_count(self) -> None:
        self.count += 1
        self.query_one(Label).update(f"{LABEL} {{self.count}}")

Minimal().run()
"""


def start(command: list[str], home: Path, marker: bytes) -> tuple[int, int]:
    """A process in a terminal of its own, once it shows `marker` and has come to rest."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        os.environ.update(REGRETS_CONFIG_DIR=str(home), REGRETS_DATA_DIR=str(home))
        os.execv(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    seen, until = b"", time.perf_counter() + 30
    while marker not in ESCAPES.sub(b"", seen):
        output = _read(terminal, 0.5)
        if output is None or time.perf_counter() > until:
            raise SystemExit(f"{' '.join(command)} never showed {marker!r}")
        seen += output
    while _read(terminal, 1.0):
        pass
    return pid, terminal


def presses(terminal: int, count: int, pause: float) -> list[float]:
    """Milliseconds from each key to the first bytes that follow it."""
    took = []
    for _ in range(count):
        began = time.perf_counter()
        os.write(terminal, b"j")
        if not _read(terminal, 2.0):
            raise SystemExit("A key had no effect.")
        took.append((time.perf_counter() - began) * 1000)
        while (left := began + pause - time.perf_counter()) > 0:
            _read(terminal, left)
    return took


def main() -> None:
    """Prints p50 and p95 of both, one key at a time and with the key held down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--items", type=int, default=1000)
    parser.add_argument("--pause", type=float, default=0.15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="regrets-bench-") as directory:
        home = Path(directory)
        write_config(home)
        (home / "minimal.py").write_text(COUNTER)
        fill(home, options.items)
        contenders = {
            "regrets": ([sys.executable, "-m", "regrets"], NEWEST.encode(), b"q"),
            "one label": ([sys.executable, str(home / "minimal.py")], LABEL.encode(), b"\x11"),
        }
        for name, (command, marker, keys) in contenders.items():
            pid, terminal = start(command, home, marker)
            for how, pause in (("one by one", options.pause), ("held down", HELD)):
                took = sorted(presses(terminal, options.keys, pause))
                middle, high = took[len(took) // 2], took[len(took) * 95 // 100]
                print(f"{name:<10} {how:<11} p50 {middle:6.1f} ms   p95 {high:6.1f} ms   worst {took[-1]:6.1f} ms")
            _end(pid, terminal, keys)


if __name__ == "__main__":
    main()
