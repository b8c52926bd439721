"""What the databases keep: rows of the list, answers, the outbox, decisions, and the words they are made of.

Kept apart from `model`, which re-exports most of it, so that the first paint loads these alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
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


WAITING = frozenset({State.OPEN, State.UNREADABLE, State.CANCELLED})
"""The states of what the inbox shows; what was called off stays there until somebody has seen and cleared it."""


class Warn(StrEnum):
    """Warning codes; stable, shown in JSON, confirmed by name with `--confirm`."""

    SENDER_MISMATCH = "sender-mismatch"  # From is neither ORGANIZER nor SENT-BY
    SENDER_UNREADABLE = "sender-unreadable"  # From is not exactly one address: it agrees with nobody
    SPOOFED_UPDATE = "spoofed-update"  # claims to change an event of somebody else
    NO_ORGANIZER = "no-organizer"  # answered to the sender of the mail, or not at all
    ORGANIZER_UNREADABLE = "organizer-unreadable"  # ORGANIZER says something, but not one address
    NO_REPLY_ADDRESS = "no-reply-address"  # the organiser's address takes no mail
    UNKNOWN_TIMEZONE = "unknown-timezone"  # the wall time is known, the zone is not
    INVALID_TIME = "invalid-time"  # end before start, or a date out of range
    UNSOLICITED = "unsolicited"  # a stranger sells something: an answer confirms the address
    TRUNCATED = "truncated"  # larger than the limits; the rest was not read
    NOT_INVITED = "not-invited"  # none of my addresses is an ATTENDEE
    SEVERAL_OF_ME = "several-of-me"  # more than one of my addresses is an ATTENDEE
    DAMAGED = "damaged"  # a part of the calendar data can't be read
    SUSPICIOUS_LINK = "suspicious-link"  # a link that leads elsewhere than it seems to
    INVISIBLE_TEXT = "invisible-text"  # characters that nobody sees, or that turn the writing round
    TIMEZONE_DIFFERS = "timezone-differs"  # VTIMEZONE contradicts its name, or can't be evaluated


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
class Effect:
    """What the organiser's calendar is told. `method` None: a plain mail with no iTIP part."""

    method: Method | None
    partstat: PartStat | None
    start: dt.datetime | None = None  # COUNTER only
    end: dt.datetime | None = None


REMOVED = "removed"  # Decision.kind of what is no longer kept: all that is left of it, so that it isn't asked again
CLEARED = "cleared"  # Decision.kind of all that were cleared together
LEARNED = "learned"  # the rule of a suggestion that the user's own choices made
AGREED = "they agreed"  # Row.note: the organiser invites to a time that we proposed


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
    note: str = ""  # what the user's own answers make of it (AGREED); not stored
    namesake: bool = False  # the organiser's name is another one's, too; not stored


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
    follows: str = ""  # id of the answer after which it goes, and with which it is taken back; '' for an answer
    owner: str = ""  # the sign of life of the program whose undo window it was put in; '' for none


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
    proposals: tuple[tuple[dt.datetime, dt.datetime], ...] = ()  # the times that it proposed, UTC
    minutes: int = 0  # of the time box or the shorter meeting that it offered; 0 for none
    secondhand: bool = False  # what was answered had come from somebody else than the organiser


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo has opened again."""

    item_id: str
    left: str = ""  # the subject of a later answer, which it should have been: that one can't be taken back any more


@dataclass(frozen=True, slots=True)
class Stands:
    """As much of an answer that stands as the list needs to know."""

    item_id: str
    recurrence_id: str | None
    sequence: int
    start: dt.datetime | None  # of the meeting, UTC
    secondhand: bool
    proposals: tuple[tuple[dt.datetime, dt.datetime], ...]  # UTC


@dataclass(frozen=True, slots=True)
class Won:
    """Time won back by items that are no longer kept, of one ISO week (2026-W48); they name nobody but a client."""

    week: str
    strategy: str
    client: str  # a name of the client book, '' for others
    answers: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the user chose where something was suggested: from these the program learns."""

    organizer: str  # address, case folded
    rule: str
    suggested: Strategy
    strategy: Strategy
    at: dt.datetime  # aware UTC


@dataclass(frozen=True, slots=True)
class Decision:
    """What the user decided about an item other than answering it."""

    item_id: str
    kind: str  # dismissed | cleared (together with all others of that moment) | snoozed
    until: dt.datetime | None  # of a snooze, aware UTC
    at: dt.datetime
    sequence: int = 0  # of the version that was decided on: a newer one opens the item again
    secondhand: bool = False  # it had come from somebody else than the organiser, whose own opens the item again
