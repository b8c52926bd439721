"""Who owns a domain: the registrable one, by the Public Suffix List that comes with publicsuffixlist."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from regrets.domain.clients import FREEMAIL

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

    from regrets.domain.model import Invitation


@functools.cache
def _list() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def registrable(domain: str) -> str:
    """`mail.kovin.co.uk` is `kovin.co.uk`; a public suffix, an address literal and '' stay as they are."""
    domain = domain.casefold().rstrip(".")
    return str(_list().privatesuffix(domain) or domain) if "." in domain and domain[0] != "[" else domain


def owner(address: str) -> str:
    """Whose an address is: its registrable domain; the address itself where anybody may have one in that domain."""
    domain = registrable(address.rpartition("@")[2])
    return address.casefold() if domain in FREEMAIL else domain


def same_owner(one: str, other: str) -> bool:
    """Whether two addresses are one, or lie in the same registrable domain; False where one has no domain."""
    left, right = one.casefold(), other.casefold()
    if "@" not in left or "@" not in right:
        return False
    domain, other_domain = left.rpartition("@")[2], right.rpartition("@")[2]
    if domain == other_domain and not _is_for_anybody(domain):  # without the Public Suffix List, which takes time
        return True
    return left == right or owner(left) == owner(right)


def _is_for_anybody(domain: str) -> bool:
    labels = domain.rstrip(".").split(".")
    return any(".".join(labels[start:]) in FREEMAIL for start in range(len(labels)))


def owners(invitation: Invitation) -> tuple[str, ...]:
    """The owners of From, then of ORGANIZER, SENT-BY and Reply-To: each once. One is the usual thing."""
    people = (invitation.mail.from_, invitation.organizer, invitation.sent_by, *invitation.mail.reply_to)
    return _owners(dict.fromkeys(person.key for person in people if person and person.domain))


def _owners(addresses: Iterable[str]) -> tuple[str, ...]:
    distinct = tuple(addresses)
    domains = {address.rpartition("@")[2] for address in distinct}
    if len(distinct) > 1 and (len(domains) > 1 or domains & FREEMAIL):
        return tuple(dict.fromkeys(map(owner, distinct)))
    return tuple(domains)  # the Public Suffix List is loaded where it is needed only
