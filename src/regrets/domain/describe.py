"""Invitations as the JSON objects of `suggest`, `list` and `show`. Times are ISO 8601 in the event's own zone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from regrets.domain.model import Invitation, Unreadable


def _iso(moment: dt.datetime | dt.date | None) -> str | None:
    """With its offset where it has one; a date for days; None for no time."""
    return moment.isoformat() if moment is not None else None


def times(invitation: Invitation) -> tuple[str | None, str | None]:
    """Start and end as they stand in the JSON: offset, wall time without one, or dates with an exclusive end."""
    return _iso(invitation.start), _iso(invitation.end)


def invitation_fields(invitation: Invitation) -> dict[str, Any]:
    """The part of the object that the invitation alone decides. What is absent is null; nothing is invented."""
    start, end = times(invitation)
    organizer = invitation.organizer
    return {
        "uid": invitation.uid or None,
        "sequence": invitation.sequence,
        "method": str(invitation.method) if invitation.method else None,
        "summary": invitation.summary or None,
        "organizer": {"name": organizer.name or None, "address": organizer.address} if organizer else None,
        "start": start,
        "end": end,
        "all_day": invitation.all_day,
        "recurrence": invitation.recurrence,
        "recurrence_id": invitation.recurrence_id,
        "location": invitation.location or None,
    }


def describe(file: str, item: Invitation | Unreadable) -> dict[str, Any]:
    """One object for a file: what was read in it, with its warnings, or why it can't be read."""
    if isinstance(item, Unreadable):
        return {"file": file, "error": {"code": item.code, "message": item.message}}
    described = {"file": file, **invitation_fields(item), "warnings": list(item.warnings)}
    if item.also:
        described["also"] = [invitation_fields(other) for other in item.also]
    return described
