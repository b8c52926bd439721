"""Puts together what is stored: a judged row, an outbox entry and its answer."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import replace

from regrets.domain.model import (
    AnswerRecord,
    Draft,
    Invitation,
    OutboxEntry,
    OutboxState,
    OutgoingMessage,
    Row,
    Slot,
    Suggestion,
)
from regrets.domain.versions import secondhand

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def judged_row(row: Row, suggestion: Suggestion, draft: Draft | None, today: str) -> Row:
    """The row with the suggestion's columns."""
    effects, minutes = dict(suggestion.effects), dict(suggestion.minutes_won)
    return replace(
        row,
        strategy=str(suggestion.strategy),
        rule=suggestion.rule,
        reasons=suggestion.reasons,
        alternatives=tuple(str(strategy) for strategy in suggestion.alternatives),
        warnings=tuple(dict.fromkeys((*row.warnings, *suggestion.warnings))),
        language=suggestion.language,
        attendee=suggestion.attendee,
        effect=draft.effect if draft is not None else effects.get(suggestion.strategy),
        minutes_won=minutes.get(suggestion.strategy, 0),
        judged=today or row.judged,
    )


def outbox_pair(
    invitation: Invitation,
    suggestion: Suggestion,
    row: Row,
    draft: Draft,
    message: OutgoingMessage,
    now: dt.datetime,
    place: tuple[str, int, int],
) -> tuple[OutboxEntry, AnswerRecord]:
    """The entry (not yet held) and the answer that belongs to it. `now` in UTC; `place` where the mail lies."""
    outbox_id = "".join(secrets.choice(_LETTERS) for _ in range(8))
    folder, uidvalidity, uid = place
    entry = OutboxEntry(
        id=outbox_id,
        item_id=row.id,
        account=row.account,
        state=OutboxState.HELD,
        phase="",
        message_id=message.message_id,
        sender=message.sender,
        recipients=message.recipients,
        subject=message.subject,
        data=message.data,
        due=now,
        created=now,
        folder=folder,
        uidvalidity=uidvalidity,
        uid=uid,
    )
    slot = _slot(invitation)
    answer = AnswerRecord(
        item_id=row.id,
        account=row.account,
        organizer=invitation.organizer.key if invitation.organizer else "",
        uid=invitation.uid,
        recurrence_id=invitation.recurrence_id,
        sequence=invitation.sequence,
        summary=invitation.summary,
        strategy=draft.strategy,
        suggested=suggestion.strategy,
        rule=suggestion.rule,
        partstat=draft.effect.partstat,
        minutes_won=minutes_won(suggestion, draft),
        dtstamp=message.dtstamp,
        answered_at=now,
        start=slot.start if slot else None,
        end=slot.end if slot else None,
        outbox_id=outbox_id,
        body=draft.body,
        proposals=_proposals(draft),
        minutes=draft.minutes,
        secondhand=secondhand(row),
    )
    return entry, answer


def brief_entry(answer: OutboxEntry, message: OutgoingMessage) -> OutboxEntry:
    """The entry of the brief that follows an answer: no invitation is marked or moved for it."""
    return replace(
        answer,
        id="".join(secrets.choice(_LETTERS) for _ in range(8)),
        message_id=message.message_id,
        sender=message.sender,
        recipients=message.recipients,
        subject=message.subject,
        data=message.data,
        folder="",
        uidvalidity=0,
        uid=0,
        follows=answer.id,
    )


def _proposals(draft: Draft) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
    """The times that go out, in UTC: those of the letter, else that of the COUNTER. A floating one is left out."""
    pairs = [(slot.start, slot.end) for slot in draft.proposals]
    if not pairs and draft.effect.start is not None and draft.effect.end is not None:
        pairs = [(draft.effect.start, draft.effect.end)]
    return tuple((start.astimezone(dt.UTC), end.astimezone(dt.UTC)) for start, end in pairs if start.tzinfo)


def minutes_won(suggestion: Suggestion, draft: Draft) -> int:
    """What the chosen answer gives back (strategies.md, section 7), where the engine worked it out."""
    return dict(suggestion.minutes_won).get(draft.strategy, 0)


def _slot(invitation: Invitation) -> Slot | None:
    start, end = invitation.start, invitation.end
    if not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
        return None
    if start.tzinfo is None or end.tzinfo is None:
        return None
    return Slot(start.astimezone(dt.UTC), end.astimezone(dt.UTC))
