"""The event that is filed: the organiser's own, with my answer in it and nothing of the message around it."""

from __future__ import annotations

import datetime as dt

import pytest

from regrets.domain.content_lines import unfolded
from regrets.domain.errors import CalendarError
from regrets.domain.event import read_calendar
from regrets.domain.imip import read
from regrets.domain.itip import occurrence
from regrets.domain.model import Invitation, PartStat
from regrets.domain.own_event import event_to_file, event_to_remove
from tests.support.invitations import ZONE
from tests.support.world import invitation

NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
ME = "Ana@Studio.example"
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=6\n"
MOVED = """END:VEVENT
BEGIN:VEVENT
UID:kovin-1@kovin.example
RECURRENCE-ID;TZID=Europe/Ljubljana:20261201T100000
DTSTAMP:20261120T080000Z
DTSTART;TZID=Europe/Ljubljana:20261202T150000
DTEND;TZID=Europe/Ljubljana:20261202T160000
SUMMARY:Logo colours, later
ORGANIZER:mailto:Marko@Kovin.example
ATTENDEE;RSVP=TRUE:mailto:ana@studio.example
"""


def mail(**parts: str) -> Invitation:
    found = read(invitation(**parts))
    assert isinstance(found, Invitation)
    return found


def filed(item: Invitation, partstat: PartStat = PartStat.ACCEPTED, me: str = ME) -> list[str]:
    return unfolded(event_to_file(item, partstat, me, NOW))


def test_it_is_the_organisers_event_with_my_answer_and_no_method() -> None:
    lines = filed(mail(extra="X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE\nTRANSP:OPAQUE\nCATEGORIES:Design\n"))
    assert not any(line.startswith(("METHOD", "X-MICROSOFT-CDO-BUSYSTATUS")) for line in lines)
    assert "ATTENDEE;CN=Ana;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:Ana@Studio.example" in lines
    assert "ATTENDEE;CN=Ben;PARTSTAT=ACCEPTED:mailto:ben@kovin.example" in lines
    # the answer went by mail: no server may send another (RFC 6638, 7.1)
    assert 'ORGANIZER;CN="Kovač, Marko";SCHEDULE-AGENT=CLIENT:mailto:Marko@Kovin.example' in lines
    for line in ("UID:kovin-1@kovin.example", "SEQUENCE:0", "DTSTAMP:20261120T080000Z", "CATEGORIES:Design"):
        assert line in lines
    assert "DTSTART;TZID=Europe/Ljubljana:20261124T100000" in lines
    assert "TZID:Europe/Ljubljana" in lines  # its VTIMEZONE comes along
    assert not any(line.startswith("STATUS") for line in lines)


def test_a_perhaps_is_one_for_programs_that_look_at_no_attendee_too() -> None:
    lines = filed(mail(extra="STATUS:CONFIRMED\n"), PartStat.TENTATIVE)
    assert [line for line in lines if line.startswith("STATUS")] == ["STATUS:TENTATIVE"]
    assert any("PARTSTAT=TENTATIVE" in line for line in lines)


def test_the_organisers_reminders_and_packed_files_are_not_mine() -> None:
    alarm = "BEGIN:VALARM\nACTION:EMAIL\nTRIGGER:-PT1H\nATTENDEE:mailto:all@kovin.example\nEND:VALARM\n"
    packed = (
        "ATTACH;VALUE=BINARY;ENCODING=BASE64:UEsDBA==\nATTACH:file:///etc/passwd\nATTACH:https://docs.example/a\n"
    )
    lines = filed(mail(extra=packed + alarm))
    assert not any("ALARM" in line or "all@kovin" in line for line in lines)
    assert [line for line in lines if line.startswith("ATTACH")] == ["ATTACH:https://docs.example/a"]


def test_a_series_is_filed_with_its_exceptions_and_one_meeting_alone_without_the_rule() -> None:
    series = mail(extra=WEEKLY + MOVED)
    lines = filed(series)
    assert lines.count("BEGIN:VEVENT") == 2
    assert "RRULE:FREQ=WEEKLY;COUNT=6" in lines
    mine = [line for line in lines if line.casefold().endswith("mailto:ana@studio.example")]
    assert mine[1] == "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@studio.example"
    assert len(mine) == 2
    assert "PARTSTAT=ACCEPTED" in mine[0]
    one = filed(occurrence(series, dt.datetime(2026, 12, 8, 10, tzinfo=ZONE)))
    assert one.count("BEGIN:VEVENT") == 1
    assert "RECURRENCE-ID;TZID=Europe/Ljubljana:20261208T100000" in one
    assert "DTSTART;TZID=Europe/Ljubljana:20261208T100000" in one
    assert not any(line.startswith("RRULE:FREQ=WEEKLY") for line in one)


def test_a_meeting_that_was_cancelled_in_the_series_is_not_filed() -> None:
    lines = filed(mail(extra=WEEKLY + MOVED + "STATUS:CANCELLED\n"))
    assert lines.count("BEGIN:VEVENT") == 1
    assert "EXDATE;TZID=Europe/Ljubljana:20261201T100000" in lines


def test_who_is_not_invited_by_name_files_it_as_it_came() -> None:
    lines = filed(mail(), me="guest@elsewhere.example")
    assert any(line.endswith("PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:Ana@Studio.example") for line in lines)


def test_what_would_stand_at_a_wrong_time_is_refused_with_the_reason() -> None:
    with pytest.raises(CalendarError, match="BRT"):
        filed(mail(zone="BRT"))
    with pytest.raises(CalendarError, match="takes place"):
        filed(mail(method="CANCEL"))
    ranged = mail(extra="RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Ljubljana:20261124T100000\n")
    for make in (filed, event_to_remove):
        with pytest.raises(CalendarError, match="all that follow"):
            make(ranged)


def test_what_goes_is_named_by_uid_and_recurrence_id() -> None:
    whole = unfolded(event_to_remove(mail(method="CANCEL")))
    assert [line for line in whole if line.startswith(("UID", "RECURRENCE"))] == ["UID:kovin-1@kovin.example"]
    one = occurrence(mail(extra=WEEKLY), dt.datetime(2026, 12, 8, 10, tzinfo=ZONE))
    named = read_calendar(event_to_remove(one))
    assert named.recurrence_start == dt.datetime(2026, 12, 8, 10, tzinfo=ZONE)
