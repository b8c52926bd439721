"""A calendar feed over HTTPS, within a deadline and a size. Its address is a secret: no message names it."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import IO

DEADLINE = 10.0  # seconds, for the whole download
MOST_BYTES = 5 * 1024 * 1024
_CHUNK = 64 * 1024
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


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
    """The bytes behind an address. Raises FeedFailed."""
    end = time.monotonic() + deadline
    opener = urllib.request.build_opener(_SafeRedirect)
    try:
        request = urllib.request.Request(_allowed(url), headers={"Accept": "text/calendar"})  # noqa: S310
        with opener.open(request, timeout=deadline) as answer:
            data = b""
            while chunk := answer.read1(_CHUNK):
                data += chunk
                if len(data) > MOST_BYTES:
                    raise FeedFailed(f"is larger than {MOST_BYTES // 1024 // 1024} MB and was not read.")
                if time.monotonic() > end:
                    raise FeedFailed("the server is too slow. Try again later.")
            return data
    except urllib.error.HTTPError as error:
        raise FeedFailed(f"the server answers {error.code}. Check `url` in config.toml.") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise FeedFailed("the server can't be reached. Check the connection, or `url` in config.toml.") from None
