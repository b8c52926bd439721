"""The finished mail: what is in it, and that nothing taken from a mail can add to it."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regrets.domain.errors import UnsafeMessage
from regrets.domain.message import build_message
from regrets.domain.message_check import refuse_differences
from regrets.domain.model import Mailbox
from regrets.domain.subjects import subject_for
from tests.support.answers import (
    ACCEPT,
    BODY,
    DECLINE,
    NOW,
    PLAIN,
    TENTATIVE,
    answer,
    calendar_for,
    counter,
    make_draft,
    parsed,
)
from tests.support.invitations import START, make_invitation

HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Content-Type", "MIME-Version"]
EVIL = "Lunch =?UTF-8?Q?x=0D=0ABcc:_evil@x.example?="


def header_names(data: bytes) -> list[str]:
    head = data.partition(b"\r\n\r\n")[0].decode("ascii")
    return [line.partition(":")[0] for line in head.split("\r\n") if line[:1] not in (" ", "\t")]


def test_the_parts_of_an_answer() -> None:
    invitation = make_invitation(mail_references=("<first@kovin.example>",))
    message = answer(invitation, DECLINE)
    mail = parsed(message)
    assert header_names(message.data) == HEADERS
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    text, html, calendar = mail.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == BODY + "\n"
    assert "<p>Hello,</p>" in html.get_content()
    assert "Best regards,<br>\nAna Novak" in html.get_content().replace("\r\n", "\n")
    assert calendar.get_payload(decode=True) == calendar_for(invitation, DECLINE)
    assert b"\r\nContent-Type: text/calendar; charset=UTF-8; method=REPLY\r\n" in message.data
    assert calendar["Content-Disposition"] is None
    assert mail["Subject"] == "Declined: Quarterly review"
    assert mail["In-Reply-To"] == "<invite-1@kovin.example>"
    assert mail["References"].split() == ["<first@kovin.example>", "<invite-1@kovin.example>"]
    assert re.fullmatch(r"<[0-9a-f]{32}@studio\.example>", message.message_id)
    assert (message.sender, message.recipients) == ("ana@studio.example", ("marko@kovin.example",))
    assert message.dtstamp == NOW


def test_a_counter_says_so_in_its_type() -> None:
    mail = parsed(answer(make_invitation(), counter(START)))
    assert mail.get_payload()[2].get_param("method") == "COUNTER"
    assert mail["Subject"] == "New time proposed: Quarterly review"


def test_bytes_are_fit_for_every_server() -> None:
    message = answer(make_invitation(summary="Š" * 400), ACCEPT, body="ž" * 5000 + "\n.\nFrom me\n\ttab  \n")
    assert message.data.isascii()
    assert all(len(line) <= 78 for line in message.data.split(b"\r\n"))
    assert b"\n" not in message.data.replace(b"\r\n", b"")
    text = next(parsed(message).iter_parts()).get_content().replace("\r\n", "\n")
    assert text == "ž" * 5000 + "\n.\nFrom me\n\ttab  \n"


def test_long_message_ids_are_kept_whole() -> None:
    long = "<" + "A" * 60 + "@" + "b" * 60 + ".prod.outlook.example>"
    message = answer(make_invitation(mail_message_id=long), ACCEPT)
    assert f"\r\nIn-Reply-To: {long}\r\n".encode() in message.data


@pytest.mark.parametrize(
    "message_id",
    [
        "",
        "<a@>",
        "a@b.example",
        "<=?utf-8?q?a=0D=0ABcc:x?=@b>",
        "<a@b>\r\nBcc: evil@x",
        "<a b@c.d>",
        "<" + "a" * 300 + "@b.c>",
    ],
)
def test_unusable_message_ids_are_dropped(message_id: str) -> None:
    message = answer(make_invitation(mail_message_id=message_id, mail_references=(message_id,)), ACCEPT)
    assert set(HEADERS) - set(header_names(message.data)) == {"In-Reply-To", "References"}


def test_a_hostile_invitation_neither_injects_nor_blocks() -> None:
    hostile = make_invitation(
        summary=EVIL + "\r\nBcc: evil@x.example\x00\x85\u2028",
        organizer=Mailbox(f'{EVIL}" <evil@x.example>, "', "marko@kovin.example"),
        mail_subject=EVIL,
    )
    for effect in (ACCEPT, counter(START), PLAIN):
        message = answer(hostile, effect)
        mail = parsed(message)
        assert "Bcc" not in mail
        assert [box.addr_spec for box in mail["To"].addresses] == ["marko@kovin.example"]
        assert mail["Subject"] == message.subject
        assert "= ?UTF-8" in message.subject


PIECES = ("=?utf-8?q?", "?=", "=0D=0A", "\r\n", "Bcc: e@x", "\x00", " ", "ž", "<", ">", ",", '"', "\\")
TEXT = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES)).map("".join))


@given(summary=TEXT, name=TEXT, own=TEXT, message_id=TEXT, reference=TEXT, body=TEXT, plain=st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_text_of_a_mail_changes_the_headers(
    summary: str, name: str, own: str, message_id: str, reference: str, body: str, plain: bool
) -> None:
    invitation = make_invitation(
        summary=summary,
        organizer=Mailbox(name, "marko@kovin.example"),
        mail_subject=summary,
        mail_message_id=f"<{message_id}@kovin.example>",
        mail_references=(reference,),
    )
    effect = PLAIN if plain else ACCEPT
    message = answer(invitation, effect, body=body, from_=Mailbox(own, "ana@studio.example"))
    optional = {"In-Reply-To", "References"}
    expected = [*HEADERS[:-2], *(("Content-Type", "MIME-Version"))] + (["Content-Transfer-Encoding"] if plain else [])
    names = header_names(message.data)
    assert sorted(set(names) | optional) == sorted(expected)
    assert len(names) == len(set(names))
    assert message.recipients == ("marko@kovin.example",)


@pytest.mark.parametrize(
    "address",
    ["a@b.example, evil@x.example", "a@b.example?bcc=evil@x.example", "a@d>, evil@x.example", "", "a@b\r\nRCPT"],
)
def test_a_recipient_that_is_not_one_address_stops_the_message(address: str) -> None:
    invitation = make_invitation()
    for field in ("to", "cc"):
        draft = dataclasses.replace(make_draft(invitation, PLAIN), **{field: (Mailbox("", address),)})
        with pytest.raises(UnsafeMessage):
            build_message(invitation, draft, now=NOW, calendar=None)


def test_calendar_and_draft_must_belong_together() -> None:
    invitation = make_invitation()
    calendar = calendar_for(invitation, ACCEPT)
    for draft, part in (
        (make_draft(invitation, ACCEPT), None),
        (make_draft(invitation, PLAIN), calendar),
        (make_draft(invitation, counter(START)), calendar),
        (make_draft(invitation, ACCEPT, from_=Mailbox("", "nana@studio.example")), calendar),
        (make_draft(invitation, ACCEPT, from_=Mailbox("", "a@studio.example")), calendar),
        (make_draft(invitation, ACCEPT, to=()), calendar),
    ):
        with pytest.raises(UnsafeMessage):
            build_message(invitation, draft, now=NOW, calendar=part)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: ", b"Bcc: evil@x.example\r\nSubject: "),
        (b"<marko@", b"<evil@x.example>, <marko@"),
        (b"<marko@", b"<darko@"),
        (b"Declined:", b"Accepted:"),
        (b"sadly, no", b"gladly, yes"),
        (b"QkVHSU46", b"QUVHSU46"),
        (b"text/html", b"text/plain"),
        (b"\r\n\r\n", b"\n\n"),
    ],
)
def test_finished_bytes_that_say_something_else_are_stopped(old: bytes, new: bytes) -> None:
    invitation = make_invitation()
    message = answer(invitation, DECLINE)
    meant = {
        "names": HEADERS[:-2],
        "mailboxes": ["ana@studio.example", "marko@kovin.example"],
        "subject": message.subject,
        "text": BODY + "\n",
        "calendar": calendar_for(invitation, DECLINE),
    }
    refuse_differences(message.data, **meant)
    assert old in message.data
    with pytest.raises(UnsafeMessage):
        refuse_differences(message.data.replace(old, new, 1), **meant)


def test_nothing_of_this_machine_goes_out() -> None:
    import getpass
    import socket

    data = answer(make_invitation(), ACCEPT).data.decode("ascii")
    assert "User-Agent" not in data
    assert "X-Mailer" not in data
    for word in (socket.gethostname(), getpass.getuser()):
        assert f"{word}@" not in data


def test_subjects_in_each_language() -> None:
    invitation = make_invitation(summary="Pregled")
    assert subject_for(invitation, ACCEPT) == "Accepted: Pregled"
    assert subject_for(invitation, TENTATIVE, "fi") == "Alustava: Pregled"
    assert subject_for(invitation, DECLINE, "sl") == "Zavrnjeno: Pregled"
    assert subject_for(invitation, counter(START), "xx") == "New time proposed: Pregled"
    assert subject_for(make_invitation(summary="", mail_subject="Kava?"), ACCEPT) == "Accepted: Kava?"
    assert subject_for(make_invitation(mail_subject="SV: Kaffe"), PLAIN) == "SV: Kaffe"
