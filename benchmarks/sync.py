"""The first sync of a large mailbox beside plain IMAPClient fetching BODYSTRUCTUREs in batches of 500.

    python benchmarks/sync.py [--mails 10000] [--rounds 5] [--rtt 40] [--mbit 20]

By hand. Needs Dovecot (Debian: dovecot-imapd) and bench/ of the shared material (REGRETS_SHARED, default ../shared).
Both run alternately, each in a process of its own, through a proxy that delays and counts. At most: 1.2 times the
time and the bytes, 120 MB of memory.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("REGRETS_SHARED", ROOT.parent / "shared"))
USER = "perf"
sys.path.insert(0, str(ROOT))
from tests.support.canary import SECRET as PASSWORD  # noqa: E402 - any user of the test server signs in with it


def regrets(port: int, where: Path) -> int:
    """One pass of the real thing; returns the number of mails found."""
    import datetime as dt
    import threading

    from regrets.adapters.imap.connection import ImapSource
    from regrets.adapters.reader import Reader
    from regrets.adapters.store.cache import SqliteCache
    from regrets.domain.settings import Account, Login, Server
    from regrets.services.sync import Sync

    class Now:
        def now(self) -> dt.datetime:
            return dt.datetime.now(dt.UTC)

        def monotonic(self) -> float:
            return time.monotonic()

    class Nothing:
        def password(self, account: Account) -> str:
            return PASSWORD

        def answers(self) -> list[object]:
            return []

    here = Server("127.0.0.1", port, "none")
    account = Account("perf", "me@example.com", here, here, Login(USER))
    cache = SqliteCache(where / "cache.db")
    done = Sync(ImapSource(Nothing()), cache, Nothing(), Reader(), Now()).run(
        account, lambda event: None, threading.Event()
    )
    if done.errors:
        raise SystemExit(f"sync failed: {done.errors}")
    return len(cache.known_uids("perf", "INBOX"))


def imapclient(port: int, where: Path) -> int:
    """What a straightforward program does; returns the number of mails with a calendar part."""
    from imapclient import IMAPClient

    client = IMAPClient("127.0.0.1", port, ssl=False)
    client.login(USER, PASSWORD)
    client.select_folder("INBOX", readonly=True)
    uids, found = client.search("ALL"), 0
    for start in range(0, len(uids), 500):
        for items in client.fetch(uids[start : start + 500], ["BODYSTRUCTURE"]).values():
            text = repr(items[b"BODYSTRUCTURE"]).lower()
            found += "calendar" in text or ".ics" in text
    client.logout()
    return found


def child(how: str, port: int) -> None:
    """One measured run, reported as JSON on stdout."""
    with tempfile.TemporaryDirectory() as place:
        start = time.perf_counter()
        found = {"regrets": regrets, "imapclient": imapclient}[how](port, Path(place) / "data")
        seconds = time.perf_counter() - start
    cpu = time.process_time()
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())  # ru_maxrss counts the parent's too
    print(json.dumps({"found": found, "seconds": seconds, "cpu": cpu, "mb": int(peak[1]) / 1024 if peak else 0}))


def measure(how: str, port: int, stats: Path) -> dict[str, float]:
    """Runs a child and adds the bytes that the proxy has counted."""
    before = len(stats.read_text().splitlines()) if stats.exists() else 0
    command = [sys.executable, __file__, "--child", how, "--port", str(port)]
    start = time.perf_counter()
    result: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    result["process"] = time.perf_counter() - start
    deadline = time.monotonic() + 5
    while not stats.exists() or len(stats.read_text().splitlines()) <= before:
        if time.monotonic() > deadline:
            raise SystemExit("the proxy has counted nothing")
        time.sleep(0.05)
    up, down, _ = stats.read_text().splitlines()[-1].split()
    result["kb"] = (int(up) + int(down)) / 1000
    return result


def report(results: dict[str, list[dict[str, float]]]) -> None:
    """Medians, and their ratios."""
    middle = {
        how: {key: statistics.median(run[key] for run in runs) for key in runs[0]} for how, runs in results.items()
    }
    for how, values in middle.items():
        print(f"{how:10}", "  ".join(f"{key} {value:.2f}" for key, value in values.items()))
    ours, theirs = middle["regrets"], middle["imapclient"]
    for key, most in (("seconds", 1.2), ("process", 1.2), ("kb", 1.2)):
        print(f"{key}: {ours[key] / theirs[key]:.2f} of imapclient (at most {most})")
    peak = max(run["mb"] for run in results["regrets"])
    print(f"peak memory: {peak:.0f} MB (at most 120)")


def main() -> None:
    """Makes the mailbox, starts the server and the proxy, and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rtt", type=float, default=40)
    parser.add_argument("--mbit", type=float, default=20)
    parser.add_argument("--child")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.port)
        return
    bench = SHARED / "bench"
    if not bench.is_dir():
        raise SystemExit(f"{bench} is not there: set REGRETS_SHARED to the shared material.")
    from tests.support.dovecot import dovecot

    with tempfile.TemporaryDirectory() as place, dovecot() as server:
        made = [sys.executable, str(bench / "gen.py"), USER, str(options.mails), "--root", str(server.root)]
        subprocess.run([*made, "--own", (server.root / "mail").owner()], check=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        stats = Path(place) / "stats"
        line = ["--listen", str(port), "--to", str(server.plain_port), "--stats", str(stats)]
        shape = ["--rtt", str(options.rtt), "--mbit", str(options.mbit)]
        proxy = subprocess.Popen([sys.executable, str(bench / "proxy.py"), *line, *shape], stdout=subprocess.PIPE)
        try:
            proxy.stdout.readline()  # type: ignore[union-attr]
            time.sleep(0.2)
            measure("imapclient", port, stats)  # the server builds its index once
            results: dict[str, list[dict[str, float]]] = {"regrets": [], "imapclient": []}
            for _ in range(options.rounds):
                for how, runs in results.items():
                    runs.append(measure(how, port, stats))
        finally:
            proxy.send_signal(signal.SIGTERM)
            proxy.wait()
    report(results)


if __name__ == "__main__":
    main()
