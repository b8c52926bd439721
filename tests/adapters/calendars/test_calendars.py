"""The user's calendars: files, folders, feeds, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from zoneinfo import ZoneInfo

from regrets.adapters.calendars import Calendars
from regrets.adapters.calendars.feed import FeedFailed
from regrets.domain.model import Busy
from regrets.domain.settings import CalendarSource

ZONE = ZoneInfo("Europe/Ljubljana")
START = dt.datetime(2026, 11, 1, tzinfo=ZONE)
END = dt.datetime(2026, 12, 1, tzinfo=ZONE)
ME = ("ana@studio.example",)


def event(uid: str, *lines: str, start: str = "DTSTART:20261110T090000Z", end: str = "DTEND:20261110T100000Z") -> str:
    return "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T080000Z", start, end, *lines, "END:VEVENT"))


def calendar(*events: str) -> bytes:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
    return (head + "\r\n".join(events) + "\r\nEND:VCALENDAR\r\n").encode()


def read(tmp_path: Path, *events: str) -> list[Busy]:
    path = tmp_path / "mine.ics"
    path.write_bytes(calendar(*events))
    entries, faults = Calendars().busy([CalendarSource("mine", str(path))], START, END, ME, ZONE)
    assert not faults
    return entries


def test_what_is_busy_and_what_is_not(tmp_path: Path) -> None:
    me = "ATTENDEE;PARTSTAT={}:mailto:Ana@Studio.example"
    entries = read(
        tmp_path,
        event("busy", "SUMMARY:Review", "ORGANIZER:mailto:x@kovin.example", me.format("ACCEPTED"), "SEQUENCE:2"),
        event("free", "TRANSP:TRANSPARENT"),
        event("gone", "STATUS:CANCELLED"),
        event("no", me.format("DECLINED")),
        event("perhaps", "STATUS:TENTATIVE"),
        event("room", "ATTENDEE;CUTYPE=ROOM:mailto:room@kovin.example"),
        event("elsewhere", start="DTSTART:20270110T090000Z", end="DTEND:20270110T100000Z"),
    )
    found = {entry.uid: entry for entry in entries}
    assert set(found) == {"busy", "free", "gone", "no", "perhaps", "room"}
    assert {uid for uid, entry in found.items() if entry.opaque} == {"busy", "perhaps", "room"}
    assert {uid for uid, entry in found.items() if entry.declined} == {"gone", "no"}
    assert {uid for uid, entry in found.items() if entry.tentative} == {"perhaps"}
    assert found["room"].people == ()
    busy = found["busy"]
    assert (busy.summary, busy.sequence, busy.organizer) == ("Review", 2, "x@kovin.example")
    assert busy.people == ("x@kovin.example", "Ana@Studio.example")
    assert busy.slot.minutes == 60


def test_a_series_with_a_moved_a_cancelled_and_a_left_out_date(tmp_path: Path) -> None:
    zone = "TZID=Europe/Ljubljana"
    master = event(
        "weekly",
        "RRULE:FREQ=WEEKLY",
        f"EXDATE;{zone}:20261124T100000",
        start=f"DTSTART;{zone}:20260901T100000",
        end=f"DTEND;{zone}:20260901T103000",
    )
    moved = event(
        "weekly",
        f"RECURRENCE-ID;{zone}:20261110T100000",
        start=f"DTSTART;{zone}:20261111T150000",
        end=f"DTEND;{zone}:20261111T153000",
    )
    entries = read(tmp_path, master, moved)
    assert [f"{entry.slot.start:%d %H}" for entry in entries] == ["03 10", "11 15", "17 10"]
    assert [entry.recurrence_id for entry in entries] == [None, "20261110T100000", None]


def test_days_and_floating_times_are_in_the_users_zone(tmp_path: Path) -> None:
    entries = read(
        tmp_path,
        event("day", start="DTSTART;VALUE=DATE:20261110", end="DTEND;VALUE=DATE:20261111"),
        event("floating", start="DTSTART:20261110T090000", end="DURATION:PT30M"),
        event("windows", start="DTSTART;TZID=FLE Standard Time:20261110T110000", end="DURATION:PT30M"),
    )
    found = {entry.uid: entry for entry in entries}
    assert found["day"].all_day
    assert found["day"].slot.minutes == 24 * 60
    assert found["floating"].slot.start == dt.datetime(2026, 11, 10, 9, tzinfo=ZONE)
    assert found["windows"].slot.start == dt.datetime(2026, 11, 10, 10, tzinfo=ZONE)


def test_a_folder_with_a_broken_file_still_counts(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(calendar(event("one")))
    (tmp_path / "b.ics").write_bytes(b"no calendar at all")
    (tmp_path / "c.ics").write_bytes(calendar(event("two"), event("bad", start="DTSTART:tomorrow")))
    entries, faults = Calendars().busy(
        [CalendarSource("work", str(tmp_path)), CalendarSource("lost", str(tmp_path / "none.ics"))],
        START,
        END,
        ME,
        ZONE,
    )
    assert {entry.uid for entry in entries} == {"one", "two"}
    assert len(faults) == 3
    assert "“work”: b.ics is no calendar" in faults[0]
    assert "c.ics 1 entry" in faults[1]
    assert "“lost”: can't be read: No such file" in faults[2]


def test_a_fifo_is_named_and_not_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.ics").write_bytes(calendar(event("good")))
    os.mkfifo(folder / "fifo.ics")
    os.mkfifo(tmp_path / "alone.ics")
    sources = [CalendarSource("many", path=str(folder)), CalendarSource("one", path=str(tmp_path / "alone.ics"))]
    found, faults = Calendars().busy(sources, START, END, ME, ZONE)
    assert [entry.uid for entry in found] == ["good"]
    assert faults == [
        "Calendar “many”: fifo.ics can't be read: it is no regular file.",
        "Calendar “one”: can't be read: it is no regular file.",
    ]


def test_rules_that_never_end_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "mine.ics"
    path.write_bytes(
        calendar(event("often", "RRULE:FREQ=SECONDLY"), event("one"), event("stuck", "RRULE:FREQ=DAILY;INTERVAL=0"))
    )
    entries, faults = Calendars().busy([CalendarSource("mine", str(path))], START, END, ME, ZONE)
    assert [entry.uid for entry in entries] == ["one"]
    assert len(faults) == 1


def test_a_file_is_read_again_only_when_it_changes(tmp_path: Path) -> None:
    path, calendars = tmp_path / "mine.ics", Calendars()
    sources = [CalendarSource("mine", str(path))]
    path.write_bytes(calendar(event("one")))
    first = calendars.busy(sources, START, END, ME, ZONE)[0]
    assert calendars.busy(sources, START, END, ME, ZONE)[0][0] is first[0]
    path.write_bytes(calendar(event("two")))
    os.utime(path, ns=(1, 1))
    assert [entry.uid for entry in calendars.busy(sources, START, END, ME, ZONE)[0]] == ["two"]


def test_one_files_zones_do_not_reach_the_next(tmp_path: Path) -> None:
    """Two files that define a zone of the same name differently."""
    for name, offset in (("a", "+0100"), ("b", "+0500")):
        zone = (
            "BEGIN:VTIMEZONE\r\nTZID:Own Zone\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
            f"TZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\nEND:STANDARD\r\nEND:VTIMEZONE"
        )
        (tmp_path / f"{name}.ics").write_bytes(
            calendar(zone, event(name, start="DTSTART;TZID=Own Zone:20261110T100000", end="DURATION:PT1H"))
        )
    entries, _ = Calendars().busy([CalendarSource("mine", str(tmp_path))], START, END, ME, ZONE)
    assert {entry.uid: entry.slot.start.astimezone(dt.UTC).hour for entry in entries} == {"a": 9, "b": 5}


def test_a_feed_is_kept_for_a_while_and_its_address_is_never_named() -> None:
    now, asked = [0.0], []

    def fetch(url: str) -> bytes:
        asked.append(url)
        if now[0] > 1000:
            raise FeedFailed("the server can't be reached.")
        return calendar(event("one"))

    calendars = Calendars(lambda: now[0], fetch)
    sources = [CalendarSource("team", url="https://calendar.example/secret")]
    for moment, expected in ((0.0, 1), (60.0, 1), (700.0, 2)):
        now[0] = moment
        entries, _ = calendars.busy(sources, START, END, ME, ZONE)
        assert len(asked) == expected
        assert entries[0].dtstamp is None
    now[0] = 2000.0
    entries, faults = calendars.busy(sources, START, END, ME, ZONE)
    assert not entries
    assert faults == ["Calendar “team”: the server can't be reached."]
