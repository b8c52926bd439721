"""What was read survives the way from one process to the other, and nothing else does."""

import copy
import datetime as dt
import json
import os
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrets.domain.imip import read
from regrets.domain.model import (
    Attendee,
    ContentLine,
    EventSource,
    Invitation,
    Mailbox,
    MailFacts,
    Method,
    PartStat,
    TimeKind,
    Unreadable,
)
from regrets.domain.sent_zone import SentZone
from regrets.domain.wire import from_wire, to_wire
from tests.support.mails import calendar

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("REGRETS_SHARED", ROOT.parent / "shared"))

OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Custom Corp Time
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0515
TZOFFSETTO:+0415
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10;UNTIL=20401028T000000Z
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0415
TZOFFSETTO:+0515
RDATE:20270329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT"""


def there_and_back(item: Invitation | Unreadable) -> Invitation | Unreadable:
    return from_wire(json.loads(json.dumps(to_wire(item))))


texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)  # lone surrogates too
addresses = st.builds(Mailbox, texts, texts)
days = st.dates()
zones = st.sampled_from([None, dt.UTC, ZoneInfo("Europe/Ljubljana"), ZoneInfo("America/New_York")]) | st.builds(
    dt.timezone, st.integers(-86_399, 86_399).map(lambda seconds: dt.timedelta(seconds=seconds))
)
moments = st.datetimes().flatmap(
    lambda when: st.builds(lambda zone, fold: when.replace(tzinfo=zone, fold=fold), zones, st.sampled_from([0, 1]))
)
times = moments | days
facts = st.builds(
    MailFacts,
    from_=st.none() | addresses,
    sender=st.none() | addresses,
    reply_to=st.lists(addresses, max_size=2).map(tuple),
    to=st.lists(addresses, max_size=2).map(tuple),
    cc=st.lists(addresses, max_size=2).map(tuple),
    subject=texts,
    date=st.none() | moments,
    message_id=texts,
    references=st.lists(texts, max_size=2).map(tuple),
    text=texts,
    forwarded=st.booleans(),
)
sources = st.builds(
    EventSource,
    st.lists(st.builds(ContentLine, texts, texts), max_size=3).map(tuple),
    st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
)


def invitations(also: Any) -> Any:
    return st.builds(
        Invitation,
        method=st.none() | st.sampled_from(Method),
        uid=texts,
        sequence=st.integers(),
        dtstamp=st.none() | moments,
        recurrence_id=st.none() | texts,
        recurrence_start=st.none() | times,
        organizer=st.none() | addresses,
        sent_by=st.none() | addresses,
        attendees=st.lists(
            st.builds(
                Attendee, addresses, st.sampled_from(PartStat), texts, texts, st.sampled_from([None, True, False])
            ),
            max_size=2,
        ).map(tuple),
        start=st.none() | times,
        end=st.none() | times,
        time_kind=st.sampled_from(TimeKind),
        recurrence=st.none() | texts,
        rdates=st.lists(times, max_size=2).map(tuple),
        exdates=st.lists(times, max_size=2).map(tuple),
        disallow_counter=st.booleans(),
        source=sources,
        mail=facts,
        also=also,
        **dict.fromkeys(("summary", "description", "location", "url", "tzid", "status"), texts),
        declared_language=texts,
        conference_links=st.lists(texts, max_size=2).map(tuple),
        warnings=st.lists(texts, max_size=2).map(tuple),
    )


@given(
    invitations(st.lists(invitations(st.just(())), max_size=1).map(tuple))
    | st.builds(Unreadable, texts, texts, facts)
)
def test_everything_survives(item: Invitation | Unreadable) -> None:
    assert repr(there_and_back(item)) == repr(item)


def in_own_zone() -> bytes:
    """An event that begins in winter and ends in summer, in a zone that only its own mail knows."""
    text = calendar().replace("BEGIN:VEVENT", OWN_ZONE)
    text = text.replace("DTSTART:20261124T090000Z", "DTSTART;TZID=Custom Corp Time:20261124T090000")
    return text.replace("DTEND:20261124T100000Z", "DTEND;TZID=Custom Corp Time:20270601T100000").encode()


def test_a_zone_of_the_mail_s_own_gives_the_same_times() -> None:
    item = read(in_own_zone())
    again = there_and_back(item)
    assert isinstance(item, Invitation)
    assert isinstance(again, Invitation)
    assert isinstance(item.start, dt.datetime)
    assert isinstance(again.start, dt.datetime)
    assert isinstance(again.end, dt.datetime)
    assert isinstance(again.start.tzinfo, SentZone)
    assert again.start.tzinfo is again.end.tzinfo
    assert again.start.tzinfo.observances == item.start.tzinfo.observances  # type: ignore[union-attr]
    assert (again.start.utcoffset(), again.end.utcoffset()) == (
        dt.timedelta(hours=4, minutes=15),
        dt.timedelta(hours=5, minutes=15),
    )


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no shared material at {SHARED}; set REGRETS_SHARED")
def test_every_real_invitation_survives() -> None:
    files = [*(SHARED / "corpus").rglob("*.ics"), *(SHARED / "corpus").rglob("*.eml")]
    assert len(files) > 100
    for file in files:
        item = read(file.read_bytes())
        assert repr(there_and_back(item)) == repr(item), file.name


def _changed(change: Any) -> Any:
    item = read(in_own_zone())
    document = json.loads(json.dumps(to_wire(item)))
    return change(copy.deepcopy(document)) or document


def _set(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


LIES = {
    "no document": lambda document: ["Invitation"],
    "another class": lambda document: _set(document, ("kind",), "Popen"),
    "a field less": lambda document: _set(document, ("fields",), document["fields"][:-1]),
    "a field more": lambda document: _set(document, ("fields",), [*document["fields"], ""]),
    "a number as text": lambda document: _set(document, ("fields", 1), 7),
    "text as a number": lambda document: _set(document, ("fields", 2), "7"),
    "true as a number": lambda document: _set(document, ("fields", 2), True),
    "a broken time": lambda document: _set(document, ("fields", 3), ["2026-13-01T00:00:00", 0, 0]),
    "a zone of nothing": lambda document: _set(document, ("fields", 3), ["2026-11-01T00:00:00", 0, 99]),
    "a negative zone": lambda document: _set(document, ("fields", 3), ["2026-11-01T00:00:00", 0, -1]),
    "a path as a zone": lambda document: _set(document, ("zones", 0), "../../../etc/passwd"),
    "a zone without a change": lambda document: _set(document, ("zones", 0), ["Custom", []]),
    "an offset of a week": lambda document: _set(document, ("zones", 0), [7, 0]),
    "an unknown method": lambda document: _set(document, ("fields", 0), "DESTROY"),
    "a list as a line": lambda document: _set(document, ("fields", 8), "abc"),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_would_not_have_been_written_is_refused(lie: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason
        from_wire(_changed(LIES[lie]))


def test_a_rule_that_would_not_end_is_refused() -> None:
    document = _changed(lambda document: None)
    index = next(index for index, zone in enumerate(document["zones"]) if isinstance(zone[0], str) and zone[1:])
    for place, value in ((1, 0), (0, "SECONDLY")):
        changed = copy.deepcopy(document)
        changed["zones"][index][1][0][3][place] = value
        with pytest.raises(ValueError, match="zone"):
            from_wire(changed)
