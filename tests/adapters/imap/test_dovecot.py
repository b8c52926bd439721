"""The mailbox on a real Dovecot: every shape of an invitation is found, and reading changes nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import re
from collections.abc import Iterator

import pytest

from regrets.adapters.imap.connection import ImapSource
from regrets.adapters.imap.line import Line
from regrets.adapters.imap.session import ImapSession
from regrets.domain.errors import LoginRefused, MailboxError
from regrets.domain.imip import read
from regrets.domain.model import Invitation, Unreadable
from regrets.domain.settings import Account
from tests.support.dovecot import PASSWORD, Dovecot, dovecot
from tests.support.mails import HTML, TEXT, alternative, calendar, head, multipart, ordinary, part, shapes, wrapped

pytestmark = pytest.mark.dovecot
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
_names = (f"user{number}" for number in itertools.count())


class Password:
    """ports.Secrets."""

    def __init__(self, password: str = PASSWORD) -> None:
        self._password = password

    def password(self, account: Account) -> str:
        return self._password


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def server(running: Dovecot) -> Dovecot:
    """An empty mailbox."""
    return running.as_user(next(_names))


def connect(server: Dovecot, security: str = "tls", **options: bool) -> ImapSession:
    return ImapSource(Password(), ca_file=server.ca_file, **options).connect(server.account(security))  # type: ignore[arg-type]


@pytest.fixture
def session(server: Dovecot) -> Iterator[ImapSession]:
    opened = connect(server)
    yield opened
    opened.close()


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
@pytest.mark.parametrize("compression", [True, False])
def test_every_shape_is_found_and_reads_like_the_whole_mail(
    server: Dovecot, security: str, compression: bool
) -> None:
    mails = shapes(calendar())
    uids = server.deliver_all([*ordinary(), *mails.values()])[len(ordinary()) :]
    session = connect(server, security, compression=compression)
    status = session.open("INBOX")
    assert (status.exists, status.uidnext) == (uids[-1], uids[-1] + 1)
    found = list(session.find_invitations(session.uids(1, None)))
    session.close()
    assert [mail.uid for mail in found] == sorted(uids, reverse=True)
    for mail, name in zip(reversed(found), mails, strict=True):
        whole, got = read(mails[name].replace(b"\n", b"\r\n")), read(mail.data)
        assert isinstance(got, Invitation), name
        assert got == whole or isinstance(whole, Unreadable), name
        assert not mail.truncated
        assert mail.received.tzinfo is not None


def test_reading_says_nothing_that_changes_a_mailbox(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    said = record(monkeypatch)
    uids = server.deliver_all([alternative(calendar()), *ordinary()])
    said.clear()
    session = connect(server)
    session.open("INBOX")
    list(session.find_invitations(session.uids(1, None)))
    session.present(uids)
    session.close()
    allowed = r"CAPABILITY|LOGIN|COMPRESS DEFLATE|EXAMINE|UID SEARCH|UID FETCH|LOGOUT"
    assert all(re.match(allowed, command) for command in said)
    assert not any("BODY[" in command or "RFC822" in command for command in said)
    assert any("BODY.PEEK[" in command for command in said)
    assert all(server.flags(uid) == set() for uid in uids)


def test_only_the_parts_that_matter_are_fetched(server: Dovecot) -> None:
    blob = part("application/pdf", wrapped("x" * 300_000), "Content-Transfer-Encoding: base64\n")
    invitation = part("text/calendar; method=REQUEST", calendar())
    mail = (head() + multipart("mixed", TEXT, HTML, blob, invitation)).encode()
    server.deliver(mail)
    session = connect(server, compression=False)
    session.open("INBOX")
    found = list(session.find_invitations([1]))
    assert len(found[0].data) < 3000
    assert session.traffic[1] < 6000
    session.close()


def test_huge_parts_are_cut_and_said_so(server: Dovecot, session: ImapSession) -> None:
    server.deliver(alternative(calendar(more="DESCRIPTION:" + "x" * (2 << 20))))
    filler = part("text/plain", "x" * 20_000)
    server.deliver((head() + multipart("mixed", *[filler] * 150, part("text/calendar", calendar()))).encode())
    session.open("INBOX")
    found = list(session.find_invitations([1, 2]))
    assert [mail.truncated for mail in found] == [True, True]
    assert all(len(mail.data) < (1 << 20) + 5000 for mail in found)


def test_winmail_is_named_where_it_holds_a_meeting(server: Dovecot, session: ImapSession) -> None:
    body = wrapped('\x78\x9f>"\x00IPM.Microsoft Schedule.MtgReq')
    tnef = part('application/ms-tnef; name="winmail.dat"', body, "Content-Transfer-Encoding: base64\n")
    server.deliver((head() + multipart("mixed", TEXT, tnef)).encode())
    server.deliver_all(ordinary())
    session.open("INBOX")
    (found,) = session.find_invitations(session.uids(1, None))
    item = read(found.data)
    assert isinstance(item, Unreadable)
    assert item.code == "winmail"


def test_mails_that_vanish_meanwhile_are_left_out(server: Dovecot, session: ImapSession) -> None:
    uids = server.deliver_all([alternative(calendar(f"{number}@kovin.example")) for number in range(3)])
    session.open("INBOX")
    server.expunge(uids[1])
    assert [mail.uid for mail in session.find_invitations(uids)] == [uids[2], uids[0]]
    assert session.present([*uids, 99]) == {uids[0], uids[2]}


def test_uids_by_range_and_by_day(server: Dovecot, session: ImapSession) -> None:
    old = server.deliver(b"Subject: old\n\nx\n", received=NOW - dt.timedelta(days=40))
    new = server.deliver(b"Subject: new\n\nx\n", received=NOW)
    session.open("INBOX")
    assert session.uids(1, None) == [old, new]
    assert session.uids(new + 1, None) == []
    assert session.uids(1, old) == [old]
    assert session.uids(1, None, dt.date(2026, 11, 1)) == [new]


def test_answered_is_set_on_that_mail_alone(server: Dovecot, session: ImapSession) -> None:
    uids = server.deliver_all([alternative(calendar()), *ordinary()])
    validity = session.open("INBOX").uidvalidity
    assert session.mark_answered("INBOX", validity, uids[0])
    assert not session.mark_answered("INBOX", validity, 99)
    assert not session.mark_answered("INBOX", validity + 1, uids[1])
    assert [server.flags(uid) for uid in uids] == [{b"\\Answered"}, *[set()] * len(ordinary())]


def test_a_mail_is_moved_only_where_it_is_told_to(server: Dovecot, session: ImapSession) -> None:
    uids = server.deliver_all([alternative(calendar()), *ordinary()])
    server.deliver(b"Subject: x\n\nx\n", "Done")
    validity = session.open("INBOX").uidvalidity
    assert not session.move("INBOX", validity, uids[0], "")
    with pytest.raises(MailboxError, match="move_to"):
        session.move("INBOX", validity, uids[0], "No such folder")
    assert session.move("INBOX", validity, uids[0], "Done")
    assert not session.move("INBOX", validity, uids[0], "Done")
    assert server.uids("INBOX") == uids[1:]
    assert len(server.uids("Done")) == 2


def test_the_sent_copy_is_filed_once(server: Dovecot, session: ImapSession) -> None:
    data, message_id = b"Message-ID: <a1@studio.example>\r\nSubject: Accepted\r\n\r\nYes\r\n", "<a1@studio.example>"
    assert not session.in_sent(message_id)
    assert [session.save_sent(data, message_id, NOW) for _ in range(2)] == ["done", "skipped"]
    assert session.in_sent(message_id)
    assert server.messages("Sent") == [data]
    assert server.flags(1, "Sent") == {b"\\Seen"}
    assert server.uids("INBOX") == []


def test_no_foreign_text_becomes_part_of_a_command(session: ImapSession) -> None:
    for hostile in ('<a"@b>', "<a@b>\r\nX1 DELETE INBOX", "<ä@b>", "<a b@c>", ""):
        with pytest.raises(MailboxError):
            session.in_sent(hostile)


def test_certificates_and_passwords_are_checked(server: Dovecot) -> None:
    with pytest.raises(MailboxError, match="can't be trusted"):
        ImapSource(Password()).connect(server.account("tls"))
    with pytest.raises(MailboxError, match="can't be trusted"):
        ImapSource(Password()).connect(server.account("starttls"))
    account = server.account("tls")
    wrong_name = dataclasses.replace(account, imap=dataclasses.replace(account.imap, host="127.0.0.1"))
    with pytest.raises(MailboxError, match="can't be trusted"):
        ImapSource(Password(), ca_file=server.ca_file).connect(wrong_name)
    plain = dataclasses.replace(account, imap=dataclasses.replace(account.imap, port=server.plain_port))
    with pytest.raises(MailboxError, match="does not speak TLS"):
        ImapSource(Password(), ca_file=server.ca_file).connect(plain)
    with pytest.raises(LoginRefused, match="regrets setup"):
        ImapSource(Password("wrong"), ca_file=server.ca_file).connect(account)
    with pytest.raises(MailboxError, match="folders of account work"):
        ImapSource(Password(), ca_file=server.ca_file).connect(account).open("Nothing")


def test_a_password_beyond_ascii_is_refused_by_the_server_not_by_a_crash(server: Dovecot) -> None:
    with pytest.raises(LoginRefused):
        ImapSource(Password("päss"), ca_file=server.ca_file).connect(server.account("tls"))


def record(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said to the server, command by command, without tags."""
    said: list[str] = []
    real = Line.send

    def send(self: Line, data: bytes) -> None:
        said.extend(line.partition(b" ")[2].decode("latin-1") for line in data.split(b"\r\n") if line)
        real(self, data)

    monkeypatch.setattr(Line, "send", send)
    return said
