"""What is true of an invitation: computed once, the costly parts when a rule first asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from regrets.domain.clients import Client, ClientBook
from regrets.domain.language import detect
from regrets.domain.model import (
    AnswerRecord,
    Attendee,
    Busy,
    Invitation,
    Mailbox,
    Method,
    PartStat,
    Slot,
    TimeKind,
    Warn,
)
from regrets.domain.naming import spoken
from regrets.domain.recipients import matching_attendee
from regrets.domain.recurrence import next_occurrence, occurrences, series_over
from regrets.domain.registrable import same_owner
from regrets.domain.settings import Away, Settings, is_mine
from regrets.domain.slots import Search, near_slots, next_slots
from regrets.domain.stored import Chosen
from regrets.domain.strategy.cues.reading import Reading
from regrets.domain.strategy.diary import Diary
from regrets.domain.strategy.place import is_elsewhere
from regrets.domain.strategy.subjects import same_subject
from regrets.domain.strategy.trust import EventKey, KnownEvent, known_versions
from regrets.domain.strategy.verdict import check_failed
from regrets.domain.workdays import outside_hours
from regrets.domain.written import written

_DAY = dt.timedelta(days=1)
_HISTORY = 14 * _DAY
_SERIES = 30 * _DAY
_MOST_OF_A_SUMMARY = 500  # characters
_LOOK_AHEAD = 12  # later occurrences of a series that are looked at
_NO_PEOPLE = ("ROOM", "RESOURCE")
_SHORTER = (15, 25, 30)


@dataclass(frozen=True)
class Facts:
    """Everything that the rules may ask about one invitation. Times are aware, lengths in minutes."""

    invitation: Invitation
    settings: Settings
    book: ClientBook
    now: dt.datetime
    zone: dt.tzinfo
    diary: Diary = field(default_factory=Diary)
    calendar_known: bool = False
    answers: tuple[AnswerRecord, ...] = ()  # newest first
    choices: tuple[Chosen, ...] = ()  # what was chosen with answers, newest first; may be forgotten
    pending: tuple[Slot, ...] = ()  # other open invitations
    known: Mapping[EventKey, KnownEvent] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()  # all of mine, the accounts' included
    authserv_id: str = ""

    # --- who

    @cached_property
    def organizer(self) -> Mailbox | None:
        """Whose invitation it is: the ORGANIZER, else the sender of the mail."""
        return self.invitation.organizer or self.invitation.mail.from_

    @cached_property
    def organizer_address(self) -> str:
        """Case folded; '' where nobody is named."""
        return self.organizer.key if self.organizer else ""

    @cached_property
    def organizer_name(self) -> str:
        """For reasons: the display name, or the address where there is none that can be trusted."""
        return spoken(self.organizer.name, self.organizer.address) if self.organizer else "the organiser"

    @cached_property
    def attendee(self) -> Attendee | None:
        """Which of the ATTENDEEs the user is."""
        return matching_attendee(self.invitation, self.addresses)

    @cached_property
    def addressed(self) -> bool:
        """Whether one of the user's addresses is an ATTENDEE or stands in To or Cc."""
        mail = self.invitation.mail
        return self.attendee is not None or any(self.mine(box.address) for box in (*mail.to, *mail.cc))

    @cached_property
    def client(self) -> Client | None:
        """The organiser's client."""
        return self.book.of(self.organizer_address)

    @cached_property
    def key_client(self) -> bool:
        """Whether the organiser's client carries much of the business."""
        return self.client is not None and self.client.tier == "key"

    @cached_property
    def from_colleague(self) -> bool:
        """Whether a colleague organises it: so it says, its sender agrees, and the mail provider has no doubt."""
        return self.colleague(self.organizer_address) and self.sender_agrees and not self.sender_failed

    @cached_property
    def sender_agrees(self) -> bool:
        """Whether the mail comes from the organiser, from their domain, or from within the user's company. There is
        nothing to ask where there is no mail around the calendar file."""
        sender = self.invitation.mail.from_
        if sender is None:
            return Warn.SENDER_UNREADABLE not in self.invitation.warnings
        return self.inside(sender.address) or same_owner(sender.address, self.organizer_address)

    @cached_property
    def sender_failed(self) -> bool:
        """Whether the user's own mail provider says that the sender failed its check."""
        return check_failed(self.invitation.mail.authentication_results, self.authserv_id)

    def mine(self, address: str) -> bool:
        """Whether an address is the user's."""
        return is_mine(address, self.addresses)

    def inside(self, address: str) -> bool:
        """Whether an address is of the user's company, the user's own included."""
        domain = address.casefold().rpartition("@")[2]
        return self.mine(address) or domain in {each.casefold() for each in self.settings.me.company_domains}

    def colleague(self, address: str) -> bool:
        """Whether an address is of the company and not the user's."""
        return bool(address) and self.inside(address) and not self.mine(address)

    def trait(self, name: str) -> bool:
        """Whether the client is of that kind."""
        return self.client is not None and name in self.client.traits

    @cached_property
    def met_before(self) -> bool:
        """Whether there was an answered invitation of the organiser or stands an event with them."""
        answered = any(answer.organizer == self.organizer_address for answer in self.answers)
        return answered or self.diary.knows(self.organizer_address, apart_from=self.invitation.uid)

    @cached_property
    def stranger(self) -> bool:
        """Matches no client and no company domain, and nothing is known of the address; who only says to be of the
        company is one."""
        known = self.client is not None or self.met_before
        return not known and not self.from_colleague and not self.mine(self.organizer_address)

    @cached_property
    def relation(self) -> str:
        """In words. A colleague may stand in the client book for how to write to them, and stays a colleague."""
        if self.from_colleague:
            return "colleague"
        if self.colleague(self.organizer_address):
            return "says to be a colleague"
        if self.client is not None:
            kind = "key client" if self.key_client else "client"
            return f"{kind} {self.client.name}"
        return "stranger" if self.stranger else "met before"

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Addresses of everybody who takes part, organiser and user counted, rooms and resources not."""
        found = {attendee.mailbox.key for attendee in self.invitation.attendees if attendee.cutype not in _NO_PEOPLE}
        others = {address for address in found if not self.mine(address)}
        if self.invitation.organizer and not self.mine(self.invitation.organizer.address):
            others.add(self.invitation.organizer.key)
        me = self.attendee.mailbox.key if self.attendee else next(iter(self.addresses), "me")
        return (me, *sorted(others))

    # --- when

    @cached_property
    def requests(self) -> bool:
        """Whether the message asks for an answer by its METHOD (none: by whether the user is invited)."""
        method = self.invitation.method
        if method is None:
            return self.invitation.organizer is not None and self.attendee is not None
        return method in (Method.REQUEST, Method.ADD)

    @cached_property
    def slot(self) -> Slot | None:
        """The next occurrence that is not over; for a single event its time. None where there is no time."""
        upcoming = next_occurrence(self.invitation, self.now, self.zone) if self.invitation.recurring else None
        return upcoming or self.own_slot

    @cached_property
    def own_slot(self) -> Slot | None:
        """DTSTART to DTEND; days and times without a zone are in the user's zone."""
        start, end = self._aware(self.invitation.start), self._aware(self.invitation.end)
        if start is None:
            return None
        return Slot(start, end if end is not None and end >= start else start)

    def _aware(self, moment: dt.datetime | dt.date | None) -> dt.datetime | None:
        if moment is None:
            return None
        if not isinstance(moment, dt.datetime):
            return dt.datetime.combine(moment, dt.time(), self.zone)
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    @cached_property
    def over(self) -> bool:
        """Whether it has ended; for a series, whether no occurrence lies ahead."""
        return series_over(self.invitation, self.now, self.zone)

    @cached_property
    def later(self) -> tuple[Slot, ...]:
        """The next occurrences of a series after the one that is judged."""
        if not self.invitation.recurring or self.slot is None:
            return ()
        coming = occurrences(self.invitation, self.slot.end, self.slot.end + 365 * _DAY, self.zone, _LOOK_AHEAD)
        return tuple(slot for slot in coming if slot.start > self.slot.start)

    @cached_property
    def minutes(self) -> int | None:
        """Length of one occurrence; None for an all-day event, which has no length."""
        return self.invitation.minutes

    @cached_property
    def outside_hours(self) -> str:
        """Why the slot is outside the user's hours, as a sentence; '' inside."""
        return self.outside(self.slot) if self.slot else ""

    def outside(self, slot: Slot) -> str:
        """Why a slot is outside the user's hours, as a sentence; '' inside."""
        return outside_hours(slot, self.settings.hours, self.zone, all_day=self.invitation.all_day)

    @cached_property
    def away(self) -> Away | None:
        """The time away into which the slot falls."""
        return self.away_in(self.slot) if self.slot else None

    def away_in(self, slot: Slot) -> Away | None:
        """The time away that a slot shares."""
        return next((a for a in self.settings.away if slot.start < a.end and a.start < slot.end), None)

    @cached_property
    def clashes(self) -> tuple[Busy, ...]:
        """Busy events that overlap the slot; the invitation's own entry is none."""
        return self.clashes_in(self.slot) if self.slot else ()

    def clashes_in(self, slot: Slot) -> tuple[Busy, ...]:
        """Busy events that overlap a slot."""
        return tuple(entry for entry in self.diary.busy(slot.start, slot.end) if entry.uid != self.invitation.uid)

    @cached_property
    def pending_clashes(self) -> tuple[Slot, ...]:
        """Other open invitations for the same time."""
        return tuple(other for other in self.pending if self.slot and other.overlaps(self.slot))

    @cached_property
    def booked(self) -> int:
        """Minutes of other busy events with people on the day of the slot."""
        if self.slot is None:
            return 0
        day = dt.datetime.combine(self.slot.start.astimezone(self.zone).date(), dt.time(), self.zone)
        return self.diary.booked_minutes(day, day + _DAY, apart_from=self.invitation.uid)

    # --- history

    @cached_property
    def versions(self) -> list[KnownEvent]:
        """What is known of the same event."""
        return known_versions(self.invitation, self.known, self.diary.of_uid(self.invitation.uid))

    @cached_property
    def recent_meetings(self) -> int:
        """Meetings with somebody of the client in the 14 days before now."""
        if self.client is None:
            return 0
        entries = self.diary.between(self.now - _HISTORY, self.now)
        return sum(
            any(self.book.of(person) == self.client for person in (*entry.people, entry.organizer))
            for entry in entries
            if entry.slot.start >= self.now - _HISTORY
        )

    @cached_property
    def earlier_in_row(self) -> int:
        """Meetings with the same organiser and subject in the 30 days before this one's start."""
        if self.slot is None:
            return 0
        return sum(
            entry.organizer.casefold() == self.organizer_address
            and same_subject(entry.summary, self.invitation.summary)
            and self.slot.start - _SERIES <= entry.slot.start < self.slot.start
            for entry in self.diary.between(self.slot.start - _SERIES, self.slot.start)
        )

    # --- the text

    @property
    def subject(self) -> str:
        """As much of the SUMMARY as counts."""
        return self.invitation.summary[:_MOST_OF_A_SUMMARY]

    @cached_property
    def text(self) -> str:
        """What the person wrote, without blocks, signatures and footers."""
        return written(self.invitation)

    @cached_property
    def language(self) -> str | None:
        """In which language it is written."""
        return detect(f"{self.subject}\n{self.text}", self.invitation.declared_language)

    @cached_property
    def reading(self) -> Reading:
        """What the text says."""
        return Reading(self.subject, self.text, self.language)

    @cached_property
    def elsewhere(self) -> bool:
        """Whether it takes place at an address that isn't the user's, with no link to join by instead."""
        if self.invitation.conference_links:
            return False
        if self.invitation.location.strip():
            return is_elsewhere(self.invitation.location, self.settings.me.places)
        return self.reading.at_their_place

    # --- what could be proposed

    @cached_property
    def shorten_to(self) -> int:
        """Minutes of a shorter meeting: the next of 15, 25 or 30 that fits what the text asks for, 30 where it
        says nothing; 0 where nothing shorter is left."""
        invited = self.minutes or 0
        wanted = self.reading.wanted_minutes
        fitting = next((length for length in _SHORTER if wanted and wanted <= length), _SHORTER[-1])
        return max((length for length in _SHORTER if length <= fitting and length < invited), default=0)

    @cached_property
    def search(self) -> Search:
        """What free slots must respect from now on."""
        end = self.now + 120 * _DAY
        if self.slot:
            end = max(end, self.slot.start + 60 * _DAY)
        own = self.invitation.uid
        taken = tuple(entry.slot for entry in self.diary.busy(self.now, end) if entry.uid != own)
        return Search(self.settings.hours, self.zone, taken + self.pending, self.settings.away, self.their_zone)

    @cached_property
    def their_zone(self) -> dt.tzinfo | None:
        """The organiser's zone, where the invitation names one and it differs from the user's then."""
        start = self.invitation.start
        if self.invitation.time_kind is not TimeKind.ZONED or not self.invitation.tzid:
            return None
        if not isinstance(start, dt.datetime) or start.tzinfo is None:
            return None
        return start.tzinfo if start.utcoffset() != start.astimezone(self.zone).utcoffset() else None

    @cached_property
    def other_times(self) -> tuple[Slot, ...]:
        """Up to three free slots for `reschedule`, near the wished time of day, not before tomorrow."""
        if self.slot is None or not self.minutes:
            return ()
        begin = max(self._tomorrow, self._midnight(self.slot.start))
        wish = self.slot.start.astimezone(self.zone).time()
        return near_slots(self._without(self.slot), self.minutes, begin, wish)

    @cached_property
    def slots_in_hours(self) -> tuple[Slot, ...]:
        """Up to three free slots in working hours for `office_hours`, the next first."""
        if self.slot is None or not self.minutes:
            return ()
        return next_slots(self.search, self.minutes, max(self._tomorrow, self.slot.start))

    def _without(self, slot: Slot) -> Search:
        """The search that doesn't propose the invited time again."""
        search = self.search
        return Search(search.hours, search.zone, (*search.taken, slot), search.away, search.their_zone)

    @cached_property
    def _tomorrow(self) -> dt.datetime:
        return self._midnight(self.now) + _DAY

    def _midnight(self, moment: dt.datetime) -> dt.datetime:
        return dt.datetime.combine(moment.astimezone(self.zone).date(), dt.time(), self.zone)

    @cached_property
    def declined_people(self) -> frozenset[str]:
        """Attendees who have said no already."""
        return frozenset(
            attendee.mailbox.key for attendee in self.invitation.attendees if attendee.partstat is PartStat.DECLINED
        )
