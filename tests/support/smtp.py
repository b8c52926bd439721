"""A real SMTP server (aiosmtpd) on loopback with TLS, which keeps what it receives."""

from __future__ import annotations

import asyncio
import contextlib
import email
import ssl
import tempfile
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True)
class Received:
    """One accepted message."""

    mail_from: str
    rcpt_tos: tuple[str, ...]
    data: bytes
    helo: str

    @property
    def message_id(self) -> str:
        return str(email.message_from_bytes(self.data)["Message-ID"]).strip()


@dataclass
class SmtpServer:
    """`port` on 127.0.0.1; `ca_file` verifies its certificate for 127.0.0.1 and localhost ('' without TLS)."""

    port: int
    ca_file: str
    received: list[Received] = field(default_factory=list)
    logins: list[tuple[str, str, bool]] = field(default_factory=list)  # user, password, accepted
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int, seconds: float = 5.0) -> list[Received]:
        """Until `count` messages have come; fails the test after `seconds`."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.received) >= count, seconds)
            assert came, f"{len(self.received)} of {count} messages came within {seconds} seconds"
            return list(self.received)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        with self._changed:
            self.received.append(
                Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content, session.host_name or "")
            )
            self._changed.notify_all()
        return "250 2.0.0 Accepted"


@contextlib.contextmanager
def smtp_server(
    *,
    tls: bool = True,
    starttls: bool = False,
    auth: tuple[str, str] | None = None,
    identity: str = "127.0.0.1",
    expired: bool = False,
) -> Iterator[SmtpServer]:
    """`tls`: from the first byte on; `starttls`: required after EHLO (give tls=False); neither: plain.
    `identity` is the name in the certificate, `expired` makes one of the past."""
    with tempfile.TemporaryDirectory() as directory:
        context, ca_file = certificate(Path(directory), identity, expired) if tls or starttls else (None, "")
        server = SmtpServer(0, ca_file)

        def authenticate(_s: SMTP, _session: Session, _e: Envelope, _m: str, data: object) -> AuthResult:
            assert isinstance(data, LoginPassword)
            given = (data.login.decode(), data.password.decode())
            server.logins.append((*given, given == auth))
            return AuthResult(success=given == auth, handled=False)

        def protocol() -> SMTP:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it warns of AUTH without STARTTLS; the line is TLS already
                return SMTP(
                    server,
                    hostname="smtp.test",
                    ident="test",
                    loop=loop,
                    tls_context=context if starttls else None,
                    require_starttls=starttls,
                    authenticator=authenticate if auth else None,
                    auth_required=auth is not None,
                    auth_require_tls=starttls,
                    enable_SMTPUTF8=True,
                )

        loop = asyncio.new_event_loop()
        listening = loop.run_until_complete(
            loop.create_server(protocol, "127.0.0.1", 0, ssl=context if tls else None)
        )
        server.port = listening.sockets[0].getsockname()[1]
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            asyncio.run_coroutine_threadsafe(_shut(listening), loop).result(5)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
            loop.close()


async def _shut(listening: asyncio.Server) -> None:
    listening.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def certificate(directory: Path, identity: str = "127.0.0.1", expired: bool = False) -> tuple[ssl.SSLContext, str]:
    """A server's context, and the file of the authority that has signed for it."""
    import datetime as dt

    authority = trustme.CA()
    past = {"not_after": dt.datetime(2020, 1, 1, tzinfo=dt.UTC), "not_before": dt.datetime(2019, 1, 1, tzinfo=dt.UTC)}
    names = (identity, "localhost") if identity == "127.0.0.1" else (identity,)
    issued = authority.issue_cert(*names, **(past if expired else {}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    ca_file = directory / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    return context, str(ca_file)
