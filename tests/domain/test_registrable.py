"""Which domains have one owner."""

from dataclasses import replace

import pytest

from regrets.domain.cases import Choice
from regrets.domain.clients import ClientBook
from regrets.domain.model import Mailbox, Warn
from regrets.domain.registrable import owners, registrable, same_owner
from regrets.domain.settings import Settings
from regrets.domain.strategy.ladder import suggest
from regrets.domain.versions import arrange
from regrets.services.compose import REMEMBERED, Compose
from tests.domain.test_versions import mail
from tests.support.facts import ME, NOW, facts
from tests.support.invitations import make_invitation


@pytest.mark.parametrize(
    ("domain", "owner"),
    [
        ("kovin.example", "kovin.example"),
        ("Mail.Kovin.co.uk", "kovin.co.uk"),
        ("a.b.github.io", "b.github.io"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("[127.0.0.1]", "[127.0.0.1]"),
        ("", ""),
    ],
)
def test_the_registrable_domain(domain: str, owner: str) -> None:
    assert registrable(domain) == owner


def test_one_owner() -> None:
    assert same_owner("a@mail.kovin.si", "b@Kovin.si")
    assert not same_owner("a@one.co.uk", "b@two.co.uk")
    assert not same_owner("", "")


def test_nobody_owns_a_domain_where_anybody_may_have_an_address() -> None:
    assert same_owner("ana@gmail.com", "Ana@GMail.com")
    assert not same_owner("ana@gmail.com", "marko@gmail.com")
    invitation = make_invitation(organizer=Mailbox("", "marko@gmail.com"), mail_from_=Mailbox("", "Evil@gmail.com"))
    assert owners(invitation) == ("evil@gmail.com", "marko@gmail.com")
    assert owners(make_invitation(organizer=Mailbox("", "marko@gmail.com"))) == ("gmail.com",)


def test_owners_of_an_invitation() -> None:
    def of(**changes: object) -> tuple[str, ...]:
        return owners(make_invitation(**{"mail_from_": Mailbox("", "marko@kovin.example"), **changes}))

    assert of() == ("kovin.example",)
    assert of(mail_from_=Mailbox("", "office@mail.kovin.example")) == ("kovin.example",)
    assert of(mail_from_=Mailbox("", "x@google.com")) == ("google.com", "kovin.example")
    assert of(mail_reply_to=(Mailbox("", "x@evil.example"),)) == ("kovin.example", "evil.example")
    assert of(sent_by=Mailbox("", "x@office.example")) == ("kovin.example", "office.example")


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"mail_from_": Mailbox("", "marko@kovin.example")}, False),
        ({"mail_from_": Mailbox("", "eva@office.kovin.example")}, False),  # a colleague of the organiser's
        ({"mail_from_": Mailbox("", "notify@google.com")}, True),
        ({"mail_from_": Mailbox("", "marko@kovin.example"), "sent_by": Mailbox("", "eva@agency.example")}, True),
        ({"mail_from_": Mailbox("", "marko@kovin.example"), "mail_reply_to": (Mailbox("", "x@evil.example"),)}, True),
    ],
)
def test_one_more_key_for_other_owners_only(changes: dict[str, object], asked: bool) -> None:
    invitation = make_invitation(**changes)
    compose = Compose(Settings(me=ME), ClientBook(()))
    suggestion = suggest(facts(invitation))
    draft = compose.draft(invitation, suggestion, Choice(), NOW)
    marked = replace(suggestion, warnings=(*suggestion.warnings, str(Warn.SENDER_MISMATCH)))
    codes = [code for code, _ in compose.objections(invitation, marked, draft)]
    assert codes.count(Warn.SENDER_MISMATCH) == asked


def test_who_sent_it_may_change_it() -> None:
    """Another sender may not, of the organiser's domain or elsewhere; once the organiser has spoken, an outsider
    may not either."""

    def warned(first: str, then: str) -> bool:
        placed = arrange([mail(1, first), mail(2, then, sequence=1)])
        return any(Warn.SPOOFED_UPDATE in one.row.warnings for one in placed)

    assert not warned("eva@kovin.example", "eva@kovin.example")
    assert warned("eva@kovin.example", "ben@kovin.example")
    assert warned("eva@phish.example", "ben@phish.example")
    assert not warned("eva@phish.example", "eva@phish.example")  # it says sender-mismatch as the first one did


@pytest.mark.parametrize(
    ("results", "colleague"),
    [
        ((), True),
        (("mx.example; dmarc=pass",), True),
        (("mx.example; dmarc=fail",), False),
        (("forged.example; dmarc=fail",), True),
        (("mx.example; dmarc=fail", "mx.example; dmarc=pass"), False),  # the top-most one is the provider's
    ],
)
def test_only_the_own_provider_is_believed(results: tuple[str, ...], colleague: bool) -> None:
    invitation = make_invitation(organizer=Mailbox("Ben", "ben@studio.example"), mail_authentication_results=results)
    assert facts(invitation, authserv_id="mx.example").from_colleague is colleague


@pytest.mark.parametrize(
    ("changes", "colleague"),
    [
        ({}, True),
        ({"mail_from_": Mailbox("", "ana@studio.example")}, True),  # passed on from an address of my own
        ({"mail_from_": Mailbox("", "eva@studio.example")}, True),
        ({"mail_from_": Mailbox("", "calendar@rooms.studio.example")}, True),
        ({"mail_from_": Mailbox("", "evil@evil.example")}, False),
        ({"mail_from_": Mailbox("", "evil@evil.example"), "sent_by": Mailbox("", "evil@evil.example")}, False),
        ({"mail_from_": None}, True),  # a calendar file without a mail around it
        ({"mail_from_": None, "warnings": (str(Warn.SENDER_UNREADABLE),)}, False),
    ],
)
def test_nobody_is_a_colleague_by_saying_so(changes: dict[str, object], colleague: bool) -> None:
    found = facts(make_invitation(organizer=Mailbox("Ben", "ben@studio.example"), **changes))
    assert found.from_colleague is colleague
    assert found.relation == ("colleague" if colleague else "says to be a colleague")
    assert found.stranger is not colleague


def test_a_sender_that_nobody_can_read_is_asked_about_every_time() -> None:
    unreadable = str(Warn.SENDER_UNREADABLE)
    elsewhere = (Mailbox("", "x@evil.example"),)
    invitation = make_invitation(mail_from_=None, mail_reply_to=elsewhere, warnings=(unreadable,))
    compose, suggestion = Compose(Settings(me=ME), ClientBook(())), suggest(facts(invitation))
    draft = compose.draft(invitation, suggestion, Choice(), NOW)
    asked = [code for code, _ in compose.objections(invitation, suggestion, draft)]
    assert asked == [unreadable]
    assert unreadable not in REMEMBERED
