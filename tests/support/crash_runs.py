"""Runs of `crash_driver` under strace, and what is looked at afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.events import ignore
from regrets.domain.model import OutboxState
from tests.support.crash_driver import LATER, NOW, TAKEN, Program
from tests.support.scripted_smtp import ScriptedSmtp

S = OutboxState
ROOT = Path(__file__).resolve().parents[2]


def traceable() -> bool:
    """Whether strace is here and may trace."""
    if not shutil.which("strace"):
        return False
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        tried = ["strace", "-o", os.devnull, "-e", "inject=chdir:error=EIO", "true"]
        return subprocess.run(tried, capture_output=True, timeout=10, check=False).returncode == 0
    return False


class Driver:
    """`crash_driver`, ready to run on one directory after another."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.place.mkdir()
        SqliteOwnStore(self.pristine / "own.db").close()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.crash_driver"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()

    @property
    def pristine(self) -> Path:
        """The directory that each run starts from."""
        return self.place / "pristine"

    def run(
        self,
        name: str,
        calls: str,
        server: ScriptedSmtp,
        *options: str,
        trace: str = os.devnull,
        wishes: str = "",
    ) -> tuple[Path, set[str], int]:
        """Its directory afterwards, what it has said, its status (negative: the signal). `options` are strace's,
        `wishes` the driver's."""
        directory = self.place / name
        shutil.copytree(self.pristine, directory)
        self._tell(f"{directory} {server.port} {wishes}")
        pid = self._hear().removeprefix("pid ")
        tracer = subprocess.Popen(
            ["strace", "-f", "-o", trace, "-e", f"trace={calls}", *options, "-p", pid], stderr=subprocess.PIPE
        )
        assert tracer.stderr
        with tracer.stderr as said:
            line = said.readline()
            assert b"attached" in line, line
            self._tell("go\n")
            promised = set()
            while not (heard := self._hear()).startswith("status "):
                promised.add(heard)
            said.read()
        tracer.wait()
        return directory, promised, int(heard.removeprefix("status "))

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line.encode())

    def _hear(self) -> str:
        assert self._process.stdout
        line = b""
        while not line.endswith(b"\n"):
            byte = self._process.stdout.read(1)
            assert byte, "the driver is gone"
            line += byte
        return line.decode().strip()


def check(directory: Path, promised: set[str], server: ScriptedSmtp) -> None:
    """Starts again, twice, and looks at what became of the answers; AssertionError where a promise is broken."""
    with contextlib.closing(sqlite3.connect(directory / "own.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for _ in range(2):
        again = Program(directory, server.port)
        found = again.delivery.recover()
        assert not any(entry.state is S.SENDING for entry in again.own.entries()), found
        for _ in range(2):
            again.clock.seconds += 3600
            again.delivery.run_due(ignore)
        states = {entry.item_id: entry.state for entry in again.own.entries()}
        answered = {record.item_id for record in again.own.answers()}
        again.end()
    sent = {entry.item_id: server.accepted.count(entry.message_id) for entry in (NOW, LATER, TAKEN)}
    for item, times in sent.items():
        state = states.get(item)
        assert times <= 1, f"{item} went out {times} times"
        if f"queued {item}" in promised:
            assert state is not None, f"{item} is lost"
            assert (item in answered) is (state is not S.CANCELLED)
        assert state in (None, S.SENT, S.UNKNOWN, S.ORPHANED, S.CANCELLED), f"{item} is left {state}"
        assert state is not S.CANCELLED or item == "taken", f"{item} is taken back"
        assert state is not S.SENT or times == 1, f"{item} counts as sent and was not"
        assert state in (S.SENT, S.UNKNOWN) or times == 0, f"{item} went out and is {state}"
    if "kept later" in promised:
        assert states["later"] is S.SENT
    elif "queued later" in promised:  # its window was open: it is asked about, unless it was already kept
        assert states["later"] in (S.ORPHANED, S.SENT)
    if "undone taken" in promised:
        assert states["taken"] is S.CANCELLED
