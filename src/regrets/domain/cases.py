"""What a face shows of one invitation, and what a user may choose about its answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from regrets.domain.stored import PartStat

if TYPE_CHECKING:
    from regrets.domain.changes import Change
    from regrets.domain.model import Draft, Invitation, Mailbox, Row, Slot, Strategy, Suggestion, Unreadable


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


def choice_of(draft: Draft) -> Choice:
    """What makes the same draft again, but for its text, which an answer keeps by itself."""
    return Choice(
        strategy=draft.strategy,
        language=draft.language,
        formal=draft.formal,
        reason=draft.reason_named,
        minutes=draft.minutes or None,
        proposals=draft.proposals or None,
        partstat=draft.effect.partstat if draft.effect.method else PartStat.NEEDS_ACTION,
        brief_body=draft.brief.body if draft.brief else None,
        delegate=_named(draft.delegate) if draft.delegate else None,
        range_=draft.range_,
        instance=draft.instance,
    )


def _named(mailbox: Mailbox) -> str:
    """As a user may give it; the name as RFC 5322 quotes it."""
    name = mailbox.name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}" <{mailbox.address}>' if name else mailbox.address


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
    draft: Draft | None = None  # of the suggestion, or the one that was refused; None for `none`
    problem: str = ""  # why there is no draft although there is something to answer
    changes: tuple[Change, ...] = ()  # against the version that was seen or answered before
    answer_stands: bool | None = None  # whether the answer to that version still holds; None: there is none
    refused: Choice | None = None  # with the text, of a reply that was refused for good and still is to be sent
