"""How much of a series an answer is about: one meeting, this and all that follow, or all of it; and how many.

“This and following” goes out as an answer to the whole series where no earlier meeting lies ahead. Between the two
there is RANGE=THISANDFUTURE (RFC 5545, 3.2.13), but Google, Microsoft and others take an answer that carries it for
one about a single meeting: it is used only where the organiser's own message uses it, and refused elsewhere.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass

from regrets.domain.cases import Range
from regrets.domain.content_lines import content_line, parameters
from regrets.domain.errors import CannotAnswer
from regrets.domain.itip import occurrence
from regrets.domain.model import EventSource, Invitation, Slot, TimeKind
from regrets.domain.recurrence import next_occurrence, occurrences
from regrets.domain.rule_steps import RuleRefused, rule_of

MOST_COUNTED = 1000
_LOOKS = tuple(dt.timedelta(days=366 * years) for years in (60, 5, 1))  # a sparse rule is stepped through less far
_INSTANCE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(Z)?)?")


@dataclass(frozen=True, slots=True)
class Scope:
    """What an answer is about: the invitation as it is answered, and in words how many meetings that touches."""

    invitation: Invitation
    range_: Range | None = None  # None: the invitation is no series
    instance: str | None = None  # RECURRENCE-ID of the first meeting that is meant
    covers: str = ""  # a sentence; '' for a single meeting


def scope_of(
    invitation: Invitation, range_: Range | None, instance: str | None, now: dt.datetime, zone: dt.tzinfo
) -> Scope:
    """What is answered for a choice; without one, the whole of what was sent.

    `instance` is a RECURRENCE-ID as written, or a day or time in ISO 8601; None means the next meeting. `now` is
    aware; `zone` is the user's. Raises CannotAnswer where there is no such meeting, or no calendar would take it so.
    """
    wanted = range_ or (Range.THIS if instance else Range.ALL)
    if not invitation.recurring:
        return _single(invitation, wanted, instance)
    if wanted is Range.ALL:
        if instance:
            raise CannotAnswer(
                "The whole series has no single meeting to name.", "Leave --instance out, or say --range this."
            )
        return Scope(invitation, Range.ALL, None, _whole(invitation, now, zone))
    ahead = _ahead(invitation, now, zone)
    slot, one = _meant(invitation, instance, ahead, zone)
    if wanted is Range.THIS:
        return Scope(one, Range.THIS, one.recurrence_id, f"This answers 1 meeting, on {_day(slot, zone)}.")
    if ahead and slot.start == ahead[0].start:
        return Scope(invitation, Range.ALL, None, _whole(invitation, now, zone))
    if not _organiser_knows_ranges(invitation):
        raise CannotAnswer(
            "Calendars take an answer to one meeting or to the whole series, seldom to a part of it.",
            "Answer all (--range all) or one (--range this) and say the rest in the letter.",
        )
    later = [each for each in ahead if each.start >= slot.start]
    return Scope(_and_following(one), Range.FOLLOWING, one.recurrence_id, _counted(invitation, later, "", zone))


def _single(invitation: Invitation, wanted: Range, instance: str | None) -> Scope:
    named = (instance or "").strip()
    if named and named != invitation.recurrence_id:
        raise CannotAnswer("This invitation is no series.", "Leave --instance out.")
    if wanted is Range.FOLLOWING or (wanted is Range.ALL and named):
        raise CannotAnswer("This invitation is for one meeting only.", "Leave --range and --instance out.")
    if invitation.recurrence_id is None:
        return Scope(invitation)
    line = invitation.source.first("RECURRENCE-ID")
    if line is not None and parameters(line).get("RANGE", "").upper() == "THISANDFUTURE":
        return Scope(invitation, None, None, "This answers one meeting of a series and all that follow it.")
    return Scope(invitation, None, None, "This answers 1 meeting of a series.")


def _ahead(invitation: Invitation, now: dt.datetime, zone: dt.tzinfo) -> list[Slot]:
    """The meetings that are not over, one more than is counted at most; empty where they can't be told."""
    looks = (occurrences(invitation, now, now + look, zone, MOST_COUNTED + 1) for look in _LOOKS)
    return next((found for found in looks if found), [])


