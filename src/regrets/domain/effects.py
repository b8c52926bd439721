"""What each strategy tells the organiser's calendar (strategies.md, section 2)."""

from __future__ import annotations

import datetime as dt

from regrets.domain.answer_times import time_line
from regrets.domain.content_lines import parameters
from regrets.domain.model import Effect, Invitation, Method, PartStat, Strategy, TimeKind, Warn

SHORTEST = 15  # minutes; a meeting of that length can't be shortened
PLAIN_MAIL = Effect(None, None)
SAYS_YES = (Strategy.ACCEPT, Strategy.TIMEBOX, Strategy.INVOLVE)
_ASKS = (None, Method.REQUEST, Method.ADD)  # RFC 5546, 3.2: nothing else takes a REPLY; a file may name no method
COUNTERS = (Strategy.SHORTEN, Strategy.RESCHEDULE, Strategy.OFFICE_HOURS)


def possible_effect(
    strategy: Strategy,
    invitation: Invitation,
    start: dt.datetime | None = None,
    end: dt.datetime | None = None,
    *,
    invited: bool = True,
) -> Effect:
    """The effect of a strategy, or what is left of it: a COUNTER that can't be made falls back to TENTATIVE, and
    there is a plain mail only where nothing was asked (a cancellation, somebody's answer), the user is no ATTENDEE
    (`invited` False) or nobody is ORGANIZER.

    `start` and `end` are the proposed times (aware; naive only for a floating event). For `shorten`, `start`
    may be left out.
    """
    if strategy is Strategy.NONE or not invited or Warn.NOT_INVITED in invitation.warnings:
        return PLAIN_MAIL
    if invitation.method not in _ASKS:
        return PLAIN_MAIL
    if invitation.organizer is None or not invitation.organizer.address or not invitation.uid:
        return PLAIN_MAIL
    if strategy in SAYS_YES:
        return Effect(Method.REPLY, PartStat.ACCEPTED)
    if strategy is Strategy.CALL:
        return Effect(Method.REPLY, PartStat.TENTATIVE)
    if strategy in COUNTERS:
        return _counter(strategy, invitation, start, end)
    return Effect(Method.REPLY, PartStat.DECLINED)


def counter_problem(invitation: Invitation) -> str:
    """Why no COUNTER can be made for this invitation, as a sentence; '' where one can."""
    if invitation.disallow_counter:
        return "The organiser takes no proposals of another time."
    if invitation.recurring:
        return "A proposal would change the whole series."
    occurrence = invitation.source.first("RECURRENCE-ID")
    if occurrence is not None and "RANGE" in parameters(occurrence):
        return "A proposal would change all the following meetings too."
    if invitation.time_kind is TimeKind.UNKNOWN_ZONE:
        return f"The time zone “{invitation.tzid}” is not known, so a new time can't be written in it."
    if invitation.start is None or time_line(invitation, "DTSTART") is None:
        return "The invitation names no time that could be moved."
    return ""


def _counter(
    strategy: Strategy, invitation: Invitation, start: dt.datetime | None, end: dt.datetime | None
) -> Effect:
    fallback = Effect(Method.REPLY, PartStat.TENTATIVE)
    if counter_problem(invitation):
        return fallback
    if strategy is Strategy.SHORTEN:
        if invitation.minutes is None or invitation.minutes <= SHORTEST:
            return fallback
        start = start or (invitation.start if isinstance(invitation.start, dt.datetime) else None)
    if start is None or end is None or not _later(start, end):
        return fallback
    if start.tzinfo is None and invitation.time_kind is not TimeKind.FLOATING:
        return fallback
    return Effect(Method.COUNTER, PartStat.TENTATIVE, start, end)


def _later(start: dt.datetime, end: dt.datetime) -> bool:
    return (start.tzinfo is None) == (end.tzinfo is None) and start < end
