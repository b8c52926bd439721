"""What a face shows of one invitation, and what a user may choose about its answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regrets.domain.changes import Change
    from regrets.domain.model import Draft, Invitation, PartStat, Row, Slot, Strategy, Suggestion, Unreadable


WHO = "From"  # the label of the glance that says whose invitation it is
ABOUT = "About"  # the label of the glance that holds the invitation's own text on one line


class Range(StrEnum):
    """How much of a series is answered."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Choice:
    """The user's choices for a reply; None leaves it to the program."""

    strategy: Strategy | None = None
    language: str | None = None
    formal: bool | None = None
    reason: bool | None = None
    minutes: int | None = None
    proposals: tuple[Slot, ...] | None = None
    partstat: PartStat | None = None  # another calendar answer than the strategy's; NEEDS_ACTION: none, a plain mail
    body: str | None = None  # the edited text
    brief_body: str | None = None  # likewise of the brief to the colleague; '' sends none
    delegate: str | None = None  # of DELEGATED: an address, or `Name <address>`; None: who leads
    range_: Range | None = None  # of a series; None: all of it, or the named instance
    instance: str | None = None  # RECURRENCE-ID of the meeting that is meant; None: the next one


@dataclass(frozen=True, slots=True)
class Glance:
    """One labelled line of facts, e.g. ("When", "Mon 9 Mar 14:05-14:50 your time"). Untrusted text inside."""

    label: str
    text: str
    alert: bool = False  # a clash, a mismatch: to be marked in words and colour


@dataclass(frozen=True, slots=True)
class Case:
    """One item with everything a screen shows of it."""

    row: Row
    invitation: Invitation | Unreadable
    suggestion: Suggestion | None = None  # None where it can't be read
    glances: tuple[Glance, ...] = ()  # in the order of importance
    draft: Draft | None = None  # of the suggestion; None for `none`
    problem: str = ""  # why there is no draft although there is something to answer
    changes: tuple[Change, ...] = ()  # against the version that was seen or answered before
    answer_stands: bool | None = None  # whether the answer to that version still holds; None: there is none