def _meant(
    invitation: Invitation, instance: str | None, ahead: list[Slot], zone: dt.tzinfo
) -> tuple[Slot, Invitation]:
    """The meeting that was named, when it takes place and as an invitation of its own."""
    if instance is None and ahead:
        return ahead[0], _alone(invitation, ahead[0], zone)
    for slot in ahead:
        one = _alone(invitation, slot, zone)
        if instance is not None and _names(instance, one, slot, zone):
            return slot, one
    raise CannotAnswer(
        f"There is no meeting {instance} ahead." if instance else "The meetings of this series can't be told apart.",
        f"The next ones: {', '.join(_day(slot, zone) for slot in ahead[:3])}." if ahead else "Answer it as a whole.",
    )


def _alone(invitation: Invitation, slot: Slot, zone: dt.tzinfo) -> Invitation:
    """One meeting: the exception that came with the series for that time, else one made from the rule."""
    for other in invitation.also:
        if other.uid == invitation.uid and other.recurrence_id and _begins(other, zone) == slot.start:
            return other
    start: dt.datetime | dt.date = slot.start
    if invitation.time_kind is TimeKind.DAYS:
        start = slot.start.date()
    elif invitation.time_kind is TimeKind.FLOATING:
        start = slot.start.replace(tzinfo=None)
    return occurrence(invitation, start)


def _begins(invitation: Invitation, zone: dt.tzinfo) -> dt.datetime | None:
    start = invitation.start
    if start is None:
        return None
    moment = start if isinstance(start, dt.datetime) else dt.datetime.combine(start, dt.time())
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _names(instance: str, one: Invitation, slot: Slot, zone: dt.tzinfo) -> bool:
    """Whether `instance` is this meeting's RECURRENCE-ID, its day, or its time for the organiser or the user."""
    text = instance.strip()
    if text == one.recurrence_id:
        return True
    found = _INSTANCE.fullmatch(text)
    if found is None:
        return False
    day, clock, utc = "".join(found.groups()[:3]), found[4] and f"{found[4]}{found[5]}", found[7]
    walls = [slot.start.astimezone(dt.UTC)] if utc else [slot.start, slot.start.astimezone(zone)]
    if isinstance(one.recurrence_start, dt.datetime):
        walls.append(one.recurrence_start.astimezone(dt.UTC) if utc else one.recurrence_start)
    return any(f"{wall:%Y%m%d}" == day and (not clock or f"{wall:%H%M}" == clock) for wall in walls)


def _organiser_knows_ranges(invitation: Invitation) -> bool:
    lines = [line for each in (invitation, *invitation.also) for line in each.source.lines]
    return any(parameters(line).get("RANGE", "").upper() == "THISANDFUTURE" for line in lines)


def _and_following(one: Invitation) -> Invitation:
    """The same invitation with RANGE=THISANDFUTURE in its RECURRENCE-ID."""
    ranged = [
        content_line(f"{line.name};RANGE=THISANDFUTURE{line.raw[len(line.name) :]}")
        if line.name == "RECURRENCE-ID" and "RANGE" not in parameters(line)
        else line
        for line in one.source.lines
    ]
    return dataclasses.replace(one, source=EventSource(tuple(ranged), one.source.timezones))


# --- in words --------------------------------------------------------------------------------------------------


def _whole(invitation: Invitation, now: dt.datetime, zone: dt.tzinfo) -> str:
    first = next_occurrence(invitation, now, zone) if _endless(invitation) else None
    return _counted(invitation, [first] if first else _ahead(invitation, now, zone), "all ", zone)


def _counted(invitation: Invitation, slots: list[Slot], all_: str, zone: dt.tzinfo) -> str:
    if not slots:
        return "This answers the whole series."
    if _endless(invitation):
        return f"This answers all meetings from {_day(slots[0], zone)} on; the series has no end."
    if len(slots) > MOST_COUNTED:
        return f"This answers more than {MOST_COUNTED} meetings."
    if len(slots) == 1:
        return f"This answers 1 meeting, on {_day(slots[0], zone)}."
    return f"This answers {all_}{len(slots)} meetings until {_day(slots[-1], zone)}."


def _endless(invitation: Invitation) -> bool:
    try:
        rule = rule_of(invitation.recurrence) if invitation.recurrence else None
    except RuleRefused:
        return False
    return rule is not None and rule.count is None and rule.until is None


def _day(slot: Slot, zone: dt.tzinfo) -> str:
    day = slot.start.astimezone(zone)
    return f"{day.day} {day:%B %Y}"
