"""What broken and hostile servers do: a clear error with a cure, within time, and no password on the wire."""

from __future__ import annotations

import base64
import dataclasses
import re
import ssl
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from imapclient.exceptions import LoginError

from regrets.adapters.imap.client import Limits
from regrets.adapters.imap.connection import ImapSource
from regrets.adapters.imap.errors import explain
from regrets.domain.errors import LoginRefused, MailboxError, Unreachable
from regrets.domain.settings import Account, Login, Server
from tests.support.scripted_imap import DRIP, DROP, SILENCE, Reply, scripted_imap
from tests.support.smtp import certificate

SECRET = "hunter2-canary"
QUICK = Limits(connect=2, quiet=0.4, command=0.8)
FETCH = "UID FETCH"


class Password:
    """ports.Secrets."""

    def password(self, account: Account) -> str:
        return SECRET


def account(port: int, security: str = "none", host: str = "127.0.0.1", **login: str) -> Account:
    server = Server(host, port, security)
    return Account("work", "ana@studio.example", server, server, Login("ana", **login))  # type: ignore[arg-type]


def use(script: dict[str, Reply], security: str = "none", **login: str) -> list[str]:
    """Connects, looks at one mail; returns the commands that the server saw."""
    with scripted_imap(script) as server:
        try:
            session = ImapSource(Password(), limits=QUICK).connect(account(server.port, security, **login))
            session.open("INBOX")
            list(session.find_invitations(session.uids(1, None)))
            session.close()
        finally:
            commands = server.commands
    return commands


NO = "{tag} NO "
CASES: list[tuple[str, dict[str, Reply], type[MailboxError], str]] = [
    ("wrong password", {"LOGIN": NO + "[AUTHENTICATIONFAILED] no\r\n"}, LoginRefused, "regrets setup"),
    (
        "app password",
        {"LOGIN": NO + "[ALERT] Application-specific password required\r\n"},
        LoginRefused,
        "app password",
    ),
    ("server down", {"LOGIN": NO + "[UNAVAILABLE] later\r\n"}, Unreachable, "later"),
    ("imap off", {"EXAMINE": "{tag} BAD User is authenticated but not connected.\r\n"}, MailboxError, "switched off"),
    (
        "throttled",
        {"EXAMINE": NO + "Request is throttled. Suggested Backoff Time: 300000 ms\r\n"},
        Unreachable,
        "5 minutes",
    ),
    ("no folder", {"EXAMINE": NO + "[NONEXISTENT] none\r\n"}, MailboxError, "folders of account work"),
    ("bye at once", {"greeting": ["* BYE too many connections\r\n", DROP]}, Unreachable, "too many"),
    ("bye amidst", {FETCH: ["* BYE Session expired\r\n", DROP]}, Unreachable, "Session expired"),
    ("no greeting", {"greeting": SILENCE}, Unreachable, "in time"),
    ("nonsense", {"greeting": ["HTTP/1.1 400 Bad\r\n", DROP]}, MailboxError, ""),
    ("silence", {FETCH: SILENCE}, Unreachable, "in time"),
    ("drop at login", {"LOGIN": [DROP]}, Unreachable, "closed the connection"),
    ("drop", {FETCH: [DROP]}, Unreachable, "closed the connection"),
    ("drop in a literal", {FETCH: ["* 1 FETCH (UID 1 BODY[1] {500}\r\nhalf", DROP]}, Unreachable, "closed"),
    (
        "literal bomb",
        {FETCH: ["* 1 FETCH (UID 1 BODY[1] {2900000000}\r\n", SILENCE]},
        Unreachable,
        "2900000000 bytes",
    ),
    ("endless literal", {FETCH: ["* 1 FETCH (UID 1 BODY[1] {" + "9" * 30 + "}\r\n", SILENCE]}, Unreachable, ""),
    ("foreign tag", {FETCH: "zz9 OK done\r\n"}, Unreachable, "not asked"),
    ("refused", {FETCH: NO + "[SERVERBUG] oops\r\n"}, MailboxError, "oops"),
    ("signed in already", {"greeting": "* PREAUTH hello\r\n"}, MailboxError, "without a password"),
]


