"""The values that the whole program speaks of: frozen, slotted, typed.

Text in here is as it came (untrusted): it reaches a screen only through `regrets.domain.text`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class Method(StrEnum):
    """iTIP methods (RFC 5546, 1.4)."""

    REQUEST = "REQUEST"
    PUBLISH = "PUBLISH"
    REPLY = "REPLY"
    ADD = "ADD"
    CANCEL = "CANCEL"
    REFRESH = "REFRESH"
    COUNTER = "COUNTER"
    DECLINECOUNTER = "DECLINECOUNTER"


class PartStat(StrEnum):
    """Participation status (RFC 5545, 3.2.12)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"


class Strategy(StrEnum):
    """Ways to answer; the ids are stable (config, database, JSON, letter file names)."""

    ACCEPT = "accept"
    TIMEBOX = "timebox"
    INVOLVE = "involve"
    CALL = "call"
    SHORTEN = "shorten"
    EMAIL = "email"
    BOW_OUT = "bow_out"
    RESCHEDULE = "reschedule"
    OFFICE_HOURS = "office_hours"
    CHECKPOINT = "checkpoint"
    LIGHTEN = "lighten"
    DECLINE = "decline"
    NO_GUARANTEE = "no_guarantee"
    NOT_A_FIT = "not_a_fit"
    ALREADY_HELPED = "already_helped"
    FIRST_PERSON = "first_person"
    UNPAID = "unpaid"
    RESPECT = "respect"
    PART_WAYS = "part_ways"
    NONE = "none"

    @property
    def final(self) -> bool:
        """Never sent by one key, never in a batch: `respect` and `part_ways`."""
        return self in (Strategy.RESPECT, Strategy.PART_WAYS)


class TimeKind(StrEnum):
    """What the times of an event rest on."""

    ZONED = "zoned"  # aware datetimes
    FLOATING = "floating"  # naive datetimes, meant so by the organiser (RFC 5545, 3.3.5 form 1)
    DAYS = "days"  # dates; the end is exclusive
    UNKNOWN_ZONE = "unknown-zone"  # naive wall times: TZID can't be resolved
    NONE = "none"  # no time at all (a bare CANCEL or REPLY)


class State(StrEnum):
    """Where an item stands (contracts.md, `list --json`)."""

    OPEN = "open"
    QUEUED = "queued"
    ANSWERED = "answered"
    DISMISSED = "dismissed"
    SNOOZED = "snoozed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    UNREADABLE = "unreadable"


class Warn(StrEnum):
    """Warning codes; stable, shown in JSON, confirmed by name with `--confirm`."""

    SENDER_MISMATCH = "sender-mismatch"  # From is neither ORGANIZER nor SENT-BY
    SPOOFED_UPDATE = "spoofed-update"  # claims to change an event of somebody else
    NO_ORGANIZER = "no-organizer"  # answered to the sender of the mail, or not at all
    NO_REPLY_ADDRESS = "no-reply-address"  # the organiser's address takes no mail
    UNKNOWN_TIMEZONE = "unknown-timezone"  # the wall time is known, the zone is not
    INVALID_TIME = "invalid-time"  # end before start, or a date out of range
    UNSOLICITED = "unsolicited"  # a stranger sells something: an answer confirms the address
    TRUNCATED = "truncated"  # larger than the limits; the rest was not read
    NOT_INVITED = "not-invited"  # none of my addresses is an ATTENDEE
    SEVERAL_OF_ME = "several-of-me"  # more than one of my addresses is an ATTENDEE
    DAMAGED = "damaged"  # a part of the calendar data can't be read
    TIMEZONE_DIFFERS = "timezone-differs"  # VTIMEZONE contradicts the IANA zone of its name


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

    code: str  # no-calendar, not-an-event, broken-calendar, too-large, broken-mail, winmail …
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


@dataclass(frozen=True, slots=True)
class Effect:
    """What the organiser's calendar is told. `method` None: a plain mail with no iTIP part."""

    method: Method | None
    partstat: PartStat | None
    start: dt.datetime | None = None  # COUNTER only
    end: dt.datetime | None = None


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


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A finished message. `data` is RFC 5322 bytes with CRLF; `recipients` the envelope."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    data: bytes
    dtstamp: dt.datetime | None = None  # of the calendar part


class OutboxState(StrEnum):
    """The outbox's states (contracts.md, section 1)."""

    HELD = "held"  # inside the undo window of a living program
    KEPT = "kept"  # the user wants it to go; it waits for a connection or the next start
    ORPHANED = "orphaned"  # the program died inside the undo window: asked about
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # certainly not accepted; `permanent` says whether it is tried again
    UNKNOWN = "unknown"  # broke after the final dot: asked about, never resent by itself
    CANCELLED = "cancelled"

    @property
    def live(self) -> bool:
        """Whether a second answer to the same item must be refused."""
        return self in (
            OutboxState.HELD,
            OutboxState.KEPT,
            OutboxState.ORPHANED,
            OutboxState.SENDING,
            OutboxState.UNKNOWN,
        )


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One answer on its way. Times are aware UTC."""

    id: str  # short, [a-z0-9]{6,16}
    item_id: str
    account: str
    state: OutboxState
    phase: str  # the last SMTP phase written: "", connecting, envelope, body, dot-written, accepted
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    data: bytes
    due: dt.datetime
    created: dt.datetime
    attempts: int = 0
    error: str = ""
    permanent: bool = False
    sent_copy: str = ""  # "", done, skipped, failed
    answered_flag: str = ""  # "", done, skipped, failed
    folder: str = ""  # where the invitation lies
    uidvalidity: int = 0
    uid: int = 0


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """What the user answered to an item; kept for history, learning and time won back."""

    item_id: str
    account: str
    organizer: str  # address, case folded
    uid: str
    recurrence_id: str | None
    sequence: int
    summary: str
    strategy: Strategy
    suggested: Strategy
    rule: str
    partstat: PartStat | None
    minutes_won: int
    dtstamp: dt.datetime | None  # of the answer, UTC
    answered_at: dt.datetime  # aware UTC
    start: dt.datetime | None  # of the meeting, UTC
    end: dt.datetime | None
    outbox_id: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list, stored as scanned: painting it parses nothing."""

    id: str
    account: str
    folder: str
    received: dt.datetime  # aware UTC
    state: State
    method: str | None
    uid: str
    recurrence_id: str | None
    sequence: int
    summary: str
    organizer_name: str
    organizer_address: str
    start: str | None  # ISO 8601 as in contracts.md section 2: offset, none, or a date
    end: str | None
    all_day: bool
    recurrence: str | None
    location: str
    strategy: str  # '' until it was suggested
    rule: str
    reasons: tuple[str, ...]
    alternatives: tuple[str, ...]
    warnings: tuple[str, ...]
    language: str | None
    attendee: str | None
    error_code: str = ""  # of an unreadable item
    error: str = ""
    snoozed_until: dt.datetime | None = None
    minutes_won: int = 0
    effect: Effect | None = None
    judged: str = ""  # the ISO date on which the suggestion was made
    dtstamp: dt.datetime | None = None  # aware UTC
    sender: str = ""  # address of From
    sent_by: str = ""  # address of the ORGANIZER's SENT-BY
