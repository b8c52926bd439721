"""Time won back (strategies.md, section 7): totals by week, strategy and client."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from regrets.domain.clients import ClientBook
from regrets.domain.model import AnswerRecord
from regrets.domain.stored import Won

NO_CLIENT = ""


@dataclass(frozen=True, slots=True)
class Total:
    """Answers of one ISO week (2026-W48), strategy and client ('' for others), and the minutes they won back."""

    week: str
    strategy: str
    client: str
    answers: int
    minutes: int


def totals(
    answers: Iterable[AnswerRecord], book: ClientBook, zone: dt.tzinfo, kept: Iterable[Won] = ()
) -> list[Total]:
    """Newest week first, then by strategy and client. A changed answer counts as it stands last; `kept` is what was
    won by answers that are no longer there."""
    last: dict[str, AnswerRecord] = {}
    for answer in answers:  # newest first
        last.setdefault(answer.item_id, answer)
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for answer in last.values():
        year, week, _ = answer.answered_at.astimezone(zone).isocalendar()
        client = book.of(answer.organizer)
        key = (f"{year}-W{week:02}", str(answer.strategy), client.name if client else NO_CLIENT)
        sums[key][0] += 1
        sums[key][1] += answer.minutes_won
    for won in kept:
        sums[won.week, won.strategy, won.client][0] += won.answers
        sums[won.week, won.strategy, won.client][1] += won.minutes
    rows = [Total(*key, count, minutes) for key, (count, minutes) in sums.items()]
    rows.sort(key=lambda row: (row.strategy, row.client))
    rows.sort(key=lambda row: row.week, reverse=True)
    return rows


def hours(minutes: int) -> str:
    """6 h 45 min, 30 min, 2 h."""
    whole, rest = divmod(minutes, 60)
    parts = [f"{whole} h"] if whole else []
    return " ".join([*parts, f"{rest} min"] if rest or not whole else parts)
