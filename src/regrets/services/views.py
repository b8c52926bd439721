"""What cases, rows and entries look like as JSON (contracts.md, section 2). Raw values: JSON escapes by itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from regrets.domain.model import Draft, Effect, OutboxEntry, OutboxState, Row, State

Json = dict[str, Any]


def effect_json(effect: Effect | None) -> Json | None:
    """{"method", "partstat"}, and the proposed times of a COUNTER."""
    if effect is None:
        return None
    fields: Json = {"method": _text(effect.method), "partstat": _text(effect.partstat)}
    if effect.start is not None and effect.end is not None:
        fields.update(start=effect.start.isoformat(), end=effect.end.isoformat())
    return fields


def draft_json(draft: Draft | None) -> Json | None:
    """The letter as it would go out."""
    if draft is None:
        return None
    return {
        "to": [mailbox.address for mailbox in draft.to],
        "cc": [mailbox.address for mailbox in draft.cc],
        "from": draft.from_.address,
        "subject": draft.subject,
        "language": draft.language,
        "body": draft.body,
        "delegate": draft.delegate.address if draft.delegate else None,
        "range": draft.range_,
        "instance": draft.instance,
        "covers": draft.covers or None,
        "brief": brief_json(draft.brief),
    }


def brief_json(brief: Draft | None) -> Json | None:
    """The second message, to the colleague; `missing` names what only the user can add, `method` is REQUEST where it
    carries the invitation for a delegate."""
    if brief is None:
        return None
    return {
        "to": [mailbox.address for mailbox in brief.to],
        "method": _text(brief.effect.method),
        "subject": brief.subject,
        "language": brief.language,
        "body": brief.body,
        "missing": list(brief.missing),
    }


def invitation_json(row: Row) -> Json:
    """The fields that `suggest`, `list` and `show` share."""
    none = row.strategy in ("", "none")
    return {
        "id": row.id,
        "uid": row.uid or None,
        "recurrence_id": row.recurrence_id,
        "sequence": row.sequence,
        "method": row.method,
        "summary": row.summary or None,
        "organizer": {"name": row.organizer_name, "address": row.organizer_address}
        if row.organizer_address
        else None,
        "sender": row.sender or None,
        "attendee": row.attendee,
        "start": row.start,
        "end": row.end,
        "all_day": row.all_day,
        "recurrence": row.recurrence,
        "location": row.location or None,
        "language": row.language,
        "strategy": row.strategy or None,
        "rule": row.rule or None,
        "reasons": list(row.reasons),
        "alternatives": list(row.alternatives),
        "warnings": list(row.warnings),
        "effect": None if none else effect_json(row.effect),
        "minutes_won": row.minutes_won,
    }


def row_json(row: Row) -> Json:
    """One line of `list --json`."""
    place = {
        "account": row.account,
        "folder": row.folder,
        "received": row.received.isoformat(),
        "state": str(row.state),
        "note": row.note or None,
    }
    if row.state is State.UNREADABLE or row.error_code:
        error = {"code": row.error_code, "message": row.error}
        return {"id": row.id, "summary": row.summary, "error": error, **place}
    return {**invitation_json(row), **place}


def outbox_json(entry: OutboxEntry) -> Json:
    """One line of `outbox --json`."""
    return {
        "id": entry.id,
        "state": str(entry.state),
        "to": list(entry.recipients),
        "subject": entry.subject,
        "due": entry.due.astimezone(dt.UTC).isoformat(),
        "attempts": entry.attempts,
        "error": entry.error or None,
        "item": entry.item_id,
        "message_id": entry.message_id,
        "follows": entry.follows or None,
    }


def _organizer(row: Row) -> Json | None:
    if not row.organizer_address:
        return None
    return {"name": row.organizer_name or None, "address": row.organizer_address}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def waiting_notes(entries: list[OutboxEntry]) -> list[str]:
    """One line for each answer that waits for the user's word, or that may have been cut short."""
    return [note for entry in entries if (note := _waiting_note(entry))]


def stopped_note(entry: OutboxEntry) -> str:
    """What became of an answer that the user's ctrl+c found on its way, in a line."""
    if entry.state is OutboxState.SENT:
        return f"{_named(entry)} was sent."
    if entry.state is OutboxState.CANCELLED:
        return f"{_named(entry)} is cancelled; it was not sent."
    goes = "once its answer is sent" if entry.follows else "with the next `regrets sync`, or with the inbox"
    return _waiting_note(entry) or (
        f"{_named(entry)} was not sent. It goes {goes}; `regrets outbox cancel {entry.id}` takes it out."
    )


def _named(entry: OutboxEntry) -> str:
    kind = "brief" if entry.follows else "answer"
    return f"The {kind} {entry.id} to {', '.join(entry.recipients)} ({entry.subject})"


def _waiting_note(entry: OutboxEntry) -> str:
    what, again = _named(entry), f"`regrets outbox retry {entry.id}`"
    if entry.state is OutboxState.ORPHANED:
        return f"{what} was not sent: the program ended in the undo window. {again}"
    if entry.state is OutboxState.UNKNOWN:
        return f"{what} may have been sent: the line broke at the last moment. Ask them, or {again} to send it again."
    if entry.state is OutboxState.FAILED and entry.permanent:
        return f"{what} was refused: {entry.error} {again} once that is mended."
    if entry.state is OutboxState.SENDING:
        return (
            f"{what} is being sent. If no regrets runs any more, it was cut short: the next `regrets sync` says what"
            " became of it."
        )
    return ""
