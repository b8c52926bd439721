"""Our answers before libical, KCalendarCore, ical.js and vobject, who read what was meant and refuse what is broken.

The requests are written by hand in the shapes of their producers (interop.md, part B).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from pathlib import Path

import pytest

from regrets.domain.imip import read
from regrets.domain.itip import answer_calendar, delegated_request, occurrence
from regrets.domain.message import build_message
from regrets.domain.model import Effect, Invitation, Mailbox, Method, Strategy
from tests.consumers.judges import COMMANDS, HERE, needed, readings
from tests.support.answers import ACCEPT, DECLINE, DELEGATED, ME, NOW, TENTATIVE, answer, counter, make_draft, parsed

pytestmark = needed
REQUESTS = sorted((HERE / "requests").glob("*.ics"), key=lambda path: path.stem)
BEN = Mailbox("Ben Kos, PhD", "ben@studio.example")
BEGIN = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
HOUR, WEEK = dt.timedelta(hours=1), dt.timedelta(days=7)


def calendar_part(invitation: Invitation, effect: Effect) -> bytes:
    """The calendar part of the finished mail, as a receiver takes it out."""
    message = parsed(answer(invitation, effect, ME))
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) == 1
    data = parts[0].get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def single(path: Path) -> bytes:
    """The request; of a series its first event without the rule and the exceptions."""
    text = re.sub(rb"RRULE:FREQ=WEEKLY[^\r]*\r\n", b"", path.read_bytes())
    return re.sub(rb"(END:VEVENT\r\n)(BEGIN:VEVENT\r\n.*END:VEVENT\r\n)", rb"\1", text, flags=re.DOTALL)


def series(path: Path) -> bytes:
    """The request as a weekly series of ten."""
    text = path.read_bytes()
    if b"RRULE:FREQ=WEEKLY" in text:
        return text
    return text.replace(b"END:VEVENT", b"RRULE:FREQ=WEEKLY;COUNT=10\r\nEND:VEVENT")


def invitation_in(data: bytes) -> Invitation:
    found = read(data)
    assert isinstance(found, Invitation)
    return found


def epoch(moment: dt.datetime) -> str:
    return str(int(moment.timestamp()))


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_every_consumer_reads_the_answer_that_was_given(path: Path, tmp_path: Path) -> None:
    once, weekly = invitation_in(single(path)), invitation_in(series(path))
    moved = BEGIN + dt.timedelta(days=2, hours=4)
    reply = {"method": "REPLY", "start": epoch(BEGIN), "sequence": str(once.sequence)}
    third = {"start": epoch(BEGIN + WEEK), "occurrence": epoch(BEGIN + WEEK)}
    proposed = {"method": "COUNTER", "partstat": "TENTATIVE", "start": epoch(moved), "end": epoch(moved + HOUR)}
    one = occurrence(weekly, weekly.start + WEEK)
    table: list[tuple[str, bytes, Invitation, Effect, dict[str, str]]] = [
        ("accept", single(path), once, ACCEPT, reply | {"partstat": "ACCEPTED"}),
        ("decline", single(path), once, DECLINE, reply | {"partstat": "DECLINED"}),
        ("tentative", single(path), once, TENTATIVE, reply | {"partstat": "TENTATIVE"}),
        ("counter", single(path), once, counter(moved, 60), proposed),
        ("whole series", series(path), weekly, ACCEPT, reply | {"partstat": "ACCEPTED"}),
        ("one occurrence", series(path), one, DECLINE, reply | third | {"partstat": "DECLINED"}),
        ("counter to one", series(path), one, counter(moved, 60), proposed | {"occurrence": third["occurrence"]}),
    ]
    pairs = [(request, calendar_part(about, effect)) for _, request, about, effect, _ in table]
    for (kind, _, _, _, meant), found in zip(table, readings(pairs, tmp_path), strict=True):
        assert {reading.judge for reading in found} == set(COMMANDS)
        for reading in found:
            assert reading.faults == (), f"{kind}: {reading}"
            assert {key: reading.facts.get(key) for key in meant} == meant, f"{kind}: {reading}"
            assert ("occurrence" in reading.facts) == ("occurrence" in meant), f"{kind}: {reading}"


def handed_over(invitation: Invitation) -> tuple[bytes, bytes]:
    """The calendar parts of a delegation: to the organiser, and to the delegate, each out of its finished mail."""
    draft = make_draft(invitation, DELEGATED)
    passed_on = dataclasses.replace(draft, effect=Effect(Method.REQUEST, None), to=(BEN,), cc=())
    draft = dataclasses.replace(draft, strategy=Strategy.BOW_OUT, brief=passed_on)
    me = draft.from_.address
    told = answer_calendar(invitation, DELEGATED, me, dtstamp=NOW, comment="", delegate=BEN.address)
    request = delegated_request(invitation, me, BEN, dtstamp=NOW)
    mails = (
        build_message(invitation, draft, now=NOW, calendar=told),
        build_message(invitation, passed_on, now=NOW, calendar=request),
    )
    parts = [part for mail in mails for part in parsed(mail).walk() if part.get_content_type() == "text/calendar"]
    first, second = (part.get_payload(decode=True) for part in parts)
    return first, second


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_every_consumer_reads_who_takes_part_instead(path: Path, tmp_path: Path) -> None:
    weekly = invitation_in(series(path))
    cases = {
        "once": (single(path), invitation_in(single(path))),
        "series": (series(path), weekly),
        "one occurrence": (series(path), occurrence(weekly, weekly.start + WEEK)),
    }
    pairs = [(request, part) for request, about in cases.values() for part in handed_over(about)]
    found = readings(pairs, tmp_path)
    for kind, (_, about) in cases.items():
        first, second = next(found), next(found)
        begin = epoch(BEGIN + (WEEK if kind == "one occurrence" else 0 * WEEK))
        meant = {"partstat": "DELEGATED", "delegate": BEN.address, "sequence": str(about.sequence), "start": begin}
        for reading in first:
            assert reading.faults == (), f"{kind}: {reading}"
            assert reading.facts.items() >= (meant | {"method": "REPLY"}).items(), f"{kind}: {reading}"
        for reading in second:
            assert reading.faults == (), f"{kind}: {reading}"
            assert reading.facts.items() >= (meant | {"method": "REQUEST"}).items(), f"{kind}: {reading}"
            assert reading.facts["delegator"].casefold() == "ana@studio.example", f"{kind}: {reading}"
            assert ("occurrence" in reading.facts) == (kind == "one occurrence"), f"{kind}: {reading}"


def test_an_exception_that_came_with_its_series_is_answered_at_its_own_time(tmp_path: Path) -> None:
    data = (HERE / "requests" / "series-and-exception.ics").read_bytes()
    (exception,) = invitation_in(data).also
    moved = dt.datetime(2026, 12, 9, 14, tzinfo=dt.UTC)
    usual = dt.datetime(2026, 12, 8, 9, tzinfo=dt.UTC)
    (found,) = readings([(data, calendar_part(exception, DECLINE))], tmp_path)
    for reading in found:
        assert reading.faults == ()
        assert (reading.facts["start"], reading.facts["occurrence"]) == (epoch(moved), epoch(usual))


def _without(name: bytes, data: bytes) -> bytes:
    return re.sub(rb"(?m)^" + name + rb"[;:].*\r\n( .*\r\n)*", b"", data)


def _instead(name: bytes, line: bytes, data: bytes) -> bytes:
    return re.sub(rb"(?m)^" + name + rb"[;:].*\r\n( .*\r\n)*", line + b"\r\n", data)


STRANGER = b"ATTENDEE;PARTSTAT=ACCEPTED:mailto:stranger@elsewhere.example"
BROKEN = {
    "no UID": lambda data: _without(b"UID", data),
    "another UID": lambda data: _instead(b"UID", b"UID:nothing-like-it", data),
    "no ORGANIZER": lambda data: _without(b"ORGANIZER", data),
    "another ORGANIZER": lambda data: _instead(b"ORGANIZER", b"ORGANIZER:mailto:eve@elsewhere.example", data),
    "METHOD:REQUEST": lambda data: _instead(b"METHOD", b"METHOD:REQUEST", data),
    "no METHOD": lambda data: _without(b"METHOD", data),
    "no ATTENDEE": lambda data: _without(b"ATTENDEE", data),
    "two ATTENDEEs": lambda data: data.replace(b"END:VEVENT", STRANGER + b"\r\nEND:VEVENT"),
    "a foreign ATTENDEE": lambda data: _instead(b"ATTENDEE", STRANGER, data),
    "no PARTSTAT": lambda data: data.replace(b";PARTSTAT=ACCEPTED", b""),
    "an invented PARTSTAT": lambda data: data.replace(b"PARTSTAT=ACCEPTED", b"PARTSTAT=YES"),
    "PARTSTAT=NEEDS-ACTION": lambda data: data.replace(b"PARTSTAT=ACCEPTED", b"PARTSTAT=NEEDS-ACTION"),
    "no DTSTAMP": lambda data: _without(b"DTSTAMP", data),
    "no VERSION": lambda data: _without(b"VERSION", data),
    "two VEVENTs": lambda data: re.sub(rb"(BEGIN:VEVENT.*END:VEVENT\r\n)", rb"\1\1", data, flags=re.DOTALL),
    "no such occurrence": lambda data: data.replace(
        b"BEGIN:VEVENT", b"BEGIN:VEVENT\r\nRECURRENCE-ID:19700101T030303Z"
    ),
    "another alphabet": lambda data: data.replace("Kovač".encode(), "Kovač".encode("cp1250")),
    "cut off": lambda data: data[:-60],
}
ONLY_ONE_SEES: dict[str, set[str]] = {}


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Who refuses each broken answer to the same request."""
    request = (HERE / "requests" / "google.ics").read_bytes()
    good = calendar_part(invitation_in(request), ACCEPT)
    broken = {name: fault(good) for name, fault in BROKEN.items()}
    assert good not in broken.values()
    found = readings([(request, each) for each in broken.values()], tmp_path_factory.mktemp("broken"))
    return {name: {each.judge for each in judged if each.faults} for name, judged in zip(broken, found, strict=True)}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_answer_is_refused(fault: str, refusals: dict[str, set[str]]) -> None:
    """So the table above proves something: the consumers see what is wrong."""
    assert refusals[fault] >= ONLY_ONE_SEES.get(fault, set())
    assert len(refusals[fault]) >= (1 if fault in ONLY_ONE_SEES else 2)
