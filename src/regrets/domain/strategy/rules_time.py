"""Rules 4, 6 and 12: working hours, absence and clashes, the full day."""

from __future__ import annotations

from regrets.domain.model import Busy, Slot, Strategy
from regrets.domain.strategy.facts import Facts
from regrets.domain.strategy.rules import Found, holds, spoken_days, spoken_span


def outside_working_hours(facts: Facts) -> Found | None:
    """Rule 4. For a series the next occurrence is judged; the reasons name the later ones that fail."""
    if not facts.outside_hours:
        return None
    return holds(Strategy.OFFICE_HOURS, facts.outside_hours, later_failures(facts))


def away_or_busy(facts: Facts) -> Found | None:
    """Rule 6."""
    if facts.slot is None:
        return None
    if facts.away is not None:
        why = f" ({facts.away.reason})" if facts.away.reason else ""
        return holds(Strategy.RESCHEDULE, f"You are away then{why}.", later_failures(facts))
    if not facts.clashes:
        return None
    sentences = [f"It clashes with {clash_in_words(entry, facts)}." for entry in facts.clashes[:3]]
    return holds(Strategy.RESCHEDULE, *sentences, later_failures(facts))


def clash_in_words(entry: Busy, facts: Facts) -> str:
    """`Review, 14:00-15:30 (tentative)`."""
    when = "all day" if entry.all_day else spoken_span(entry.slot, facts.zone)
    return f"{entry.summary or 'a busy time'}, {when}{' (tentative)' if entry.tentative else ''}"


def later_failures(facts: Facts) -> str:
    """Which later occurrences of a series are outside the hours, away or in a clash, as a sentence; '' for none."""
    failing = [slot for slot in facts.later if _fails(slot, facts)]
    return f"Later dates that don't fit either: {spoken_days(failing, facts.zone)}." if failing else ""


def _fails(slot: Slot, facts: Facts) -> bool:
    return bool(facts.outside(slot) or facts.away_in(slot) or facts.clashes_in(slot))


def day_is_full(facts: Facts) -> Found | None:
    """Rule 12: another time for those one works with, a no for minor clients and strangers."""
    limit = facts.settings.hours.meeting_limit
    if facts.slot is None or facts.booked <= limit:
        return None
    minor = facts.client is not None and facts.client.tier == "minor"
    strategy = Strategy.DECLINE if minor or facts.stranger else Strategy.RESCHEDULE
    return holds(
        strategy,
        f"That day already has {_hours(facts.booked)} of meetings; your limit is {_hours(limit)}.",
    )


def _hours(minutes: int) -> str:
    whole, rest = divmod(minutes, 60)
    return f"{whole} h" if not rest else f"{whole} h {rest} min" if whole else f"{rest} min"
