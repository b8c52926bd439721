"""An IMAP server that says what a script tells it, then drops, stalls or lies.

    with scripted_imap({"LOGIN": "{tag} NO [AUTHENTICATIONFAILED] no\r\n"}) as server: ...

A reply may be a list: it is sent piece by piece; DROP closes the line,
SILENCE never answers, DRIP sends a byte now and then for ever. With `tls`, what follows the answer to STARTTLS is
encrypted.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

DROP, SILENCE, DRIP = "<drop>", "<silence>", "<drip>"
Reply = str | list[str]

GOOD: dict[str, Reply] = {
    "greeting": "* OK ready\r\n",
    "CAPABILITY": "* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n",
    "LOGIN": "{tag} OK in\r\n",
    "EXAMINE": "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 2] ok\r\n{tag} OK [READ-ONLY] open\r\n",
    "UID SEARCH": "* SEARCH 1\r\n{tag} OK done\r\n",
    "LOGOUT": "* BYE bye\r\n{tag} OK out\r\n",
}


@dataclass
class ScriptedImap:
    """`commands`: everything that clients have said, without their tags."""

    port: int
    commands: list[str] = field(default_factory=list)


@contextlib.contextmanager
def scripted_imap(script: Mapping[str, Reply], tls: ssl.SSLContext | None = None) -> Iterator[ScriptedImap]:
    """Serves any number of connections until the end; what the script doesn't name is answered as in GOOD."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = ScriptedImap(listener.getsockname()[1])
    replies = {**GOOD, **script}
    begin = replies["greeting"]
    ended = threading.Event()

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                talk = (connection, begin, replies, server, ended, tls)
                threading.Thread(target=_talk, args=talk, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        ended.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # else the accept in the thread keeps it listening
        listener.close()


def _talk(
    connection: socket.socket,
    begin: Reply,
    replies: Mapping[str, Reply],
    server: ScriptedImap,
    ended: threading.Event,
    tls: ssl.SSLContext | None,
) -> None:
    with contextlib.suppress(OSError), connection, connection.makefile("rb") as lines:
        if not _say(connection, begin, "", ended):
            return
        for line in lines:
            tag, _, command = line.decode("latin-1").strip().partition(" ")
            server.commands.append(command)
            name = next((known for known in replies if command.upper().startswith(known)), "")
            if not _say(connection, replies.get(name, "{tag} BAD what?\r\n"), tag, ended):
                return
            if tls and name == "STARTTLS":
                _talk(tls.wrap_socket(connection, server_side=True), [], replies, server, ended, None)
                return


def _say(connection: socket.socket, reply: Reply, tag: str, ended: threading.Event) -> bool:
    for piece in [reply] if isinstance(reply, str) else reply:
        if piece == DROP:
            return False
        if piece == SILENCE:
            ended.wait(30)
            return False
        if piece == DRIP:
            while not ended.wait(0.05):
                connection.sendall(b"x")
            return False
        connection.sendall(piece.replace("{tag}", tag).encode("latin-1"))
    return True
