"""The client book as values (contracts.md, clients.toml). Nothing of it ever enters an outgoing message."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

TIERS = ("key", "regular", "minor")
STATUSES = ("prospect", "active", "former", "blocked")
TRAITS = ("hands_on", "distrustful", "knows_better", "chatty")
SIGNS = ("dragging", "unpaid_rework", "scope_creep", "crowding_out")


@dataclass(frozen=True, slots=True)
class Sign:
    """One warning sign, noted on a day."""

    date: dt.date
    sign: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """One [[client]]."""

    name: str
    match: tuple[str, ...] = ()  # domains or addresses
    tier: str = "regular"
    status: str = "active"
    traits: tuple[str, ...] = ()
    contact: str = ""
    language: str = ""
    formal: bool | None = None  # None: as the language's business mail has it
    salutation: str = ""
    since: dt.date | None = None
    helped_with: tuple[str, ...] = ()
    next_report: str = ""
    notice_days: int = 30
    pays: bool = True
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True)
class ClientBook:
    """All clients, in the order of the file."""

    clients: tuple[Client, ...] = ()

    def of(self, address: str) -> Client | None:
        """The client to whom an address belongs: an address match beats a domain match, a longer domain
        a shorter one (mail.kovin.example is kovin.example's)."""
        wanted = address.strip().casefold()
        domain = wanted.rpartition("@")[2]
        if not domain:
            return None
        best: tuple[int, Client] | None = None
        for client in self.clients:
            for pattern in client.match:
                key = pattern.strip().casefold().removeprefix("@")
                if key == wanted and "@" in key:
                    return client
                fits = "@" not in key and (domain == key or domain.endswith("." + key))
                if fits and (best is None or len(key) > best[0]):
                    best = (len(key), client)
        return best[1] if best else None

    def doubles(self) -> tuple[str, ...]:
        """A line for each address or domain that two clients claim; the first one in the file has it."""
        owners: dict[str, str] = {}
        lines = []
        for client in self.clients:
            for pattern in client.match:
                key = pattern.strip().casefold().removeprefix("@")
                owner = owners.setdefault(key, client.name)
                if owner != client.name:
                    lines.append(
                        f"clients.toml: {key} belongs to two clients, {owner} and {client.name}: it counts as the "
                        f"first one's until you take it from one of them."
                    )
        return tuple(lines)


FREEMAIL = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com"),
        *("yahoo.com", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com"),
        *("gmx.net", "gmx.com", "gmx.de", "web.de", "proton.me", "protonmail.com"),
        *("mail.com", "zoho.com", "fastmail.com", "yandex.com", "online.no", "siol.net"),
        *("t-2.net", "mynet.com", "inbox.lv", "one.lv", "luukku.com", "suomi24.fi"),
    }
)
"""Where the domain says nothing about who somebody works for."""


def guess(name: str, address: str) -> tuple[str, str]:
    """(name, match) to offer for somebody who is not in the book: the owner of the domain, named after it; the person
    and the address alone where anybody may have an address there."""
    from regrets.domain.naming import spoken
    from regrets.domain.registrable import registrable

    local, _, domain = address.strip().casefold().rpartition("@")
    owner = registrable(domain)
    if not owner or owner in FREEMAIL:
        return spoken(name.strip(), local or address), address.strip().casefold()
    return owner.partition(".")[0].replace("-", " ").title(), owner
