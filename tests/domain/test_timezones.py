# ruff: noqa: DTZ001, E501
"""Which zone a TZID means, and that no mail's VTIMEZONE reaches the next mail."""

import datetime as dt
import pickle
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrets.domain import sent_zone
from regrets.domain.describe import times
from regrets.domain.imip import read
from regrets.domain.model import TimeKind
from regrets.domain.rule_steps import rule_of, wall_times
from regrets.domain.timezones import Zones

SUMMER, WINTER = dt.datetime(2026, 7, 1, 12), dt.datetime(2026, 12, 1, 12)


def observance(kind, offsets, rule, start="16010101T020000"):
    before, after = offsets
    rule = f"RRULE:{rule}\n" if rule else ""
    return f"BEGIN:{kind}\nDTSTART:{start}\nTZOFFSETFROM:{before}\nTZOFFSETTO:{after}\n{rule}END:{kind}\n"


def vtimezone(
    tzid, standard, daylight, march="FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", october="FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"
):
    return (
        f"BEGIN:VTIMEZONE\nTZID:{tzid}\n"
        + observance("STANDARD", (daylight, standard), october, "16010101T030000")
        + observance("DAYLIGHT", (standard, daylight), march)
        + "END:VTIMEZONE\n"
    )


def event(tzid, zones="", start="20261124T100000"):
    return read(
        f"BEGIN:VCALENDAR\nMETHOD:REQUEST\n{zones}BEGIN:VEVENT\nUID:1\nORGANIZER:a@b.example\n"
        f"DTSTART;TZID={tzid}:{start}\nEND:VEVENT\nEND:VCALENDAR\n".encode()
    )


@pytest.mark.parametrize(
    ("tzid", "summer", "winter"),
    [
        ("Europe/Ljubljana", 2, 1),
        ("europe/ljubljana", 2, 1),
        ("W. Europe Standard Time", 2, 1),
        ("Pacific Standard Time", -7, -8),
        ("/mozilla.org/20050126_1/Europe/Riga", 3, 2),
        ("/freeassociation.sourceforge.net/Tzfile/America/New_York", -4, -5),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", 2, 1),
        ("(UTC+00:00) Dublin, Edinburgh, Lisbon, London", 1, 0),
        ("(GMT-08.00) Pacific Time (US & Canada)/Tijuana", -7, -8),
        ("tzone://Microsoft/Utc", 0, 0),
        ("GMT+0200", 2, 2),
        ("Etc/GMT+2", -2, -2),
    ],
)
def test_names_that_are_known(tzid, summer, winter):
    zone = Zones([]).find(tzid).zone
    assert [zone.utcoffset(day) / dt.timedelta(hours=1) for day in (SUMMER, WINTER)] == [summer, winter]


@pytest.mark.parametrize(
    "tzid",
    ["BRT", "Eastern", "Customized Time Zone", "America", "localtime", "posixrules", "right/Europe/Berlin/x",
     "../../etc/passwd", "A" * 5000, "", "(UTC+05:00) Berlin", "(UTC+01:00) Berlin, London", "Romance Standard Time 1"],
)  # fmt: skip
def test_what_is_not_known_is_not_guessed(tzid):
    assert Zones([]).find(tzid).zone is None
    item = event(tzid or '""')
    assert item.time_kind in (TimeKind.UNKNOWN_ZONE, TimeKind.FLOATING)
    assert times(item)[0] == "2026-11-24T10:00:00"
    assert ("unknown-timezone" in item.warnings) == bool(tzid)


def test_a_zone_of_its_own_never_reaches_the_next_mail():
    first = event("Customized Time Zone", vtimezone("Customized Time Zone", "+0500", "+0600"))
    second = event("Customized Time Zone", vtimezone("Customized Time Zone", "-0800", "-0700"))
    third = event("Customized Time Zone")
    assert [times(item)[0][-6:] for item in (first, second)] == ["+05:00", "-08:00"]
    assert third.time_kind is TimeKind.UNKNOWN_ZONE


def test_a_windows_name_belongs_to_its_sender_an_iana_name_does_not():
    windows = event("W. Europe Standard Time", vtimezone("W. Europe Standard Time", "+0500", "+0600"))
    iana = event("Europe/Berlin", vtimezone("Europe/Berlin", "+0500", "+0600"))
    honest = event("Europe/Berlin", vtimezone("Europe/Berlin", "+0100", "+0200"))
    assert (times(windows)[0][-6:], windows.warnings) == ("+05:00", ("timezone-differs",))
    assert (times(iana)[0][-6:], iana.warnings) == ("+01:00", ("timezone-differs",))
    assert honest.warnings == ()


def test_a_sent_zone_is_the_zone_it_describes_hour_by_hour():
    zone = event("Mine", vtimezone("Mine", "+0100", "+0200")).start.tzinfo
    berlin = ZoneInfo("Europe/Berlin")
    for hours in range(0, 24 * 800, 1):
        wall = dt.datetime(2026, 1, 1) + dt.timedelta(hours=hours)
        assert zone.utcoffset(wall) == berlin.utcoffset(wall), wall
        instant = wall.replace(tzinfo=dt.UTC)
        assert instant.astimezone(zone).replace(tzinfo=None) == instant.astimezone(berlin).replace(tzinfo=None)
    copy = pickle.loads(pickle.dumps(zone))
    assert copy.utcoffset(SUMMER) == dt.timedelta(hours=2)


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=YEARLY;INTERVAL=0", "COUNT=1", "FREQ=DAILY"])
def test_a_zone_that_would_not_end_is_no_zone(rule):
    assert event("Mine", vtimezone("Mine", "+0100", "+0200", march=rule)).time_kind is TimeKind.UNKNOWN_ZONE
    assert times(event("Europe/Riga", vtimezone("Europe/Riga", "+0100", "+0200", march=rule)))[0][-6:] == "+02:00"


