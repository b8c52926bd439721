"""A meeting handed over: what the organiser is told, and what the delegate gets (RFC 5546, 3.2.2.3 and 4.2.5)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest

from regrets.domain.errors import CannotAnswer, UnsafeMessage
from regrets.domain.imip import read
from regrets.domain.itip import answer_calendar, delegated_request, occurrence
from regrets.domain.lint import faults, request_faults
from regrets.domain.message import build_message
from regrets.domain.model import Attendee, Effect, Invitation, Mailbox, Method, TimeKind
from regrets.domain.recipients import refuse_delegate
from tests.support.answers import ACCEPT, DELEGATED, ME, NOW, lines_of, make_draft
from tests.support.invitations import ANA, ORGANIZER, START, lines, make_invitation

BEN = Mailbox('Ben "B." Kos', "ben@studio.example")
GIVER = 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:ben@studio.example";CN=Ana Novak:mailto:ana@studio.example'
TAKER = (
    "ATTENDEE;CN=\"Ben 'B.' Kos\";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;"
    'DELEGATED-FROM="mailto:ana@studio.example":mailto:ben@studio.example'
)


def told(invitation: Invitation) -> bytes:
    return answer_calendar(invitation, DELEGATED, ANA.address, dtstamp=NOW, comment="", delegate=BEN.address)


def passed_on(invitation: Invitation, delegate: Mailbox = BEN) -> bytes:
    return delegated_request(invitation, ANA.address, delegate, dtstamp=NOW)


def event_of(calendar: bytes) -> list[str]:
    text = lines_of(calendar)
    return text[text.index("BEGIN:VEVENT") :]


def people(calendar: bytes) -> list[str]:
    return [line for line in lines_of(calendar) if line.startswith("ATTENDEE")]


def test_the_organiser_is_told_with_one_attendee_who_takes_part_instead() -> None:
    calendar = told(make_invitation())
    assert people(calendar) == [GIVER]
    assert faults(make_invitation(), calendar) == []


def test_the_delegate_gets_the_same_event_with_both_linked_and_everybody_else() -> None:
    eva = Attendee(Mailbox("Eva", "eva@kovin.example"))
    invitation = make_invitation(
        sequence=3, attendees=(Attendee(ORGANIZER), Attendee(ANA, rsvp=True), eva), recurrence="FREQ=WEEKLY;COUNT=4"
    )
    text = event_of(passed_on(invitation))
    source = {line.name: line.raw for line in invitation.source.lines}
    for name in ("UID", "ORGANIZER", "SEQUENCE", "DTSTART", "DTEND", "RRULE", "DESCRIPTION", "SUMMARY", "LOCATION"):
        assert [line for line in text if re.split("[;:]", line)[0] == name] == [source[name]]
    assert {"METHOD:REQUEST", "BEGIN:VTIMEZONE"} <= set(lines_of(passed_on(invitation)))
    assert f"DTSTAMP:{NOW:%Y%m%dT%H%M%SZ}" in text
    asked = [line.raw for line in invitation.source.lines if line.name == "ATTENDEE"]
    assert people(passed_on(invitation)) == [GIVER, TAKER, asked[0], asked[2]]
    assert request_faults(invitation, passed_on(invitation)) == []


def test_one_meeting_of_a_series_is_handed_over_alone() -> None:
    one = occurrence(make_invitation(recurrence="FREQ=WEEKLY;COUNT=4"), START + dt.timedelta(days=7))
    text = event_of(passed_on(one))
    assert "RECURRENCE-ID;TZID=Europe/Ljubljana:20261201T100000" in text
    assert not any(line.startswith("RRULE") for line in text)
    assert request_faults(one, passed_on(one)) == []
    assert faults(one, told(one)) == []


def test_a_delegate_who_was_invited_already_stands_there_once() -> None:
    ben = Attendee(Mailbox("Ben", "BEN@studio.example"))
    invitation = make_invitation(attendees=(Attendee(ORGANIZER), Attendee(ANA), ben))
    assert [line for line in people(passed_on(invitation)) if "ben@" in line.casefold()] == [GIVER, TAKER]
    assert request_faults(invitation, passed_on(invitation)) == []


def test_whoever_stands_in_says_for_whom() -> None:
    data = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20261120T080000Z\n"
        "DTSTART:20261201T090000Z\nSUMMARY:Review\nORGANIZER:mailto:marko@kovin.example\n"
        'ATTENDEE;DELEGATED-FROM="mailto:ben@studio.example":mailto:ana@studio.example\nEND:VEVENT\nEND:VCALENDAR\n'
    )
    invitation = read(data.encode())
    assert isinstance(invitation, Invitation)
    calendar = answer_calendar(invitation, ACCEPT, ANA.address, dtstamp=NOW, comment="")
    (person,) = people(calendar)
    assert 'DELEGATED-FROM="mailto:ben@studio.example"' in person
    assert faults(invitation, calendar) == []
    with pytest.raises(CannotAnswer, match="handed this meeting to you"):
        refuse_delegate(invitation, BEN, ME)


@pytest.mark.parametrize(
    ("delegate", "why"),
    [
        (ORGANIZER, "organises"),
        (Mailbox("", "Office@kovin.example"), "organises"),
        (Mailbox("", "ANA@studio.example"), "your own"),
        (Mailbox("", "ana+x@studio.example"), "your own"),
        (Mailbox("", "no-reply@studio.example"), "Nobody is known"),
        (Mailbox("", ""), "Nobody is known"),
        (Mailbox("", "ben@studio.example,eve@elsewhere.example"), "Nobody is known"),
    ],
)
def test_who_can_not_take_part_instead(delegate: Mailbox, why: str) -> None:
    invitation = make_invitation(sent_by=Mailbox("", "office@kovin.example"))
    with pytest.raises(CannotAnswer, match=why):
        refuse_delegate(invitation, delegate, ME)
    refuse_delegate(invitation, BEN, ME)


def test_who_is_not_invited_has_nothing_to_hand_over() -> None:
    with pytest.raises(CannotAnswer, match="not invited by name"):
        refuse_delegate(make_invitation(attendees=("joann@studio.example",)), BEN, ME)


def test_a_time_that_can_not_be_passed_on_is_not() -> None:
    unknown = make_invitation(start=START.replace(tzinfo=None), time_kind=TimeKind.UNKNOWN_ZONE, tzid="BRT")
    for invitation in (unknown, make_invitation(start=None)):
        with pytest.raises(CannotAnswer, match="passed on"):
            passed_on(invitation)
    dates = make_invitation(recurrence="FREQ=WEEKLY", rdates=())
    source = dataclasses.replace(dates.source, lines=(*dates.source.lines, *lines("EXDATE;TZID=BRT:20261201T100000")))
    with pytest.raises(CannotAnswer, match="passed on"):
        passed_on(dataclasses.replace(dates, source=source))


@pytest.mark.parametrize(
    ("fault", "old", "new"),
    [
        ("D1", b";DELEGATED-TO=\"mailto:ben@studio.example\"", b""),
        ("D1", b"PARTSTAT=DELEGATED", b"PARTSTAT=ACCEPTED"),
        ("D2", b'"mailto:ben@studio.example"', b'"mailto:ben@studio.example","mailto:eve@x.example"'),
        ("D2", b'"mailto:ben@studio.example"', b"ben@studio.example"),
        ("D3", b'"mailto:ben@studio.example"', b'"mailto:Marko@kovin.example"'),
        ("D3", b'"mailto:ben@studio.example"', b'"mailto:ana@studio.example"'),
        ("R10", b"END:VEVENT", TAKER.encode() + b"\r\nEND:VEVENT"),
    ],
)  # fmt: skip
def test_a_faulty_word_to_the_organiser_is_found(fault: str, old: bytes, new: bytes) -> None:
    good = told(make_invitation()).replace(b"\r\n ", b"")
    assert old in good
    assert fault in [found.partition(":")[0] for found in faults(make_invitation(), good.replace(old, new))]


@pytest.mark.parametrize(
    ("fault", "old", "new"),
    [
        ("R1", b"METHOD:REQUEST", b"METHOD:REPLY"),
        ("R2", b"END:VEVENT\r\n", b"END:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n"),
        ("R4", b"SUMMARY:Quarterly review\r\n", b""),
        ("R4", b"DTSTART;TZID=Europe/Ljubljana:20261124T100000\r\n", b""),
        ("R8", b"UID:7f3a", b"UID:7f3b"),
        ("R9", b"ORGANIZER;CN=Marko Kova\xc4\x8d:mailto:marko@kovin", b"ORGANIZER:mailto:ana@studio"),
        ("R11", b":mailto:ana@studio.example\r\n", b":mailto:joann@studio.example\r\n"),
        ("R14", b"END:VEVENT", b"BEGIN:VALARM\r\nEND:VALARM\r\nEND:VEVENT"),
        ("R16", b"SEQUENCE:0", b"SEQUENCE:1"),
        ("R17", b"TZID:Europe/Ljubljana", b"TZID:Europe/Vienna"),
        ("D3", b'DELEGATED-TO="mailto:ben@studio.example"', b'DELEGATED-TO="mailto:marko@kovin.example"'),
        ("D4", TAKER.encode() + b"\r\n", b""),
        ("D4", GIVER.encode() + b"\r\n", b""),
        ("D5", b'DELEGATED-FROM="mailto:ana@', b'DELEGATED-FROM="mailto:eva@'),
        ("D5", b":mailto:ben@studio.example", b":mailto:eve@elsewhere.example"),
        ("D6", b"END:VEVENT", b"ATTENDEE:mailto:eve@elsewhere.example\r\nEND:VEVENT"),
        ("D6", b"END:VEVENT", b"ATTENDEE:mailto:marko@kovin.example\r\nEND:VEVENT"),
        ("D7", b"RRULE:FREQ=WEEKLY;COUNT=4\r\n", b""),
        ("R15", b"SEQUENCE:0\r\n", b"SEQUENCE:0\r\nRECURRENCE-ID:20261124T090000Z\r\n"),
        ("X1", b"SEQUENCE:0\r\n", b"SEQUENCE:0\r\nX-MS-OLK-SENDER:x\r\n"),
    ],
)
def test_a_faulty_invitation_to_the_delegate_is_found_and_stops_the_mail(fault: str, old: bytes, new: bytes) -> None:
    invitation = make_invitation(recurrence="FREQ=WEEKLY;COUNT=4")
    good = passed_on(invitation).replace(b"\r\n ", b"")
    assert {found[:2] for found in request_faults(invitation, good)} == {"S3"}  # unfolded here
    assert old in good
    assert fault in [found.partition(":")[0] for found in request_faults(invitation, good.replace(old, new))]


def brief(invitation: Invitation, to: Mailbox = BEN):
    return dataclasses.replace(
        make_draft(invitation, ACCEPT), effect=Effect(Method.REQUEST, None), to=(to,), cc=(), body="Hi Ben, yours.\n"
    )


def test_each_mail_goes_only_to_whom_it_is_meant_for() -> None:
    invitation = make_invitation()
    draft = dataclasses.replace(make_draft(invitation, DELEGATED), brief=brief(invitation))
    first = build_message(invitation, draft, now=NOW, calendar=told(invitation))
    second = build_message(invitation, brief(invitation), now=NOW, calendar=passed_on(invitation))
    assert (first.recipients, second.recipients) == ((ORGANIZER.address,), (BEN.address,))
    assert b"method=REQUEST" in second.data
    eve = Mailbox("", "eve@elsewhere.example")
    with pytest.raises(UnsafeMessage, match="M6"):
        build_message(invitation, brief(invitation, eve), now=NOW, calendar=passed_on(invitation))
    with pytest.raises(UnsafeMessage, match="M7"):
        build_message(invitation, dataclasses.replace(draft, to=(eve,)), now=NOW, calendar=told(invitation))
    other = dataclasses.replace(draft, brief=brief(invitation, eve))
    with pytest.raises(UnsafeMessage, match="D3"):
        build_message(invitation, other, now=NOW, calendar=told(invitation))
