"""The embedded servers: real protocols, nothing outside, nothing left."""

from __future__ import annotations

import datetime as dt
import smtplib
import socket
import threading

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from regrets.demo.servers import LOOPBACK, Servers, StoredMail

RECEIVED = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
MAIL = (
    b"From: Marko <marko@kovin.example>\r\nTo: ana@studio.example\r\nSubject: Review\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n'
    b'--a\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nCome.\r\n"
    b"--b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n--b--\r\n"
    b'\r\n--a\r\nContent-Type: application/ics; name="invite.ics"\r\n\r\nBEGIN:VCALENDAR\r\n--a--\r\n'
)


def login(servers: Servers) -> IMAPClient:
    client = IMAPClient(LOOPBACK, servers.imap_port, ssl=False)
    client.login(servers.user, servers.password)
    return client


def test_imap_answers_what_a_sync_asks() -> None:
    with Servers([StoredMail(MAIL, RECEIVED)]) as servers, login(servers) as client:
        status = client.select_folder("INBOX", readonly=True)
        (uid,) = client.search(["UID", "1:*"])
        asked = ["BODYSTRUCTURE", "INTERNALDATE", "BODY.PEEK[1.2.MIME]", "BODY.PEEK[1.2]", "BODY.PEEK[2]"]
        answer = client.fetch([uid], asked)[uid]
        header = client.fetch([uid], ["BODY.PEEK[HEADER.FIELDS (SUBJECT)]"])[uid]
        flags = client.get_flags([uid])[uid]
    assert (status[b"EXISTS"], status[b"UIDNEXT"]) == (1, uid + 1)
    assert answer[b"INTERNALDATE"].astimezone(dt.UTC) == RECEIVED
    assert b"calendar" in str(answer[b"BODYSTRUCTURE"]).encode()
    assert answer[b"BODY[1.2.MIME]"].startswith(b"Content-Type: text/calendar; method=REQUEST")
    assert answer[b"BODY[1.2]"].startswith(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR")
    assert answer[b"BODY[2]"].startswith(b"BEGIN:VCALENDAR")
    assert header[b"BODY[HEADER.FIELDS (SUBJECT)]"].strip() == b"Subject: Review"
    assert b"\\Seen" not in flags


def test_flags_and_the_sent_folder() -> None:
    with Servers([StoredMail(MAIL, RECEIVED, seen=True)]) as servers, login(servers) as client:
        client.select_folder("INBOX")
        (uid,) = client.search("SEEN")
        assert b"\\Answered" in client.add_flags([uid], [b"\\Answered"])[uid]
        client.append("Sent", MAIL, [b"\\Seen"])
        assert client.folder_status("Sent", ["MESSAGES"])[b"MESSAGES"] == 1


def test_smtp_takes_mail_to_the_byte_from_those_signed_in() -> None:
    with Servers() as servers, smtplib.SMTP(LOOPBACK, servers.smtp_port) as smtp:
        with pytest.raises(smtplib.SMTPSenderRefused):
            smtp.sendmail("ana@studio.example", ["marko@kovin.example"], MAIL)
        smtp.login(servers.user, servers.password)
        smtp.sendmail("ana@studio.example", ["marko@kovin.example"], MAIL)
    (sent,) = servers.sent
    assert (sent.sender, sent.recipients) == ("ana@studio.example", ("marko@kovin.example",))
    assert sent.data == MAIL


def test_a_wrong_password_is_refused_by_both() -> None:
    with Servers() as servers:
        with IMAPClient(LOOPBACK, servers.imap_port, ssl=False) as client, pytest.raises(LoginError):
            client.login(servers.user, "wrong")
        with (
            smtplib.SMTP(LOOPBACK, servers.smtp_port) as smtp,
            pytest.raises(smtplib.SMTPAuthenticationError),
        ):
            smtp.login(servers.user, "wrong")
    assert servers.sent == []


def test_nothing_is_left_even_with_open_connections(capfd: pytest.CaptureFixture[str]) -> None:
    threads = set(threading.enumerate())
    with Servers() as servers:
        client = login(servers)
        client.select_folder("INBOX")
        client.idle()
        smtp = smtplib.SMTP(LOOPBACK, servers.smtp_port)
        half = socket.create_connection((LOOPBACK, servers.smtp_port))
    assert set(threading.enumerate()) <= threads
    for port in (servers.imap_port, servers.smtp_port):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((LOOPBACK, port), timeout=1)
    client.shutdown()
    smtp.close()
    half.close()
    assert capfd.readouterr() == ("", "")


def test_a_failed_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(self: Servers) -> None:
        raise OSError("no port to be had")

    monkeypatch.setattr(Servers, "_listen_smtp", refuse)
    with pytest.raises(OSError, match="no port"), Servers():
        pass
