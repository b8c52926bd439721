"""Rules 9, 10, 11 and 13: what it is about, where it is, how long it lasts."""

from __future__ import annotations

from regrets.domain.model import Strategy
from regrets.domain.strategy.facts import Facts
from regrets.domain.strategy.rules import Found, holds

_LONG = 60  # minutes
_EARLIER = 2


def nothing_to_talk_about(facts: Facts) -> Found | None:
    """Rule 9."""
    if facts.reading.serious:
        return None
    if facts.reading.informs and not facts.reading.decides:
        return holds(Strategy.EMAIL, "It only informs; nothing in it needs talking.")
    if facts.reading.agenda:
        return None
    if facts.earlier_in_row >= _EARLIER:
        return holds(
            Strategy.EMAIL,
            f"{facts.organizer_name} had {facts.earlier_in_row} meetings of this name with you in the 30 days "
            "before, and it has no agenda.",
        )
    if facts.invitation.recurring:
        return holds(Strategy.EMAIL, "It is a series without an agenda.")
    return None


def elsewhere(facts: Facts) -> Found | None:
    """Rule 10."""
    if not facts.elsewhere:
        return None
    where = " ".join(facts.invitation.location.split())
    place = f"It takes place at {where}, and there is no link to join by." if where else "It takes place at theirs."
    travel = facts.settings.me.travel_minutes
    return holds(Strategy.CALL, place, f"The way there and back takes {travel} minutes." if travel else "")


def too_long(facts: Facts) -> Found | None:
    """Rule 11. An all-day event has no length."""
    if facts.minutes is None or facts.minutes < _LONG or facts.reading.topics > 2:
        return None
    topics = {0: "no topic named", 1: "one topic", 2: "two topics"}[facts.reading.topics]
    return holds(Strategy.SHORTEN, f"{facts.minutes} minutes for {topics}.")


def otherwise(facts: Facts) -> Found | None:
    """Rule 13."""
    if facts.calendar_known and facts.slot is not None and not facts.pending_clashes:
        return holds(Strategy.ACCEPT, "It is within your hours, and you are free.")
    return holds(Strategy.ACCEPT, "Nothing speaks against it.")
