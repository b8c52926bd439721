"""What an update changes, and whether the earlier answer holds."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from regrets.domain.changes import Change, answer_stands, changes_between, former_version, usual_time
from regrets.domain.model import Attendee, Mailbox, PartStat, Row
from regrets.domain.ports import FoundMail
from regrets.domain.rows import row_of
from regrets.domain.versions import Version, arrange
from tests.support.invitations import ANA, ORGANIZER, START, ZONE, make_invitation
from tests.support.outbox import answer, entry

BASE = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)


def version(number: int, sender: Mailbox = ORGANIZER, **changes: object) -> Version:
    changes.setdefault("sequence", number)
    invitation = make_invitation(mail_from_=sender, dtstamp=BASE + dt.timedelta(hours=number), **changes)
    found = FoundMail(number, BASE + dt.timedelta(hours=number), b"")
    return Version("INBOX", number, row_of("work", "INBOX", found, invitation))


def row(**changes: object) -> Row:
    return version(1, **changes).row


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({}, {}, ()),
        ({}, {"start": START.astimezone(dt.UTC)}, ()),  # the same moment, written otherwise
        (
            {},
            {"start": START + dt.timedelta(hours=23), "location": "Room 7"},
            (
                Change("time", "Tue 24 Nov 10:00-11:00", "Wed 25 Nov 09:00-10:00"),
                Change("place", "Room 4", "Room 7"),
            ),
        ),
        (
            {},
            {"location": "", "summary": "Review"},
            (Change("place", "Room 4", ""), Change("title", "Quarterly review", "Review")),
        ),
        ({}, {"recurrence": "FREQ=WEEKLY"}, (Change("repetition", "", "FREQ=WEEKLY"),)),
        (
            {"start": dt.date(2026, 11, 24)},
            {"start": dt.date(2026, 11, 25)},
            (Change("time", "Tue 24 Nov", "Wed 25 Nov"),),
        ),
    ],
)
def test_what_an_update_changes(before: dict, after: dict, found: tuple[Change, ...]) -> None:
    assert changes_between(row(**before), row(**after), ZONE) == found


def test_the_version_that_was_answered_counts_else_the_newest_before() -> None:
    versions = [version(0), version(1, location="Room 5"), version(2, location="Room 6")]
    versions.append(version(3, Mailbox("", "evil@phish.example"), location="Nowhere"))  # claims to be newer
    current = next(one.row for one in arrange(versions) if one.current and not one.row.warnings)
    assert current.sequence == 2
    newest = former_version(versions, current, None)
    assert newest is not None
    assert newest.location == "Room 5"
    answered = former_version(versions, current, dataclasses.replace(answer(entry("a")), sequence=0))
    assert answered is not None
    assert answered.location == "Room 4"
    assert former_version(versions[:1], versions[0].row, None) is None


def test_a_moved_meeting_of_a_series_is_told_from_its_usual_time() -> None:
    moved = make_invitation(
        start=START + dt.timedelta(hours=5), recurrence_id="20261124T100000", recurrence_start=START
    )
    found = row_of("work", "INBOX", FoundMail(1, BASE, b""), moved)
    usual = usual_time(found, moved)
    assert usual is not None
    (change,) = changes_between(usual, found, ZONE)
    assert (change.before, change.after) == ("Tue 24 Nov 10:00-11:00", "Tue 24 Nov 15:00-16:00")
    assert usual_time(row(), make_invitation()) is None


@pytest.mark.parametrize(
    ("partstat", "changes", "stands"),
    [
        (PartStat.NEEDS_ACTION, (), True),
        (PartStat.NEEDS_ACTION, (Change("place", "Room 4", "Room 7"),), True),
        (PartStat.NEEDS_ACTION, (Change("time", "a", "b"),), False),
        (PartStat.NEEDS_ACTION, (Change("repetition", "a", "b"),), False),
        (PartStat.DECLINED, (Change("time", "a", "b"),), True),  # the organiser's calendar kept it
        (PartStat.ACCEPTED, (), False),  # it holds another one
    ],
)
def test_whether_the_earlier_answer_stands(partstat: PartStat, changes: tuple[Change, ...], stands: bool) -> None:
    invitation = make_invitation(attendees=(Attendee(ANA, partstat),))
    assert answer_stands(answer(entry("a")), invitation, ANA.address.upper(), changes) is stands
