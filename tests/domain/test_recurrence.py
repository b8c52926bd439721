# ruff: noqa: E501
"""Series: in words, the next time, all times, and whether they are over."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from regrets.domain.imip import read
from regrets.domain.recurrence import in_words, next_occurrence, occurrences, series_over

HERE = ZoneInfo("Europe/Ljubljana")
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=HERE)
ZONED = "DTSTART;TZID=Europe/Ljubljana:20200107T100000\nDURATION:PT1H"


def series(rule, start=ZONED, extra="", more=""):
    rule = f"RRULE:{rule}\n" if rule else ""
    return read(
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{start}\n{rule}{extra}END:VEVENT\n{more}END:VCALENDAR\n".encode()
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY", "every Tuesday"),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270112T090000Z", "every Tuesday until 12 Jan 2027"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO;COUNT=10", "every 2 weeks on Monday and Friday, 10 times"),
        ("FREQ=DAILY;COUNT=1", "every day, once"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
        ("FREQ=MONTHLY", "every month on the 7th"),
        ("FREQ=MONTHLY;BYDAY=2TU", "every month on the second Tuesday"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last weekday"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "every 3 months on the last day"),
        ("FREQ=YEARLY", "every year on 7 January"),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "every year on the last Sunday of March"),
        ("FREQ=SECONDLY", "again and again, by a rule of its own"),
        ("", ""),
    ],
)
def test_in_words(rule, words):
    assert in_words(rule, dt.datetime(2020, 1, 7, 10, tzinfo=HERE)) == words


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=WEEKLY", ZONED, "2026-11-24T10:00:00+01:00"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ZONED, "2028-02-29T10:00:00+01:00"),
        ("FREQ=WEEKLY;COUNT=3", ZONED, None),
        ("FREQ=WEEKLY;UNTIL=20261117T090000Z", ZONED, None),
        ("FREQ=WEEKLY;UNTIL=20261124T090000Z", ZONED, "2026-11-24T10:00:00+01:00"),
        ("FREQ=WEEKLY", "DTSTART;VALUE=DATE:20200107", "2026-11-24T00:00:00+01:00"),
        ("FREQ=WEEKLY", "DTSTART:20200107T100000", "2026-11-24T10:00:00+01:00"),
        ("FREQ=WEEKLY", "DTSTART:20200107T100000Z", "2026-11-24T10:00:00+00:00"),
        ("", "DTSTART:20261122T073000Z\nDURATION:PT1H", "2026-11-22T07:30:00+00:00"),
        ("", "DTSTART:20261122T060000Z\nDURATION:PT1H", None),
    ],
)
def test_the_next_one_however_long_ago_it_began(rule, start, expected):
    item = series(rule, start)
    found = next_occurrence(item, NOW, HERE)
    assert (found.start.isoformat() if found else None) == expected
    assert series_over(item, NOW, HERE) is (expected is None)


def test_left_out_added_and_moved_times():
    extra = "EXDATE;TZID=Europe/Ljubljana:20261124T100000\nRDATE;TZID=Europe/Ljubljana:20261126T150000\n"
    moved = "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;TZID=Europe/Ljubljana:20261201T100000\nDTSTART;TZID=Europe/Ljubljana:20261203T120000\nEND:VEVENT\n"
    found = occurrences(series("FREQ=WEEKLY", extra=extra, more=moved), NOW, NOW + dt.timedelta(days=20), HERE)
    assert [slot.start.strftime("%m-%d %H") for slot in found] == ["11-26 15", "12-03 12", "12-08 10"]


def test_hours_keep_their_wall_time_across_the_clock_change():
    found = occurrences(
        series("FREQ=DAILY"), dt.datetime(2026, 10, 24, tzinfo=HERE), dt.datetime(2026, 10, 26, tzinfo=HERE), HERE
    )
    assert [slot.start.isoformat() for slot in found] == ["2026-10-24T10:00:00+02:00", "2026-10-25T10:00:00+01:00"]


def test_never_more_than_asked_for_and_nothing_of_what_is_refused():
    assert len(occurrences(series("FREQ=DAILY"), NOW, NOW + dt.timedelta(days=3650), HERE)) == 500
    assert len(occurrences(series("FREQ=DAILY"), NOW, NOW + dt.timedelta(days=3650), HERE, most=3)) == 3
    hostile = series("FREQ=SECONDLY")
    assert (occurrences(hostile, NOW, NOW + dt.timedelta(days=9), HERE), next_occurrence(hostile, NOW, HERE)) == (
        [],
        None,
    )
    assert not series_over(hostile, NOW, HERE)


def test_what_is_not_counted_to_its_end_is_not_over():
    old = "DTSTART:19000101T100000Z\nDURATION:PT1H"
    item = series("FREQ=DAILY;COUNT=99999999", old)
    assert occurrences(item, NOW, NOW + dt.timedelta(days=9), HERE) == []
    assert next_occurrence(item, NOW, HERE) is None
    assert not series_over(item, NOW, HERE)
    assert series_over(series("FREQ=DAILY;COUNT=15000", old), NOW, HERE)
    assert series_over(series("FREQ=YEARLY;COUNT=9;BYMONTH=2;BYMONTHDAY=30", old), NOW, HERE)


def test_dates_are_left_out_in_whatever_zone_they_are_written():
    for written in (
        "EXDATE:20261124T090000Z",
        "EXDATE;TZID=Pacific/Kiritimati:20261124T230000",
        "EXDATE;TZID=Pacific/Pago_Pago:20261123T220000",
    ):
        found = occurrences(series("FREQ=DAILY", extra=written + "\n"), NOW, NOW + dt.timedelta(days=4), HERE)
        assert [slot.start.day for slot in found] == [22, 23, 25], written


def test_an_unknown_zone_is_over_only_when_it_is_everywhere():
    assert not series_over(series("", "DTSTART;TZID=BRT:20261122T010000"), NOW, HERE)
    assert series_over(series("", "DTSTART;TZID=BRT:20261120T010000"), NOW, HERE)
    assert next_occurrence(series("", "DTSTART;TZID=BRT:20261220T010000"), NOW, HERE) is None
