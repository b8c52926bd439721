"""Time won back (strategies.md, section 7)."""

from __future__ import annotations

from regrets.domain.model import Strategy

_NOTHING = frozenset(
    {
        Strategy.ACCEPT,
        Strategy.TIMEBOX,
        Strategy.INVOLVE,
        Strategy.RESCHEDULE,
        Strategy.OFFICE_HOURS,
        Strategy.NONE,
    }
)
_COSTS = {Strategy.CALL: 15, Strategy.EMAIL: 10, Strategy.BOW_OUT: 10}


def minutes_won(strategy: Strategy, invited: int, travel: int = 0, shortened_to: int = 0) -> int:
    """Minutes that an answer gives back, never below 0.

    `invited` is the length of one occurrence, `travel` [me].travel_minutes where the meeting is elsewhere,
    else 0. An all-day event has no length: give 0.
    """
    if strategy in _NOTHING:
        return 0
    cost = shortened_to if strategy is Strategy.SHORTEN else _COSTS.get(strategy, 0)
    return max(0, invited + travel - cost)
