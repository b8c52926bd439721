"""Every byte that reaches a real terminal is the program's own, whatever mails and servers say, on every screen."""

from __future__ import annotations

import base64
import email
import email.policy
import re
from pathlib import Path

import pytest

from regrets.domain.model import Strategy
from regrets.tui import screens
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
# What Textual says to a terminal besides painting: modes on and off, questions, the pointer's shape.
AUTHORED = re.compile(
    r"\x1b\[\?(?:25|7|1000|1003|1004|1006|1015|1049|2004|2026|2048)[hl]|\x1b\[\?20(?:26|48)\$p|\x1b\[(?:>25u|<u|6n)"
    r"|\x1b\]22;default\x07"
)
# Every module of tui/screens: keys from the inbox on, each with what shows that they did it. The screen is open then.
EMPTY_CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//own//EN\r\nEND:VCALENDAR\r\n"
SCREENS = {
    "inbox": ("jk", "PWN"),
    "help": ("?", "In the inbox"),
    "view": ("?", "In the inbox"),
    "why": ("w", "The ladder: the first rule"),
    "preview": ("v", "As it would go out"),
    "prep": ("p", "Close"),
    "chooser": ("0", "All ways to answer"),
    "clients": ("C", "Client book"),
    "won": ("T", "Time won back"),
    "filing": ("F", "always keep it in step"),
    "outbox": ("s", "s again sends it", "s", "undo", "x", "Outbox"),
    "confirm": ("0" + "j" * len(Strategy) + "\r", "This letter is final", "s", "This letter ends something"),
    "quit": ("q", "not left yet"),
}
NOTHING_OF_MAILS = {
    "password",  # tests/e2e/test_no_keyring.py opens it
    "setup",  # test_nor_what_a_server_says_to_a_newcomer opens it
}
OTHERS = (("\r", "PWN"), ("e", "Keep"), ("/PWN", "Keep the search"), ("\x10", "Find an action", "PWN", "PWN"))


def word(text: str) -> str:
    """An encoded word (RFC 2047): what is in it is decoded before it is shown."""
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def escaped(text: str) -> str:
    """Text of a property: its line breaks would end it."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def mail(number: int, evil: str, uid: str = "PWNED [@click=app.quit]") -> bytes:
    """An invitation with `evil` in every field that is shown; a UID with control characters takes no answer."""
    quoted = evil.replace('"', "'")
    harmless = invitation("UID-HERE", summary="SUMMARY-HERE", extra="DESCRIPTION:DESCRIPTION-HERE\n")
    parts = email.message_from_bytes(harmless, policy=email.policy.default).walk()
    body = next(part.get_content() for part in parts if part.get_content_type() == "text/calendar")
    body = body.decode() if isinstance(body, bytes) else body
    body = (
        body.replace("UID-HERE", f"{escaped(uid)}{number}@kovin.example")
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


def opened(terminal: Terminal, *steps: str) -> None:
    """Takes the steps to a screen, then goes back to the inbox."""
    for keys, shown in zip(steps[::2], steps[1::2], strict=True):
        terminal.settle(0.9 if keys == "s" else 0.15, 3.0)  # a letter must have stood there before it is sent
        terminal.forget_text()
        terminal.type(keys)
        terminal.wait_for(shown)
    terminal.type("\x1b")
    terminal.settle(0.25, 3.0)  # an escape alone, and not the beginning of the next key


def everything_seen(there) -> str:
    """What a terminal got on a way through all screens."""
    with Terminal(there.arguments(), there.environment, 120, 40) as terminal:
        terminal.wait_for("PWN")
        terminal.wait_for("synced")
        terminal.settle(0.8, 5.0)
        for steps in (*OTHERS, *SCREENS.values()):
            opened(terminal, *steps)
        terminal.resize(60, 15)
        terminal.settle(0.15, 1.0)
        terminal.type("q")
        terminal.wait_for("not left yet")
        terminal.type("d")
        terminal.wait_for_end()
        return terminal.output.decode("utf-8", "surrogateescape")


def failures_seen(there) -> str:
    """What a terminal got where neither mailbox nor outbox work."""
    with Terminal(there.arguments(), there.environment, 120, 40) as terminal:
        terminal.wait_for("not synced")
        terminal.settle(0.3, 3.0)
        terminal.type("x")
        terminal.wait_for("Outbox")
        terminal.settle(0.3, 3.0)
        terminal.type("\x1b")
        terminal.settle(0.25, 3.0)
        terminal.type("q")
        terminal.wait_for_end()
        return terminal.output.decode("utf-8", "surrogateescape")


def authored(output: str) -> set[str]:
    """The sequences that neither paint nor are Textual's own."""
    known = (PAINTS, AUTHORED)
    return {found for found in SEQUENCES.findall(output) if not any(one.fullmatch(found) for one in known)}


