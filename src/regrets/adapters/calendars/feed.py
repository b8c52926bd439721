"""A calendar feed over HTTPS, within a deadline and a size. Its address is a secret: no message names it."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import IO, Any

from regrets.adapters.dialling import LookupTimedOut, dial

DEADLINE = 10.0  # seconds, for the whole download
MOST_BYTES = 5 * 1024 * 1024
_CHUNK = 64 * 1024
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_HEADERS = {"Accept": "text/calendar", "User-Agent": "regrets"}  # no version, neither ours nor that of Python
_UNKNOWN_NAME = "the network's name server (DNS) does not answer. Check the network, or try again later."
_TOO_SLOW = "the server is too slow. Try again later."


class FeedFailed(Exception):
    """The feed can't be had; the text is a sentence for the user."""


class _SafeRedirect(urllib.request.HTTPRedirectHandler):
    """A feed may move, but not to plain HTTP."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        _allowed(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _allowed(url: str) -> str:
    """The address with `webcal` as `https`. Raises FeedFailed for what is neither HTTPS nor on this machine."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme in ("webcal", "webcals"):
        parts = parts._replace(scheme="https")
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return urllib.parse.urlunsplit(parts)
    raise FeedFailed("its address is not https. Change `url` in config.toml.")


def download(url: str, deadline: float = DEADLINE) -> bytes:
    """The bytes behind an address. Raises FeedFailed, at the latest when `deadline` seconds are over."""
    with _Deadline(deadline) as limit:
        try:
            data = _read(_allowed(url), limit)
        except urllib.error.HTTPError as error:
            raise FeedFailed(f"the server answers {error.code}. Check `url` in config.toml.") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, LookupTimedOut):
                raise FeedFailed(_UNKNOWN_NAME) from None
            late = limit.over or isinstance(reason, TimeoutError)
            unreachable = "the server can't be reached. Check the connection, or `url` in config.toml."
            raise FeedFailed(_TOO_SLOW if late else unreachable) from None
        if limit.over:  # what was cut looks like what has ended
            raise FeedFailed(_TOO_SLOW)
        return data


def _read(url: str, limit: _Deadline) -> bytes:
    opener = urllib.request.build_opener(_SafeRedirect, _Limited(limit))
    request = urllib.request.Request(url, headers=_HEADERS)  # noqa: S310 (`_allowed`)
    with opener.open(request, timeout=limit.left) as answer:
        data = b""
        while chunk := answer.read1(_CHUNK):
            data += chunk
            if len(data) > MOST_BYTES:
                raise FeedFailed(f"is larger than {MOST_BYTES // 1024 // 1024} MB and was not read.")
        if answer.length and not limit.over:
            raise FeedFailed("the connection broke before its end. Try again later.")
        return data


class _Deadline:
    """Cuts every connection of one download when its time is over. The time-out of a socket is not enough: a server
    that sends a byte now and then, in the handshake, the headers or the body, never runs into it."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._end = time.monotonic() + seconds
        self._handles: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        for handle in self._handles:
            handle.close()

    @property
    def left(self) -> float:
        """Seconds; never 0, which would mean not to wait at all."""
        return max(0.01, self._end - time.monotonic())

    def connect(self, address: tuple[str, int], *_: object) -> socket.socket:
        """Like socket.create_connection. Raises OSError."""
        connection = dial(address, self.left)
        self._handles.append(connection.dup())  # stays valid when TLS takes the socket over
        if self.over:
            self._cut()
        return connection

    def _cut(self) -> None:
        self.over = True
        for handle in self._handles:
            with contextlib.suppress(OSError):  # it has ended by itself
                handle.shutdown(socket.SHUT_RDWR)


class _Limited(urllib.request.HTTPSHandler, urllib.request.HTTPHandler):
    """Connects within a deadline."""

    def __init__(self, limit: _Deadline) -> None:
        super().__init__()
        self._limit = limit

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Only for this machine: see `_allowed`."""
        return self.do_open(self._plain, req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Certificates are verified."""
        return self.do_open(self._secure, req)

    def _plain(self, host: str, **options: Any) -> http.client.HTTPConnection:
        return self._limited(http.client.HTTPConnection(host, **options))

    def _secure(self, host: str, **options: Any) -> http.client.HTTPConnection:
        context = ssl.create_default_context()
        return self._limited(http.client.HTTPSConnection(host, context=context, **options))

    def _limited(self, connection: http.client.HTTPConnection) -> http.client.HTTPConnection:
        connection._create_connection = self._limit.connect  # type: ignore[attr-defined]
        return connection
