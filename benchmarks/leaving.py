"""How long from the wish to leave until the program is gone, its terminal restored and its databases closed.

    python benchmarks/leaving.py [--runs 7]

Each run is a fresh process in a pseudo-terminal, with a mail server that takes connections and says nothing: the
program waits for it in a sync while it is told to leave. To reach: half a second each.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.support.home import write_config
from tests.support.terminal import Terminal

WAYS: dict[str, Callable[[Terminal], None]] = {
    "q": lambda terminal: terminal.type("q"),
    "SIGTERM": lambda terminal: os.kill(terminal._pid, signal.SIGTERM),
    "SIGHUP": lambda terminal: os.kill(terminal._pid, signal.SIGHUP),
    "closed terminal": lambda terminal: terminal.hang_up(),
}


def leave(way: Callable[[Terminal], None], home: Path, server: socket.socket) -> float:
    """Milliseconds."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    with Terminal(["--config-dir", str(home), "--data-dir", str(home / "data")], environment) as terminal:
        terminal.wait_for("checking")
        connection, _ = server.accept()  # the sync is under way
        terminal.settle(0.3, 3)
        began = time.perf_counter()
        way(terminal)
        terminal.wait_for_end(60)
        took = (time.perf_counter() - began) * 1000
        connection.close()
    if list((home / "data").glob("*-wal")):
        print("  a database was not closed")
    return took


def main() -> None:
    """Prints the median and the worst of each way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="regrets-bench-") as directory,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        home = Path(directory)
        write_config(home, port=server.getsockname()[1])
        times: dict[str, list[float]] = {name: [] for name in WAYS}
        for _ in range(options.runs):
            for name, way in WAYS.items():
                times[name].append(leave(way, home, server))
    for name, each in times.items():
        print(f"{name:<16} median {statistics.median(each):5.0f} ms   worst {max(each):5.0f} ms   (to reach: 500)")


if __name__ == "__main__":
    main()