BROKEN = vtimezone("{0}", "+0500", "+0600", march="FREQ=HOURLY")


@pytest.mark.parametrize("tzid", ["Eastern Standard Time", "Europe/Riga", "EST"])
@pytest.mark.parametrize(
    "zones",
    [BROKEN, vtimezone("{0}", "+0500", "+0600") + vtimezone("{0}", "-0500", "-0600")],
    ids=["endless", "defined twice"],
)
def test_a_definition_that_can_not_be_used_is_replaced_with_a_word(tzid, zones):
    item = event(tzid, zones.replace("{0}", tzid))
    assert item.warnings == ("timezone-differs",)
    again = event(tzid, 2 * vtimezone(tzid, "+0500", "+0600"))  # the same twice is no contradiction
    assert times(again)[0][-6:] in ("+05:00", "+02:00")


def test_a_single_change_that_is_still_to_come_does_not_hold_yet():
    zones = f"BEGIN:VTIMEZONE\nTZID:Mine\n{observance('STANDARD', ('+0200', '+0500'), '', '20300101T000000')}END:VTIMEZONE\n"
    for day, offset, said in (("20261124", "+02:00", ("timezone-differs",)), ("20310101", "+05:00", ())):
        item = event("Mine", zones, f"{day}T100000")
        assert (times(item)[0][-6:], item.warnings) == (offset, said)


@pytest.mark.parametrize(
    "observances",
    [
        [(0, "", 1)] * 301,
        [(0, "", 501), (60, "", 501)],
        [(offset, "", 1) for offset in range(17)],
        [(0, "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", 0)] * 26,
        [(0, "FREQ=YEARLY;BYYEARDAY=90", 0)] * 3,
        [(0, "FREQ=YEARLY;BYMONTH=3;COUNT=500", 0)] * 3,
    ],
    ids=["observances", "dates", "offsets", "rules", "days", "counts"],
)
def test_a_zone_that_changes_more_than_zones_do_is_no_zone(observances):
    def parts(observances):
        for offset, rule, dates in observances:
            found = observance("STANDARD", (f"+01{offset:02}",) * 2, rule)
            moments = ",".join(f"{2000 + n // 25}1201T0{n % 10}{n % 6}000" for n in range(dates))
            yield found.replace("END:", f"RDATE:{moments}\nEND:") if dates else found

    whole, less = ("".join(parts(each)) for each in (observances, observances[:1] * 2))
    assert event("Mine", f"BEGIN:VTIMEZONE\nTZID:Mine\n{whole}END:VTIMEZONE\n").time_kind is TimeKind.UNKNOWN_ZONE
    if len(observances) > 2:
        assert event("Mine", f"BEGIN:VTIMEZONE\nTZID:Mine\n{less}END:VTIMEZONE\n").time_kind is TimeKind.ZONED


def test_what_a_zone_does_in_a_year_is_found_out_once(monkeypatch):
    asked = []
    stepping = sent_zone.wall_times
    monkeypatch.setattr(sent_zone, "wall_times", lambda *given: asked.append(given) or stepping(*given))
    old = observance("STANDARD", ("+0200", "+0100"), "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10;UNTIL=20201025T010000Z")
    zone = event("Mine", vtimezone("Mine", "+0100", "+0200").replace("END:VTIME", f"{old}END:VTIME")).start.tzinfo
    for hours in range(0, 24 * 365 * 3, 5):
        zone.utcoffset(dt.datetime(2026, 1, 1) + dt.timedelta(hours=hours))
    assert len(asked) == 3 * 2 + 1


OFFSETS = st.sampled_from([dt.timedelta(minutes=minutes) for minutes in (-120, 0, 45, 60, 120)])
MOMENTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2024, 1, 1)).map(lambda when: when.replace(microsecond=0))
YEARLY = st.sampled_from([None, *map(rule_of, (
    "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20221030T010000Z",
    "FREQ=YEARLY;BYMONTHDAY=1;BYMONTH=1", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31;COUNT=2",
))])  # fmt: skip


@given(
    st.lists(
        st.builds(sent_zone.Observance, MOMENTS, OFFSETS, OFFSETS, YEARLY, st.lists(MOMENTS, max_size=3).map(tuple)),
        min_size=1,
        max_size=5,
    ),
    MOMENTS,
)
def test_the_change_that_holds_is_the_last_one_of_all(observances, wall):
    changes = []
    for part in observances:
        onsets = [part.start, *part.dates]
        if part.rule:
            onsets += wall_times(part.rule, part.start, part.start, dt.datetime(2026, 1, 1), dt.timezone(part.before))
        changes += [part.change(onset) for onset in onsets]
    held = [change for change in sorted(changes) if change[0] <= wall]
    zone = sent_zone.SentZone("Mine", tuple(observances))
    if held:
        assert zone.utcoffset(wall) == held[-1][1]


def test_rules_that_end_and_single_changes():
    old = observance(
        "STANDARD", ("+0200", "+0100"), "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10;UNTIL=20201025T010000Z", "19960101T030000"
    )
    new = observance("DAYLIGHT", ("+0100", "+0200"), "", "20210328T020000")
    zones = f"BEGIN:VTIMEZONE\nTZID:Mine\n{old}{new}END:VTIMEZONE\n"
    assert times(event("Mine", zones, "20201224T100000"))[0][-6:] == "+01:00"
    assert times(event("Mine", zones, "20261224T100000"))[0][-6:] == "+02:00"
