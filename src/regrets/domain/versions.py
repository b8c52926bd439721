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
    """Where a version belongs: `row` has its item's id, state and warnings; `current`: it is what the item shows."""

    version: Version
    row: Row
    current: bool


def arrange(versions: Iterable[Version]) -> list[Placed]:
    """Files all versions of one UID of one account, current ones and others.

    The first that arrives makes the event known. What changes it must come from its ORGANIZER or its SENT-BY;
    from anybody else it becomes an item of its own with the warning `spoofed-update`.
    """
    known: list[Row] = []
    items: dict[str, list[Placed]] = {}
    for version in sorted(versions, key=lambda one: (one.row.received, one.folder, one.uid)):
        row = _identified(version.row, known)
        if row.method not in _NO_VERSION and Warn.SPOOFED_UPDATE not in row.warnings:
            known.append(row)
        items.setdefault(row.id, []).append(Placed(version, row, current=False))
    return _without_cancelled_occurrences([one for same in items.values() for one in _with_current(same)])


def merged(old: Row | None, new: Row) -> Row:
    """The item's columns: of the same version the suggestion is kept, until its trust or state changes."""
    if old is None or _version(old) != _version(new):
        return new
    trust = tuple(warning for warning in new.warnings if warning in _TRUST)
    if old.state == new.state and trust == tuple(warning for warning in old.warnings if warning in _TRUST):
        return replace(old, folder=new.folder, received=new.received)
    return new


def authorised(row: Row) -> bool:
    """Whether the mail's From is its own ORGANIZER or SENT-BY."""
    return bool(row.sender) and row.sender.casefold() in (row.organizer_address.casefold(), row.sent_by.casefold())


def _identified(row: Row, known: Sequence[Row]) -> Row:
    """The row with its item's id and the warning of its trust."""
    plain = _id(row)
    if row.method in _NO_VERSION:
        return replace(row, id=_id(row, row.sender or "?"))
    if not known or any(_may_change(row, event) for event in known) or _is_copy(row, known):
        trusted = authorised(row) or not row.organizer_address
        return replace(row, id=plain, warnings=_warned(row, None if trusted else Warn.SENDER_MISMATCH))
    ours = any(_organizer(event) == _organizer(row) for event in known)
    state = State.OPEN if row.state is State.CANCELLED else row.state
    identity = _id(row, row.sender or "?") if ours else plain
    return replace(row, id=identity, state=state, warnings=_warned(row, Warn.SPOOFED_UPDATE))


def _may_change(row: Row, event: Row) -> bool:
    """Whether the mail comes from the known event's ORGANIZER or SENT-BY, or from who sent that from the
    ORGANIZER's own domain (without an organiser: from its sender)."""
    if _organizer(row) != _organizer(event) or not row.sender:
        return False
    allowed = [event.organizer_address or event.sender, event.sent_by]
    if same_owner(event.sender, event.organizer_address):
        allowed.append(event.sender)  # a secretary's, who sent the invitation too
    return row.sender.casefold() in {address.casefold() for address in allowed if address}


def _is_copy(row: Row, known: Sequence[Row]) -> bool:
    """A forwarded or doubled mail: it brings nothing newer than what is known."""
    same = [event for event in known if event.id == _id(row)]
    return bool(same) and _age(row) <= max(map(_age, same))


def _with_current(same: Sequence[Placed]) -> list[Placed]:
    """The newest version is current; one whose sender fits beats any other; of equal ones the first to arrive."""
    best = max(same, key=lambda one: (Warn.SENDER_MISMATCH not in one.row.warnings, _age(one.row)))
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


def _version(row: Row) -> tuple[object, ...]:
    return (row.method, _age(row), row.sender, row.summary, row.start, row.end, row.location)


def _warned(row: Row, warning: Warn | None) -> tuple[str, ...]:
    others = tuple(each for each in row.warnings if each not in _TRUST)
    return (*others, str(warning)) if warning else others
