"""The sender against a real server with TLS, and against logins that fail."""

import base64
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import pytest

from regrets.adapters.smtp.errors import SmtpOutcome
from regrets.adapters.smtp.sender import SmtpSender, stuffed
from regrets.domain.errors import ClaimLost, StoreError
from regrets.domain.model import OutboxEntry, OutboxState
from regrets.domain.settings import Login, Server
from tests.support.outbox import FakeSecrets, account, entry
from tests.support.scripted_smtp import TRICKLE, scripted_smtp
from tests.support.smtp import SmtpServer, smtp_server

SECRET = "canary-pässwörd-7431"
_139 = "535 5.7.139 Authentication unsuccessful, "


def send(
    port: int, security: str, *, ca_file: str = "", secret: str | None = SECRET, **changes: Any
) -> tuple[SmtpOutcome, list[str]]:
    phases: list[str] = []
    sender = SmtpSender(FakeSecrets(secret), ca_file=Path(ca_file) if ca_file else None, timeout=2, deadline=4)
    message: OutboxEntry = changes.pop("message", entry())
    outcome = sender.send(account(port, security, **changes), message, phases.append)
    assert SECRET not in repr(outcome)
    return outcome, phases


@pytest.mark.parametrize(("tls", "security"), [(True, "tls"), (False, "starttls")])
def test_a_real_server_gets_exactly_the_bytes(tls: bool, security: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getfqdn", lambda *_: "anas-laptop.home.example")
    user = "ana@studio.example"
    data = b"Message-ID: <dots@x>\r\n\r\n.one dot\r\n..two\r\n.\r\nend"
    message = entry(data=data, message_id="<dots@x>", recipients=("a@x.example", "b@y.example"))
    with smtp_server(tls=tls, starttls=not tls, auth=(user, SECRET)) as server:
        outcome, phases = send(server.port, security, ca_file=server.ca_file, message=message)
        assert outcome == SmtpOutcome(OutboxState.SENT)
        (received,) = server.wait_for(1, 5)
    assert phases == ["connecting", "envelope", "body", "dot-written"]
    assert received.mail_from == message.sender
    assert received.rcpt_tos == message.recipients
    assert received.data.rstrip(b"\r\n") == data
    assert received.helo == "[127.0.0.1]"  # and not the name of this machine
    assert server.logins == [(user, SECRET, True)]


@pytest.mark.parametrize("moment", ["envelope", "body", "dot-written"])
@pytest.mark.parametrize("error", [ClaimLost, StoreError])
def test_no_dot_is_written_where_the_claim_is_lost(moment: str, error: type[StoreError]) -> None:
    """Or where the phase can't be written; and the outbox is told, not that the server refused it."""

    def phase(name: str) -> None:
        if name == moment:
            raise error("Another regrets has taken it over.")

    with scripted_smtp() as server:
        with pytest.raises(error):
            SmtpSender(FakeSecrets(), timeout=2, deadline=4).send(account(server.port), entry(), phase)
        assert server.left.wait(5)
        assert server.accepted == []


def test_one_wrong_login_is_one_attempt() -> None:
    with smtp_server(auth=("ana@studio.example", "other")) as server:
        outcome, _ = send(server.port, "tls", ca_file=server.ca_file)
        assert not server.received
    assert (outcome.state, outcome.permanent, outcome.account_wide) == (OutboxState.FAILED, True, True)
    assert "refused user or password" in outcome.error
    assert "regrets setup" in outcome.error
    assert len(server.logins) == 1


def refuses_tls(server: SmtpServer, security: str, ca_file: str, says: str) -> None:
    outcome, phases = send(server.port, security, ca_file=ca_file)
    assert outcome.state is OutboxState.FAILED
    assert says in outcome.error
    assert phases == ["connecting"]
    assert server.logins == []
    assert server.received == []


def test_certificates_are_verified() -> None:
    auth = ("ana@studio.example", SECRET)
    for tls in (True, False):
        security = "tls" if tls else "starttls"
        with smtp_server(tls=tls, starttls=not tls, auth=auth) as server:
            refuses_tls(server, security, "", "certificate")  # nobody vouches for it
        with smtp_server(tls=tls, starttls=not tls, auth=auth, identity="other.example") as server:
            refuses_tls(server, security, server.ca_file, "certificate")
        with smtp_server(tls=tls, starttls=not tls, auth=auth, expired=True) as server:
            refuses_tls(server, security, server.ca_file, "expired")
    assert SmtpSender(FakeSecrets())._tls().verify_mode is ssl.CERT_REQUIRED


def test_no_password_without_encryption() -> None:
    with scripted_smtp() as server:
        outcome, _ = send(server.port, "starttls")
        assert outcome.state is OutboxState.FAILED
        assert "STARTTLS" in outcome.error
        assert [command.split()[0].upper() for command in server.commands] == ["EHLO"]
    with scripted_smtp() as server:
        outcome, _ = send(server.port, "none", smtp=Server("mail.example", server.port, "none"))
        assert "this machine only" in outcome.error
        assert server.commands == []


def test_login_with_a_token_and_its_refusal() -> None:
    login = Login("ana@studio.example", "oauth2", token_command=("x",))
    with scripted_smtp() as server:
        outcome, _ = send(server.port, "none", login=login)
        assert outcome.state is OutboxState.SENT
        assert any(command.startswith("AUTH XOAUTH2 ") for command in server.commands)
    with scripted_smtp({"AUTH": b"334 eyJzdGF0dXMiOiI0MDAifQ==\r\n", "": b"535 5.7.3 expired\r\n"}) as server:
        outcome, _ = send(server.port, "none", login=login)
        assert outcome.permanent
        assert "535 5.7.3 expired" in outcome.error


@pytest.mark.parametrize(
    ("host", "reply", "says"),
    [
        ("smtp.gmail.com", "534-5.7.9 Application-specific password required", "app password"),
        ("smtp.gmail.com", "535 5.7.8 Username and Password not accepted", "apppasswords"),
        ("smtp.office365.com", "550 5.7.30 Basic authentication is not supported", "oauth2"),
        ("smtp.gmail.com", "534-5.7.14 <https://x.example> Please log in via your web browser", "browser"),
        ("smtp.office365.com", _139 + "SmtpClientAuthentication is disabled for the "
         "Tenant. Visit https://aka.ms/smtp_auth_disabled", "administrator"),
        ("smtp.office365.com", _139 + "SmtpClientAuthentication is disabled for the "
         "Mailbox.", "administrator"),
        ("smtp.office365.com", _139 + "basic authentication is disabled.", "oauth2"),
        ("smtp.office365.com", "535 5.7.3 Authentication unsuccessful", "oauth2"),
        ("smtp-mail.outlook.com", _139 + "the user credentials were incorrect",
         "oauth2"),
        ("smtp.fastmail.com", "535 5.7.0 Incorrect username, password or app password", "app password"),
        ("smtp.zoho.com", "535 Authentication Failed", "Zoho needs IMAP switched on first"),
        ("mail.gmx.net", "535 Authentication credentials invalid", "POP3 & IMAP"),
        ("smtp.mail.me.com", "535 5.7.0 Error: authentication failed", "app password"),
        ("smtp.mail.yahoo.com", "535 5.7.0 failed", "app password"),
        ("mail.example", "535 5.7.8 no", "refused user or password"),
        ("mail.example", "454 4.7.0 later", "tried again"),
    ],
)  # fmt: skip
def test_what_providers_say_is_explained(host: str, reply: str, says: str) -> None:
    from regrets.adapters.smtp.errors import Refused, refused

    outcome = refused(account(smtp=Server(host, 465)), Refused("auth", int(reply[:3]), reply[4:]))
    assert says in outcome.error
    assert outcome.permanent is (reply[0] == "5")
    assert outcome.account_wide


@pytest.mark.parametrize(
    ("host", "reply", "says"),
    [
        ("smtp.gmail.com", "535 5.7.8 Username and Password not accepted", "https://mail.google.com/"),
        ("smtp.office365.com", "535 5.7.3 Authentication unsuccessful", "SMTP.Send"),
        ("smtp.office365.com", _139 + "SmtpClientAuthentication is disabled for the "
         "Tenant.", "allow Authenticated SMTP"),
        ("mail.example", "535 5.7.8 no", "token_command"),
    ],
)  # fmt: skip
def test_a_refused_token_is_not_taken_for_a_password(host: str, reply: str, says: str) -> None:
    from regrets.adapters.smtp.errors import Refused, refused

    asked = account(smtp=Server(host, 465), login=Login("ana", "oauth2", token_command=("x",)))
    outcome = refused(asked, Refused("auth", int(reply[:3]), reply[4:]))
    assert says in outcome.error
    assert "app password" not in outcome.error


@pytest.mark.parametrize(
    ("stage", "reply", "says"),
    [
        ("content", "554 5.2.252 SendAsDenied; ana@studio.example not allowed to send as", "may use that address"),
        (
            "sender",
            "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
            "may use that address",
        ),
        ("sender", "553 Relaying disallowed as ana@studio.example", "may use that address"),
        ("sender", "550 Sender address is not allowed.", "allowed. See that"),
        ("sender", "530 5.7.0 Authentication Required.", "wants a login"),
        ("sender", "550 5.7.30 Basic authentication is not supported for Client Submission", "takes no passwords"),
        ("sender", "530 5.7.57 Client not authenticated to send mail.", "wants a login"),
        ("content", "550 5.4.5 Daily user sending limit exceeded.", "Retry tomorrow"),
        ("content", "550 5.1.8 Access denied, bad outbound sender", "blocked sending"),
        ("content", "432 4.3.2 Concurrent connections limit exceeded.", "tried again"),
        ("recipient", "550 5.1.1 no such user", "Nothing was sent to anybody"),
    ],
)
def test_what_is_said_of_one_message_is_explained(stage: str, reply: str, says: str) -> None:
    from regrets.adapters.smtp.errors import Refused, refused

    outcome = refused(account(), Refused(stage, int(reply[:3]), reply[4:], "ben@kovin.example"))
    assert says in outcome.error
    assert reply.rstrip(".") in outcome.error
    assert outcome.permanent is (reply[0] == "5")
    assert not outcome.account_wide


def test_a_server_that_echoes_the_secret() -> None:
    echo = base64.b64encode(f"\0ana@studio.example\0{SECRET}".encode())
    with scripted_smtp({"AUTH": b"535 you said PLAIN " + echo + b"\r\n"}) as server:
        outcome, _ = send(server.port, "none")
    assert echo.decode() not in outcome.error
    with scripted_smtp({"AUTH": b"535 no " + SECRET.encode() + b"\r\n"}) as server:
        outcome, _ = send(server.port, "none")
    assert SECRET not in outcome.error


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "dot"])
def test_a_server_that_echoes_it_later(stage: str) -> None:
    """After it signed in, in any form and at any length: what is known is stored and shown."""
    for echo in (SECRET, SECRET.upper(), base64.b64encode(f"login {SECRET}".encode()).decode(), "x" * 290 + SECRET):
        reply = f"550 5.7.1 debug: {echo} \r\n".encode()
        with scripted_smtp({stage: reply}) as server:
            outcome, _ = send(server.port, "none")
        assert "550" in outcome.error
        assert not any(form in outcome.error for form in (SECRET, SECRET.upper(), echo, SECRET[:10]))


