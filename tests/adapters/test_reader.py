"""Reading in a process of its own: whatever a mail does there costs seconds and one row, and the next one is read."""

import contextlib
import logging
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from regrets.adapters import reader as module
from regrets.adapters import reader_worker
from regrets.adapters.reader import Reader
from regrets.domain.imip import read
from regrets.domain.model import Invitation, Unreadable
from tests.support.mails import calendar, head, part

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("REGRETS_SHARED", ROOT.parent / "shared"))
GOOD = (head() + part("text/calendar; method=REQUEST", calendar())).encode()
SECONDS = 1.0


@pytest.fixture
def bad(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """A reader whose mails misbehave by name."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    made = Reader("tests.support.bad_readers:read", seconds=SECONDS)
    yield made
    made.close()


def worker(made: Reader) -> int:
    """The id of its process."""
    assert made._process is not None
    return made._process._child.pid


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie doesn't)."""
    with contextlib.suppress(OSError):
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def gone(pid: int, seconds: float = 5) -> bool:
    """Whether it ends soon."""
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        threading.Event().wait(0.02)
    return not alive(pid)


def test_it_reads_what_the_program_itself_reads_and_keeps_its_process() -> None:
    made = Reader()
    item = made(GOOD)
    assert isinstance(item, Invitation)
    assert repr(item) == repr(read(GOOD))
    first = worker(made)
    assert made(b"no mail") == read(b"no mail")
    assert worker(made) == first
    made.close()
    assert gone(first)
    assert isinstance(made(GOOD), Invitation)  # a later mail starts another one
    made.close()


@pytest.mark.parametrize("act", [b"loop", b"hoard", b"crash", b"leave", b"lie", b"boast", b"stall", b"write"])
def test_a_bad_mail_costs_its_seconds_and_one_row(bad: Reader, act: bytes, caplog: pytest.LogCaptureFixture) -> None:
    bad(GOOD)
    first = worker(bad)
    begin = time.monotonic()
    with caplog.at_level(logging.WARNING, "regrets.reader"):
        item = bad(act)
    assert time.monotonic() - begin < SECONDS + module.HEAD_SECONDS + 1
    assert isinstance(item, Unreadable)
    assert item.code == "too-costly"
    assert "was replaced" in caplog.text
    assert gone(first)
    assert isinstance(bad(GOOD), Invitation)
    begin = time.monotonic()
    assert bad(act) is item  # known by now
    assert time.monotonic() - begin < 0.2


def test_it_is_said_whose_mail_was_given_up(bad: Reader) -> None:
    item = bad(GOOD + b"\nloop")
    assert isinstance(item, Unreadable)
    assert (item.code, item.mail.subject) == ("too-costly", "Invitation: Quarterly review")
    assert item.mail.from_ is not None
    both = bad(b"Subject: x\nloop\n\n\nloop")  # its header is no better
    assert isinstance(both, Unreadable)
    assert (both.code, both.mail.subject) == ("too-costly", "")
    assert isinstance(bad(GOOD), Invitation)


def test_limits_of_the_process(bad: Reader) -> None:
    bad(GOOD)
    pid = worker(bad)
    limits = {what: resource.prlimit(pid, what)[1] for what in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE)}
    assert limits == {resource.RLIMIT_AS: reader_worker.MEMORY, resource.RLIMIT_FSIZE: 0}
    assert resource.prlimit(pid, resource.RLIMIT_CORE)[1] == 0
    assert resource.prlimit(pid, resource.RLIMIT_CPU)[0] <= reader_worker.CPU_OF_A_MAIL + 2
    assert resource.prlimit(pid, resource.RLIMIT_CPU)[1] == reader_worker.CPU_OF_ALL
    environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    assert {line.partition(b"=")[0].decode() for line in environment if line} <= set(module._KEPT_VARIABLES)


def test_it_talks_to_nobody(bad: Reader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        item = bad(f"connect {listener.getsockname()[1]}".encode())
        assert isinstance(item, Unreadable)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert isinstance(bad(GOOD), Invitation)


def test_a_worn_process_is_replaced(bad: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_MAILS", 2)
    bad(GOOD), bad(GOOD)
    first = worker(bad)
    assert isinstance(bad(GOOD), Invitation)
    assert worker(bad) != first
    assert not alive(first)


def test_many_threads_share_it(bad: Reader) -> None:
    items: list[object] = []
    threads = [threading.Thread(target=lambda: items.append(bad(GOOD))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(item) for item in items] == [Invitation] * 8


def test_where_no_process_starts_mail_is_read_here_and_that_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "regrets.reader"):
        monkeypatch.setattr(module.sys, "executable", "/nowhere/python")
        assert isinstance(Reader()(GOOD), Invitation)
        assert "read in the program itself" in caplog.text
        caplog.clear()
        monkeypatch.setattr(module.sys, "executable", "/bin/true")  # starts, and never gets ready
        assert isinstance(Reader()(GOOD), Invitation)
        assert "read in the program itself" in caplog.text
        caplog.clear()
        monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows
        assert isinstance(Reader()(GOOD), Invitation)
        assert "can't be limited" in caplog.text


_PROGRAM = """
import sys, os, signal
from regrets.adapters.reader import Reader
made = Reader("tests.support.bad_readers:read", seconds=60)
made(b"no mail")
print(made._process._child.pid, flush=True)
if sys.argv[1] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("how", ["ended", "killed"])
def test_it_ends_with_the_program(how: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, how], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert gone(int(done.stdout)), done.stderr


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no shared material at {SHARED}; set REGRETS_SHARED")
def test_every_hostile_file_goes_through_it() -> None:
    made = Reader()
    files = sorted((SHARED / "hostile").iterdir())
    assert len(files) > 20
    for file in files:
        begin = time.monotonic()
        item = made(file.read_bytes())
        assert isinstance(item, Invitation | Unreadable)
        assert time.monotonic() - begin < 5.5, file.name
        assert isinstance(made(GOOD), Invitation)
    made.close()


def test_a_nearby_file_can_not_stand_in_for_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('owned')")
    monkeypatch.chdir(tmp_path)
    made = Reader()
    assert isinstance(made(GOOD), Invitation)
    assert made._process is not None
    made.close()


def test_a_calendar_file_of_many_megabytes(bad: Reader) -> None:
    text = calendar(more="DESCRIPTION:" + "x" * 10_000_000).encode()
    item = bad(text)
    assert isinstance(item, Invitation | Unreadable)
    assert bad._process is not None
