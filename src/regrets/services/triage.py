"""Suggests an answer to invitations; holds what many of them share: the calendars, the history, the settings."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from regrets.domain.clients import ClientBook
from regrets.domain.model import AnswerRecord, Busy, Invitation, Method, Row, Slot, State, Strategy, Suggestion, Warn
from regrets.domain.ports import BusySource, Clock, OwnStore
from regrets.domain.recipients import takes_no_mail
from regrets.domain.settings import Settings
from regrets.domain.stored import Chosen
from regrets.domain.strategy.diary import Diary
from regrets.domain.strategy.facts import Facts
from regrets.domain.strategy.ladder import suggest
from regrets.domain.strategy.trust import EventKey, KnownEvent

_BACK = dt.timedelta(days=370)
_AHEAD = dt.timedelta(days=420)
_VERSIONS = (Method.REQUEST, Method.ADD, Method.CANCEL)
_FRESH = 60.0  # seconds after which the calendars are looked at again


Pending = list[tuple[str, Slot]]  # item id and time


class Triage:
    """Cheap for many invitations: calendars are expanded once for a window around now.

    What is wrong with calendars is known from the first suggestion on.
    """

    def __init__(
        self, settings: Settings, book: ClientBook, busy_source: BusySource, own: OwnStore | None, clock: Clock
    ) -> None:
        self._settings = settings
        self._book = book
        self._busy_source = busy_source
        self._own = own
        self._clock = clock
        self._zone = ZoneInfo(settings.me.timezone or "UTC")
        self._addresses = tuple(
            dict.fromkeys((*settings.me.addresses, *(account.address for account in settings.accounts)))
        )
        self._loading = threading.Lock()
        self._diary: Diary | None = None
        self._around: dt.date | None = None
        self._loaded = 0.0
        self._answers: tuple[AnswerRecord, ...] | None = None
        self._choices: tuple[Chosen, ...] = ()
        self._unread: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """A line for each thing in the user's own files that can't count: calendars, shared addresses of clients."""
        return (*self._unread, *self._book.doubles())

    @property
    def book(self) -> ClientBook:
        """The client book in use."""
        return self._book

    def meetings(self, start: dt.datetime, end: dt.datetime) -> list[Busy]:
        """What the calendars hold between two aware instants."""
        return self._calendar(self._clock.now()).between(start, end)

    def use(self, book: ClientBook) -> None:
        """Another client book from now on."""
        self._book = book

    def suggest(
        self,
        invitation: Invitation,
        *,
        account: str = "",
        others: Sequence[Invitation | Slot] = (),
        known: Mapping[EventKey, KnownEvent] | None = None,
    ) -> tuple[Facts, Suggestion]:
        """What is true of an invitation and what to answer.

        `account` names the account that received it ('' for a file). `others` are the other open invitations, which
        are shown as possible clashes and kept free. `known` maps (UID, RECURRENCE-ID) to the newest other version
        that the database or this run knows.
        """
        facts = self.facts(invitation, account=account, others=others, known=known)
        return facts, _with_address_warning(facts, suggest(facts))

    def facts(
        self,
        invitation: Invitation,
        *,
        account: str = "",
        others: Sequence[Invitation | Slot] = (),
        known: Mapping[EventKey, KnownEvent] | None = None,
    ) -> Facts:
        """What is true of an invitation."""
        now = self._clock.now()
        mailbox = next((each for each in self._settings.accounts if each.name == account), None)
        return Facts(
            invitation=invitation,
            settings=self._settings,
            book=self._book,
            now=now,
            zone=self._zone,
            diary=self._calendar(now),
            calendar_known=bool(self._settings.calendars) and not self._unread,
            answers=self._history(),
            choices=self._choices,
            pending=self._pending(invitation, others),
            known=known or {},
            addresses=self._addresses,
            authserv_id=mailbox.authserv_id if mailbox else "",
        )

    def suggest_item(self, row: Row, invitation: Invitation, rows: Sequence[Row], pending: Pending) -> Suggestion:
        """What to answer to an item of the list; `rows` are all items, `pending` is made of them once for many."""
        others = [slot for item_id, slot in pending if item_id != row.id]
        return self.suggest(invitation, account=row.account, others=others, known=_known(row, rows))[1]

    def pending(self, rows: Sequence[Row]) -> Pending:
        """When the open items take place: possible clashes, and kept free by the slot search."""
        open_rows = [row for row in rows if row.state is State.OPEN]
        return [(row.id, slot) for row in open_rows if (slot := self._row_slot(row))]

    def _row_slot(self, row: Row) -> Slot | None:
        """When a row takes place, by its first occurrence; None for days and where there is no time."""
        if row.all_day or not row.start or not row.end or row.strategy == Strategy.NONE:
            return None
        start, end = dt.datetime.fromisoformat(row.start), dt.datetime.fromisoformat(row.end)
        return Slot(self._aware(start), self._aware(end))

    def forget(self) -> None:
        """Looks at calendars and answers again with the next suggestion: after a sync, an answer, an edit."""
        self._diary = None
        self._answers = None

    def _calendar(self, now: dt.datetime) -> Diary:
        today = now.astimezone(self._zone).date()
        with self._loading:
            stale = self._clock.monotonic() - self._loaded > _FRESH
            if self._diary is None or self._around != today or stale:
                midnight = dt.datetime.combine(today, dt.time(), self._zone)
                entries, faults = self._busy_source.busy(
                    self._settings.calendars, midnight - _BACK, midnight + _AHEAD, self._addresses, self._zone
                )
                self._diary, self._unread = Diary(entries, self._addresses), tuple(faults)
                self._around, self._loaded = today, self._clock.monotonic()
            return self._diary

    def _history(self) -> tuple[AnswerRecord, ...]:
        if self._answers is None:
            self._choices = tuple(self._own.choices()) if self._own else ()
            self._answers = tuple(self._own.answers()) if self._own else ()
        return self._answers

    def _pending(self, invitation: Invitation, others: Sequence[Invitation | Slot]) -> tuple[Slot, ...]:
        slots = []
        for other in others:
            if isinstance(other, Slot):
                slots.append(other)
            elif other.uid != invitation.uid and isinstance(other.start, dt.datetime):
                start, end = self._aware(other.start), other.end
                close = self._aware(end) if isinstance(end, dt.datetime) else start
                slots.append(Slot(start, max(start, close)))
        return tuple(slots)

    def _aware(self, moment: dt.datetime) -> dt.datetime:
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)


def _known(row: Row, rows: Sequence[Row]) -> dict[EventKey, KnownEvent]:
    """Other items about the same event, the newest version each; what somebody else claimed about it is none."""
    found: dict[EventKey, KnownEvent] = {}
    for other in rows:
        if other.uid != row.uid or other.recurrence_id != row.recurrence_id or other.id == row.id:
            continue
        if other.method not in _VERSIONS or {Warn.SENDER_MISMATCH, Warn.SPOOFED_UPDATE} & set(other.warnings):
            continue
        key = other.uid, other.recurrence_id
        version = KnownEvent(other.sequence, None, other.organizer_address)
        if key not in found or found[key].version < version.version:
            found[key] = version
    return found


def _with_address_warning(facts: Facts, found: Suggestion) -> Suggestion:
    """Says so where an answer would go to an address that takes no mail."""
    organizer = facts.invitation.organizer
    if found.strategy is Strategy.NONE or organizer is None or not takes_no_mail(organizer.address):
        return found
    return replace(found, warnings=tuple(dict.fromkeys((*found.warnings, str(Warn.NO_REPLY_ADDRESS)))))
