"""How long until the list is painted, beside a Textual app that shows one label.

    python benchmarks/startup.py [--runs 15] [--items 1000]

Each run starts a fresh process in a pseudo-terminal of 100x30 and takes the time until the text that ends the first
paint appears: the newest invitation's title, and the label. Runs alternate, so that a busy machine slows both.
regrets is started as a user does, without arguments; its account's server can't be reached.
To reach: a ratio of medians of at most 1.4.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from dataclasses import replace
from pathlib import Path

from regrets.adapters.store.cache import SqliteCache
from regrets.demo.mails import build
from regrets.demo.scenario import Scenario
from regrets.domain.model import Effect, Method, PartStat, Row, State
from regrets.domain.ports import FoundMail

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.support.home import write_config

COLUMNS, LINES = 100, 30
NEWEST = "Painted first"
LABEL = "One label"
MINIMAL = f"""
from textual.app import App, ComposeResult
from textual.widgets import Label

class Minimal(App[None]):
    def compose(self) -> ComposeResult:
        yield Label({LABEL!r})

Minimal().run()
"""
# What terminals answer when they are asked: device attributes, the cursor's place, synchronised output.
ANSWERS = {b"\x1b[c": b"\x1b[?62c", b"\x1b[6n": b"\x1b[1;1R", b"\x1b[?2026$p": b"\x1b[?2026;2$y"}
ESCAPES = re.compile(rb"\x1b\[[0-9;?<>=]*[A-Za-z]|\x1b[()][A-Z0-9]")


def fill(data_dir: Path, items: int) -> None:
    """A cache of so many open invitations, each with a real mail behind it."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    mails = [mail for mail in Scenario("english", now).mails() if mail.event and not mail.broken]
    built = [build(mail) for mail in mails]
    cache = SqliteCache(data_dir / "cache.db")
    for number in range(items):
        mail = mails[number % len(mails)]
        assert mail.event is not None
        row = Row(
            id=f"item{number:06}",
            account="work",
            folder="INBOX",
            received=now - dt.timedelta(minutes=items - number),
            state=State.OPEN,
            method="REQUEST",
            uid=f"{number}@bench.example",
            recurrence_id=None,
            sequence=0,
            summary=f"{mail.subject} {number}",
            organizer_name=mail.from_.name,
            organizer_address=mail.from_.address,
            start=mail.event.start.isoformat(),
            end=mail.event.end.isoformat(),
            all_day=mail.event.all_day,
            recurrence=None,
            location=mail.location,
            strategy=mail.intended,
            rule="13",
            reasons=("Nothing speaks against it.",),
            alternatives=("decline",),
            warnings=(),
            language="en",
            attendee="ana@studio.example",
            effect=Effect(Method.REPLY, PartStat.ACCEPTED),
            judged=now.astimezone().date().isoformat(),
        )
        if number == items - 1:
            row = replace(row, summary=NEWEST)
        cache.save_mail(row, FoundMail(number + 1, row.received, built[number % len(built)]), 1, current=True)
    cache.close()


def first_paint(command: list[str], home: Path, marker: bytes, keys: bytes, timeout: float = 30) -> float:
    """Milliseconds from the start of the process until `marker` is on the screen; then `keys` end it."""
    began = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        os.environ.update(REGRETS_CONFIG_DIR=str(home), REGRETS_DATA_DIR=str(home))
        os.execv(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    seen, painted = b"", None
    while painted is None and time.perf_counter() - began < timeout:
        output = _read(terminal, 0.5)
        if output is None:
            break
        seen += output
        if marker in ESCAPES.sub(b"", seen):
            painted = (time.perf_counter() - began) * 1000
    _end(pid, terminal, keys)
    if painted is None:
        raise SystemExit(f"{' '.join(command)} never showed {marker!r}:\n{ESCAPES.sub(b'', seen)[-2000:]!r}")
    return painted


def _read(terminal: int, seconds: float) -> bytes | None:
    ready, _, _ = select.select([terminal], [], [], seconds)
    if not ready:
        return b""
    try:
        output = os.read(terminal, 65536)
    except OSError:
        return None
    for question, answer in ANSWERS.items():
        if question in output:
            os.write(terminal, answer)
    return output


def _end(pid: int, terminal: int, keys: bytes) -> None:
    """Politely, then by force; the child is ours."""
    with contextlib.suppress(OSError):
        os.write(terminal, keys)
    until = time.perf_counter() + 3
    while time.perf_counter() < until and not os.waitpid(pid, os.WNOHANG)[0]:
        if _read(terminal, 0.1) is None:
            time.sleep(0.02)
    else:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    os.close(terminal)


def main() -> None:
    """Prints medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--items", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="regrets-bench-") as directory:
        home = Path(directory)
        write_config(home)
        (home / "minimal.py").write_text(MINIMAL)
        fill(home, options.items)
        ours = [sys.executable, "-m", "regrets"]
        contenders = {
            "regrets": (ours, NEWEST.encode(), b"q"),
            "one label": ([sys.executable, str(home / "minimal.py")], LABEL.encode(), b"\x11"),
        }
        times: dict[str, list[float]] = {name: [] for name in contenders}
        for run in range(options.runs + 1):
            for name, (command, marker, keys) in contenders.items():
                took = first_paint(command, home, marker, keys)
                if run:  # the first pair warms the disk's cache
                    times[name].append(took)
    for name, each in times.items():
        print(f"{name:<10} median {statistics.median(each):6.0f} ms   best {min(each):6.0f}   worst {max(each):6.0f}")
    ratio = statistics.median(times["regrets"]) / statistics.median(times["one label"])
    print(f"ratio      {ratio:.2f} (to reach: 1.4; {options.items} invitations, {options.runs} runs)")


if __name__ == "__main__":
    main()
