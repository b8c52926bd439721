"""Downloading a feed: HTTPS or this machine, within a size and a deadline."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from regrets.adapters.calendars import feed
from regrets.adapters.calendars.feed import FeedFailed, download


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
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
