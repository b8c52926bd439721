"""The values that the whole program speaks of: frozen, slotted, typed.

Text in here is as it came (untrusted): it reaches a screen only through `regrets.domain.text`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from regrets.domain.cases import Range
from regrets.domain.stored import AnswerRecord as AnswerRecord
from regrets.domain.stored import Effect as Effect
from regrets.domain.stored import Method as Method
from regrets.domain.stored import OutboxEntry as OutboxEntry
from regrets.domain.stored import OutboxState as OutboxState
from regrets.domain.stored import PartStat as PartStat
from regrets.domain.stored import Row as Row
from regrets.domain.stored import State as State
from regrets.domain.stored import Strategy as Strategy
from regrets.domain.stored import Warn as Warn


class TimeKind(StrEnum):
    """What the times of an event rest on."""

    ZONED = "zoned"  # aware datetimes
    FLOATING = "floating"  # naive datetimes, meant so by the organiser (RFC 5545, 3.3.5 form 1)
    DAYS = "days"  # dates; the end is exclusive
    UNKNOWN_ZONE = "unknown-zone"  # naive wall times: TZID can't be resolved
    NONE = "none"  # no time at all (a bare CANCEL or REPLY)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A display name and an addr-spec, both as received. `address` has no `mailto:`."""

    name: str
    address: str

    @property
    def key(self) -> str:
        """The address for comparing: case folded."""
        return self.address.casefold()

    @property
    def domain(self) -> str:
        """The part after the last @, case folded; '' where there is none."""
        return self.key.rpartition("@")[2] if "@" in self.address else ""


