"""Reads items, judges them and writes their answers: what needs the config, and stays open while it is looked at."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from regrets.domain.cases import Case, Choice
from regrets.domain.errors import NO_ACCOUNT, CannotAnswer, LetterError, NotFound, RegretsError
from regrets.domain.model import (
    AnswerRecord,
    Draft,
    Invitation,
    OutboxEntry,
    OutgoingMessage,
    PartStat,
    Row,
    State,
    Strategy,
    Suggestion,
    Unreadable,
)
from regrets.domain.ports import Cache, CalendarFiles, ClientStore, Clock, Filings, OwnStore
from regrets.domain.settings import Account, Settings
from regrets.domain.stored import AGREED
from regrets.services.compose import REMEMBERED, Compose
from regrets.services.deliver import Delivery
from regrets.services.glance import glances
from regrets.services.news import News, agreed, news_of
from regrets.services.records import brief_entry, judged_row, outbox_pair
from regrets.services.standing import Standing, holds
from regrets.services.sync import Sync
from regrets.services.triage import Pending, Triage

if TYPE_CHECKING:
    from regrets.services.keeping import Keeping
    from regrets.services.thread import Thread

Read = Callable[[bytes], Invitation | Unreadable]
_log = logging.getLogger("regrets.casebook")
_JUDGED = (State.OPEN, State.CANCELLED, State.SNOOZED)


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that needs the config."""

    settings: Settings
    triage: Triage
    compose: Compose
    delivery: Delivery
    sync: Sync
    calendar_files: CalendarFiles
    filings: Filings
    type_password: Callable[[Account, str], None] = lambda account, password: None
    keeping: Keeping | None = None
    clients: ClientStore | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """An item as it was last read and judged."""

    invitation: Invitation
    suggestion: Suggestion


