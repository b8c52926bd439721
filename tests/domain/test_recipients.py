"""Who gets the answer, who sends it, and which addresses are none."""

from __future__ import annotations

import contextlib
import dataclasses
import encodings.idna
import functools

import idna
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regrets.domain.errors import CannotAnswer, UnsafeMessage
from regrets.domain.mailto import address as calendar_address
from regrets.domain.message import build_message
from regrets.domain.model import Attendee, Mailbox
from regrets.domain.recipients import (
    goes_where_shown,
    matching_attendee,
    matching_attendees,
    recipients,
    reply_from,
    takes_no_mail,
    valid_address,
    wire_address,
)
from tests.support.answers import NOW, PLAIN, make_draft
from tests.support.invitations import ANA, ORGANIZER, make_invitation

ME = ("ana@studio.example", "ana.novak@studio.example")
SECRETARY = Mailbox("Office", "office@kovin.example")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "@b.example",
        "a@",
        "a@b?bcc=evil@x.example",
        "a@b.example,evil@x.example",
        "a@b.example evil@x.example",
        "a@b.example\r\nRCPT TO:<evil@x.example>",
        "a@b.example\n",
        "a\x00@b.example",
        "%0D%0ARCPT@b.example",
        '"x"@y.example',
        "<a@b.example>",
        "a@d>, evil@x.example",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@b..example",
        "a..b@c.example",
        "a@-b.example",
        "http://kovin.example",
        "/aMTI4/principal/",
        "ž@b.example",
        "a@" + "b" * 64 + ".example",
        "a@b@c.example?",
    ],
)
def test_what_is_not_exactly_one_plain_address_is_refused(address: str) -> None:
    assert not valid_address(address)


UNCLEAR = [
    *(
        "straße.example",
        "σοφός.gr",
        "ΣΟΦΌς.gr",
        "می\u200cخواهم.example",
        "क्\u200dष.example",
    ),  # IDNA2003 and 2008 differ
    *(
        "ｓｔｕｄｉｏ.example",
        "ｓｔｕｄｉｏ．ｅｘａｍｐｌｅ",
        "ⓔvil.example",
        "studio.example。evil.example",
        "ﬁ.example",
        "ª.example",
    ),
    *(
        "stu\u00addio.example",
        "stu\u034fdio.example",
        "stu\ufe0fdio.example",
        "studi\u115fo.example",
        "stu\u180bdio.example",
    ),
    *(
        "studio⁄x.example",
        "a·b.example",
        "♥.example",
        "\u0301a.example",
        "xn--ž.example",
        "stu\u212ao.example",
        "\ufa6c.example",
        "-ž.example",
        "ž-.example",
    ),
]


@pytest.mark.parametrize("domain", UNCLEAR)
def test_a_domain_that_not_everybody_reads_alike_gets_no_mail(domain: str) -> None:
    assert wire_address(f"boss@{domain}") == ""
    assert calendar_address(f"mailto:boss@{domain}") == ""
    assert not goes_where_shown(f"boss@{domain}")


@pytest.mark.parametrize(
    ("domain", "wire"),
    [
        ("žaba.example", "xn--aba-b3a.example"),
        ("ŽABA.Example", "xn--aba-b3a.Example"),
        ("z\u030caba.example", "xn--aba-b3a.example"),
        ("почта.рф", "xn--80a1acny.xn--p1ai"),
        ("日本ひらカナ.テスト", "xn--y9j3b8e6e154zcvb.xn--zckzah"),
        ("मेल.भारत", "xn--r2bi6d.xn--h2brj9c"),
        ("xn--strae-oqa.example", "xn--strae-oqa.example"),
    ],
)
def test_a_domain_beyond_ascii_goes_where_all_read_it(domain: str, wire: str) -> None:
    assert wire_address(f"boss@{domain}") == f"boss@{wire}"
    assert goes_where_shown(f"boss@{domain}")


@given(st.text(st.characters(min_codepoint=0x2D), min_size=1, max_size=8))
@example("straße")
@example("ſtudio")
def test_what_is_shown_of_an_address_is_where_all_send_its_mail(label: str) -> None:
    written = f"boss@{label}.example"
    wire = wire_address(written)
    assert not wire or (goes_where_shown(written) and goes_where_shown(wire) and wire_address(wire) == wire)
    for reading in (idna.encode, functools.partial(idna.encode, uts46=True), encodings.idna.Codec().encode):
        with contextlib.suppress(UnicodeError):  # each has rules of its own for what may be registered
            other = reading(f"{label}.example")
            other = (other[0] if isinstance(other, tuple) else other).decode().lower()
            assert wire.lower() in ("", f"boss@{other}")


@pytest.mark.parametrize("domain", UNCLEAR)
def test_nothing_is_sent_to_it_and_it_is_said_why(domain: str) -> None:
    invitation = make_invitation()
    draft = dataclasses.replace(make_draft(invitation, PLAIN), to=(Mailbox("", f"boss@{domain}"),))
    with pytest.raises(UnsafeMessage, match="is not one plain e-mail address"):
        build_message(invitation, draft, now=NOW, calendar=None)


