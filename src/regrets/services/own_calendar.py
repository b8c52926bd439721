"""The user's own calendar beside the answers: what is offered, and filed once the answer is sent.

A wish is on disk before its answer is queued, waits until that is sent, and goes with it when it is taken back. A
calendar that can't be changed costs a sentence, never the answer; the wish stays and is tried again with every pass.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from regrets.domain.calendar_splice import may_hold, uid_of, with_event, without_event
from regrets.domain.cases import Glance
from regrets.domain.effects import SAYS_YES
from regrets.domain.errors import CalendarError, CannotAnswer, NotFound, RegretsError
from regrets.domain.events import CalendarChanged, Emit
from regrets.domain.model import AnswerRecord, Draft, Invitation, Method, PartStat
from regrets.domain.own_calendar import DONE, NOT_DONE, Filing, FilingKind, FilingRule, Offer, OwnCalendarState
from regrets.domain.own_event import YES, event_to_file, event_to_remove
from regrets.domain.recipients import matching_attendee
from regrets.domain.stored import OutboxState, Row, State
from regrets.domain.text import safe_line
from regrets.services.standing import holds

if TYPE_CHECKING:
    from regrets.domain.ports import Clock, OwnStore
    from regrets.domain.settings import CalendarSource
    from regrets.services.casebook import Casebook

_LOG = logging.getLogger("regrets")
_NO = (PartStat.DECLINED, PartStat.DELEGATED)
_CRASHED = dt.timedelta(days=1)  # a wish whose answer was never queued


class OwnCalendar:
    """All methods may be called from any thread; they block on the disk."""

    def __init__(self, cases: Casebook, own: OwnStore, clock: Clock) -> None:
        self._cases, self._own, self._clock = cases, own, clock
        self._files, self._filings = cases.engine.calendar_files, cases.engine.filings
        self._settling = threading.Lock()
        self._taken: dict[str, tuple[CalendarSource, str, bytes, bytes]] = {}  # item id, what `put_back` needs

    # --- with an answer ----------------------------------------------------------------------------------------

    def offer(self, item_id: str, draft: Draft, calendar: str = "") -> Offer | None:
        """What to ask, or to do, with this answer: a yes is filed, a no takes out what is filed. None where there
        is no writable calendar, nothing to do in it, or the user said `never`. With `calendar` only that one counts,
        whatever was said about it. Raises CannotAnswer, and NotFound for a name that is no writable calendar's."""
        sources = self._sources(calendar)
        kind = _kind(draft)
        if kind is None or not sources:
            return None
        invitation = self._answered(item_id, draft)
        try:
            event = self._event(kind, invitation, draft)
        except CalendarError as error:
            said = self._said(sources[0].name) if not calendar else FilingRule.ALWAYS
            wanted = kind is FilingKind.FILE and said is FilingRule.ALWAYS
            return Offer(kind, sources[0].name, asks=False, problem=str(error)) if wanted else None
        return self._offer(kind, event, sources, asks=False if calendar else None)

    @contextlib.contextmanager
    def wished(self, outbox_id: str, item_id: str, draft: Draft, offer: Offer | None) -> Iterator[None]:
        """Remembers what was agreed to before the block queues the answer, and forgets it where the block raises.
        Raises CalendarError, StoreError."""
        if offer is None or offer.problem:
            yield
            return
        invitation = self._answered(item_id, draft)
        event, now = self._event(offer.kind, invitation, draft), self._clock.now().astimezone(dt.UTC)
        name = safe_line(invitation.summary, 80) or "The meeting"
        self._filings.add(Filing(outbox_id, item_id, offer.calendar, offer.kind, name, uid_of(event), event, now))
        try:
            yield
        except BaseException:
            self._filings.drop(outbox_id)
            raise

    def settle(self, emit: Emit) -> None:
        """Does what was wished with answers that are sent by now; what was taken back is forgotten."""
        with self._settling:
            for filing in self._filings.all():
                entry = self._own.entry(filing.outbox_id)
                crashed = entry is None and self._clock.now() - filing.wished > _CRASHED
                later = self._later_answer(filing)
                state = entry.state if entry else None
                if crashed or state is OutboxState.CANCELLED or later is OutboxState.SENT:
                    self._filings.drop(filing.outbox_id)
                elif state is OutboxState.SENT and later is None:
                    self._settle(filing, emit)

    def _later_answer(self, filing: Filing) -> OutboxState | None:
        """How far a later answer to the same meeting or series is, that overtakes the wish; None where there is
        none that stands."""
        about: str | None = ""
        newer: list[AnswerRecord] = []
        for answer in self._own.answers():
            if answer.outbox_id == filing.outbox_id:
                about = answer.recurrence_id
                break
            newer.append(answer)
        found = next((each for each in newer if (each.item_id, each.recurrence_id) == (filing.item_id, about)), None)
        entry = self._own.entry(found.outbox_id) if found else None
        return entry.state if entry else None

    def waiting(self, outbox_id: str) -> Filing | None:
        """The wish that goes with an answer, if it is not done yet."""
        return next((each for each in self._filings.all() if each.outbox_id == outbox_id), None)

    def _settle(self, filing: Filing, emit: Emit) -> None:
        try:
            source = self._source(filing.calendar)
            self._files.edit(source, filing.uid, _change(filing.kind, filing.event))
        except Exception as error:  # also a fault of ours: the answer is sent, and that is what counts
            why = error if isinstance(error, RegretsError) else f"Internal fault ({type(error).__name__})."
            told = f"Sent, but {NOT_DONE[filing.kind]} “{filing.calendar}”: {why}"
            if filing.error != told:
                self._filings.note_error(filing.outbox_id, told)
                _tell(emit, CalendarChanged(filing.item_id, told, failed=True))
            return
        self._filings.drop(filing.outbox_id)
        self._cases.engine.triage.forget()
        _tell(emit, CalendarChanged(filing.item_id, f"{DONE[filing.kind]} “{filing.calendar}”: “{filing.summary}”."))

    # --- without one -------------------------------------------------------------------------------------------

    def standing_offer(self, item_id: str) -> Offer | None:
        """What could be done without another answer: take out what is called off, file what a yes stands for.
        Raises NotFound."""
        sources = self._sources("")
        if not sources:
            return None
        try:
            found = self._standing(item_id)
        except (CannotAnswer, CalendarError):
            return None
        return self._offer(*found, sources, asks=True) if found else None

    def act(self, item_id: str, offer: Offer) -> str:
        """Does it at once; what was done, as a sentence. Raises CalendarError, NotFound."""
        found = self._standing(item_id)
        if found is None or found[0] is not offer.kind:
            raise CalendarError("There is nothing to change in your calendar.", "File it with your answer.")
        kind, event = found
        source, uid = self._source(offer.calendar), uid_of(event)
        before, after = self._files.edit(source, uid, _change(kind, event))
        if kind is FilingKind.REMOVE:
            self._taken[item_id] = source, uid, before, after
        self._cases.engine.triage.forget()
        return f"{DONE[kind]} “{offer.calendar}”."

    def put_back(self, item_id: str) -> str:
        """Undoes what `act` took out in this program; a sentence, '' for nothing. Raises CalendarError."""
        taken = self._taken.pop(item_id, None)
        if taken is None:
            return ""
        source, uid, before, after = taken

        def restored(now: bytes) -> bytes:
            if now != after:
                raise CalendarError(f"“{source.name}” has changed since.", "Enter the meeting there by hand.")
            return before

        self._files.edit(source, uid, restored)
        self._cases.engine.triage.forget()
        return f"It is in “{source.name}” again."

    def _standing(self, item_id: str) -> tuple[FilingKind, bytes] | None:
        """What the item as it stands asks for, and its calendar object."""
        row = self._cases.row(item_id)
        invitation = self._cases.opened(item_id).invitation
        if row.state is State.CANCELLED or invitation.method is Method.CANCEL or invitation.status == "CANCELLED":
            return FilingKind.REMOVE, event_to_remove(invitation)
        answer = self._own.answer_of(item_id)
        if answer is None or answer.partstat not in YES or not holds(answer, row):
            return None
        if answer.recurrence_id != invitation.recurrence_id or answer.proposals:
            return None
        me = matching_attendee(invitation, self._cases.engine.settings.me.addresses)
        address = me.mailbox.address if me else ""
        return FilingKind.FILE, event_to_file(invitation, answer.partstat, address, self._clock.now())

    def glances(self, row: Row) -> tuple[Glance, ...]:
        """What there is to say about the item's place in the calendar."""
        if row.state is not State.CANCELLED or (offer := self.standing_offer(row.id)) is None:
            return ()
        return (Glance("Calendar", f"called off, but still in “{offer.calendar}”", alert=True),)

    # --- what was said once ------------------------------------------------------------------------------------

    def states(self) -> list[OwnCalendarState]:
        """All calendars of config.toml, with what was said about them and what waits for them."""
        rules, waiting = self._filings.rules(), self._filings.all()
        return [
            OwnCalendarState(
                source.name,
                source.path or "a feed",
                _writable(source),
                rules.get(source.name, FilingRule.ASK),
                tuple(filing for filing in waiting if filing.calendar == source.name),
            )
            for source in self._cases.engine.settings.calendars
        ]

    def set_rule(self, calendar: str, rule: FilingRule) -> None:
        """Once and for all, until it is said anew. Raises NotFound."""
        self._filings.set_rule(self._source(calendar).name, rule)

    # --- inside ------------------------------------------------------------------------------------------------

    def _sources(self, name: str) -> list[CalendarSource]:
        """Writable calendars, those that are always filed in first, without those that never are."""
        if name:
            return [self._source(name)]
        order = {FilingRule.ALWAYS: 0, FilingRule.ASK: 1}
        found = [each for each in self._cases.engine.settings.calendars if _writable(each)]
        rules = self._filings.rules() if found else {}
        asked = [each for each in found if rules.get(each.name) is not FilingRule.NEVER]
        return sorted(asked, key=lambda each: order[rules.get(each.name, FilingRule.ASK)])

    def _source(self, name: str) -> CalendarSource:
        calendars = self._cases.engine.settings.calendars
        found = next((each for each in calendars if each.name == name), None)
        if found is None:
            names = ", ".join(each.name for each in calendars if _writable(each)) or "none"
            raise NotFound(f"There is no calendar “{name}” in config.toml.", f"Writable ones: {names}.")
        if not _writable(found):
            raise NotFound(f"Calendar “{name}” is only read.", "Set writable = true for a file or folder of yours.")
        return found

    def _said(self, calendar: str) -> FilingRule:
        return self._filings.rules().get(calendar, FilingRule.ASK)

    def _answered(self, item_id: str, draft: Draft) -> Invitation:
        engine = self._cases.engine
        return engine.compose.answered(self._cases.opened(item_id).invitation, draft, self._clock.now())

    def _event(self, kind: FilingKind, invitation: Invitation, draft: Draft) -> bytes:
        if kind is FilingKind.REMOVE:
            return event_to_remove(invitation)
        partstat = draft.effect.partstat or PartStat.ACCEPTED
        return event_to_file(invitation, partstat, draft.from_.address, self._clock.now())

    def _offer(
        self, kind: FilingKind, event: bytes, sources: list[CalendarSource], *, asks: bool | None = None
    ) -> Offer | None:
        """For the calendar that holds the event; to file, else for the first. None where nothing would change.
        `asks` None leaves that to what was said about the calendar."""
        if kind is FilingKind.FILE:
            source = next(
                (each for each in sources if self._would_change(each, FilingKind.REMOVE, event)), sources[0]
            )
            found = source if self._would_change(source, kind, event) else None
        else:
            found = next((each for each in sources if self._would_change(each, kind, event)), None)
        if found is None:
            return None
        return Offer(kind, found.name, asks=self._said(found.name) is not FilingRule.ALWAYS if asks is None else asks)

    def _would_change(self, source: CalendarSource, kind: FilingKind, event: bytes) -> bool:
        """A calendar that can't be read is offered for filing all the same: the attempt then says why."""
        uid = uid_of(event)
        try:
            content = self._files.content(source, uid)
            if not may_hold(content, uid):
                return kind is FilingKind.FILE
            return _change(kind, event)(content) != content
        except CalendarError:
            return kind is FilingKind.FILE
        except Exception as error:  # a fault of ours must not hold up the answer
            _LOG.error("offer", exc_info=error)
            return False


def _writable(source: CalendarSource) -> bool:
    return source.writable and bool(source.path)


def _kind(draft: Draft) -> FilingKind | None:
    """A yes (also one by plain mail) is filed, a no taken out; a proposal of another time is neither."""
    if draft.effect.method is Method.COUNTER:
        return None
    if draft.effect.partstat in YES or (draft.effect.method is None and draft.strategy in SAYS_YES):
        return FilingKind.FILE
    return FilingKind.REMOVE if draft.effect.partstat in _NO else None


def _change(kind: FilingKind, event: bytes) -> Callable[[bytes], bytes]:
    edit = with_event if kind is FilingKind.FILE else without_event
    return lambda data: edit(data, event)


def _tell(emit: Emit, event: CalendarChanged) -> None:
    try:
        emit(event)
    except Exception:  # a face that is going away must not stop this
        _LOG.warning("a face could not be told", exc_info=True)
