"""An event into the bytes of somebody's calendar and out of it: nobody else's byte is touched."""

from __future__ import annotations

import datetime as dt
import email

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regrets.domain.calendar_scan import Scan, scan
from regrets.domain.calendar_splice import is_bare, may_hold, uid_of, with_event, without_event
from regrets.domain.errors import CalendarError
from regrets.domain.event import read_calendar
from regrets.domain.imip import read
from regrets.domain.itip import occurrence
from regrets.domain.model import Invitation, PartStat
from regrets.domain.own_event import event_to_file, event_to_remove
from tests.domain.test_any_invitation import messages
from tests.support.invitations import ZONE
from tests.support.world import invitation

NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
ME = "Ana@Studio.example"
UID = "kovin-1@kovin.example"
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=6\n"
OTHER = "BEGIN:VEVENT\nUID:dentist\nDTSTAMP:20261101T080000Z\nDTSTART:20261203T090000Z\nSUMMARY:Dentist\nEND:VEVENT\n"


def mine(*parts: str) -> bytes:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//mine//EN\n{''.join(parts)}END:VCALENDAR\n".encode()


def mail(**parts: str) -> Invitation:
    found = read(invitation(**parts))
    assert isinstance(found, Invitation)
    return found


def to_file(item: Invitation, partstat: PartStat = PartStat.ACCEPTED) -> bytes:
    return event_to_file(item, partstat, ME, NOW)


def meeting(day: int, item: Invitation | None = None) -> Invitation:
    return occurrence(item or mail(extra=WEEKLY), dt.datetime(2026, 12, day, 10, tzinfo=ZONE))


def lines_of(data: bytes) -> list[str]:
    return data.decode().replace("\r\n", "\n").replace("\n ", "").splitlines()


def test_it_is_added_in_the_files_own_style_and_taken_out_without_a_trace_but_its_zone() -> None:
    before = mine(OTHER)
    there = with_event(before, to_file(mail()))
    assert b"\r" not in there
    assert there.startswith(b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//mine//EN\nBEGIN:VTIMEZONE\n")
    assert there.endswith(b"END:VEVENT\nEND:VCALENDAR\n")
    assert with_event(there, to_file(mail())) == there
    gone = without_event(there, event_to_remove(mail()))
    zone = gone[gone.index(b"BEGIN:VTIMEZONE") : gone.index(b"END:VTIMEZONE\n") + len(b"END:VTIMEZONE\n")]
    assert gone.replace(zone, b"") == before
    assert without_event(before, event_to_remove(mail())) == before
    assert without_event(with_event(b"", to_file(mail())), event_to_remove(mail())).count(b"VEVENT") == 0


def test_an_update_replaces_it_and_keeps_what_i_added() -> None:
    there = with_event(mine(OTHER), to_file(mail()))
    alarm = b"BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT10M\nDESCRIPTION:Leave\nEND:VALARM\n"
    own = there.replace(b"END:VEVENT\nEND:VCALENDAR", b"CATEGORIES:Clients\n" + alarm + b"END:VEVENT\nEND:VCALENDAR")
    moved = mail(sequence=1, start="20261125T100000", end="20261125T110000")
    after = with_event(own, to_file(moved))
    assert after.count(UID.encode()) == 1
    assert b"20261125T100000" in after
    assert b"20261124T100000" not in after
    assert alarm in after
    assert after.count(b"CATEGORIES:Clients") == 1
    assert with_event(after, to_file(moved)) == after
    with pytest.raises(CalendarError, match="newer version"):
        with_event(after, to_file(mail()))


def test_one_meeting_goes_as_an_exdate_and_comes_back() -> None:
    series = with_event(mine(OTHER), to_file(mail(extra=WEEKLY)))
    without = without_event(series, event_to_remove(meeting(1)))
    assert "EXDATE;TZID=Europe/Ljubljana:20261201T100000" in lines_of(without)
    assert without_event(without, event_to_remove(meeting(1))) == without
    two = without_event(without, event_to_remove(meeting(8)))
    # what I took out stays out when the same version is filed again
    assert sum(line.startswith("EXDATE") for line in lines_of(with_event(two, to_file(mail(extra=WEEKLY))))) == 2
    back = with_event(without, to_file(meeting(1)))
    assert not any(line.startswith("EXDATE") for line in lines_of(back))
    assert "RECURRENCE-ID;TZID=Europe/Ljubljana:20261201T100000" in lines_of(back)
    again = without_event(back, event_to_remove(meeting(1)))
    assert sorted(lines_of(again)) == sorted(lines_of(without))
    assert UID not in without_event(back, event_to_remove(mail(extra=WEEKLY))).decode()


def test_a_meeting_is_known_in_whatever_zone_it_was_written() -> None:
    stored = with_event(mine(), to_file(meeting(1)))
    in_utc = stored.replace(b"RECURRENCE-ID;TZID=Europe/Ljubljana:20261201T100000", b"RECURRENCE-ID:20261201T090000Z")
    assert in_utc != stored
    assert UID not in without_event(in_utc, event_to_remove(meeting(1))).decode()
    dates = mine(f"BEGIN:VEVENT\nUID:{UID}\nDTSTART:20261124T090000Z\nRRULE:FREQ=WEEKLY\n"
                 "EXDATE:20261201T090000Z,20261208T090000Z\nEND:VEVENT\n")  # fmt: skip
    assert "EXDATE:20261208T090000Z" in lines_of(with_event(dates, to_file(meeting(1))))


def test_a_new_version_of_a_series_drops_older_exceptions_only() -> None:
    there = with_event(mine(), to_file(mail(extra=WEEKLY)))
    there = with_event(there, to_file(meeting(1)))
    newer = mail(extra=WEEKLY, sequence=2, start="20261125T100000", end="20261125T113000")
    assert b"RECURRENCE-ID" in with_event(there, to_file(mail(extra=WEEKLY)))
    assert b"RECURRENCE-ID" not in with_event(there, to_file(newer))


def test_one_zone_name_never_means_two_things() -> None:
    def customized(uid: str, offset: str) -> Invitation:
        parts = email.message_from_bytes(invitation(uid)).walk()
        part = next(part for part in parts if part.get_content_type() == "text/calendar")
        data = part.get_payload(decode=True).replace(b"Europe/Ljubljana", b"Customized Time Zone")
        found = read(data.replace(b"TZOFFSETTO:+0100", b"TZOFFSETTO:" + offset.encode()))
        assert isinstance(found, Invitation)
        return found

    there = with_event(mine(), to_file(customized(UID, "+0100")))
    assert with_event(there, to_file(customized("same", "+0100"))).count(b"BEGIN:VTIMEZONE") == 1
    second = customized("other", "+0500")
    both = with_event(there, to_file(second))
    starts = {each.uid: each.start for each in (read_calendar(both), *read_calendar(both).also)}
    assert starts[UID] == dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
    assert starts["other"] == dt.datetime(2026, 11, 24, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "data",
    [
        b"hello\n",
        b"BEGIN:VEVENT\nUID:a\nEND:VEVENT\n",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nEND:VCALENDAR\n",
        b"BEGIN:VCALENDAR\nVERSION:2.0\n",
        b"BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n",
    ],
)
def test_a_file_that_is_not_sound_is_refused_and_not_mended(data: bytes) -> None:
    with pytest.raises(CalendarError, match="nothing in it was changed"):
        with_event(data, to_file(mail()))


# --- any calendar, any event -----------------------------------------------------------------------------------

TEXTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\x85"), max_size=40
)
EXTRAS = st.sampled_from(
    (
        "",
        "BEGIN:VALARM\nUID:kovin-1@kovin.example\nTRIGGER:-PT5M\nEND:VALARM\n",
        'X-ODD;P="a:b;c":value\\, with everything\n',
        "RRULE:FREQ=DAILY;COUNT=3\n",
        "DESCRIPTION:folded\n  in a strange\n\tway\n",
    )
)
KINDS = st.sampled_from(("VEVENT", "VTODO", "VJOURNAL"))


