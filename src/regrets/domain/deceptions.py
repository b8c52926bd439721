"""What a text hides from who reads it: invisible characters, and links that lead elsewhere than they seem to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from regrets.domain.conference import links_in
from regrets.domain.domain_names import read_domain, wire_domain
from regrets.domain.model import Invitation, Warn
from regrets.domain.text import REPLACEMENT, safe_line, scripts

_MOST_PEOPLE, _MOST_LINKS, _MOST_TEXT = 50, 50, 30_000
# Overrides of the writing direction and invisible tags. Other marks of direction are everyday in copied numbers.
_OVERRIDES = re.compile("[\u202d\u202e\U000e0000-\U000e007f]")


def deceptions(invitation: Invitation, texts: Iterable[str]) -> tuple[str, ...]:
    """`invisible-text` and `suspicious-link`, where they hold; `texts` are those in which links are looked for."""
    found = []
    if _hides(invitation):
        found.append(Warn.INVISIBLE_TEXT)
    links = [*invitation.conference_links, *(link for text in texts for link in links_in(text[:_MOST_TEXT]))]
    if any(map(_is_suspicious, dict.fromkeys(links[:_MOST_LINKS]))):
        found.append(Warn.SUSPICIOUS_LINK)
    return tuple(map(str, found))


def _hides(invitation: Invitation) -> bool:
    """In what is shown on one line anything invisible counts, in longer texts what turns them round or tags them."""
    organizer = [invitation.organizer] if invitation.organizer else []
    people = [*organizer, *(person.mailbox for person in invitation.attendees[:_MOST_PEOPLE])]
    shown = [invitation.summary, invitation.location, *(text for who in people for text in (who.name, who.address))]
    if any(REPLACEMENT in safe_line(text) and REPLACEMENT not in text for text in shown if not text.isascii()):
        return True
    return any(_OVERRIDES.search(text) for text in (invitation.description, invitation.mail.text))


def _is_suspicious(link: str) -> bool:
    """A host that mixes scripts or isn't read alike by everybody, or a name before an @ that looks like the host."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return True
    if "@" in parts.netloc:
        return True
    if host.isascii() and "xn--" not in host:
        return False
    return len(scripts(read_domain(host))) > 1 or not wire_domain(host)