GMAIL, MICROSOFT = ("imap.gmail.com", "ana@studio.example"), ("outlook.office365.com", "ana@studio.example")
OUTLOOK, ICLOUD = ("outlook.office365.com", "ana@hotmail.com"), ("imap.mail.me.com", "ana@icloud.com")
YAHOO, FASTMAIL = ("imap.mail.yahoo.com", "ana@yahoo.com"), ("imap.fastmail.com", "ana@fastmail.com")
GMX, ZOHO = ("imap.gmx.net", "ana@gmx.de"), ("imap.zoho.com", "ana@zoho.com")
OTHER = ("mail.studio.example", "ana@studio.example")
_FAILED = "[AUTHENTICATIONFAILED] "
# host and address, how it signs in, what the server says, what becomes of it, and a piece of the cure
SAID = [
    (GMAIL, "password", _FAILED + "Invalid credentials (Failure)", LoginRefused, "apppasswords"),
    (GMAIL, "oauth2", _FAILED + "Invalid credentials (Failure)", LoginRefused, "https://mail.google.com/"),
    (
        *(GMAIL, "password"),
        "[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)",
        *(LoginRefused, "Make an app password"),
    ),
    (
        *(GMAIL, "password"),
        "[ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)",
        *(LoginRefused, "Sign in once in a browser"),
    ),
    (GMAIL, "password", "[WEBALERT https://x.example] Web login required. (Failure)", LoginRefused, "in a browser"),
    (
        *(GMAIL, "password"),
        "[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page (Failure)",
        *(LoginRefused, "Switch IMAP on"),
    ),
    (
        *(GMAIL, "password"),
        "[ALERT] IMAP access is disabled for your domain. Please contact your domain administrator (Failure)",
        *(LoginRefused, "administrator"),
    ),
    (GMAIL, "password", "[ALERT] Too many simultaneous connections. (Failure)", Unreachable, "other mail programs"),
    (GMAIL, "password", "[ALERT] Account exceeded command or bandwidth limits. (Failure)", Unreachable, "some hours"),
    (MICROSOFT, "password", "LOGIN failed.", LoginRefused, "only OAuth"),
    (MICROSOFT, "oauth2", "AUTHENTICATE failed.", LoginRefused, "must consent"),
    (MICROSOFT, "oauth2", "User is authenticated but not connected.", MailboxError, "Ask the administrator"),
    (OUTLOOK, "oauth2", "User is authenticated but not connected.", MailboxError, "Forwarding and IMAP"),
    (
        *(MICROSOFT, "oauth2"),
        "Request is throttled. Suggested Backoff Time: 299961 milliseconds",
        *(Unreachable, "wait 5 minutes"),
    ),
    (ICLOUD, "password", _FAILED + "Authentication Failed", LoginRefused, "part before the @"),
    (FASTMAIL, "password", _FAILED + "Incorrect username, password or app password", LoginRefused, "app password"),
    (YAHOO, "password", _FAILED + "LOGIN Invalid credentials", LoginRefused, "app password"),
    (YAHOO, "password", "[LIMIT] LOGIN Rate limit hit.", Unreachable, "some hours"),
    (
        *(ZOHO, "password"),
        "[ALERT] You are yet to enable IMAP for your account. Please contact your administrator",
        *(LoginRefused, "Switch IMAP on"),
    ),
    (GMX, "password", _FAILED + "authentication failed", LoginRefused, "POP3 & IMAP"),
    (OTHER, "password", _FAILED + "Authentication failed.", LoginRefused, "regrets setup"),
    (OTHER, "oauth2", _FAILED + "Authentication failed.", LoginRefused, "token_command"),
    (OTHER, "password", "[UNAVAILABLE] Temporary authentication failure.", Unreachable, "later"),
    (
        *(OTHER, "password"),
        "[PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",
        *(LoginRefused, 'security = "tls"'),
    ),
    (
        *(OTHER, "password"),
        "Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
        *(Unreachable, "other mail programs"),
    ),
]


