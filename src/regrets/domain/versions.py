"""Which mails are versions of one event, which of them is current, and who may change it (RFC 5546, 6.1).

Everything is judged in the order of arrival, over all mails about a UID at once: so the outcome doesn't depend on
the order in which a mailbox is looked through.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from regrets.domain.identity import item_id
from regrets.domain.registrable import same_owner
from regrets.domain.stored import Method, Row, State, Warn

# What attendees send, and the organiser's no to a counter: none of them describes the event anew.
_NO_VERSION = frozenset((Method.REPLY, Method.COUNTER, Method.REFRESH, Method.DECLINECOUNTER))
_TRUST = frozenset((str(Warn.SENDER_MISMATCH), str(Warn.SPOOFED_UPDATE)))
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Version:
    """One mail about an event: where it lies, and its row as it was read."""

    folder: str
    uid: int
    row: Row


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a version belongs: `row` has its item's id, state and warnings; `current`: it is what the item shows;
    `copy`: it came from somebody who may not speak for the event, and counts for nothing beside one who may."""

    version: Version
    row: Row
    current: bool
    copy: bool = False


def arrange(versions: Iterable[Version]) -> list[Placed]:
    """Files all versions of one UID of one account, current ones and others.

    What an event is, its organiser's first mail says; as long as nothing came from there, the first mail at all. What
    changes it must come from its ORGANIZER, from who sent that first mail, or whom that mail names as SENT-BY; from
    anybody else it becomes an item of its own with the warning `spoofed-update`, even if it was here before the
    organiser's.
    """
    ordered = sorted(versions, key=lambda one: (one.row.received, one.folder, one.uid))
    described = [one.row for one in ordered if one.row.method not in _NO_VERSION]
    events = {organizer: _Event.of(organizer, described) for organizer in dict.fromkeys(map(_organizer, described))}
    first = _organizer(_base(described)) if described else ""
    items: dict[str, list[Placed]] = {}
    for version in ordered:
        placed = _placed(version, events.get(_organizer(version.row)), first)
        items.setdefault(placed.row.id, []).append(placed)
    return _without_cancelled_occurrences([one for same in items.values() for one in _with_current(same)])


def merged(old: Row | None, new: Row) -> Row:
    """The item's columns: of the same version the suggestion is kept, until its trust or state changes."""
    if old is None or _version(old) != _version(new):
        return new
    trust = tuple(warning for warning in new.warnings if warning in _TRUST)
    if old.state == new.state and trust == tuple(warning for warning in old.warnings if warning in _TRUST):
        return replace(old, folder=new.folder, received=new.received)
    return new


def secondhand(row: Row) -> bool:
    """Whether the mail comes from outside its ORGANIZER's domain: a forwarder, a booking service, or a liar."""
    return bool(row.organizer_address) and not _from_the_organizer(row)


def authorised(row: Row) -> bool:
    """Whether the mail's From is its own ORGANIZER or SENT-BY."""
    return bool(row.sender) and row.sender.casefold() in (row.organizer_address.casefold(), row.sent_by.casefold())


@dataclass(frozen=True, slots=True)
class _Event:
    """What one ORGANIZER says under a UID: who may speak of it, and what they said."""

    base: Row  # the mail that says what it is
    speakers: frozenset[str]  # addresses, case folded
    said: tuple[Row, ...]

    @classmethod
    def of(cls, organizer: str, described: Sequence[Row]) -> _Event:
        """The event of that ORGANIZER ('': none is named, the first sender is taken for it), told in order of
        arrival. A mail's own SENT-BY counts in the first one and where it comes from the ORGANIZER: a sender can't
        appoint themselves later."""
        rows = [row for row in described if _organizer(row) == organizer]
        base = _base(rows)
        told = [base, *(row for row in rows if organizer and row.sender.casefold() == organizer)]
        speakers = {organizer or base.sender.casefold(), *(row.sent_by.casefold() for row in told)}
        speakers.add(base.sender.casefold())  # a secretary or a booking service, who sent the invitation too
        speakers.discard("")
        said = tuple(row for row in rows if row is base or row.sender.casefold() in speakers)
        return cls(base, frozenset(speakers), said)

    def told_by(self, row: Row) -> bool:
        """Whether the mail comes from who may speak of it."""
        return row is self.base or row.sender.casefold() in self.speakers

    def copied_by(self, row: Row) -> bool:
        """Whether somebody else's mail brings nothing: it says what was said, or what the organiser has replaced."""
        same = [each for each in self.said if each.id == row.id]
        replaced = _from_the_organizer(self.base) and any(_age(row) < _age(each) for each in same)
        return replaced or any(_content(row) == _content(each) for each in same)


