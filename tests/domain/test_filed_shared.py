"""Every real request is filed as it is, or refused with the reason."""

from __future__ import annotations

import datetime as dt

from regrets.domain.calendar_scan import scan
from regrets.domain.calendar_splice import uid_of, with_event, without_event
from regrets.domain.errors import CalendarError
from regrets.domain.event import read_calendar
from regrets.domain.model import PartStat
from regrets.domain.own_event import event_to_file, event_to_remove
from tests.domain.test_answers_shared import pytestmark as pytestmark
from tests.domain.test_answers_shared import requests
from tests.domain.test_calendar_splice import OTHER, mine, others

NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)


def test_every_real_request_is_filed_at_its_time_or_refused() -> None:
    own, filed, refused = mine(OTHER), 0, []
    for path, invitation, me in requests():
        try:
            new = event_to_file(invitation, PartStat.ACCEPTED, me, NOW)
        except CalendarError as error:
            refused.append(f"{path.name}: {error}")
            continue
        there = with_event(own, new)
        uid = uid_of(new)
        assert others(scan(there), uid) == others(scan(own), uid), path
        again = read_calendar(new)
        assert (again.start, again.end, again.uid) == (invitation.start, invitation.end, invitation.uid), path
        assert (again.recurrence, again.exdates, again.method) == (invitation.recurrence, invitation.exdates, None), (
            path
        )
        assert {str(person.partstat) for person in again.attendees if person.mailbox.address == me} == {"ACCEPTED"}, (
            path
        )
        assert with_event(there, new) == there, path
        assert without_event(there, event_to_remove(invitation)).count(b"BEGIN:VEVENT") == 1, path
        filed += 1
    assert filed >= 100, (filed, refused)
    assert all("time zone" in reason for reason in refused), refused
