"""The certificate of a bridge on this machine, which nobody has signed (Proton's), pinned when it is first met.

Only at the literal loopback addresses: whoever answers there runs on this machine. Anywhere else a certificate that
can't be verified ends the connection, and no key or setting changes that.
"""

from __future__ import annotations

import hashlib
import json
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from regrets.adapters.own_file import read_text
from regrets.domain.errors import StoreError
from regrets.domain.settings import Server

Opened = TypeVar("Opened")

HERE = ("127.0.0.1", "::1")


class Pins:
    """SHA-256 of certificates by host and port, in a file of their own (0600)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()  # a sync and a delivery may meet their bridges at the same time

    def of(self, server: Server) -> str:
        """The pinned one in hexadecimal; '' where none is. Raises StoreError."""
        return self._all().get(_name(server), "") if server.host in HERE else ""

    def remember(self, server: Server, digest: str) -> None:
        """From now on only this one is taken. Raises StoreError."""
        from regrets.adapters.config_writer import replace_file

        with self._writing:
            text = json.dumps({**self._all(), _name(server): digest}, indent=1) + "\n"
            try:
                replace_file(self._path, text)
            except (OSError, StoreError):
                raise StoreError(f"{self._path} can't be written.", "See to that disk and its directory.") from None

    def refusal(self, server: Server) -> str:
        """What is said where another certificate comes than the pinned one."""
        cure = f"if the bridge was installed anew, take {_name(server)} out of {self._path}"
        return f"it is not the one that was pinned; {cure}"

    def _all(self) -> dict[str, str]:
        try:
            found = json.loads(read_text(self._path))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
            raise StoreError(f"{self._path} holds no pinned certificates.", "Move it away; they are pinned anew.")
        return found


def secured(
    server: Server, verified: ssl.SSLContext, pins: Pins | None, open_: Callable[[ssl.SSLContext], Opened]
) -> Opened:
    """What `open_` makes with a context that verifies: by the authorities of this system, or, of a bridge on this
    machine, by the certificate that was pinned; a first one that no authority knows is pinned once `open_` is done.
    Raises ssl.SSLCertVerificationError, StoreError, and what `open_` raises."""
    if pins is None or server.host not in HERE:
        return open_(verified)
    if pin := pins.of(server):
        return open_(_Pinned(pin, pins.refusal(server)))
    try:
        return open_(verified)
    except ssl.SSLCertVerificationError:
        first = _Pinned()
        opened = open_(first)
        pins.remember(server, first.met)
        return opened


def _name(server: Server) -> str:
    return f"{server.host}:{server.port}"


class _Pinned(ssl.SSLContext):
    """Takes the one certificate with this SHA-256; without one, whichever comes first: `met`."""

    def __new__(cls, *_: object) -> _Pinned:
        return super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)

    def __init__(self, pin: str = "", refusal: str = "") -> None:
        self._refusal, self.met = refusal, pin
        self.minimum_version = ssl.TLSVersion.TLSv1_2
        self.check_hostname = False
        self.verify_mode = ssl.CERT_NONE

    def wrap_socket(self, *arguments: Any, **options: Any) -> ssl.SSLSocket:
        """The handshake, then the comparison, before anything is said."""
        wrapped = super().wrap_socket(*arguments, **options)
        digest = hashlib.sha256(wrapped.getpeercert(binary_form=True) or b"").hexdigest()
        if self.met and digest != self.met:
            wrapped.close()
            error = ssl.SSLCertVerificationError(1, self._refusal)
            error.verify_message = self._refusal
            raise error
        self.met = digest
        return wrapped
