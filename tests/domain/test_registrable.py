"""Which domains have one owner."""

import pytest

from regrets.domain.model import Mailbox
from regrets.domain.registrable import owners, registrable, same_owner
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


def test_owners_of_an_invitation() -> None:
    def of(**changes: object) -> tuple[str, ...]:
        return owners(make_invitation(**{"mail_from_": Mailbox("", "marko@kovin.example"), **changes}))

    assert of() == ("kovin.example",)
    assert of(mail_from_=Mailbox("", "office@mail.kovin.example")) == ("kovin.example",)
    assert of(mail_from_=Mailbox("", "x@google.com")) == ("google.com", "kovin.example")
    assert of(mail_reply_to=(Mailbox("", "x@evil.example"),)) == ("kovin.example", "evil.example")
    assert of(sent_by=Mailbox("", "x@office.example")) == ("kovin.example", "office.example")
