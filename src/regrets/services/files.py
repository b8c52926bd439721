"""Invitations that come as files: judged with the settings, the clients and the calendars, without a mailbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePath

from regrets.domain.cases import Case, Choice
from regrets.domain.errors import CannotAnswer, LetterError
from regrets.domain.model import (
    Draft,
    Invitation,
    OutgoingMessage,
    Row,
    Strategy,
    Suggestion,
    Unreadable,
    Warn,
)
from regrets.domain.ports import Clock, FoundMail
from regrets.domain.rows import row_of
from regrets.domain.settings import Settings
from regrets.domain.strategy.trust import EventKey, KnownEvent
from regrets.domain.versions import Version, arrange
from regrets.services.compose import Compose
from regrets.services.glance import glances
from regrets.services.records import judged_row
from regrets.services.triage import Triage


class Files:
    """Suggests for the files of one run; they know of each other (an update supersedes what it updates)."""

    def __init__(
        self,
        read: Callable[[bytes], Invitation | Unreadable],
        triage: Triage,
        compose: Compose,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._read = read
        self._triage = triage
        self._compose = compose
        self._settings = settings
        self._clock = clock

    def faults(self) -> tuple[str, ...]:
        """What can't count in calendars and client book, as known from the first case on."""
        return self._triage.faults

    def cases(self, files: Sequence[tuple[str, bytes]]) -> dict[str, Case]:
        """One case for each name."""
        read = {name: self._read(data) for name, data in files}
        run = _Run([item for item in read.values() if isinstance(item, Invitation)], self._clock.now())
        return {name: self._case(name, item, run) for name, item in read.items()}

    def messages(self, case: Case, choice: Choice) -> tuple[OutgoingMessage, ...]:
        """The exact messages that an answer to a file would be. Raises CannotAnswer."""
        if isinstance(case.invitation, Unreadable) or case.suggestion is None:
            raise CannotAnswer("This file could not be read.")
        now = self._clock.now()
        draft = self._compose.draft(case.invitation, case.suggestion, choice, now)
        return self._compose.messages(case.invitation, draft, now)

    def _case(self, name: str, item: Invitation | Unreadable, run: _Run) -> Case:
        now = self._clock.now()
        if isinstance(item, Unreadable):
            return Case(_row(name, item, now), item)
        found = self._triage.suggest(item, others=run.others(item), known=newest(run.trusted(item)))[1]
        row = replace(_row(name, item, now), warnings=run.warnings(item))
        suggestion = replace(found, warnings=tuple(dict.fromkeys((*row.warnings, *found.warnings))))
        draft, problem = self._draft(item, suggestion, now)
        row = judged_row(row, suggestion, draft, now.date().isoformat())
        return Case(row, item, suggestion, glances(item, suggestion, self._settings, now), draft, problem)

    def _draft(self, item: Invitation, suggestion: Suggestion, now: dt.datetime) -> tuple[Draft | None, str]:
        if suggestion.strategy is Strategy.NONE:
            return None, ""
        try:
            return self._compose.draft(item, suggestion, Choice(), now), ""
        except (CannotAnswer, LetterError) as error:
            return None, str(error)


class _Run:
    """The invitations of one run: which of them are versions of one event, and who may speak for it."""

    def __init__(self, items: Sequence[Invitation], now: dt.datetime) -> None:
        self._items = items
        versions: dict[str, list[Version]] = {}
        for number, item in enumerate(items):
            same = versions.setdefault(item.uid or f"\0{number}", [])  # without a UID each stands alone
            same.append(Version("", number, _as_sent(item, number, now)))
        self._placed = {id(items[one.version.uid]): one for same in versions.values() for one in arrange(same)}

    def others(self, item: Invitation) -> list[Invitation]:
        """All but this one."""
        return [other for other in self._items if other is not item]

    def trusted(self, item: Invitation) -> list[Invitation]:
        """Those of the others that come from who may speak for their event."""
        placed = [(other, self._placed[id(other)]) for other in self.others(item)]
        return [other for other, one in placed if not one.copy and Warn.SPOOFED_UPDATE not in one.row.warnings]

    def warnings(self, item: Invitation) -> tuple[str, ...]:
        """Its own, and that of its trust."""
        return self._placed[id(item)].row.warnings


def _as_sent(item: Invitation, number: int, now: dt.datetime) -> Row:
    """The columns as of a mail that came in the files' order; a bare calendar file is its organiser's word."""
    row = row_of("", "", FoundMail(number, now, b""), item)
    bare = not row.sender and Warn.SENDER_UNREADABLE not in row.warnings
    return replace(row, sender=row.organizer_address) if bare else row


def newest(invitations: Sequence[Invitation]) -> dict[EventKey, KnownEvent]:
    """The newest version of each event."""
    known: dict[EventKey, KnownEvent] = {}
    for invitation in invitations:
        key, event = (invitation.uid, invitation.recurrence_id), KnownEvent.of(invitation)
        if key not in known or known[key].version < event.version:
            known[key] = event
    return known


def _row(name: str, item: Invitation | Unreadable, now: dt.datetime) -> Row:
    """The columns of a file, as if it had just come in; no account, no folder, no title from elsewhere."""
    row = row_of("", "", FoundMail(0, item.mail.date or now, b""), item)
    if isinstance(item, Unreadable):
        return replace(row, summary=row.summary or PurePath(name).name)
    return replace(row, summary=item.summary)
