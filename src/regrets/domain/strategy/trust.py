"""Earlier versions of an event, and who may change it (strategies.md, rule 0)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from regrets.domain.model import Busy, Invitation, Warn

_OLD = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """What the database, another file of the run or a calendar knows of an event with the same UID and
    RECURRENCE-ID. Addresses without `mailto:`, '' where unknown."""

    sequence: int
    dtstamp: dt.datetime | None = None
    organizer: str = ""
    sent_by: str = ""

    @classmethod
    def of(cls, invitation: Invitation) -> KnownEvent:
        """What an invitation says of itself."""
        return cls(
            invitation.sequence,
            invitation.dtstamp,
            invitation.organizer.address if invitation.organizer else "",
            invitation.sent_by.address if invitation.sent_by else "",
        )

    @property
    def version(self) -> tuple[int, dt.datetime]:
        """For comparing: SEQUENCE, then DTSTAMP (RFC 5546, 2.1.5)."""
        return self.sequence, self.dtstamp or _OLD


EventKey = tuple[str, str | None]  # UID, RECURRENCE-ID
Known = Mapping[EventKey, KnownEvent]


def known_versions(invitation: Invitation, known: Known, entries: Iterable[Busy]) -> list[KnownEvent]:
    """Everything that is known of the invitation's event."""
    versions = [known[key] for key in [(invitation.uid, invitation.recurrence_id)] if key in known]
    for entry in entries:
        if entry.uid == invitation.uid and entry.recurrence_id == invitation.recurrence_id:
            versions.append(KnownEvent(entry.sequence, entry.dtstamp, entry.organizer, entry.sent_by))
    return versions


def superseded(invitation: Invitation, versions: Iterable[KnownEvent]) -> bool:
    """Whether a newer version is known: a higher SEQUENCE, or the same one with a later DTSTAMP.

    A DTSTAMP that is missing on either side decides nothing.
    """
    for known in versions:
        if known.sequence > invitation.sequence:
            return True
        both = known.dtstamp is not None and invitation.dtstamp is not None
        if known.sequence == invitation.sequence and both and known.version > KnownEvent.of(invitation).version:
            return True
    return False


def claims_foreign_event(invitation: Invitation, versions: Iterable[KnownEvent]) -> bool:
    """Whether somebody other than the known event's ORGANIZER or its SENT-BY wants to change it (RFC 5546, 6.1).

    Without a mail around it the ORGANIZER itself is compared; a mail whose sender can't be read is somebody else's.
    """
    unreadable = Warn.SENDER_UNREADABLE in invitation.warnings
    sender = None if unreadable else invitation.mail.from_ or invitation.organizer
    if sender is None and not unreadable:
        return False
    for known in versions:
        theirs = {known.organizer.casefold(), known.sent_by.casefold()} - {""}
        newer = KnownEvent.of(invitation).version > known.version
        if known.organizer and newer and (sender is None or sender.key not in theirs):
            return True
    return False
