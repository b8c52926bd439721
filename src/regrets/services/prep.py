"""Prep cards for stored meetings: of one item, or of all that take place today."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from regrets.domain.errors import CannotAnswer, NotFound
from regrets.domain.letters.topics import topics
from regrets.domain.letters.values import next_time
from regrets.domain.model import Strategy
from regrets.domain.prep import PrepCard, carries_card, prep_card
from regrets.domain.stored import AnswerRecord, Row, State

if TYPE_CHECKING:
    from regrets.domain.ports import OwnStore
    from regrets.services.casebook import Casebook

_LIVE = (State.OPEN, State.ANSWERED, State.QUEUED, State.SNOOZED)
_DAY = dt.timedelta(days=1)


def card_of(cases: Casebook, own: OwnStore, item_id: str, now: dt.datetime) -> PrepCard:
    """The card of one item, whether or not it carries one by itself. Raises NotFound, CannotAnswer."""
    opened, settings = cases.opened(item_id), cases.engine.settings
    answer = own.answer_of(item_id)
    zone = ZoneInfo(settings.me.timezone or "UTC")
    midnight = dt.datetime.combine(now.astimezone(zone).date(), dt.time(), zone)
    start, end = next_time(opened.invitation, midnight, settings.me.timezone or "UTC")
    return prep_card(
        opened.invitation,
        settings,
        strategy=answer.strategy if answer else opened.suggestion.strategy,
        start=start,
        end=end,
        minutes=(answer.minutes if answer else 0) or opened.invitation.minutes or 0,
        points=topics(opened.invitation, opened.suggestion.language),
        outside=bool(opened.suggestion.outside_hours),
    )


def cards_of_today(cases: Casebook, own: OwnStore, rows: list[Row], now: dt.datetime) -> list[tuple[Row, PrepCard]]:
    """Of the meetings of today that carry one, in the order of the day. What can't be read is left out."""
    zone = cases.engine.settings.me.timezone or "UTC"
    today = now.astimezone(ZoneInfo(zone)).date()
    answers: dict[str, AnswerRecord] = {}
    for answer in own.answers():
        answers.setdefault(answer.item_id, answer)
    found = []
    for row in rows:
        if row.state not in _LIVE or not _near(row, today):
            continue
        client = cases.engine.compose.client_of(row.organizer_address)
        strategy = Strategy(row.strategy) if row.strategy else None
        if not carries_card(strategy, answers.get(row.id), client):
            continue
        try:
            start, _ = next_time(cases.opened(row.id).invitation, _midnight(today, zone), zone)
            if start is not None and _day(start, zone) == today:
                found.append((_key(start, zone), row, card_of(cases, own, row.id, now)))
        except (NotFound, CannotAnswer):
            continue
    return [(row, card) for _, row, card in sorted(found, key=lambda each: each[0])]


def _near(row: Row, today: dt.date) -> bool:
    """Whether a row can be about today: a series, or within a day of it in whichever zone."""
    if not row.start:
        return False
    return bool(row.recurrence) or abs(dt.date.fromisoformat(row.start[:10]) - today) <= _DAY


def _midnight(day: dt.date, zone: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone))


def _key(moment: dt.datetime | dt.date, zone: str) -> dt.datetime:
    if not isinstance(moment, dt.datetime):
        return _midnight(moment, zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _day(moment: dt.datetime | dt.date, zone: str) -> dt.date:
    return _key(moment, zone).astimezone(ZoneInfo(zone)).date()
