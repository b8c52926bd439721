"""Who owns a domain: the registrable one, by the Public Suffix List that comes with publicsuffixlist."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

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


def same_owner(one: str, other: str) -> bool:
    """Whether two addresses lie in the same registrable domain; False where one has no domain."""
    left, right = (address.casefold().rpartition("@")[2] for address in (one, other))
    return bool(left and right) and (left == right or registrable(left) == registrable(right))


def owners(invitation: Invitation) -> tuple[str, ...]:
    """The registrable domains of From, then of ORGANIZER, SENT-BY and Reply-To: each once. One is the usual thing."""
    people = (invitation.mail.from_, invitation.organizer, invitation.sent_by, *invitation.mail.reply_to)
    return _owners(tuple(person.domain for person in people if person and person.domain))


def _owners(domains: Iterable[str]) -> tuple[str, ...]:
    distinct = tuple(dict.fromkeys(domains))
    return tuple(dict.fromkeys(map(registrable, distinct))) if len(distinct) > 1 else distinct