def assert_clean(output: str) -> None:
    """Nothing of a payload as it was sent."""
    assert not UNSAFE.search(output), ascii(output[UNSAFE.search(output).start() - 40 :][:90])
    for payload in PAYLOADS:
        for sequence in SEQUENCES.findall(payload):
            leaving = sequence == "\x1b[?1049l"  # once, at its end
            assert PAINTS.fullmatch(sequence) or output.count(sequence) <= leaving, ascii(sequence)
    assert "\x1b[31;47m" not in output
    assert authored(output) == set()


@pytest.fixture
def there(tmp_path):
    with world(tmp_path) as running:
        config = running.config_dir / "config.toml"
        calendar = '[[calendar]]\nname = "own"\npath = "own.ics"\nwritable = true\n'
        (running.config_dir / "own.ics").write_bytes(EMPTY_CALENDAR)
        config.write_text(config.read_text().replace("undo_seconds = 1", "undo_seconds = 600") + calendar)
        yield running


def test_every_screen_is_among_those_that_are_opened():
    modules = {path.stem for path in Path(screens.__path__[0]).glob("*.py")} - {"__init__"}
    assert modules == set(SCREENS) | NOTHING_OF_MAILS


def test_no_field_of_a_mail_reaches_the_terminal_as_it_is(there):
    for number in range(4):
        turned = PAYLOADS[number * 3 :] + PAYLOADS[: number * 3]
        there.imap.deliver(mail(number, " ".join(turned)))
    output = everything_seen(there)
    assert output.count("PWNED") > 50  # it was all shown
    assert_clean(output)


def test_nor_does_what_is_printed_and_logged(there):
    evil = " ".join(PAYLOADS)
    there.imap.deliver(mail(1, evil, uid=evil))
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
            (row,) = there.json("list", "--all")
            answer = ["reply", row["id"], "--strategy", "decline", "--yes"]
            done = [there.run(*what, status=None) for what in (["sync"], ["doctor"], answer, ["outbox"])]
            output = failures_seen(there)
            config.write_text(before)
            assert imap_server.commands or point == "greeting"
        assert "PWNED" in output
        assert_clean(output)
        printed = "".join(each.stdout + each.stderr for each in done)
        logged = "".join(file.read_text("utf-8", "surrogateescape") for file in there.data_dir.glob("*.log*"))
        for text in (printed, logged):
            assert "\x1b" not in text
            assert not UNSAFE.search(text), ascii(text[UNSAFE.search(text).start() - 40 :][:90])
        assert "PWNED" in printed


@pytest.mark.parametrize(("point", "status"), [("greeting", "* BYE"), ("LOGIN", "{tag} NO [ALERT]")])
def test_nor_what_a_server_says_to_a_newcomer(there, point, status):
    (there.config_dir / "config.toml").unlink()
    there.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    payloads = PAYLOADS[:6] if point == "greeting" else PAYLOADS[6:]
    said = " ".join(payloads).encode()
    smtp_point = {"greeting": b"554 ", "LOGIN": b"535 "}[point]
    smtp_script = {"greeting" if point == "greeting" else "AUTH": smtp_point + said + b"\r\n"}
    with (
        scripted_imap({point: f"{status} {said.decode('latin-1')}\r\n"}) as imap,
        scripted_smtp(smtp_script, connections=9) as smtp,
        Terminal(there.arguments(), there.environment, 120, 40) as terminal,
    ):
        terminal.wait_for("Nothing is kept until")
        terminal.settle()
        terminal.type("ana@studio.example\t\t\t")
        terminal.wait_for("imap.studio.example")
        terminal.type(f"127.0.0.1\t{imap.port}\t  \t127.0.0.1\t{smtp.port}\t  \t\tsecret-of-hers")
        terminal.settle()
        terminal.type("\x13")
        terminal.wait_for("not kept yet")
        terminal.settle()
        shown = terminal.text
        terminal.resize(60, 15)
        terminal.settle()
        terminal.type("\x1b")
        assert terminal.wait_for_end() == 0
        output = terminal.output.decode("utf-8", "surrogateescape")
    assert shown.count("PWNED") >= 2  # what both servers say
    assert "secret-of-hers" not in output
    assert_clean(output)
    assert not (there.config_dir / "config.toml").exists()
