"""Downloading a feed: HTTPS or this machine, within a size and a deadline."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from regrets.adapters.calendars import feed
from regrets.adapters.calendars.feed import FeedFailed, download


class _Handler(BaseHTTPRequestHandler):
    agents: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.agents.append(self.headers["User-Agent"])
        if self.path == "/here":
            self.send_response(302)
            self.send_header("Location", "/calendar")
            self.end_headers()
            return
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "http://calendar.example/plain")
            self.end_headers()
            return
        self.send_response(404 if self.path == "/none" else 200)
        self.end_headers()
        self.wfile.write(b"BEGIN:VCALENDAR" * 10)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def server() -> Iterator[str]:
    httpd = HTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def test_it_downloads(server: str) -> None:
    assert download(f"{server}/secret").startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize(("path", "message"), [("/none", "answers 404"), ("/moved", "not https")])
def test_refusals_name_no_address(server: str, path: str, message: str) -> None:
    with pytest.raises(FeedFailed, match=message) as caught:
        download(server + path)
    assert "example" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://calendar.example/x", "file:///etc/passwd", "ftp://calendar.example/x"])
def test_only_https(url: str) -> None:
    with pytest.raises(FeedFailed, match="not https"):
        download(url)


def test_what_is_too_large_is_not_read(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MOST_BYTES", 100)
    with pytest.raises(FeedFailed, match="larger"):
        download(server)


def test_its_name_tells_no_version(server: str) -> None:
    _Handler.agents.clear()
    download(f"{server}/here")
    assert _Handler.agents == ["regrets", "regrets"]


# --- a server that has all the time in the world -----------------------------------------------------------------

OK = b"HTTP/1.1 200 OK\r\n"
BODY = b"BEGIN:VCALENDAR\r\n"


@contextlib.contextmanager
def serving(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that has heard the first words, and goes on with `talk`."""
    ended = threading.Event()

    def serve() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(0.05)
                while not ended.is_set():
                    with contextlib.suppress(TimeoutError):
                        connection.recv(4096)
                        break
                talk(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        ended.set()
        thread.join(10)
        assert not thread.is_alive()


def dripping(start: bytes) -> Callable[[socket.socket], None]:
    """Says so much, and then a letter now and then until nobody listens."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(400):
            connection.sendall(b"x")
            time.sleep(0.05)

    return talk


@pytest.mark.parametrize(
    ("scheme", "start"),
    [
        ("http", b""),
        ("http", OK + b"X-Header: "),
        ("http", OK + b"\r\n" + BODY),
        ("http", OK + b"Content-Length: 100000\r\n\r\n" + BODY),
        ("http", OK + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n" + BODY),
        (
            "https",
            b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc",
        ),  # a handshake record of 16 KB, and of its message the head
    ],
)
def test_a_server_that_drips_is_not_waited_for(scheme: str, start: bytes) -> None:
    with serving(dripping(start)) as port:
        before = time.monotonic()
        with pytest.raises(FeedFailed, match="too slow") as caught:
            download(f"{scheme}://127.0.0.1:{port}/secret", deadline=0.3)
        assert time.monotonic() - before < 10  # of the twenty that it would drip
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("length", [b"Content-Length: 1000\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_half_a_calendar_is_none(length: bytes) -> None:
    """Its other meetings would count as free time."""
    body = BODY if b"Content" in length else b"3e8\r\n" + BODY
    with (
        serving(lambda connection: connection.sendall(OK + length + b"\r\n" + body)) as port,
        pytest.raises(FeedFailed, match=r"broke before its end|can't be reached"),
    ):
        download(f"http://127.0.0.1:{port}/secret")
