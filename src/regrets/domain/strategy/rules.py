"""What a rule of the ladder is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from regrets.domain.model import Slot, Strategy, Verdict, Warn
from regrets.domain.strategy.facts import Facts
from regrets.domain.workdays import short_day, spoken_day


@dataclass(frozen=True, slots=True)
class Found:
    """A rule holds: what it suggests, and why, in full sentences with the facts in them."""

    strategy: Strategy
    reasons: tuple[str, ...]
    warnings: tuple[Warn, ...] = ()
    instead: tuple[Strategy, ...] = ()  # alternatives of its own, for a `none` that may yet be answered


Check = Callable[[Facts], Found | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rung: its number in strategies.md, how to check it, and what the user reads where it doesn't hold."""

    number: str
    strategy: Strategy
    check: Check
    otherwise: str

    @property
    def step(self) -> int:
        """The number without its letter."""
        return int(self.number.rstrip("abcdefghijklmnopqrstuvwxyz"))

    def verdict(self, found: Found | None) -> Verdict:
        """How the rule stands in the trace."""
        if found is None:
            return Verdict(self.number, self.strategy, False, self.otherwise)
        return Verdict(self.number, found.strategy, True, " ".join(found.reasons))


def holds(strategy: Strategy, *reasons: str, warnings: tuple[Warn, ...] = ()) -> Found:
    """A Found from its sentences; empty ones are left out."""
    return Found(strategy, tuple(reason for reason in reasons if reason), warnings)


def spoken_span(slot: Slot, zone: dt.tzinfo) -> str:
    """`14:00-15:30` in the user's zone; with the days where they differ, with the years where those do."""
    start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
    if start.date() == end.date():
        return f"{start:%H:%M}-{end:%H:%M}"
    years = start.year != end.year
    first, last = (f"{short_day(moment.date(), with_year=years)} {moment:%H:%M}" for moment in (start, end))
    return f"{first} to {last}"


def spoken_days(slots: list[Slot], zone: dt.tzinfo, most: int = 3) -> str:
    """The first few days of some slots: `Monday 7 December 2026, … and 2 more`."""
    names = [spoken_day(slot.start.astimezone(zone).date()) for slot in slots[:most]]
    more = f" and {len(slots) - most} more" if len(slots) > most else ""
    return ", ".join(names) + more


def quoted(words: tuple[str, ...] | list[str], most: int = 2) -> str:
    """Words of the text as evidence: `"for free", "pick your brain"`."""
    return ", ".join(f"“{word}”" for word in words[:most])
