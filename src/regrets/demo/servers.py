"""The demo's mail servers: IMAP (pymap, in memory) and SMTP (aiosmtpd) on loopback, in one thread of their own.

They speak the real protocols, so that the demo runs the same code as real use. Nothing leaves the machine: what
is "sent" is collected, and all of it is gone when the servers stop.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import secrets
import ssl
import threading
from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Seen
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

LOOPBACK = "127.0.0.1"
START_SECONDS = 10.0
STOP_SECONDS = 5.0
_LOGS = ("pymap", "mail", "asyncio", "proxyprotocol")


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail that lies in the mailbox: RFC 5322 bytes with CRLF; `received` is aware (INTERNALDATE)."""

    data: bytes
    received: dt.datetime
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """What SMTP took: the envelope and the message, to the byte."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes


class _QuietConfig(Config):
    """pymap's greeting looks the machine's own name up, which can take seconds and names it."""

    @property
    def greeting(self) -> bytes:
        return b"The demo's mailbox is ready"


class _Collector:
    """aiosmtpd's handler: keeps what comes, from those who have signed in."""

    def __init__(self, sent: list[Delivery]) -> None:
        self._sent = sent

    async def handle_MAIL(  # noqa: N802  # the hook's name is aiosmtpd's
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        self._sent.append(Delivery(envelope.mail_from, tuple(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 2.0.0 Taken, and kept here: this is the demo"


@dataclass(slots=True)
class Servers:
    """A context manager: on entry both servers listen on free ports of 127.0.0.1, on exit they are gone.

    `mails` lie in INBOX in that order; there is an empty Sent as well. Raises OSError where no port can be had.
    """

    mails: Sequence[StoredMail] = ()
    user: str = "demo"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12), repr=False)
    imap_port: int = 0
    smtp_port: int = 0
    sent: list[Delivery] = field(default_factory=list)
    _thread: threading.Thread | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _stop: asyncio.Event | None = None

    def __enter__(self) -> Servers:
        ready: Future[None] = Future()
        _keep_quiet()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="demo-servers", daemon=True)
        self._thread.start()
        ready.result(START_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop and self._stop and self._thread and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(STOP_SECONDS)

    def _run(self, ready: Future[None]) -> None:
        try:
            asyncio.run(self._serve(ready))
        except Exception as error:
            if ready.done():
                raise
            ready.set_exception(error)

    async def _serve(self, ready: Future[None]) -> None:
        """Until told to stop; `asyncio.run` then ends what is left of the connections."""
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        with ExitStack() as stack:
            imap = await self._listen_imap()
            stack.callback(imap.close)
            smtp = await self._listen_smtp()
            stack.callback(smtp.close)
            self.imap_port = imap.sockets[0].getsockname()[1]
            self.smtp_port = smtp.sockets[0].getsockname()[1]
            ready.set_result(None)
            await self._stop.wait()

    async def _listen_imap(self) -> asyncio.Server:
        config = _QuietConfig(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host=LOOPBACK,
            port=0,
            demo_data=False,
            demo_user=self.user,
            demo_password=self.password,
            tls_enabled=False,
            reject_dnsbl=False,
            # Never used on loopback; pymap would else load the machine's certificates.
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
            # A password that lives for minutes in this process needs no slow hash and no thread pool.
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        config.apply_context()  # for the connections' tasks, which inherit this context
        login = Login(config)
        await login.demo_user_identity.set(UserMetadata(config, self.user, password=self.password))
        config.set_cache[self.user] = (await self._fill_mailbox(), FilterSet())
        serve = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(login, config))
        return await asyncio.start_server(serve, LOOPBACK, 0)

    async def _fill_mailbox(self) -> MailboxSet:
        mailboxes = MailboxSet()
        await mailboxes.add_mailbox("Sent")
        inbox = await mailboxes.get_mailbox("INBOX")
        for mail in self.mails:
            flags = frozenset({Seen} if mail.seen else ())
            await inbox.append(AppendMessage(mail.data, mail.received, flags), recent=not mail.seen)
        return mailboxes

    async def _listen_smtp(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        collector = _Collector(self.sent)

        def protocol() -> SMTP:
            return SMTP(
                collector,
                hostname="localhost",
                ident="regrets demo",
                auth_require_tls=False,
                authenticator=self._sign_in,
                loop=loop,
            )

        return await loop.create_server(protocol, LOOPBACK, 0)

    def _sign_in(self, server: SMTP, session: Any, envelope: Any, mechanism: str, credentials: Any) -> AuthResult:
        known = isinstance(credentials, LoginPassword) and (
            credentials.login == self.user.encode() and credentials.password == self.password.encode()
        )
        return AuthResult(success=known, handled=False)


def _keep_quiet() -> None:
    """Servers' logs must not fall on the screen of the program that they serve."""
    for name in _LOGS:
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