def test_a_reply_without_end_is_not_read_for_ever() -> None:
    for point, state in (
        ("greeting", OutboxState.FAILED),
        ("RCPT", OutboxState.FAILED),
        ("dot", OutboxState.UNKNOWN),
    ):
        code = {"greeting": 220}.get(point, 250)
        with scripted_smtp({point: b"%d-more\r\n" % code * 5000 + b"%d end\r\n" % code}) as server:
            outcome, _ = send(server.port, "none")
        assert (outcome.state, outcome.permanent) == (state, False)


def test_what_comes_before_tls_ends_it() -> None:
    early = {
        "EHLO": b"250-scripted\r\n250 STARTTLS\r\n",
        "STARTTLS": b"220 go on\r\n250-scripted\r\n250 AUTH PLAIN\r\n",
    }
    with scripted_smtp(early) as server:
        outcome, _ = send(server.port, "starttls")
        assert "before the encryption began" in outcome.error
        assert server.commands == ["ehlo [127.0.0.1]", "STARTTLS"]


def test_a_trickling_server_meets_the_deadline() -> None:
    for point, state in (("EHLO", OutboxState.FAILED), ("dot", OutboxState.UNKNOWN)):
        with scripted_smtp({point: TRICKLE}) as server:
            started = time.monotonic()
            sender = SmtpSender(FakeSecrets(), timeout=60, deadline=0.5)
            outcome = sender.send(account(server.port), entry(), lambda phase: None)
            assert time.monotonic() - started < 20
        assert (outcome.state, outcome.permanent) == (state, False)


