"""A mailbox and an SMTP server on loopback, a config for them, and the command line run against both."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from tests.support import canary
from tests.support.dovecot import PASSWORD, USER, Dovecot, dovecot
from tests.support.smtp import SmtpServer, smtp_server

NOW = "2026-11-22T09:00:00+01:00"


@dataclass(frozen=True)
class World:
    """Both servers, the directories, and a way to call `regrets`."""

    imap: Dovecot
    smtp: SmtpServer
    config_dir: Path
    data_dir: Path
    environment: dict[str, str]

    def arguments(self) -> list[str]:
        return ["--config-dir", str(self.config_dir), "--data-dir", str(self.data_dir), "--now", NOW]

    def run(self, *arguments: str, status: int | None = 0, **kwargs) -> subprocess.CompletedProcess[str]:
        """`regrets ARGUMENTS` as a process of its own."""
        canary.listen("the command line", repr(arguments))
        done = subprocess.run(
            [sys.executable, "-m", "regrets", *arguments, *self.arguments()],
            capture_output=True,
            text=True,
            env=self.environment,
            timeout=60,
            check=False,
            **kwargs,
        )
        canary.listen("what it said", done.stdout + done.stderr)
        assert status is None or done.returncode == status, done.stdout + done.stderr
        return done

    def json(self, *arguments: str, status: int | None = 0) -> list[dict]:
        """The JSON Lines of a command."""
        return [json.loads(line) for line in self.run(*arguments, "--json", status=status).stdout.splitlines()]


@contextlib.contextmanager
def world(root: Path) -> Iterator[World]:
    """Starts both servers with TLS; the program's directories lie below `root`."""
    with (
        dovecot() as imap,
        smtp_server(auth=(USER, PASSWORD)) as smtp,
    ):
        config_dir, data_dir = root / "config", root / "data"
        config_dir.mkdir()
        authorities = root / "authorities.pem"
        authorities.write_text(Path(imap.ca_file).read_text() + Path(smtp.ca_file).read_text())
        (config_dir / "config.toml").write_text(
            f"""
[me]
name = "Ana Novak"
addresses = ["ana@studio.example"]
timezone = "Europe/Ljubljana"
signature = "Ana Novak"
[ui]
undo_seconds = 1
[[account]]
name = "work"
address = "ana@studio.example"
imap = {{ host = "localhost", port = {imap.tls_port}, security = "tls" }}
smtp = {{ host = "localhost", port = {smtp.port}, security = "tls" }}
login = {{ user = "{USER}", auth = "command", command = {json.dumps(canary.command_that_prints())} }}
""",
            encoding="utf-8",
        )
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(root),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "SSL_CERT_FILE": str(authorities),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(canary.WATCH),
            "REGRETS_TEST_ARGV": str(root / "started.log"),
        }
        yield World(imap, smtp, config_dir, data_dir, environment)
        assert canary.files_that_leak(imap.root) == []  # also what was filed in Sent
        for received in smtp.received:
            canary.listen("a mail", received.data)


def invitation(
    uid: str = "kovin-1@kovin.example",
    *,
    method: str = "REQUEST",
    summary: str = "Logo colours",
    sequence: int = 0,
    start: str = "20261124T100000",
    end: str = "20261124T113000",
    extra: str = "",
    zone: str = "Europe/Ljubljana",
    organizer: str = "Marko@Kovin.example",
    name: str = "Kovač, Marko",
    text: str = "Hello Ana,\n\nwe would like to see the colours.\n\nMarko",
) -> bytes:
    """A mail with an invitation of Marko's in Google's shape."""
    calendar = f"""BEGIN:VCALENDAR
PRODID:-//Example Corp//Calendar//EN
VERSION:2.0
METHOD:{method}
BEGIN:VTIMEZONE
TZID:Europe/Ljubljana
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20261120T080000Z
DTSTART;TZID={zone}:{start}
DTEND;TZID={zone}:{end}
SEQUENCE:{sequence}
SUMMARY:{summary}
LOCATION:https://meet.example/kovin
ORGANIZER;CN="{name}":mailto:{organizer}
ATTENDEE;CN=Ana;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:
 Ana@Studio.example
ATTENDEE;CN=Ben;PARTSTAT=ACCEPTED:mailto:ben@kovin.example
{extra}END:VEVENT
END:VCALENDAR
"""
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = "Marko Kovač <marko@kovin.example>"
    mail["To"] = "Ana Novak <ana@studio.example>"
    mail["Subject"] = f"Invitation: {summary}"
    mail["Date"] = "Fri, 20 Nov 2026 09:00:00 +0100"
    mail["Message-ID"] = f"<{uid.replace('@', '.')}.{sequence}@mail.kovin.example>"
    mail.set_content(text)
    mail.add_alternative(f"<p>{text}</p>", subtype="html")
    mail.add_alternative(
        calendar.replace("\n", "\r\n").encode(),
        maintype="text",
        subtype="calendar",
        params={"method": method, "charset": "UTF-8"},
    )
    return mail.as_bytes()


def newsletter() -> bytes:
    """An ordinary mail."""
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = "news@shop.example"
    mail["To"] = "ana@studio.example"
    mail["Subject"] = "Winter sale"
    mail["Message-ID"] = "<sale@shop.example>"
    mail.set_content("Everything must go.")
    return mail.as_bytes()