@dataclass(frozen=True, slots=True)
class Attendee:
    """One ATTENDEE (RFC 5545, 3.8.4.1)."""

    mailbox: Mailbox
    partstat: PartStat = PartStat.NEEDS_ACTION
    role: str = "REQ-PARTICIPANT"  # upper case
    cutype: str = "INDIVIDUAL"  # upper case; ROOM and RESOURCE are no people
    rsvp: bool | None = None  # None: not said


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One property as the organiser wrote it, unfolded: `name` upper case, `raw` the whole line."""

    name: str
    raw: str

    @property
    def value(self) -> str:
        """What stands after the first colon outside of quotes; raw, not unescaped."""
        quoted = False
        for index, char in enumerate(self.raw):
            if char == '"':
                quoted = not quoted
            elif char == ":" and not quoted:
                return self.raw[index + 1 :]
        return ""


@dataclass(frozen=True, slots=True)
class EventSource:
    """The organiser's own lines, to be echoed to the byte in an answer."""

    lines: tuple[ContentLine, ...]  # of the VEVENT itself, without nested components
    timezones: tuple[tuple[str, str], ...] = ()  # (TZID, the VTIMEZONE block: unfolded, CRLF between lines)

    def first(self, name: str) -> ContentLine | None:
        """The first line with that property name, or None."""
        return next((line for line in self.lines if line.name == name), None)


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What the mail around the calendar part says. Empty values for a bare .ics file."""

    from_: Mailbox | None = None
    sender: Mailbox | None = None
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    subject: str = ""
    date: dt.datetime | None = None  # aware
    message_id: str = ""  # with its angle brackets; '' where absent or unusable
    references: tuple[str, ...] = ()
    list_id: str = ""
    list_post: tuple[str, ...] = ()  # addresses that reach everybody on the list (RFC 2369, 3.4); folded
    automatic: bool = False  # sent by a responder (RFC 3834) or as a bounce: nobody waits for an answer
    auto_submitted: str = ""
    precedence: str = ""
    authentication_results: tuple[str, ...] = ()  # top-most first
    content_language: str = ""
    text: str = ""  # the mail's plain text; HTML turned to text where there is no other
    forwarded: bool = False  # the calendar part lies inside a message/rfc822 or a forwarder's mail


@dataclass(frozen=True, slots=True)
class Invitation:
    """One VEVENT of an iTIP message together with the mail that carried it."""

    method: Method | None
    uid: str
    sequence: int
    dtstamp: dt.datetime | None  # aware, UTC
    recurrence_id: str | None  # the value as written, e.g. 20261124T100000 ; None for a whole event
    recurrence_start: dt.datetime | dt.date | None  # RECURRENCE-ID as a time
    organizer: Mailbox | None
    sent_by: Mailbox | None
    attendees: tuple[Attendee, ...]
    summary: str
    description: str
    location: str
    url: str
    start: dt.datetime | dt.date | None
    end: dt.datetime | dt.date | None  # exclusive; computed where only DURATION is given
    time_kind: TimeKind
    tzid: str  # as written; '' for UTC, floating and days
    recurrence: str | None  # the RRULE value
    rdates: tuple[dt.datetime | dt.date, ...]
    exdates: tuple[dt.datetime | dt.date, ...]
    status: str  # upper case, '' where absent
    disallow_counter: bool
    declared_language: str  # of SUMMARY;LANGUAGE= or Content-Language, e.g. "sl-SI"; '' where absent
    conference_links: tuple[str, ...]
    source: EventSource
    mail: MailFacts = field(default_factory=MailFacts)
    warnings: tuple[str, ...] = ()
    also: tuple[Invitation, ...] = ()  # other VEVENTs of the same message

    @property
    def all_day(self) -> bool:
        """Whether the event is counted in days."""
        return self.time_kind is TimeKind.DAYS

    @property
    def minutes(self) -> int | None:
        """The length of one occurrence in minutes; None for days and where an end is missing."""
        if isinstance(self.start, dt.datetime) and isinstance(self.end, dt.datetime):
            return max(0, round((self.end - self.start).total_seconds() / 60))
        return None

    @property
    def recurring(self) -> bool:
        """Whether this is a whole series (not one occurrence of it)."""
        return self.recurrence_id is None and bool(self.recurrence or self.rdates)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A mail or file that gives no invitation. `code` is stable, `message` is for people."""

    code: str  # no-calendar, truncated, not-an-event, broken-calendar, too-large, too-costly, broken-mail, winmail …
    message: str
    mail: MailFacts = field(default_factory=MailFacts)


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of time; both ends aware."""

    start: dt.datetime
    end: dt.datetime

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return round((self.end - self.start).total_seconds() / 60)

    def overlaps(self, other: Slot) -> bool:
        """Whether the two share more than an edge."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Busy:
    """One entry of the user's calendars, expanded to a single occurrence."""

    slot: Slot
    summary: str
    uid: str
    recurrence_id: str | None
    tentative: bool = False
    opaque: bool = True  # False: TRANSPARENT, cancelled or declined by me; counts for history only
    all_day: bool = False
    declined: bool = False  # cancelled, or declined by me: no meeting at all
    organizer: str = ""  # address
    people: tuple[str, ...] = ()  # addresses of organiser and attendees, rooms left out
    sequence: int = 0
    dtstamp: dt.datetime | None = None
    sent_by: str = ""  # address of the ORGANIZER's SENT-BY


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule of the ladder found; `reason` is a full sentence with the facts in it."""

    rule: str  # "0" … "13", "3b", "8d", "learned"
    strategy: Strategy
    holds: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The engine's answer to one invitation (strategies.md, section 3)."""

    strategy: Strategy
    rule: str
    reasons: tuple[str, ...]
    alternatives: tuple[Strategy, ...]  # without the first; empty for `none`
    warnings: tuple[str, ...] = ()
    trace: tuple[Verdict, ...] = ()  # the whole ladder, in order
    language: str | None = None  # in which the invitation is written
    attendee: str | None = None  # which of my addresses is meant, as the organiser wrote it
    relation: str = ""  # in words: "client Kovin d.d.", "colleague", "stranger", "met before"
    clashes: tuple[str, ...] = ()  # in words, e.g. "14:00-15:30 Review (tentative)"
    calendar_known: bool = False  # False: no calendar is configured; never say "free"
    outside_hours: str = ""  # in words; '' inside
    shorten_to: int = 0  # minutes; 0: nothing to shorten to
    proposals: tuple[Slot, ...] = ()  # for reschedule and office_hours, best first, up to three
    effects: tuple[tuple[Strategy, Effect], ...] = ()  # for the first and each alternative
    minutes_won: tuple[tuple[Strategy, int], ...] = ()  # likewise
    hours_a_year: float | None = None  # of a series
    agenda: bool = False  # the invitation names what is to be decided or worked through


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter as it would go out, with everything that is shown before sending."""

    strategy: Strategy
    effect: Effect
    language: str
    formal: bool
    reason_named: bool
    from_: Mailbox  # the address that was invited
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    subject: str
    body: str  # LF line ends; greeting, text, closing, signature
    proposals: tuple[Slot, ...] = ()
    minutes: int = 0  # of `shorten` and `timebox`; 0 elsewhere
    missing: tuple[str, ...] = ()  # names of values that the user must still fill in
    of_version: tuple[int, dt.datetime | None] | None = None  # SEQUENCE and DTSTAMP of what was read
    range_: Range | None = None  # of a series: how much of it is answered
    instance: str | None = None  # RECURRENCE-ID of the first meeting that is meant; None: all
    covers: str = ""  # how many meetings that touches, as a sentence; '' for a single meeting
    brief: Draft | None = None  # of `bow_out`: the second message, to the colleague; an empty body keeps it back

    @property
    def delegate(self) -> Mailbox | None:
        """Who takes part instead, where the calendar is told so; the brief carries the invitation to them then."""
        return self.brief.to[0] if self.brief and self.effect.partstat is PartStat.DELEGATED else None


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A finished message. `data` is RFC 5322 bytes with CRLF; `recipients` the envelope."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    data: bytes
    dtstamp: dt.datetime | None = None  # of the calendar part
