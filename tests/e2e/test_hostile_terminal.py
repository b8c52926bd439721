"""Every byte that reaches a real terminal is the program's own, whatever mails and servers say, on every screen."""

from __future__ import annotations

import base64
import contextlib
import email
import email.policy
import re

import pytest

from tests.support.scripted_imap import scripted_imap
from tests.support.scripted_smtp import scripted_smtp
from tests.support.terminal import Terminal
from tests.support.world import invitation, world

pytestmark = pytest.mark.dovecot

PAYLOADS = [
    "\x1b]0;PWNED\x07",
    "\x1b]52;c;UFdORUQ=\x1b\\",
    "\x1b]8;;http://pwned.example\x1b\\PWNED",
    "\x1b[2J\x1b[31;47mPWNED",
    "\x1b[6n\x1b[21t\x1b[>c",
    "\x1bcPWNED",
    "\x1bPPWNED\x1b\\",
    "\x1b[?1049lPWNED",
    "\x9b2JPWNED\x9d0;PWNED\x9c",
    "\u202ePWNED\u2066\u200b\ufeff\U000e0041",
    "\x0e\x7f\x08\x08PWNED",
    "[@click=app.quit]PWNED[/] [link=http://pwned.example]x[/link] [/b]",
    "PWNED\x1b]0;unfinished",
]
UNSAFE = re.compile(
    "[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e0fff]"
)
SEQUENCES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1bP.*?(?:\x1b\\|$)|\x1b.?", re.DOTALL
)
PAINTS = re.compile(r"\x1b\[[0-9;:]*[mHGABCDKJX]")
KEYS = (
    *("\r", "\r", "w", "\x1b", "v", "\x1b", "e", "\x1b", "0", "\x1b", "L", "\x1b", "x", "\x1b", "?", "\x1b"),
    *("\x10PWN", "\x1b", "/PWN\r", "\x1b", "j", "\r", "\x1b", "j", "j", "s", "s", "x", "\x1b"),
)


