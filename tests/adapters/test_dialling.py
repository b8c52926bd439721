"""A connection whose name server never answers is given up in time, and nothing waits for the look-up afterwards."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from regrets.adapters.calendars.feed import FeedFailed, download
from regrets.adapters.dialling import LookupTimedOut, dial
from regrets.adapters.imap.client import Limits
from regrets.adapters.imap.connection import ImapSource
from regrets.adapters.smtp.sender import SmtpSender
from regrets.domain.errors import Unreachable
from regrets.domain.settings import Server
from tests.support.canary import SECRET
from tests.support.outbox import FakeSecrets, account, entry

HOST = "mail.silent.example"


class NameServer:
    """getaddrinfo, which is silent about HOST until it is let go, and knows `places` then."""

    def __init__(self, real: object) -> None:
        self.real, self.asked = real, list[object]()
        self.answer = threading.Event()
        self.places: list[int] = []

    def __call__(self, host: str, *rest: object) -> object:
        if host != HOST:
            return self.real(host, *rest)  # type: ignore[operator]
        self.asked.append(host)
        self.answer.wait(60)
        if not self.places:
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in self.places]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    server = NameServer(socket.getaddrinfo)
    monkeypatch.setattr(socket, "getaddrinfo", server)
    yield server
    server.answer.set()
    for thread in threading.enumerate():
        if thread.name == "look-up":  # else the next test could be given what this one asked for
            thread.join(5)


@contextlib.contextmanager
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def unused() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_look_up_that_hangs_is_given_up_and_not_begun_again(names: NameServer) -> None:
    for _ in range(3):
        with pytest.raises(LookupTimedOut):
            dial((HOST, 993), 0.05)
    assert names.asked == [HOST]
    names.answer.set()
    with listening() as port:
        names.places = [port]
        dial((HOST, 1), 5).close()


def test_a_look_up_for_which_there_is_no_thread_is_begun_anew_the_next_time(
    names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    names.answer.set()
    with listening() as port:
        names.places = [port]
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", refuse)
            with pytest.raises(OSError, match="Resource temporarily unavailable"):
                dial((HOST, 993), 5)
        dial((HOST, 993), 5).close()


def test_addresses_are_tried_in_their_order_and_the_time_out_stays(names: NameServer) -> None:
    names.answer.set()
    with listening() as first, listening() as second:
        names.places = [unused(), first, second]
        with dial((HOST, 993), 5) as line:
            assert (line.getpeername()[1], line.gettimeout()) == (first, 5)
    names.places = [unused()]
    with pytest.raises(ConnectionRefusedError):
        dial((HOST, 993), 5)
    names.places = []
    with pytest.raises(socket.gaierror):
        dial((HOST, 993), 5)
    with pytest.raises(UnicodeError):
        dial((f"{'x' * 64}.example", 993), 5)


def test_it_is_said_that_the_name_server_is_silent(names: NameServer) -> None:
    server = Server(HOST, 993, "tls")
    theirs = dataclasses.replace(account(1), imap=server, smtp=server)
    secrets = SimpleNamespace(password=lambda _: SECRET)
    with pytest.raises(Unreachable, match=r"name server .* does not say where mail\.silent\.example:993 is"):
        ImapSource(secrets, limits=Limits(connect=0.05)).connect(theirs)  # type: ignore[arg-type]
    outcome = SmtpSender(FakeSecrets(), timeout=0.05, deadline=5).send(theirs, entry(), lambda phase: None)
    assert "name server (DNS) does not say where mail.silent.example is" in outcome.error
    assert not outcome.permanent
    with pytest.raises(FeedFailed, match="name server") as caught:
        download(f"https://{HOST}/secret", deadline=0.3)
    assert HOST not in str(caught.value)


def test_a_look_up_that_hangs_does_not_hold_up_the_end_of_the_program() -> None:
    program = """
import socket, threading
socket.getaddrinfo = lambda *_: threading.Event().wait()
from regrets.adapters.dialling import LookupTimedOut, dial
try:
    dial(("mail.silent.example", 993), 0.05)
except LookupTimedOut:
    print("given up")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "given up\n"