@pytest.mark.parametrize(("where", "auth", "said", "kind", "cure"), SAID, ids=[case[2][:40] for case in SAID])
def test_what_providers_say_is_explained(
    where: tuple[str, str], auth: str, said: str, kind: type[MailboxError], cure: str
) -> None:
    host, address = where
    server = Server(host, 993)
    asked = Account("work", address, server, server, Login("ana", auth))
    found = explain(asked, LoginError(said))
    assert type(found) is kind
    assert cure in found.cure


def test_a_throttled_command_is_not_taken_for_a_missing_folder() -> None:
    with pytest.raises(Unreachable) as caught:
        use({"EXAMINE": "{tag} BAD Request is throttled. Suggested Backoff Time: 60000 milliseconds\r\n"})
    assert "wait 1 minute." in caught.value.cure


def test_the_certificate_of_a_bridge_on_this_machine_has_a_cure_of_its_own() -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed: self-signed certificate")
    error.verify_message = "self-signed certificate"
    assert "Proton" in explain(account(1143, "starttls"), error).cure
    assert "never skipped" in explain(account(993, "tls", "mail.example"), error).cure


@pytest.mark.parametrize(("script", "kind", "says"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_faults_become_errors_for_people(script: dict[str, Reply], kind: type[MailboxError], says: str) -> None:
    start = time.monotonic()
    with pytest.raises(kind) as caught:
        use(script)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert time.monotonic() - start < 5


def test_a_server_that_drips_does_not_outlast_the_deadline() -> None:
    drip: Reply = ["* 1 FETCH (UID 1 BODY[1] {100000}\r\n", DRIP]
    start = time.monotonic()
    with pytest.raises(Unreachable):
        use({FETCH: drip})
    assert time.monotonic() - start < 3


def test_server_text_passes_the_gate_and_loses_the_password() -> None:
    echo = NO + f'you said LOGIN ana "{SECRET}" \x1b]0;owned\x07\r\n'
    with pytest.raises(LoginRefused) as caught:
        use({"LOGIN": echo})
    assert SECRET not in str(caught.value)
    assert not re.search(r"[\x00-\x1f]", str(caught.value))


@pytest.mark.parametrize("command", ["EXAMINE", "UID SEARCH", "UID FETCH"])
def test_a_server_that_echoes_the_password_later(command: str) -> None:
    for echo in (SECRET, SECRET.upper(), base64.b64encode(b"ana " + SECRET.encode()).decode(), "x" * 190 + SECRET):
        with pytest.raises(MailboxError) as caught:
            use({command: f"{NO}you said {echo} \r\n"})
        assert not any(form in str(caught.value) for form in (SECRET, SECRET.upper(), echo, SECRET[:9]))


def test_a_token_that_is_echoed_in_base64_is_struck_out() -> None:
    token = base64.b64encode(f"user=ana\x01auth=Bearer {SECRET}\x01\x01".encode()).decode()
    able: dict[str, Reply] = {"CAPABILITY": "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n{tag} OK done\r\n"}
    with pytest.raises(LoginRefused) as caught:
        use({**able, "AUTHENTICATE": f"{NO}bad: {token}\r\n"}, auth="oauth2")
    assert token[20:] not in str(caught.value)


@pytest.mark.parametrize("command", ["LOGIN", "UID SEARCH", "UID FETCH"])
def test_an_answer_without_end_is_not_read_for_ever(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regrets.adapters.imap.line.MOST_ANSWER", 1 << 16)
    for flood in ("* 1 RECENT\r\n" * 8000, "* X " + "{1000}\r\n" + ("y" * 1000 + "{1000}\r\n") * 80):
        with pytest.raises(Unreachable, match="in answer to one request"):
            use({command: [flood, "{tag} OK done\r\n"]})


def test_a_folder_that_claims_four_billion_mails_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regrets.adapters.imap.session._MOST_MAILS", 1000)
    script: dict[str, Reply] = {
        "CAPABILITY": "* CAPABILITY IMAP4rev1 ESEARCH\r\n{tag} OK done\r\n",
        "EXAMINE": "* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n"
        "* OK [UIDNEXT 4294967295] ok\r\n{tag} OK open\r\n",
        "UID SEARCH": '* ESEARCH (TAG "x") UID ALL 1:4294967295\r\n{tag} OK done\r\n',
    }
    with scripted_imap(script) as server:
        session = ImapSource(Password(), limits=QUICK).connect(account(server.port))
        session.open("INBOX")
        assert len(session.uids(1, None)) == 11_000
        session.close()


def test_user_and_password_are_one_argument_each() -> None:
    """imaplib quotes the password and not the user; a line end in either would begin another command."""
    with scripted_imap({}) as server:
        theirs = dataclasses.replace(account(server.port), login=Login('ana "x\\\\ novak'))
        ImapSource(Password(), limits=QUICK).connect(theirs).close()
        assert f'LOGIN "ana \\"x\\\\\\\\ novak" "{SECRET}"' in server.commands
        for login, secret in ((Login("ana"), f"{SECRET}\r\nx DELETE INBOX"), (Login("ana\r\nx NOOP"), SECRET)):
            seen = len(server.commands)
            with pytest.raises(LoginRefused, match="line break"):
                ImapSource(SimpleNamespace(password=lambda _, s=secret: s), limits=QUICK).connect(  # type: ignore[arg-type]
                    dataclasses.replace(theirs, login=login)
                )
            assert set(server.commands[seen:]) <= {"CAPABILITY", "LOGOUT"}  # the first one's, which may come late


def test_a_number_of_five_thousand_digits_is_no_uid() -> None:
    with scripted_imap({"UID SEARCH": f"* SEARCH 1 {'9' * 5000} 2\r\n{{tag}} OK done\r\n"}) as server:
        session = ImapSource(Password(), limits=QUICK).connect(account(server.port))
        session.open("INBOX")
        assert session.uids(1, None) == [1, 2]
        session.close()


def test_no_password_leaves_before_tls() -> None:
    stripped = {"CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n"}
    injected = {
        "CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK done\r\n",
        "STARTTLS": "{tag} OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
    }
    refused = {**injected, "STARTTLS": "{tag} NO not now\r\n"}
    for script in (stripped, injected, refused, {**stripped, "greeting": "* PREAUTH hi\r\n"}):
        with scripted_imap(script) as server:
            with pytest.raises(MailboxError):
                ImapSource(Password(), limits=QUICK).connect(account(server.port, "starttls"))
            assert not any("LOGIN" in command or SECRET in command for command in server.commands)


@pytest.mark.parametrize("early", ["", "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n", "* OK [ALERT] read me\r\n"])
def test_what_comes_before_tls_is_never_taken_for_a_part_of_it(tmp_path: Path, early: str) -> None:
    """In one segment with the OK: somebody in between has put it there, and the encryption itself is a good one."""
    context, ca_file = certificate(tmp_path)
    script: dict[str, Reply] = {
        "CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK done\r\n",
        "STARTTLS": "{tag} OK go\r\n" + early,
    }
    with scripted_imap(script, tls=context) as server:
        source = ImapSource(Password(), ca_file=Path(ca_file), limits=QUICK)
        if early:
            with pytest.raises(Unreachable, match="before TLS began"):
                source.connect(account(server.port, "starttls"))
        else:
            source.connect(account(server.port, "starttls")).close()
        signed_in = [command for command in server.commands if command.startswith("LOGIN")]
    assert bool(signed_in) is not bool(early)


def test_clear_text_is_for_this_machine_only() -> None:
    with pytest.raises(MailboxError, match="in the clear"):
        ImapSource(Password()).connect(account(143, host="imap.example"))


def test_nothing_listens_and_no_such_host() -> None:
    with scripted_imap({}) as server:
        free = server.port
    with pytest.raises(Unreachable, match="Nothing answers"):
        ImapSource(Password(), limits=QUICK).connect(account(free))
    with pytest.raises(Unreachable, match="can't be found"):
        ImapSource(Password(), limits=QUICK).connect(account(993, "tls", "mail.invalid"))


def test_a_token_is_used_as_xoauth2_and_never_as_a_password() -> None:
    script: dict[str, Reply] = {
        "CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n{tag} OK done\r\n",
        "AUTHENTICATE": NO + "[AUTHENTICATIONFAILED] token expired\r\n",
    }
    with scripted_imap(script) as server:
        with pytest.raises(LoginRefused, match="fresh"):
            ImapSource(Password(), limits=QUICK).connect(account(server.port, auth="oauth2"))
        assert [command for command in server.commands if command != "CAPABILITY"] == ["AUTHENTICATE XOAUTH2"]


def test_one_mail_that_a_server_stumbles_over_costs_no_other() -> None:
    structure = '("text" "calendar" ("method" "REQUEST") NIL NIL "7bit" 3 1)'
    script: dict[str, Reply] = {
        "EXAMINE": "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n{tag} OK open\r\n",
        "UID SEARCH": "* SEARCH 1 2 3\r\n{tag} OK done\r\n",
        "UID FETCH 1:3": NO + "internal error\r\n",
        "UID FETCH 2 (UID BODYSTRUCTURE": NO + "internal error\r\n",
        "UID FETCH 3 (UID BODYSTRUCTURE": f"* 3 FETCH (UID 3 BODYSTRUCTURE {structure})\r\n{{tag}} OK\r\n",
        "UID FETCH 1 (UID BODYSTRUCTURE": "* 1 FETCH (UID 1 BODYSTRUCTURE "
        + "(" * 5000
        + ' "CALENDAR")\r\n{tag} OK\r\n',
        "UID FETCH 3": '* 9 FETCH (UID 77 BODY[1] "abc")\r\n* 3 FETCH (UID 3 BODY[1]<0> "abc")\r\n{tag} OK\r\n',
        "UID FETCH 1": '* 1 FETCH (UID 1 BODY[]<0> "whole")\r\n{tag} OK\r\n',
    }
    with scripted_imap(script) as server:
        session = ImapSource(Password(), limits=QUICK).connect(account(server.port))
        session.open("INBOX")
        found = list(session.find_invitations(session.uids(1, None)))
    assert [(mail.uid, mail.truncated) for mail in found] == [(3, False), (1, False)]
    assert b"\r\n\r\nabc\r\n--" in found[0].data
    assert found[1].data == b"whole"


def test_a_part_that_a_server_gives_empty_is_read_from_the_whole_mail() -> None:
    structure = '("text" "calendar" ("method" "REQUEST") NIL NIL "7bit" 300 9)'
    script: dict[str, Reply] = {
        "UID FETCH 1 (UID BODYSTRUCTURE": f"* 1 FETCH (UID 1 BODYSTRUCTURE {structure})\r\n{{tag}} OK\r\n",
        "UID FETCH 1 (UID INTERNALDATE BODY.PEEK[]": '* 1 FETCH (UID 1 BODY[]<0> "whole")\r\n{tag} OK\r\n',
        "UID FETCH 1 (UID INTERNALDATE BODY.PEEK[H": '* 1 FETCH (UID 1 BODY[1]<0> "")\r\n{tag} OK\r\n',
    }
    with scripted_imap(script) as server:
        session = ImapSource(Password(), limits=QUICK).connect(account(server.port))
        session.open("INBOX")
        assert [mail.data for mail in session.find_invitations([1])] == [b"whole"]