def word(text: str) -> str:
    """An encoded word (RFC 2047): what is in it is decoded before it is shown."""
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def escaped(text: str) -> str:
    """Text of a property: its line breaks would end it."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def mail(number: int, evil: str) -> bytes:
    """An invitation with `evil` in every field that is shown anywhere."""
    quoted = evil.replace('"', "'")
    harmless = invitation("UID-HERE", summary="SUMMARY-HERE", extra="DESCRIPTION:DESCRIPTION-HERE\n")
    parts = email.message_from_bytes(harmless, policy=email.policy.default).walk()
    body = next(part.get_content() for part in parts if part.get_content_type() == "text/calendar")
    body = body.decode() if isinstance(body, bytes) else body
    body = (
        body.replace("UID-HERE", f"{escaped(evil)}{number}@kovin.example")
        .replace("SUMMARY-HERE", escaped(evil))
        .replace("DESCRIPTION-HERE", escaped(f"{evil}\n{evil}"))
        .replace("LOCATION:https://meet.example/kovin", f"LOCATION:{escaped(evil)}\r\nURL:https://x.example/{evil}")
        .replace('CN="Kovač, Marko"', f'CN="{quoted}"')
        .replace("CN=Ben", f'CN="{quoted}"')
        .replace("Marko@Kovin.example", f"marko{number}@kovin.example")
        .replace("20261124", f"202611{24 + number % 4}")
    )
    head = (
        f"From: {word(evil)} <somebody{number}@other.example>\r\nTo: {word(evil)} <ana@studio.example>\r\n"
        f"Subject: {word(evil)}\r\nMessage-ID: <{number}@kovin.example>\r\nDate: Fri, 20 Nov 2026 09:00:00 +0100\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    )
    encoded = base64.encodebytes(body.encode()).decode().replace("\n", "\r\n")
    text = base64.encodebytes(f"{evil}\n\n{evil}\n".encode()).decode().replace("\n", "\r\n")
    return (
        f"{head}--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{text}\r\n"
        f'--b\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8; name="{word(evil)}.ics"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--b--\r\n"
    ).encode()


def everything_seen(there) -> str:
    """What a terminal got on a way through all screens."""
    with Terminal(there.arguments(), there.environment, 120, 40) as terminal:
        terminal.wait_for("PWN")
        terminal.settle(1.0, 4.0)
        for key in KEYS:
            terminal.type(key)
            terminal.settle(0.12, 0.6)
        terminal.resize(60, 15)
        terminal.settle(0.12, 0.6)
        terminal.type("q")
        terminal.settle(0.12, 0.6)
        terminal.type("d")  # held answers: discard
        terminal.settle(0.12, 0.6)
        with contextlib.suppress(AssertionError):
            terminal.wait_for_end(5)
        return terminal.output.decode("utf-8", "surrogateescape")


def authored(output: str) -> set[str]:
    """The sequences other than colours, cursor moves and erasing."""
    return {found for found in SEQUENCES.findall(output) if not PAINTS.fullmatch(found)}


def assert_clean(output: str) -> None:
    """Nothing of a payload as it was sent."""
    assert not UNSAFE.search(output), ascii(output[UNSAFE.search(output).start() - 40 :][:90])
    for payload in PAYLOADS:
        for sequence in SEQUENCES.findall(payload):
            leaving = sequence == "\x1b[?1049l"  # once, at its end
            assert PAINTS.fullmatch(sequence) or output.count(sequence) <= leaving, ascii(sequence)
    assert "\x1b[31;47m" not in output


@pytest.fixture
def there(tmp_path):
    with world(tmp_path) as running:
        config = running.config_dir / "config.toml"
        config.write_text(config.read_text().replace("undo_seconds = 1", "undo_seconds = 600"))
        yield running


def test_no_field_of_a_mail_reaches_the_terminal_as_it_is(there, tmp_path):
    (tmp_path / "harmless").mkdir()
    with world(tmp_path / "harmless") as harmless:
        config = harmless.config_dir / "config.toml"
        config.write_text(config.read_text().replace("undo_seconds = 1", "undo_seconds = 600"))
        for number in range(4):
            harmless.imap.deliver(mail(number, "PWNED harmless"))
        harmless.run("sync")
        usual = authored(everything_seen(harmless))
    for number in range(4):
        turned = PAYLOADS[number * 3 :] + PAYLOADS[: number * 3]
        there.imap.deliver(mail(number, " ".join(turned)))
    there.run("sync")
    output = everything_seen(there)
    assert output.count("PWNED") > 50  # it was all shown
    assert_clean(output)
    assert authored(output) <= usual


def test_nor_does_what_is_printed_and_logged(there):
    for number in range(2):
        there.imap.deliver(mail(number, " ".join(PAYLOADS[number * 7 :] + PAYLOADS[: number * 7])))
    printed = [there.run("sync"), there.run("list", "--all"), there.run("list", "--all", "--json")]
    for row in there.json("list", "--all"):
        printed += [there.run("show", row["id"]), there.run("show", row["id"], "--json")]
        printed.append(there.run("reply", row["id"], "--dry-run", status=None))
    text = "".join(done.stdout + done.stderr for done in printed)
    assert text.count("PWNED") > 20
    assert "\x1b" not in text
    assert not UNSAFE.search(text), ascii(text[UNSAFE.search(text).start() - 40 :][:90])


def test_nor_what_a_server_says(there):
    there.imap.deliver(invitation(summary="PWN meeting"))
    there.run("sync")
    config = there.config_dir / "config.toml"
    imap, smtp = f'port = {there.imap.tls_port}, security = "tls"', f'port = {there.smtp.port}, security = "tls"'
    said_by = {"greeting": ("* BYE", " ".join(PAYLOADS[:6])), "LOGIN": ("{tag} NO [ALERT]", " ".join(PAYLOADS[6:]))}
    for point, (status, payload) in said_by.items():
        said = payload.encode()
        reply = f"{status} {said.decode('latin-1')}\r\n"  # the scripted server speaks latin-1
        with (
            scripted_imap({point: reply}) as imap_server,
            scripted_smtp(
                {
                    "greeting": b"220 " + said + b"\r\n",
                    "RCPT": b"550 " + said + b"\r\n",
                    "AUTH": b"535 " + said + b"\r\n",
                },
                connections=9,
            ) as smtp_server_,
        ):
            before = config.read_text()
            config.write_text(
                before.replace('host = "localhost"', 'host = "127.0.0.1"')
                .replace(imap, f'port = {imap_server.port}, security = "none"')
                .replace(smtp, f'port = {smtp_server_.port}, security = "none"')
            )
            output = everything_seen(there)
            done = [there.run(*what, status=None) for what in (["sync"], ["doctor"], ["outbox"])]
            (row,) = there.json("list", "--all")
            done.append(there.run("reply", row["id"], "--strategy", "decline", "--yes", status=None))
            done.append(there.run("outbox", status=None))
            config.write_text(before)
            assert imap_server.commands or point == "greeting"
        assert_clean(output)
        printed = "".join(each.stdout + each.stderr for each in done)
        logged = "".join(file.read_text("utf-8", "surrogateescape") for file in there.data_dir.glob("*.log*"))
        for text in (printed, logged):
            assert "\x1b" not in text
            assert not UNSAFE.search(text), ascii(text[UNSAFE.search(text).start() - 40 :][:90])
        assert "PWNED" in printed