class Casebook:
    """All methods may be called from any thread; none touches the network."""

    def __init__(self, cache: Cache, own: OwnStore, clock: Clock, read: Read, engine: Engine) -> None:
        self._cache, self._own, self._clock, self._read = cache, own, clock, read
        self.engine = engine
        self._lock = threading.RLock()
        self._opened: dict[str, Opened] = {}

    def refresh(self) -> list[str]:
        """Judges what has no suggestion of today: the ids that changed."""
        today = self._clock.now().date().isoformat()
        standing = Standing.of(self._own, self._clock.now())
        rows = [standing.apply(row) for row in self._cache.rows()]
        self.engine.triage.forget()
        pending = self.engine.triage.pending(rows)
        stale = [row for row in rows if row.judged != today and row.state in _JUDGED]
        return [row.id for row in stale if self._judge_or_leave(row, rows, pending, today)]

    def judge_anew(self, concerns: Callable[[str], bool]) -> None:
        """Judges the open items of the organisers that `concerns` holds for, whatever was said of them today."""
        with self._lock:
            self._opened.clear()
        rows, today = self._rows(), self._clock.now().date().isoformat()
        pending = self.engine.triage.pending(rows)
        for row in rows:
            if row.state in _JUDGED and concerns(row.organizer_address):
                self._judge_or_leave(row, rows, pending, today)

    def case(self, item_id: str) -> Case:
        """Everything that a screen shows of one item. Raises NotFound."""
        row = self.row(item_id)
        invitation = self._invitation(row)
        if isinstance(invitation, Unreadable):
            return Case(row, invitation)
        suggestion = self._suggest(row, invitation, self._rows())
        draft, problem = None, ""
        if suggestion.strategy is not Strategy.NONE:
            try:
                draft = self._draft(row.id, Opened(invitation, suggestion), Choice())
            except (CannotAnswer, LetterError) as error:
                problem = str(error)
        news = self._news(row, invitation, suggestion)
        suggestion = replace(suggestion, reasons=(*suggestion.reasons, *news.reasons))
        facts = glances(invitation, suggestion, self.engine.settings, self._clock.now())
        facts = (*facts[:2], *news.glances, *facts[2:])
        row = judged_row(row, suggestion, draft, "")
        return Case(row, invitation, suggestion, facts, draft, problem, news.changes, news.stands)

    def _news(self, row: Row, invitation: Invitation, suggestion: Suggestion) -> News:
        versions = self._cache.versions(row.account, row.uid) if row.uid else []
        former, zone = self._own.answer_of(row.id), ZoneInfo(self.engine.settings.me.timezone or "UTC")
        return news_of(row, invitation, suggestion.attendee, versions, self._own.answers(), former, zone)

    def draft(self, item_id: str, choice: Choice) -> Draft:
        """The letter for a choice. Raises CannotAnswer, LetterError."""
        return self._draft(item_id, self.opened(item_id), choice)

    def messages(self, item_id: str, draft: Draft) -> tuple[OutgoingMessage, ...]:
        """The exact messages. Raises CannotAnswer, UnsafeMessage."""
        former = self._own.answer_of(item_id)
        last = former.dtstamp if former else None
        return self.engine.compose.messages(self.opened(item_id).invitation, draft, self._clock.now(), last)

    def objections(self, item_id: str, draft: Draft) -> tuple[tuple[str, str], ...]:
        """What must be confirmed first; what was confirmed for this pair of domains is not asked again."""
        opened = self.opened(item_id)
        found = self.engine.compose.objections(opened.invitation, opened.suggestion, draft)
        found = (*found, *self._sent_before(item_id, opened.invitation, draft))
        return tuple((code, text) for code, text in found if not self._own.confirmed(_pair(opened.invitation, code)))

    def _sent_before(self, item_id: str, invitation: Invitation, draft: Draft) -> tuple[tuple[str, str], ...]:
        former = self._own.answer_of(item_id)
        if former is None:
            return ()
        day = former.answered_at.astimezone(ZoneInfo(self.engine.settings.me.timezone or "UTC"))
        if former.partstat is PartStat.DELEGATED and draft.delegate is None:
            return (
                (
                    "delegated",
                    f"You handed this meeting over on {day:%Y-%m-%d}: your colleague's calendar is not told"
                    " of this answer. Tell them.",
                ),
            )
        if not holds(former, self.row(item_id)) or former.strategy is not draft.strategy:
            return ()
        return (("answered", f"You gave this answer already, on {day:%Y-%m-%d at %H:%M}."),)

    def confirm(self, item_id: str, code: str) -> None:
        """Remembers a confirmation for the pair of domains, where that may be remembered at all."""
        if code in REMEMBERED:
            self._own.confirm(_pair(self.opened(item_id).invitation, code))

    def entry(self, item_id: str, draft: Draft) -> tuple[OutboxEntry, AnswerRecord, OutboxEntry | None]:
        """What is queued for an answer: its entry, its record, and the entry of the brief that follows it."""
        opened, row = self.opened(item_id), self.row(item_id)
        if draft.of_version not in (None, (opened.invitation.sequence, opened.invitation.dtstamp)):
            raise CannotAnswer(
                "The organiser has changed this meeting while you read it: nothing was sent.", "Look at it again."
            )
        message, *more = self.messages(item_id, draft)
        now = self._clock.now().astimezone(dt.UTC)
        place = self._cache.location(item_id) or ("", 0, 0)
        answered = self.engine.compose.answered(opened.invitation, draft, now)
        entry, answer = outbox_pair(answered, opened.suggestion, row, draft, message, now, place)
        return entry, answer, brief_entry(entry, more[0]) if more else None

    def row(self, item_id: str) -> Row:
        """One item with its true state. Raises NotFound."""
        row = self._cache.row(item_id)
        if row is None:
            cure = "`regrets list --all` shows the ids." if self.engine.settings.accounts else NO_ACCOUNT
            raise NotFound(f"There is no invitation {item_id}.", cure)
        return Standing.of(self._own, self._clock.now()).apply(row)

    def opened(self, item_id: str) -> Opened:
        """The item as last judged, judged now if it wasn't. Raises NotFound, CannotAnswer."""
        with self._lock:
            if item_id not in self._opened:
                row = self.row(item_id)
                invitation = self._invitation(row)
                if isinstance(invitation, Unreadable):
                    raise CannotAnswer(f"This mail could not be read: {invitation.message}")
                self._suggest(row, invitation, self._rows())
            return self._opened[item_id]

    def _rows(self) -> list[Row]:
        standing = Standing.of(self._own, self._clock.now())
        return [standing.apply(row) for row in self._cache.rows()]

    def _invitation(self, row: Row) -> Invitation | Unreadable:
        data = self._cache.mail(row.id)
        if data is None:
            raise NotFound(f"The mail of {row.id} is not in the cache.", "Sync again.")
        if not data and row.error_code:  # it never came
            return Unreadable(row.error_code, row.error)
        return self._read(data)

    def _suggest(
        self, row: Row, invitation: Invitation, rows: list[Row], pending: Pending | None = None
    ) -> Suggestion:
        with self._lock:
            found = self.engine.triage.suggest_item(
                row, invitation, rows, pending or self.engine.triage.pending(rows)
            )
            found = agreed(found) if row.note == AGREED else found
            suggestion = replace(found, warnings=tuple(dict.fromkeys((*row.warnings, *found.warnings))))
            self._opened[row.id] = Opened(invitation, suggestion)
            return suggestion

    def _draft(self, item_id: str, opened: Opened, choice: Choice) -> Draft:
        former, now = self._own.answer_of(item_id), self._clock.now()
        bows_out = (choice.strategy or opened.suggestion.strategy) is Strategy.BOW_OUT
        thread = self._thread(item_id) if bows_out else None
        return self.engine.compose.draft(opened.invitation, opened.suggestion, choice, now, former, thread)

    def _thread(self, item_id: str) -> Thread | None:
        """What went before, for the brief to a colleague."""
        from regrets.services.thread import thread_of

        row = self._cache.row(item_id)
        if row is None or not row.uid:
            return None
        return thread_of(row, self._cache.versions(row.account, row.uid), self._own.answers())

    def _judge_or_leave(self, row: Row, rows: list[Row], pending: Pending, today: str) -> bool:
        """An invitation that breaks the judging stays without a suggestion; the others get theirs."""
        try:
            return self._judge(row, rows, pending, today)
        except RegretsError:
            raise
        except Exception:
            _log.exception("%s can't be judged", row.id)
            return False

    def _judge(self, row: Row, rows: list[Row], pending: Pending, today: str) -> bool:
        invitation = self._invitation(row)
        stored = self._cache.row(row.id)
        if isinstance(invitation, Unreadable) or stored is None:
            return False
        judged = judged_row(stored, self._suggest(row, invitation, rows, pending), None, today)
        self._cache.update_row(judged)
        return True


def _pair(invitation: Invitation, code: str) -> str:
    """The domains that were confirmed together: that of From first."""
    from regrets.domain.registrable import owners

    return ":".join((code, *owners(invitation)))
