"""Whole answers for tests: from an invitation and an effect to the finished message."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from typing import Any

from regrets.domain.comment import comment_of
from regrets.domain.itip import answer_calendar, answer_dtstamp
from regrets.domain.message import build_message
from regrets.domain.model import (
    Draft,
    Effect,
    Invitation,
    Method,
    OutgoingMessage,
    PartStat,
    Strategy,
)
from regrets.domain.recipients import recipients, reply_from
from regrets.domain.subjects import subject_for

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
BODY = "Hello,\n\nthank you for asking; sadly, no – next time. I will write.\n\nBest regards,\nAna Novak"
ME = ("ana@studio.example",)
ACCEPT = Effect(Method.REPLY, PartStat.ACCEPTED)
DECLINE = Effect(Method.REPLY, PartStat.DECLINED)
TENTATIVE = Effect(Method.REPLY, PartStat.TENTATIVE)
DELEGATED = Effect(Method.REPLY, PartStat.DELEGATED)
PLAIN = Effect(None, None)


def counter(start: dt.datetime, minutes: int = 30) -> Effect:
    """A proposal of another time."""
    return Effect(Method.COUNTER, PartStat.TENTATIVE, start, start + dt.timedelta(minutes=minutes))


def make_draft(invitation: Invitation, effect: Effect, me: tuple[str, ...] = ME, **changes: Any) -> Draft:
    """The draft that the program would write for `effect`."""
    to, cc = recipients(invitation, me)
    values: dict[str, Any] = {
        "strategy": Strategy.DECLINE,
        "effect": effect,
        "language": "en",
        "formal": True,
        "reason_named": False,
        "from_": reply_from(invitation, me, "Ana Novak"),
        "to": to,
        "cc": cc,
        "subject": subject_for(invitation, effect),
        "body": BODY,
    }
    return Draft(**(values | changes))


def calendar_for(invitation: Invitation, effect: Effect, me: tuple[str, ...] = ME) -> bytes:
    """The calendar part alone."""
    attendee = reply_from(invitation, me, "").address
    stamp = answer_dtstamp(NOW, invitation, None)
    return answer_calendar(invitation, effect, attendee, dtstamp=stamp, comment=comment_of(BODY))


def answer(invitation: Invitation, effect: Effect, me: tuple[str, ...] = ME, **changes: Any) -> OutgoingMessage:
    """The finished message; `changes` are fields of the Draft."""
    calendar = calendar_for(invitation, effect, me) if effect.method else None
    return build_message(invitation, make_draft(invitation, effect, me, **changes), now=NOW, calendar=calendar)


def lines_of(calendar: bytes) -> list[str]:
    """Unfolded lines."""
    return calendar.decode("utf-8").replace("\r\n ", "").split("\r\n")


def parsed(message: OutgoingMessage) -> Any:
    """As a receiver reads it."""
    return message_from_bytes(message.data, policy=policy.default)
