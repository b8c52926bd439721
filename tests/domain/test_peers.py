"""What other programs got wrong in answers, each read from bytes as a mailbox gives them (interop.md, A.4)."""

from __future__ import annotations

import re

import pytest

from regrets.domain.errors import CannotAnswer
from regrets.domain.imip import read
from regrets.domain.lint import faults
from regrets.domain.model import Effect, Invitation
from regrets.domain.ranges import scope_of
from tests.support.answers import ACCEPT, DECLINE, NOW, calendar_for, lines_of
from tests.support.invitations import ZONE

ME = "ATTENDEE;CN=Ana Novak;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ana@studio.example"
TIMES = ("DTSTART:20261201T090000Z", "DTEND:20261201T100000Z")


def request(*lines: str, me: str = ME, organizer: str = "ORGANIZER:mailto:marko@kovin.example") -> Invitation:
    """A REQUEST of these lines, as the reader gives it."""
    text = "\r\n".join(
        (
            *(
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//x//y//EN",
                "METHOD:REQUEST",
                "BEGIN:VEVENT",
                "UID:one@kovin",
            ),
            *("DTSTAMP:20261120T080000Z", "SUMMARY:Review", organizer, me, *(lines or TIMES)),
            *("END:VEVENT", "END:VCALENDAR", ""),
        )
    )
    found = read(text.encode())
    assert isinstance(found, Invitation)
    return found


def answered(invitation: Invitation, effect: Effect, me: tuple[str, ...] = ("ana@studio.example",)) -> list[str]:
    calendar = calendar_for(invitation, effect, me)
    assert faults(invitation, calendar) == []
    return lines_of(calendar)


def named(text: list[str], name: str) -> list[str]:
    return [line for line in text if re.split("[;:]", line)[0] == name]


def test_mutt_ical_and_fairemail_declining_one_meeting_does_not_decline_the_series() -> None:
    moved = request("RECURRENCE-ID;TZID=Europe/Paris:20261201T100000", "SEQUENCE:3", *TIMES)
    text = answered(moved, DECLINE)
    assert named(text, "RECURRENCE-ID") == ["RECURRENCE-ID;TZID=Europe/Paris:20261201T100000"]
    assert named(text, "SEQUENCE") == ["SEQUENCE:3"]
    weekly = request(*TIMES, "RRULE:FREQ=WEEKLY;COUNT=4")
    one = scope_of(weekly, None, "2026-12-08", NOW, ZONE).invitation
    text = answered(one, DECLINE)
    assert named(text, "RECURRENCE-ID") == ["RECURRENCE-ID:20261208T090000Z"]
    assert named(text, "RRULE") == []


def test_mxr_the_recurrence_id_keeps_its_zone_and_value() -> None:
    days = request("DTSTART;VALUE=DATE:20261201", "RECURRENCE-ID;VALUE=DATE:20261201")
    assert named(answered(days, DECLINE), "RECURRENCE-ID") == ["RECURRENCE-ID;VALUE=DATE:20261201"]


def test_mxr_names_with_commas_keep_their_quotes_and_times_are_there() -> None:
    text = answered(request(me='ATTENDEE;CN="Novak, Ana: head":mailto:ana@studio.example'), ACCEPT)
    assert named(text, "ATTENDEE") == ['ATTENDEE;PARTSTAT=ACCEPTED;CN="Novak, Ana: head":mailto:ana@studio.example']
    assert (named(text, "DTSTART"), named(text, "DTEND")) == ([TIMES[0]], [TIMES[1]])


@pytest.mark.parametrize("other", ["joann@studio.example", "ana@studio.example.org", "ana@studio.exampl"])
def test_aerc_and_mxr_a_part_of_an_address_is_not_the_address(other: str) -> None:
    with pytest.raises(CannotAnswer, match="not among the invited"):
        calendar_for(request(me=f"ATTENDEE:mailto:{other}"), ACCEPT)


def test_aerc_another_case_of_my_address_is_mine() -> None:
    text = answered(request(me="ATTENDEE:MAILTO:Me@Free.example"), DECLINE, ("me@free.example",))
    assert named(text, "ATTENDEE") == ["ATTENDEE;PARTSTAT=DECLINED:MAILTO:Me@Free.example"]


def test_aerc_sent_by_keeps_its_quotes() -> None:
    organizer = 'ORGANIZER;CN="Kovač, M.";SENT-BY="mailto:desk@kovin.example":mailto:marko@kovin.example'
    assert named(answered(request(organizer=organizer), ACCEPT), "ORGANIZER") == [organizer]


def test_gnus_an_attendee_without_partstat_is_answered() -> None:
    text = answered(request(me="ATTENDEE:mailto:ana@studio.example"), DECLINE)
    assert named(text, "ATTENDEE") == ["ATTENDEE;PARTSTAT=DECLINED:mailto:ana@studio.example"]


def test_gnus_two_identities_of_mine_give_one_attendee() -> None:
    invitation = request("ATTENDEE:mailto:ana.novak@studio.example", *TIMES)
    text = answered(invitation, ACCEPT, ("ana.novak@studio.example", "ana@studio.example"))
    assert len(named(text, "ATTENDEE")) == 1


def test_windows_zones_are_no_utc_and_seconds_stay() -> None:
    local = (
        "DTSTART;TZID=W. Europe Standard Time:20261201T100030",
        "DTEND;TZID=W. Europe Standard Time:20261201T110030",
    )
    invitation = request(*local)
    assert invitation.start is not None
    assert invitation.start.astimezone(ZONE).isoformat() == "2026-12-01T10:00:30+01:00"
    text = answered(invitation, ACCEPT)
    assert [*named(text, "DTSTART"), *named(text, "DTEND")][-2:] == list(local)


def test_a_no_carries_no_status_no_alarm_and_no_rsvp() -> None:
    alarm = ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "END:VALARM")
    text = "\n".join(answered(request(*TIMES, "STATUS:CONFIRMED", *alarm), DECLINE))
    assert not re.search("STATUS|VALARM|RSVP", text)


def test_one_appointment_goes_out_where_several_came() -> None:
    second = ("END:VEVENT", "BEGIN:VEVENT", "UID:one@kovin", "RECURRENCE-ID:20261208T090000Z", *TIMES)
    text = answered(request(*TIMES, "RRULE:FREQ=WEEKLY;COUNT=4", *second), ACCEPT)
    assert text.count("BEGIN:VEVENT") == 1