def test_no_secret_at_all() -> None:
    with scripted_smtp() as server:
        outcome, _ = send(server.port, "none", secret=None)
        assert "MAIL" not in " ".join(server.commands)
    assert (outcome.state, outcome.permanent, outcome.account_wide) == (OutboxState.FAILED, False, True)
    assert "regrets setup" in outcome.error


@pytest.mark.parametrize(
    "address",
    ["a@x\r\nRCPT TO:<evil@x>", "ü@x.example", "a@x.example> NOTIFY=NEVER", "Ana <a@x.example>", "nobody", ""],
)
def test_addresses_that_can_not_be_written(address: str) -> None:
    with scripted_smtp() as server:
        outcome, _ = send(server.port, "none", message=entry(recipients=(address,)))
        assert server.accepted == []
        assert not any(command.startswith("RCPT") for command in server.commands)
    assert (outcome.state, outcome.permanent) == (OutboxState.FAILED, True)


def test_a_disk_that_fails_before_the_dot_sends_nothing() -> None:
    def phase(name: str) -> None:
        if name == "dot-written":
            raise OverflowError

    with scripted_smtp() as server:
        with pytest.raises(OverflowError):
            SmtpSender(FakeSecrets()).send(account(server.port), entry(), phase)
        assert server.accepted == []


def test_check_signs_in_and_leaves() -> None:
    with smtp_server(auth=("ana@studio.example", "pw")) as server:
        good = SmtpSender(FakeSecrets("pw"), ca_file=Path(server.ca_file))
        assert good.check(account(server.port, "tls")) == ""
        bad = SmtpSender(FakeSecrets("no"), ca_file=Path(server.ca_file))
        assert "refused user or password" in bad.check(account(server.port, "tls"))
        assert server.received == []


def test_dots_and_line_ends() -> None:
    assert stuffed(b".a\n..b\rc.\r\n.") == b"..a\r\n...b\r\nc.\r\n..\r\n"
