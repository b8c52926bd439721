"""The last look finds each fault that a careless answer could have."""

from __future__ import annotations

import datetime as dt

import pytest

from regrets.domain.errors import UnsafeMessage
from regrets.domain.itip import occurrence
from regrets.domain.lint import faults
from regrets.domain.message import build_message
from regrets.domain.model import Mailbox
from tests.support.answers import ACCEPT, NOW, answer, calendar_for, counter, make_draft
from tests.support.invitations import START, make_invitation

SUMMARY = b"SUMMARY:Quarterly review\r\n"


@pytest.mark.parametrize(
    ("fault", "old", "new"),
    [
        ("S1", b"\r\n", b"\n"),
        ("S2", b"Kova\xc4\x8d", b"Kova\xe8"),
        ("S3", b"Room 4", b"Room " + b"4" * 80),
        ("S4", b"Kova\xc4\x8d", b"Kova\xc4\r\n \x8d"),
        ("S6", SUMMARY, b"\r\n" + SUMMARY),
        ("S7", SUMMARY, b"Quarterly review\r\n"),
        ("S8", b"END:VEVENT\r\n", b""),
        ("S10", b"sadly\\,", b"sadly,"),
        ("C1", b"VERSION:2.0\r\n", b""),
        ("R1", b"METHOD:REPLY", b"METHOD:REQUEST"),
        ("R2", b"END:VEVENT\r\n", b"END:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n"),
        ("R2", b"END:VEVENT\r\n", b"END:VEVENT\r\nBEGIN:VTODO\r\nEND:VTODO\r\n"),
        ("R4", b"SEQUENCE:3\r\n", b""),
        ("R5", SUMMARY, SUMMARY * 2),
        ("R6", SUMMARY, SUMMARY + b"DURATION:PT1H\r\n"),
        ("R7", b"20261122T080000Z", b"20261122T080000"),
        ("R8", b"UID:7f3a", b"UID:7f3b"),
        ("R9", b"mailto:marko@", b"MAILTO:marko@"),
        ("R10", b"ATTENDEE;PARTSTAT=ACCEPTED;CN=Ana Novak:mailto:ana@studio.example\r\n", b""),
        ("R11", b"mailto:ana@", b"mailto:joann@"),
        ("R12", b"PARTSTAT=ACCEPTED", b"PARTSTAT=YES"),
        ("R13", b"PARTSTAT=ACCEPTED", b"PARTSTAT=ACCEPTED;RSVP=TRUE"),
        ("R14", b"END:VEVENT\r\n", b"BEGIN:VALARM\r\nEND:VALARM\r\nEND:VEVENT\r\n"),
        ("R15", SUMMARY, SUMMARY + b"RECURRENCE-ID:20261124T090000Z\r\n"),
        ("R16", b"SEQUENCE:3", b"SEQUENCE:4"),
        ("R17", b"TZID:Europe/Ljubljana", b"TZID:Europe/Vienna"),
        ("R12", b"PARTSTAT=ACCEPTED", b"PARTSTAT=ACCEPTED;PARTSTAT=DECLINED"),
        ("R12", b";PARTSTAT=ACCEPTED", b""),
        ("R12", b"PARTSTAT=ACCEPTED", b"PARTSTAT=NEEDS-ACTION"),
        ("D1", b"PARTSTAT=ACCEPTED", b"PARTSTAT=DELEGATED"),
        ("K4", SUMMARY, SUMMARY + b"X-MS-OLK-ORIGINALSTART:20261124T090000Z\r\n"),
        ("X1", SUMMARY, SUMMARY + b"X-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\n"),
        ("X1", SUMMARY, SUMMARY + b"X-MS-OLK-SENDER:mailto:ana@studio.example\r\n"),
    ],
)
def test_each_fault_is_found_and_stops_the_message(fault: str, old: bytes, new: bytes) -> None:
    invitation = make_invitation(sequence=3)
    good = calendar_for(invitation, ACCEPT)
    assert faults(invitation, good) == []
    assert old in good
    bad = good.replace(old, new)
    assert fault in [found.partition(":")[0] for found in faults(invitation, bad)]
    with pytest.raises(UnsafeMessage):
        build_message(invitation, make_draft(invitation, ACCEPT), now=NOW, calendar=bad)


