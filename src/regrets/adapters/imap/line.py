"""The bytes of one IMAP connection: read within time and size, counted, and inflated where agreed (RFC 4978).

A socket's own timeout is not enough: a server that sends one byte now and then never runs into it. So each
command has a deadline as a whole. Nothing is allocated by a size that the server merely announces.
"""

from __future__ import annotations

import imaplib
import socket
import time
import zlib

MOST_LINE = 1 << 20
MOST_LITERAL = 16 << 20
MOST_ANSWER = 64 << 20  # bytes that may answer what was sent last: a batch asks for 4 MB of parts
_CHUNK = 1 << 16
_TAIL = 64  # of an over-long line: enough for the literal's size at its end


class Line:
    """`sent` and `received` count the bytes on the wire."""

    def __init__(self, sock: socket.socket, quiet_seconds: float, command_seconds: float) -> None:
        self.sock = sock
        self.sent = self.received = 0
        self._quiet_seconds, self._command_seconds = quiet_seconds, command_seconds
        self._deadline = time.monotonic() + command_seconds
        self._room = MOST_ANSWER
        self._buffer, self._at = bytearray(), 0
        self._inflate: zlib._Decompress | None = None
        self._deflate: zlib._Compress | None = None

    @property
    def pending(self) -> bool:
        """Whether the server has sent more than was read."""
        return self._at < len(self._buffer)

    def send(self, data: bytes) -> None:
        """Sends and gives the answer its deadline and its room."""
        self._deadline = time.monotonic() + self._command_seconds
        self._room = MOST_ANSWER
        if self._deflate:
            data = self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        self.sock.settimeout(self._quiet_seconds)
        self.sock.sendall(data)
        self.sent += len(data)

    def compress(self) -> None:
        """From here on both directions are raw deflate streams (RFC 4978)."""
        rest, self._buffer, self._at = bytes(self._buffer[self._at :]), bytearray(), 0
        self._inflate, self._deflate = zlib.decompressobj(-15), zlib.compressobj(wbits=-15)
        self._take(rest)

    def readline(self) -> bytes:
        """One line with its end. Of a line over MOST_LINE only the head and the last bytes are given."""
        head, searched = b"", 0
        while (end := self._buffer.find(b"\n", self._at + searched)) < 0:
            searched = len(self._buffer) - self._at
            if searched > MOST_LINE:
                head = head or bytes(self._buffer[self._at : self._at + MOST_LINE])
                self._at, searched = len(self._buffer) - _TAIL, _TAIL
            self._fill()
        line = bytes(self._buffer[self._at : end + 1])
        self._at = end + 1
        return head + line

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes: a literal."""
        if size > MOST_LITERAL:
            raise imaplib.IMAP4.abort(f"the server announced {size} bytes in one piece")
        while len(self._buffer) - self._at < size:
            self._fill()
        data = bytes(self._buffer[self._at : self._at + size])
        self._at += size
        return data

    def _fill(self) -> None:
        if self._at:
            del self._buffer[: self._at]
            self._at = 0
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError(f"no full answer within {self._command_seconds:.0f} seconds")
        self.sock.settimeout(min(remaining, self._quiet_seconds))
        chunk = self.sock.recv(_CHUNK)
        if not chunk:
            raise imaplib.IMAP4.abort("the server closed the connection")
        self.received += len(chunk)
        self._take(chunk)

    def _take(self, chunk: bytes) -> None:
        try:
            data = chunk if self._inflate is None else self._inflate.decompress(chunk)
        except zlib.error as error:
            raise imaplib.IMAP4.abort(f"compressed data is damaged: {error}") from error
        self._room -= len(data)
        if self._room < 0:
            raise imaplib.IMAP4.abort(f"the server gave over {MOST_ANSWER >> 20} MB in answer to one request")
        self._buffer += data
