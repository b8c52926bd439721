"""The last look finds each fault that a careless answer could have."""

from __future__ import annotations

import pytest

from regrets.domain.errors import UnsafeMessage
from regrets.domain.lint import faults
from regrets.domain.message import build_message
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
        ("X1", SUMMARY, SUMMARY + b"X-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\n"),
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


def test_a_good_answer_passes() -> None:
    assert answer(make_invitation(), ACCEPT).dtstamp == NOW