@pytest.mark.parametrize(
    ("fault", "name", "times"),
    [
        *(("R4", name, times) for name in ("DTSTAMP", "ORGANIZER", "UID", "SEQUENCE") for times in (0, 2)),
        *(("R5", name, 2) for name in ("DTSTART", "DTEND", "SUMMARY", "LOCATION")),
        ("R10", "ATTENDEE", 0),
        ("R10", "ATTENDEE", 2),
        *(("C1", name, times) for name in ("VERSION", "PRODID") for times in (0, 2)),
        ("R1", "METHOD", 0),
        ("R1", "METHOD", 2),
    ],
)
def test_what_the_tables_count_is_counted(fault: str, name: str, times: int) -> None:
    """RFC 5546, 3.2.3, and Microsoft's “exactly one”: how often each property stands in a REPLY."""
    invitation = make_invitation()
    text = calendar_for(invitation, ACCEPT).replace(b"\r\n ", b"").split(b"\r\n")
    begin = text.index(b"BEGIN:VEVENT")
    line = next(each for each in (*text[begin:], *text) if each.startswith(name.encode()))
    at = max(index for index, each in enumerate(text) if each == line)
    text[at : at + 1] = [line] * times
    assert fault in ids(faults(invitation, b"\r\n".join(text)))


@pytest.mark.parametrize(
    "line",
    [
        *("CLASS:PUBLIC", "CREATED:20261120T080000Z", "DESCRIPTION:x", "GEO:46.0;14.5", "PRIORITY:5"),
        *("LAST-MODIFIED:20261120T080000Z", "STATUS:CONFIRMED", "TRANSP:OPAQUE", "URL:https://x.example"),
    ],
)
def test_what_may_stand_once_does_not_stand_twice(line: str) -> None:
    invitation = make_invitation()
    good = calendar_for(invitation, ACCEPT)
    once = good.replace(SUMMARY, SUMMARY + f"{line}\r\n".encode())
    assert faults(invitation, once) == []
    twice = good.replace(SUMMARY, SUMMARY + f"{line}\r\n{line}\r\n".encode())
    assert ids(faults(invitation, twice)) == ["R5"]


@pytest.mark.parametrize("component", ["VTODO", "VJOURNAL", "VFREEBUSY", "X-COMP"])
def test_nothing_else_is_in_an_answer(component: str) -> None:
    invitation = make_invitation()
    bad = calendar_for(invitation, ACCEPT).replace(
        b"END:VEVENT\r\n", f"END:VEVENT\r\nBEGIN:{component}\r\nEND:{component}\r\n".encode()
    )
    assert ids(faults(invitation, bad)) == ["R2"]


def ids(found: list[str]) -> list[str]:
    return [each.partition(":")[0] for each in found]


def test_a_counter_keeps_its_own_rules() -> None:
    invitation = make_invitation()
    good = calendar_for(invitation, counter(START))
    assert faults(invitation, good) == []
    ids = {
        found.partition(":")[0]
        for found in faults(invitation, good.replace(b"PARTSTAT=TENTATIVE", b"PARTSTAT=DECLINED"))
    }
    assert ids == {"R12"}
    assert {found[:2] for found in faults(invitation, good.replace(SUMMARY, b""))} == {"K1"}
    assert {found[:2] for found in faults(make_invitation(recurrence="FREQ=DAILY"), good)} == {"K2"}
    assert {found[:2] for found in faults(make_invitation(disallow_counter=True), good)} == {"K2"}
    former = next(line for line in good.split(b"\r\n") if line.startswith(b"X-MS-OLK-ORIGINALSTART"))
    assert {found[:2] for found in faults(invitation, good.replace(former + b"\r\n", b""))} == {"K4"}
    assert {found[:3] for found in faults(invitation, good.replace(b"mailto:ana@", b"mailto:joann@"))} == {"K3:"}
    assert {found[:2] for found in faults(invitation, good.replace(b"SEQUENCE:0\r\n", b""))} >= {"R4"}


def test_one_meeting_of_a_series_carries_no_rule() -> None:
    one = occurrence(make_invitation(recurrence="FREQ=WEEKLY;COUNT=4"), START + dt.timedelta(days=7))
    good = calendar_for(one, ACCEPT)
    assert faults(one, good) == []
    assert ids(faults(one, good.replace(SUMMARY, SUMMARY + b"RRULE:FREQ=WEEKLY\r\n"))) == ["R15"]
    without = [line for line in good.split(b"\r\n") if not line.startswith(b"RECURRENCE-ID")]
    assert ids(faults(one, b"\r\n".join(without))) == ["R15"]


def test_the_mail_goes_from_the_invited_to_the_organiser() -> None:
    invitation = make_invitation()
    good = calendar_for(invitation, ACCEPT)
    for changes, fault in (
        ({"from_": Mailbox("", "ana.novak@studio.example")}, "M6"),
        ({"to": (Mailbox("", "desk@kovin.example"),)}, "M7"),
    ):
        with pytest.raises(UnsafeMessage, match=fault):
            build_message(invitation, make_draft(invitation, ACCEPT, **changes), now=NOW, calendar=good)


def test_a_good_answer_passes() -> None:
    assert answer(make_invitation(), ACCEPT).dtstamp == NOW