def _base(rows: Sequence[Row]) -> Row:
    """The first mail that comes from its own organiser, else the first."""
    return next(filter(_from_the_organizer, rows), rows[0])


def _from_the_organizer(row: Row) -> bool:
    """Whether the mail comes from its ORGANIZER's address or domain; without one there is nothing to compare."""
    return same_owner(row.sender, row.organizer_address)


def _placed(version: Version, event: _Event | None, first: str) -> Placed:
    """The version with its item's id and the warning of its trust. `first`: the organiser who had the UID before any
    other."""
    row = replace(version.row, id=_id(version.row))
    if event is None or row.method in _NO_VERSION:
        return Placed(version, replace(row, id=_id(row, row.sender or "?")), current=False)
    told = event.told_by(version.row)
    copy = not told and event.copied_by(row)
    if (told or copy) and _organizer(row) == first:
        trusted = authorised(row) or not row.organizer_address
        warned = _warned(row, None if trusted else Warn.SENDER_MISMATCH)
        return Placed(version, replace(row, warnings=warned), current=False, copy=copy)
    identity = row.id if told or copy else _id(row, row.sender or "?")
    state = State.OPEN if row.state is State.CANCELLED else row.state
    claim = replace(row, id=identity, state=state, warnings=_warned(row, Warn.SPOOFED_UPDATE))
    return Placed(version, claim, current=False, copy=copy)


def _with_current(same: Sequence[Placed]) -> list[Placed]:
    """The newest version of who may speak is current; of equal ones that whose sender fits, then the first to
    arrive."""
    best = max(same, key=lambda one: (not one.copy, _age(one.row), Warn.SENDER_MISMATCH not in one.row.warnings))
    return [replace(one, current=one is best) for one in same]


def _without_cancelled_occurrences(placed: Sequence[Placed]) -> list[Placed]:
    """A series that is called off takes its single occurrences along."""
    off = [
        one.row for one in placed if one.current and one.row.state is State.CANCELLED and not one.row.recurrence_id
    ]

    def called_off(row: Row) -> bool:
        return any(
            _organizer(series) == _organizer(row) and row.recurrence_id and row.sequence <= series.sequence
            for series in off
            if row.state is State.OPEN and Warn.SPOOFED_UPDATE not in row.warnings
        )

    return [
        replace(one, row=replace(one.row, state=State.CANCELLED)) if called_off(one.row) else one for one in placed
    ]


def _id(row: Row, claimed_by: str = "") -> str:
    return item_id(row.account, row.organizer_address, row.uid, row.recurrence_id, claimed_by)


def _organizer(row: Row) -> str:
    return row.organizer_address.casefold()


def _age(row: Row) -> tuple[int, dt.datetime]:
    """SEQUENCE, then DTSTAMP (RFC 5546, 2.1.5)."""
    return row.sequence, row.dtstamp or _NEVER


def _content(row: Row) -> tuple[object, ...]:
    """What is shown of a version, whoever sent it."""
    return (row.state, _age(row), row.summary, row.start, row.end, row.location, row.recurrence)


def _version(row: Row) -> tuple[object, ...]:
    return (row.method, _age(row), row.sender, row.summary, row.start, row.end, row.location)


def _warned(row: Row, warning: Warn | None) -> tuple[str, ...]:
    others = tuple(each for each in row.warnings if each not in _TRUST)
    return (*others, str(warning)) if warning else others
