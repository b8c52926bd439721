"""Time won back."""

from __future__ import annotations

import pytest

from regrets.domain.model import Strategy
from regrets.domain.wins import minutes_won


@pytest.mark.parametrize(
    ("strategy", "won"),
    [
        (Strategy.CALL, 115),
        (Strategy.SHORTEN, 100),
        (Strategy.EMAIL, 120),
        (Strategy.BOW_OUT, 120),
        (Strategy.DECLINE, 130),
        (Strategy.RESCHEDULE, 0),
        (Strategy.OFFICE_HOURS, 0),
        (Strategy.ACCEPT, 0),
        (Strategy.TIMEBOX, 0),
        (Strategy.NONE, 0),
    ],
)
def test_an_hour_and_a_half_elsewhere(strategy: Strategy, won: int) -> None:
    assert minutes_won(strategy, 90, 40, 30) == won


def test_never_below_nothing() -> None:
    assert minutes_won(Strategy.CALL, 10) == 0
