"""Calendar user addresses: ORGANIZER, ATTENDEE and SENT-BY values to mailboxes (RFC 5545, 3.3.3; RFC 6068)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from regrets.domain.calendar_text import Property, unescaped
from regrets.domain.domain_names import wire_domain
from regrets.domain.headers import addr_spec
from regrets.domain.model import Mailbox

_MAILTO = re.compile(r"\s*mailto:\s*", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def address(value: str) -> str:
    """The one address of a `mailto:` URI or of a plain addr-spec; '' for everything else.

    The `?query` of a URI is dropped. An encoded line end, more than one address, or a domain in which not everybody
    reads the same one (`wire_domain`), makes it unusable.
    """
    value = value.strip().strip('"')
    plain = _MAILTO.sub("", value, count=1) if _MAILTO.match(value) else value
    if plain is value and _SCHEME.match(value):
        return ""
    if plain is not value:
        plain, _, query = plain.partition("?")
        if "mailto:" in query.lower():  # what was taken for the address stood in a name
            return ""
    plain = plain.strip().strip("<>")
    decoded = unquote(plain, errors="replace") if "%" in plain else plain
    if any(ord(char) < 0x20 for char in decoded):
        return ""
    found = addr_spec(decoded) or addr_spec(unescaped(decoded)) or addr_spec(plain)
    domain = found.rpartition("@")[2]
    return found if domain.isascii() or wire_domain(domain) else ""


def named(value: str, email: str) -> str:
    """The address that a value names, or the EMAIL parameter where the value is no address (RFC 7986, 6.2); '' where
    it would be one and can't be read."""
    unread = value.strip().lower()
    return address(value) or ("" if "mailto:" in unread and unread != "mailto:" else address(email))


def mailbox(line: Property) -> Mailbox | None:
    """The mailbox that an ORGANIZER or ATTENDEE names."""
    found = named(line.value, line.params.get("EMAIL", ""))
    return Mailbox(unescaped(line.params.get("CN", "")).strip(), found) if found else None


def sent_by(line: Property) -> Mailbox | None:
    """Who sends in the organiser's name (RFC 5545, 3.2.18)."""
    found = address(line.params.get("SENT-BY", ""))
    return Mailbox("", found) if found else None
