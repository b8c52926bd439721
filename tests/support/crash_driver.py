"""Queues two answers and delivers one, as the program does: what `test_crashes` kills at every point.

    python -m tests.support.crash_driver

Imports everything once. For each line `DIRECTORY PORT WISHES` on stdin it forks; the child says `pid N`, waits for a
line, does its work on the directory and against the SMTP server at the port, and says what it has promised. The
parent says `status N`. WISHES may hold `undo` (a third answer is queued and taken back) and `careless`
(synchronous=NORMAL).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from regrets.adapters.lock import FileSenderLock, FileSignOfLife
from regrets.adapters.smtp.sender import SmtpSender
from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.errors import StoreError
from regrets.domain.events import ignore
from regrets.domain.model import OutboxEntry
from regrets.services.deliver import Delivery
from tests.support.outbox import FakeClock, FakeMailbox, FakeSecrets, account, answer, entry

NOW, LATER, TAKEN = entry("now"), entry("later"), entry("taken")


class Program:
    """One run of the program on a data directory."""

    def __init__(self, directory: Path, port: int) -> None:
        self.own = SqliteOwnStore(directory / "own.db")
        self.clock, self.mailbox = FakeClock(), FakeMailbox()
        lock, life = FileSenderLock(directory / "sender.lock"), FileSignOfLife(directory)
        sender = SmtpSender(FakeSecrets(), timeout=10, deadline=10)
        self.delivery = Delivery(self.own, sender, self.mailbox, [account(port)], self.clock, lock, life)

    def hold(self, made: OutboxEntry, seconds: float) -> None:
        self.delivery.hold(made, answer(made), seconds)

    def end(self) -> None:
        self.delivery.close()
        self.own.close()


def say(line: str) -> None:
    """One write of its own, so that it is a point too."""
    os.write(1, f"{line}\n".encode())


def work(directory: Path, port: int, wishes: str) -> None:
    """One answer goes at once; one is held, and kept at quit."""
    program = Program(directory, port)
    if "careless" in wishes:
        program.own.database.execute("PRAGMA synchronous = NORMAL")
    program.hold(NOW, 0)
    say("queued now")
    program.hold(LATER, 600)
    say("queued later")
    if "undo" in wishes:
        program.hold(TAKEN, 600)
        say("queued taken")
        program.delivery.undo_last()
        say("undone taken")
    program.delivery.run_due(ignore)
    program.delivery.settle("keep")
    say("kept later")
    program.end()
    say("ended")


def child(directory: Path, port: int, wishes: str) -> None:
    say(f"pid {os.getpid()}")
    os.read(0, 100)
    try:
        work(directory, port, wishes)
    except StoreError as error:
        say(f"error {error}")
        os._exit(3)
    os._exit(0)


def main() -> None:
    while line := os.read(0, 1000).decode():
        directory, port, wishes = line.strip("\n").rsplit(" ", 2)
        pid = os.fork()
        if pid == 0:
            try:
                child(Path(directory), int(port), wishes)
            except BaseException as error:
                say(f"unexpected {type(error).__name__}: {error}")
            os._exit(4)
        say(f"status {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}")


if __name__ == "__main__":
    sys.exit(main())
