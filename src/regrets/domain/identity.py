"""What makes an item one and the same: account, organiser, UID and RECURRENCE-ID (contracts.md, section 2)."""

from __future__ import annotations

import base64
import hashlib

ID_LENGTH = 10


def item_id(account: str, organizer: str, uid: str, recurrence_id: str | None, claimed_by: str = "") -> str:
    """A short stable id, [a-z2-7]{10}.

    `claimed_by` sets apart what somebody other than the organiser sent about an event: it gets an item of its
    own, so that it can never overwrite the organiser's (RFC 5546, 6.1).
    """
    parts = (account, organizer.strip().casefold(), uid, recurrence_id or "", claimed_by.strip().casefold())
    digest = hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest).decode("ascii").lower()[:ID_LENGTH]