def test_plain_and_international_addresses_are_taken() -> None:
    assert wire_address("Ana+x.y'z@Studio.Example") == "Ana+x.y'z@Studio.Example"
    assert wire_address("root@localhost") == "root@localhost"
    assert valid_address("2_" + "H" * 80 + "@imip.me.example")  # Apple's organisers


def test_addresses_that_nobody_reads() -> None:
    dead = (
        "noreply@a.example",
        "No-Reply@a.example",
        "do_not_reply+7@a.example",
        "a@b.invalid",
        "no-reply-x@b.c",
        "x",
    )
    assert all(takes_no_mail(address) for address in dead)
    assert not any(takes_no_mail(address) for address in ("norbert@a.example", "replies@a.example"))


def test_me_among_the_invited() -> None:
    invitation = make_invitation(attendees=("joann@studio.example", "ANA+crm@Studio.example", "Ana@Studio.Example"))
    found = [person.mailbox.address for person in matching_attendees(invitation, ME)]
    assert found == ["Ana@Studio.Example", "ANA+crm@Studio.example"]
    assert matching_attendee(make_invitation(attendees=("joann@studio.example",)), ME) is None
    both = make_invitation(attendees=ME, mail_to=(Mailbox("", ME[1]),))
    assert [person.mailbox.address for person in matching_attendees(both, ME)] == [ME[1], ME[0]]


def test_the_reply_comes_from_the_invited_address_as_written() -> None:
    invitation = make_invitation(attendees=("Ana+CRM@Studio.Example",))
    assert reply_from(invitation, ME, "Ana Novak") == Mailbox("Ana Novak", "Ana+CRM@Studio.Example")
    uninvited = make_invitation(attendees=("team@studio.example",), mail_to=(Mailbox("", ME[1]),))
    assert reply_from(uninvited, ME, "").address == ME[1]
    with pytest.raises(CannotAnswer):
        reply_from(uninvited, (), "Ana")


def test_the_organiser_gets_it_whoever_sent_the_mail() -> None:
    invitation = make_invitation(
        mail_from_=SECRETARY, mail_reply_to=(Mailbox("", "evil@x.example"),), sent_by=SECRETARY
    )
    assert recipients(invitation, ME) == ((ORGANIZER,), (SECRETARY,))
    same = make_invitation(sent_by=Mailbox("", ORGANIZER.address.upper()))
    assert recipients(same, ME) == ((ORGANIZER,), ())


def test_without_a_usable_organiser_the_assistant_or_the_sender_gets_it() -> None:
    path = Mailbox("Marko", "/aMTI4/principal/")
    assert recipients(make_invitation(organizer=path, sent_by=SECRETARY), ME)[0] == (SECRETARY,)
    assert recipients(make_invitation(organizer=path, mail_from_=SECRETARY), ME)[0] == (SECRETARY,)


def test_a_plain_mail_goes_back_to_where_it_came_from() -> None:
    other = (Attendee(Mailbox("", "team@kovin.example")),)
    forwarder, answers = Mailbox("Ben", "ben@studio.example"), Mailbox("", "answers@kovin.example")
    plain = make_invitation(attendees=other, mail_from_=forwarder, mail_forwarded=True)
    assert recipients(plain, ME) == ((forwarder,), ())
    asked = make_invitation(attendees=other, mail_reply_to=(answers, forwarder))
    assert recipients(asked, ME) == ((answers,), ())
    listed = make_invitation(attendees=other, mail_reply_to=(answers,), mail_list_id="<l.kovin.example>")
    assert recipients(listed, ME) == ((ORGANIZER,), ())
    list_post = ("l@kovin.example",)
    munged = make_invitation(
        attendees=other, organizer=None, mail_from_=Mailbox("", "L@Kovin.example"), mail_list_post=list_post,
        mail_reply_to=(Mailbox("", "l@kovin.example"), forwarder),
    )  # fmt: skip
    assert recipients(munged, ME) == ((forwarder,), ())
    mine = make_invitation(attendees=other, organizer=None, mail_from_=ANA)
    with pytest.raises(CannotAnswer) as caught:
        recipients(mine, ME)
    assert caught.value.cure


def test_an_answer_never_goes_to_a_whole_mailing_list() -> None:
    everybody = Mailbox("Team", "team@lists.kovin.example")
    with pytest.raises(CannotAnswer, match="everybody on it"):
        recipients(make_invitation(organizer=everybody, mail_list_post=(everybody.key,)), ME)
    copied = make_invitation(sent_by=everybody, mail_list_post=(everybody.key,))
    assert recipients(copied, ME) == ((ORGANIZER,), ())
    assert recipients(make_invitation(sent_by=everybody), ME) == ((ORGANIZER,), (everybody,))
