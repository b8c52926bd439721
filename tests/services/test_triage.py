"""What Triage holds for many invitations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from regrets.domain.clients import ClientBook
from regrets.domain.model import Busy, Strategy
from regrets.domain.settings import CalendarSource, Settings
from regrets.services.triage import Triage
from tests.support.facts import HOURS, ME, NOW, at, busy, invite


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> dt.datetime:
        return NOW

    def monotonic(self) -> float:
        return self.seconds


class FakeBusy:
    """ports.BusySource that counts how often it is asked."""

    def __init__(self, *entries: Busy, faults: tuple[str, ...] = ()) -> None:
        self.entries, self.faults, self.asked = list(entries), list(faults), 0

    def busy(self, *_: Any) -> tuple[list[Busy], list[str]]:
        self.asked += 1
        return self.entries, self.faults


def triage(source: FakeBusy, clock: Clock | None = None) -> Triage:
    settings = Settings(me=ME, hours=HOURS, calendars=(CalendarSource("mine", "mine.ics"),))
    return Triage(settings, ClientBook(), source, None, clock or Clock())


def test_the_calendars_are_read_once_for_many_and_again_after_a_while() -> None:
    source, clock = FakeBusy(busy(at(24, 10), 30)), Clock()
    engine = triage(source, clock)
    assert [engine.suggest(invite())[1].rule for _ in range(3)] == ["6"] * 3
    assert source.asked == 1
    clock.seconds = 61.0
    engine.suggest(invite())
    assert source.asked == 2
    engine.forget()
    engine.suggest(invite())
    assert source.asked == 3


@pytest.mark.parametrize(("faults", "known"), [((), True), (("Calendar “mine”: is no calendar.",), False)])
def test_a_broken_calendar_is_never_called_free(faults: tuple[str, ...], known: bool) -> None:
    engine = triage(FakeBusy(faults=faults))
    suggestion = engine.suggest(invite())[1]
    assert suggestion.calendar_known is known
    assert engine.faults == faults
    assert any("free" in reason for reason in suggestion.reasons) is known


def test_other_open_invitations_are_kept_free() -> None:
    engine = triage(FakeBusy(busy(at(24, 10), 30)))
    other = invite(start=at(25, 10), uid="another")
    _, suggestion = engine.suggest(invite(), others=[other, invite()])
    assert suggestion.strategy is Strategy.RESCHEDULE
    assert not any(slot.start == at(25, 10) for slot in suggestion.proposals)