@st.composite
def calendars(draw: st.DrawFn) -> bytes:
    """Somebody's file: several calendars in one, odd properties, folds in odd places, either line end."""
    written = []
    for _ in range(draw(st.integers(1, 2))):
        parts = []
        for number in range(draw(st.integers(0, 4))):
            kind, text = draw(KINDS), draw(TEXTS)
            uid = draw(st.sampled_from((f"own-{number}", "ŽUPAN-1x", "a", "")))
            name = f"UID:{uid}\n" if uid else ""
            parts.append(f"BEGIN:{kind}\n{name}DTSTART:20261203T090000Z\nSUMMARY:{text}\n{draw(EXTRAS)}END:{kind}\n")
        head = draw(st.sampled_from(("X-WR-CALNAME:Mine\n", "", "METHOD:PUBLISH\n")))
        written.append(f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{''.join(parts)}END:VCALENDAR\n")
    data = "".join(written).encode()
    if draw(st.booleans()):
        data = data.replace(b"\n", b"\r\n")
    data = data.removesuffix(b"\n") if draw(st.booleans()) and data.endswith(b"\n") and b"\r" not in data else data
    return (b"\xef\xbb\xbf" if draw(st.booleans()) else b"") + data


def others(there: Scan, uid: str) -> list[bytes]:
    """Everything but the events of a UID and the zones, as it stands in the file."""
    spans = [
        (piece.start, piece.end)
        for holder in there.holders
        for piece in holder.pieces
        if (piece.name == "VEVENT" and piece.uid == uid) or piece.name == "VTIMEZONE"
    ]
    kept, place = [], 0
    for start, end in spans:
        kept.append(there.data[place:start])
        place = end
    return [b"".join([*kept, there.data[place:]])]


@settings(max_examples=100, deadline=None)
@given(calendars(), messages())
def test_whatever_is_filed_and_taken_out_everything_else_stays_as_it_was(own: bytes, message: bytes) -> None:
    item = read(message)
    if not isinstance(item, Invitation):
        return
    try:
        new = event_to_file(item, PartStat.ACCEPTED, "ana@studio.example", NOW)
    except CalendarError:
        return
    uid, before = uid_of(new), scan(own)
    filed = with_event(own, new)
    found = [read_calendar(before_and_after) for before_and_after in (new, with_event(b"", new))]
    assert found[0].start == found[1].start == item.start
    assert others(scan(filed), uid) == others(before, uid)
    assert sum(len(holder.events(uid)) for holder in scan(filed).holders) >= 1
    assert with_event(filed, new) == filed
    assert may_hold(filed, uid)
    gone = without_event(filed, event_to_remove(item))
    if item.recurrence_id is None:
        assert others(scan(gone), uid) == others(before, uid)
        assert not any(holder.events(uid) for holder in scan(gone).holders)
        assert is_bare(without_event(new, event_to_remove(item)))
