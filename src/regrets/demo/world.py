"""The world of `regrets demo`: a config, a client book, a calendar and a mailbox that live as long as it is open."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import signal
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from types import FrameType

from regrets.demo.ics import calendar_ics
from regrets.demo.mails import build
from regrets.demo.scenario import Scenario
from regrets.demo.servers import LOOPBACK, Delivery, Servers, StoredMail
from regrets.domain.text import SafeText, safe_line

_SEEN_AFTER = dt.timedelta(days=1)  # older mails have been looked at


@dataclass(frozen=True, slots=True)
class SentMail:
    """One message that was "sent": its text, and what it told the organiser's calendar ('' where nothing)."""

    recipients: tuple[str, ...]
    subject: str
    text: str
    method: str  # REPLY, COUNTER or ''
    partstat: str
    data: bytes


@dataclass(frozen=True, slots=True)
class World:
    """Two fresh directories (0700) whose files lead to the embedded servers."""

    config_dir: Path
    data_dir: Path
    servers: Servers

    def sent(self) -> list[SentMail]:
        """What SMTP took so far, in that order."""
        return [_read(delivery) for delivery in list(self.servers.sent)]


@contextmanager
def demo_world(now: dt.datetime, scenario: str = "six") -> Iterator[World]:
    """Opens the demo's world, dated for `now` (aware); on exit the servers and every file of it are gone.

    Raises NotFound for an unknown scenario, OSError where no directory or port can be had.
    """
    plan = Scenario(scenario, now)
    mails = [StoredMail(build(mail), mail.received, now - mail.received > _SEEN_AFTER) for mail in plan.mails()]
    with (
        _ended_by_signals(),
        tempfile.TemporaryDirectory(prefix="regrets-demo-", ignore_cleanup_errors=True) as directory,
        Servers(mails, user=plan.me.address) as servers,
    ):
        world = World(Path(directory, "config"), Path(directory, "data"), servers)
        for folder in (world.config_dir, world.data_dir):
            folder.mkdir(mode=0o700)
        _write(world.config_dir / "config.toml", plan.config + _account(servers, plan.me.address))
        _write(world.config_dir / "clients.toml", plan.clients)
        calendar = calendar_ics(plan.entries(), plan.me).decode("utf-8")
        _write(world.config_dir / "calendar.ics", calendar)
        try:
            yield world
        finally:
            _close_logs(Path(directory))


def summary(sent: Iterable[SentMail]) -> list[SafeText]:
    """What to print when the demo is over, one line each."""
    lines = [safe_line(f"- {', '.join(mail.recipients)}: {mail.subject}") for mail in sent]
    if not lines:
        return [safe_line("You sent nothing. The demo is gone, and nothing of it is left.")]
    count = "1 message" if len(lines) == 1 else f"{len(lines)} messages"
    head = f"You sent {count}, which went no further than this machine:"
    return [safe_line(head), *lines]


def _read(delivery: Delivery) -> SentMail:
    message = message_from_bytes(delivery.data, policy=modern)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    told = next((part for part in message.walk() if part.get_content_type() == "text/calendar"), None)
    calendar = str(told.get_content()) if told else ""
    return SentMail(
        recipients=delivery.recipients,
        subject=str(message["Subject"] or ""),
        text=body.get_content() if body else "",
        method=_word(calendar, r"^METHOD:([A-Z]+)"),
        partstat=_word(re.sub(r"\r?\n ", "", calendar), r"PARTSTAT=([A-Z-]+)"),
        data=delivery.data,
    )


def _word(text: str, pattern: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1] if found else ""


def _account(servers: Servers, address: str) -> str:
    """[[account]]: plain text is allowed on loopback; a command prints the password, so no keyring is needed."""
    command = [sys.executable, "-I", "-S", "-c", f"print({servers.password!r})"]
    host = json.dumps(LOOPBACK)
    return f"""
[[account]]
name = "demo"
address = {json.dumps(address)}
imap = {{ host = {host}, port = {servers.imap_port}, security = "none" }}
smtp = {{ host = {host}, port = {servers.smtp_port}, security = "none" }}
login = {{ user = {json.dumps(servers.user)}, auth = "command", command = {json.dumps(command)} }}
"""


def _close_logs(directory: Path) -> None:
    """A log that lies in here must not be written to, or made anew, when the directory is gone."""
    logger = logging.getLogger("regrets")
    for handler in list(logger.handlers):
        if isinstance(handler, logging.FileHandler) and Path(handler.baseFilename).is_relative_to(directory):
            logger.removeHandler(handler)
            handler.close()


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, "utf-8", newline="")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP (a closed terminal) end the program by SystemExit, so that the files go as well."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {number: signal.signal(number, end) for number in numbers if signal.getsignal(number) is signal.SIG_DFL}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
