"""Who may change an event, and which version is current: the same whatever order the mails are found in."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import pytest

from regrets.domain.identity import item_id
from regrets.domain.model import Attendee, Mailbox, Method, Row, State, Warn
from regrets.domain.ports import FoundMail
from regrets.domain.rows import row_of
from regrets.domain.versions import Placed, Version, arrange, merged
from tests.support.invitations import ORGANIZER, make_invitation

BASE = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
EVIL, AGENCY = "evil@phish.example", "office@agency.example"
BOSS = ORGANIZER.address
UID = "7f3a-quarterly@kovin.example"
MISMATCH, SPOOFED = str(Warn.SENDER_MISMATCH), str(Warn.SPOOFED_UPDATE)
KNOWN = item_id("work", BOSS, UID, None)


def mail(arrived: int, sender: str = BOSS, **changes: object) -> Version:
    """A version that arrived as the n-th, stamped when it was sent unless `dtstamp` says otherwise."""
    changes["method"] = Method(str(changes.get("method", "REQUEST")))
    changes.setdefault("dtstamp", BASE + dt.timedelta(hours=arrived))
    invitation = make_invitation(mail_from_=Mailbox("", sender), **changes)
    found = FoundMail(arrived, BASE + dt.timedelta(hours=arrived), b"")
    return Version("INBOX", arrived, row_of("work", "INBOX", found, invitation))


def by_evil(arrived: int, **changes: object) -> Version:
    """One that names its own sender as SENT-BY."""
    return mail(arrived, EVIL, sent_by=Mailbox("", EVIL), **changes)


def shown(placed: list[Placed]) -> dict[str, tuple[int, str, tuple[str, ...]]]:
    """Item id to (UID of the current mail, state, warnings)."""
    return {one.row.id: (one.version.uid, str(one.row.state), one.row.warnings) for one in placed if one.current}


def claim(by: str = EVIL, recurrence_id: str | None = None) -> str:
    return item_id("work", BOSS, UID, recurrence_id, by)


CASES: dict[str, tuple[list[Version], dict[str, tuple[int, str, tuple[str, ...]]]]] = {
    "first": ([mail(1)], {KNOWN: (1, "open", ())}),
    "update": ([mail(1), mail(2, sequence=1)], {KNOWN: (2, "open", ())}),
    "case of addresses": ([mail(1), mail(2, BOSS.upper(), sequence=1)], {KNOWN: (2, "open", ())}),
    "later stamp": ([mail(1), mail(2)], {KNOWN: (2, "open", ())}),
    "late old version": ([mail(1, sequence=2), mail(2, sequence=1)], {KNOWN: (1, "open", ())}),
    "cancel": ([mail(1), mail(2, method="CANCEL", sequence=1)], {KNOWN: (2, "cancelled", ())}),
    "open again": (
        [mail(1), mail(2, method="CANCEL", sequence=1), mail(3, sequence=2)],
        {KNOWN: (3, "open", ())},
    ),
    "first from another": ([mail(1, EVIL)], {KNOWN: (1, "open", (MISMATCH,))}),
    "secretary": ([mail(1, EVIL, sent_by=Mailbox("", EVIL))], {KNOWN: (1, "open", ())}),
    "secretary updates": (
        [mail(1, EVIL, sent_by=Mailbox("", EVIL)), mail(2, EVIL, sent_by=Mailbox("", EVIL), sequence=1)],
        {KNOWN: (2, "open", ())},
    ),
    "a booking service updates what it sent": (
        [mail(1, AGENCY), mail(2, AGENCY, sequence=1)],
        {KNOWN: (2, "open", (MISMATCH,))},
    ),
    "a booking service cancels what it sent": (
        [mail(1, AGENCY), mail(2, AGENCY, sequence=1, method="CANCEL")],
        {KNOWN: (2, "cancelled", (MISMATCH,))},
    ),
    "a booking service has nothing to say once the organiser has": (
        [mail(1, AGENCY), mail(2, sequence=1), mail(3, AGENCY, sequence=2, method="CANCEL")],
        {KNOWN: (2, "open", ()), claim(AGENCY): (3, "open", (SPOOFED,))},
    ),
    "spoofed update": (
        [mail(1), mail(2, EVIL, sequence=1)],
        {KNOWN: (1, "open", ()), claim(): (2, "open", (SPOOFED,))},
    ),
    "spoofed by its own sent-by": (
        [mail(1), mail(2, EVIL, sequence=1, sent_by=Mailbox("", EVIL))],
        {KNOWN: (1, "open", ()), claim(): (2, "open", (SPOOFED,))},
    ),
    "spoofed cancel": (
        [mail(1), mail(2, EVIL, method="CANCEL", sequence=9)],
        {KNOWN: (1, "open", ()), claim(): (2, "open", (SPOOFED,))},
    ),
    "spoofed, then a true update": (
        [mail(1), mail(2, EVIL, sequence=9), mail(3, sequence=1)],
        {KNOWN: (3, "open", ()), claim(): (2, "open", (SPOOFED,))},
    ),
    "spoofed occurrence": (
        [mail(1), mail(2, EVIL, recurrence_id="20261201T090000")],
        {KNOWN: (1, "open", ()), claim(recurrence_id="20261201T090000"): (2, "open", (SPOOFED,))},
    ),
    "takes the organiser over": (
        [mail(1), mail(2, EVIL, organizer=Mailbox("", EVIL), sequence=1)],
        {KNOWN: (1, "open", ()), item_id("work", EVIL, UID, None): (2, "open", (SPOOFED,))},
    ),
    "forwarded copy": (
        [mail(1), mail(2, "ben@studio.example", dtstamp=mail(1).row.dtstamp)],
        {KNOWN: (1, "open", ())},
    ),
    "organiser after a stranger": (
        [mail(1, EVIL, sequence=5), mail(2)],
        {KNOWN: (2, "open", ()), claim(): (1, "open", (SPOOFED,))},
    ),
    "organiser after a stranger who sent an older version": (
        [mail(1, EVIL, start=None), mail(2)],
        {KNOWN: (2, "open", ())},
    ),
    "organiser after one who calls themselves sent-by": (
        [by_evil(1, sequence=5), mail(2)],
        {KNOWN: (2, "open", ()), claim(): (1, "open", (SPOOFED,))},
    ),
    "organiser after a cancellation by a stranger": (
        [by_evil(1, sequence=5, method="CANCEL"), mail(2)],
        {KNOWN: (2, "open", ()), claim(): (1, "open", (SPOOFED,))},
    ),
    "organiser after a copy by one who calls themselves sent-by": (
        [by_evil(1, dtstamp=BASE), mail(2, dtstamp=BASE), by_evil(3, sequence=1)],
        {KNOWN: (2, "open", ()), claim(): (3, "open", (SPOOFED,))},
    ),
    "organiser after another organiser that a stranger made up": (
        [mail(1, EVIL, organizer=Mailbox("", "x@x.example"), sequence=5), mail(2)],
        {KNOWN: (2, "open", ()), item_id("work", "x@x.example", UID, None): (1, "open", (SPOOFED,))},
    ),
    "a copy gives no right": (
        [mail(1, dtstamp=BASE), by_evil(2, dtstamp=BASE), by_evil(3, sequence=1)],
        {KNOWN: (1, "open", ()), claim(): (3, "open", (SPOOFED,))},
    ),
    "a copy gives no right to cancel": (
        [mail(1, dtstamp=BASE), by_evil(2, dtstamp=BASE), by_evil(3, sequence=1, method="CANCEL")],
        {KNOWN: (1, "open", ()), claim(): (3, "open", (SPOOFED,))},
    ),
    "what calls itself a copy and says something else": (
        [mail(1, dtstamp=BASE), by_evil(2, dtstamp=BASE, location="Elsewhere")],
        {KNOWN: (1, "open", ()), claim(): (2, "open", (SPOOFED,))},
    ),
    "nobody's mail changes nothing": (
        [mail(1), mail(2, "", sequence=1, method="CANCEL")],
        {KNOWN: (1, "open", ()), claim("?"): (2, "open", (SPOOFED,))},
    ),
    "nobody's mail came first": (
        [mail(1, "", sequence=5), mail(2, "", sequence=6), mail(3)],
        {KNOWN: (3, "open", ()), claim("?"): (2, "open", (SPOOFED,))},
    ),
    "the organiser names an agency": (
        [mail(1, sent_by=Mailbox("", AGENCY)), mail(2, AGENCY, sent_by=Mailbox("", AGENCY), sequence=1)],
        {KNOWN: (2, "open", ())},
    ),
    "an agency sends, the organiser goes on": (
        [mail(1, AGENCY, sent_by=Mailbox("", AGENCY)), mail(2, sequence=1)],
        {KNOWN: (2, "open", ())},
    ),
    "an agency cancels what it sent": (
        [
            mail(1, AGENCY, sent_by=Mailbox("", AGENCY)),
            mail(2, AGENCY, sent_by=Mailbox("", AGENCY), sequence=1, method="CANCEL"),
        ],
        {KNOWN: (2, "cancelled", ())},
    ),
    "a stranger after an agency": (
        [mail(1, AGENCY, sent_by=Mailbox("", AGENCY)), by_evil(2, sequence=1)],
        {KNOWN: (1, "open", ()), claim(): (2, "open", (SPOOFED,))},
    ),
    "a secretary of the organiser's": (
        [mail(1, "eva@kovin.example"), mail(2, sequence=1), mail(3, "eva@kovin.example", sequence=2)],
        {KNOWN: (3, "open", (MISMATCH,))},
    ),
    "occurrence": (
        [mail(1), mail(2, recurrence_id="20261201T090000")],
        {KNOWN: (1, "open", ()), item_id("work", BOSS, UID, "20261201T090000"): (2, "open", ())},
    ),
    "series called off": (
        [mail(1), mail(2, recurrence_id="20261201T090000"), mail(3, method="CANCEL", sequence=1)],
        {KNOWN: (3, "cancelled", ()), item_id("work", BOSS, UID, "20261201T090000"): (2, "cancelled", ())},
    ),
    "a colleague's reply": (
        [mail(1), mail(2, "ben@studio.example", method="REPLY")],
        {KNOWN: (1, "open", ()), claim("ben@studio.example"): (2, "open", ())},
    ),
    "declined counter": (
        [mail(1), mail(2, method="DECLINECOUNTER")],
        {KNOWN: (1, "open", ()), claim(BOSS): (2, "open", ())},
    ),
    "no organiser": (
        [mail(1, organizer=None), mail(2, organizer=None, sequence=1), mail(3, EVIL, organizer=None, sequence=2)],
        {
            item_id("work", "", UID, None): (2, "open", ()),
            item_id("work", "", UID, None, EVIL): (3, "open", (SPOOFED,)),
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_versions_and_trust(name: str) -> None:
    versions, expected = CASES[name]
    for order in itertools.permutations(versions):
        assert shown(arrange(order)) == expected


def test_a_suggestion_stays_with_its_version_only() -> None:
    first = arrange([mail(1)])[0].row
    judged = dataclasses.replace(first, strategy="call", reasons=("It is far away.",), judged="2026-11-22")
    assert merged(judged, first) == judged
    update = shown_row([mail(1), mail(2, sequence=1, summary="Moved")])
    assert merged(judged, update).strategy == ""
    cancelled = shown_row([mail(1), mail(2, method="CANCEL", sequence=1)])
    assert merged(judged, cancelled).state is State.CANCELLED


def shown_row(versions: list[Version]) -> Row:
    return next(one.row for one in arrange(versions) if one.current)


def test_columns_of_a_mail() -> None:
    row = mail(1, attendees=(Attendee(ORGANIZER),), warnings=("damaged",)).row
    assert (row.id, row.account, row.folder, row.summary) == (KNOWN, "work", "INBOX", "Quarterly review")
    assert (row.start, row.end) == ("2026-11-24T10:00:00+01:00", "2026-11-24T11:00:00+01:00")
    assert (row.method, row.warnings, row.sender) == ("REQUEST", ("damaged",), BOSS)
