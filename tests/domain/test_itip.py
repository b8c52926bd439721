"""Answers as iTIP objects: what is echoed, what is new, what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regrets.domain.errors import CannotAnswer
from regrets.domain.itip import answer_calendar, answer_dtstamp, occurrence
from regrets.domain.lint import faults
from regrets.domain.model import (
    Attendee,
    Effect,
    EventSource,
    Invitation,
    Mailbox,
    Method,
    PartStat,
    TimeKind,
)
from tests.support.answers import ACCEPT, DECLINE, ME, NOW, TENTATIVE, calendar_for, counter, lines_of
from tests.support.invitations import ANA, START, ZONE, lines, make_invitation


def property_lines(invitation: Invitation, effect: Effect, name: str) -> list[str]:
    return [line for line in lines_of(calendar_for(invitation, effect)) if re.split("[;:]", line)[0] == name]


def with_lines(invitation: Invitation, *raw: str) -> Invitation:
    """The invitation with some of its lines replaced by these."""
    new = lines(*raw)
    kept = [line for line in invitation.source.lines if line.name not in {each.name for each in new}]
    return dataclasses.replace(invitation, source=EventSource((*kept, *new), invitation.source.timezones))


def test_a_reply_holds_what_the_organiser_wrote_and_one_answer() -> None:
    invitation = make_invitation(sequence=3)
    text = lines_of(calendar_for(invitation, DECLINE))
    event = text[text.index("BEGIN:VEVENT") + 1 : text.index("END:VEVENT")]
    assert event == [
        "UID:7f3a-quarterly@kovin.example",
        "SEQUENCE:3",
        "DTSTAMP:20261122T080000Z",
        "DTSTART;TZID=Europe/Ljubljana:20261124T100000",
        "DTEND;TZID=Europe/Ljubljana:20261124T110000",
        "SUMMARY:Quarterly review",
        "LOCATION:Room 4",
        "ORGANIZER;CN=Marko Kovač:mailto:marko@kovin.example",
        "ATTENDEE;PARTSTAT=DECLINED;CN=Ana Novak:mailto:ana@studio.example",
        "COMMENT:thank you for asking\\; sadly\\, no – next time.",
    ]
    assert text[1:4] == ["PRODID:-//regrets//regrets//EN", "VERSION:2.0", "METHOD:REPLY"]
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in text  # the organiser's own definition


@pytest.mark.parametrize(
    "line",
    [
        'ORGANIZER;CN="Kovač, Marko";SENT-BY="mailto:assistant@kovin.example":MAILTO:Marko@Kovin.Example',
        "UID:040000008200E00074C5B7101A82E008" + "F" * 120,
        "SEQUENCE:1407317367304",
        "RECURRENCE-ID;TZID=Europe/Ljubljana;RANGE=THISANDFUTURE:20261124T100000",
    ],
)
def test_identity_is_echoed_to_the_byte(line: str) -> None:
    name = re.split("[;:]", line)[0]
    occurrence_id = "20261124T100000" if name == "RECURRENCE-ID" else None
    invitation = with_lines(make_invitation(recurrence_id=occurrence_id), line)
    calendar = calendar_for(invitation, ACCEPT)
    assert [each for each in lines_of(calendar) if each.startswith(name)] == [line]
    assert faults(invitation, calendar) == []
    assert max(map(len, calendar.split(b"\r\n"))) <= 75


def test_folds_keep_characters_whole() -> None:
    calendar = calendar_for(make_invitation(summary="漢字" * 90), ACCEPT)
    for physical in calendar.split(b"\r\n"):
        physical.decode("utf-8")
        assert len(physical) <= 75


# --- times and zones -------------------------------------------------------------------------------------------


def test_a_zone_that_the_organiser_did_not_define_is_made_from_iana() -> None:
    invitation = make_invitation()
    bare = dataclasses.replace(invitation, source=EventSource(invitation.source.lines))
    calendar = calendar_for(bare, ACCEPT)
    assert faults(bare, calendar) == []
    import icalendar

    found = icalendar.Calendar.from_ical(calendar)
    zone = found.walk("VTIMEZONE")[0].to_tz()
    for month in (1, 3, 4, 7, 10, 11):
        local = dt.datetime(2026, month, 28, 12)  # noqa: DTZ001
        assert local.replace(tzinfo=zone).utcoffset() == local.replace(tzinfo=ZONE).utcoffset()
    assert b"DTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200" in calendar


def test_an_unknown_zone_leaves_the_times_out_of_a_reply_and_refuses_a_counter() -> None:
    naive = dt.datetime(2026, 11, 24, 10)  # noqa: DTZ001
    invitation = make_invitation(start=naive, time_kind=TimeKind.UNKNOWN_ZONE, tzid="BRT")
    text = lines_of(calendar_for(invitation, ACCEPT))
    assert not [line for line in text if line.startswith(("DTSTART", "DTEND", "BEGIN:VTIMEZONE"))]
    assert faults(invitation, calendar_for(invitation, ACCEPT)) == []
    with pytest.raises(CannotAnswer, match="BRT"):
        calendar_for(invitation, counter(START))


@pytest.mark.parametrize("tzid", ["Africa", "../../etc/passwd", "x" * 5000, "/", ".", "posixrules/", "Mars/Base"])
def test_no_name_of_a_zone_does_harm(tzid: str) -> None:
    naive = dt.datetime(2026, 11, 24, 10)  # noqa: DTZ001
    invitation = make_invitation(start=naive, time_kind=TimeKind.UNKNOWN_ZONE, tzid=tzid)
    calendar = calendar_for(invitation, ACCEPT)
    assert faults(invitation, calendar) == []
    assert b"DTSTART" not in calendar


def test_a_tzid_with_an_unquoted_colon_is_quoted() -> None:
    invitation = with_lines(
        make_invitation(tzid="(UTC+01:00) Amsterdam"),
        "DTSTART;TZID=(UTC+01:00) Amsterdam:20261124T100000",
        "DTEND;TZID=(UTC+01:00) Amsterdam:20261124T110000",
    )
    calendar = calendar_for(invitation, counter(START))
    assert 'DTSTART;TZID="(UTC+01:00) Amsterdam":20261124T100000' in lines_of(calendar)
    assert faults(invitation, calendar) == []


@pytest.mark.parametrize(
    ("start", "moved", "written", "original"),
    [
        (START, START + dt.timedelta(hours=4), ";TZID=Europe/Ljubljana:20261124T140000", ";TZID=Europe/Ljubljana:"),
        (START.astimezone(dt.UTC), START + dt.timedelta(hours=4), ":20261124T130000Z", ":20261124T090000Z"),
        (
            START,
            dt.datetime(2026, 11, 25, 8, 30, tzinfo=ZoneInfo("America/New_York")),
            ";TZID=Europe/Ljubljana:20261125T143000",
            ";TZID=Europe/Ljubljana:20261124T100000",
        ),
        (START.replace(tzinfo=None), START + dt.timedelta(hours=1), ":20261124T110000", ":20261124T100000"),
        (dt.date(2026, 11, 24), START, ":20261124T090000Z", ";VALUE=DATE:20261124"),
        (START, dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZONE, fold=1), ":20261025T013000Z", ";TZID="),
    ],
)
def test_a_counter_writes_the_new_time_as_the_old_one_was_written(
    start: dt.datetime | dt.date, moved: dt.datetime, written: str, original: str
) -> None:
    invitation = make_invitation(start=start, sequence=2)
    calendar = calendar_for(invitation, counter(moved))
    text = lines_of(calendar)
    assert f"DTSTART{written}" in text
    assert any(line.startswith(f"X-MS-OLK-ORIGINALSTART{original}") for line in text)
    assert any(line.startswith("X-MS-OLK-ORIGINALEND") for line in text)
    assert {"METHOD:COUNTER", "SEQUENCE:2"} <= set(text)
    assert "ATTENDEE;PARTSTAT=TENTATIVE;CN=Ana Novak:mailto:ana@studio.example" in text
    assert faults(invitation, calendar) == []


def test_an_all_day_event_moves_to_whole_days() -> None:
    invitation = make_invitation(start=dt.date(2026, 11, 24))
    midnight = dt.datetime(2026, 11, 26, tzinfo=ZONE)
    text = lines_of(calendar_for(invitation, counter(midnight, 24 * 60)))
    assert {"DTSTART;VALUE=DATE:20261126", "DTEND;VALUE=DATE:20261127"} <= set(text)


def test_a_bare_date_says_that_it_is_one() -> None:
    invitation = with_lines(make_invitation(start=dt.date(2026, 11, 24)), "DTSTART:20261124", "DTEND:20261125")
    assert {"DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261125"} <= set(
        lines_of(calendar_for(invitation, ACCEPT))
    )


def test_a_duration_becomes_an_end_in_a_counter() -> None:
    invitation = make_invitation()
    kept = [line for line in invitation.source.lines if line.name != "DTEND"]
    source = EventSource((*kept, *lines("DURATION:PT1H")), invitation.source.timezones)
    lasting = dataclasses.replace(invitation, source=source)
    assert "DURATION:PT1H" in lines_of(calendar_for(lasting, ACCEPT))
    text = lines_of(calendar_for(lasting, counter(START)))
    assert "X-MS-OLK-ORIGINALEND;TZID=Europe/Ljubljana:20261124T110000" in text
    assert "DURATION:PT1H" not in text


@pytest.mark.parametrize(
    ("changes", "effect"),
    [
        ({"disallow_counter": True}, counter(START)),
        ({"recurrence": "FREQ=WEEKLY"}, counter(START)),
        ({"start": None}, counter(START)),
        ({}, counter(START, 0)),
        ({"organizer": None}, ACCEPT),
        ({"uid": ""}, ACCEPT),
        ({"uid": "one\ntwo"}, ACCEPT),
        ({}, Effect(Method.REPLY, PartStat.NEEDS_ACTION)),
        ({}, Effect(None, None)),
        ({"attendees": ("joann@studio.example",)}, ACCEPT),
    ],
)
def test_what_can_not_be_told_is_refused_with_a_way_out(changes: dict, effect: Effect) -> None:
    with pytest.raises(CannotAnswer) as caught:
        calendar_for(make_invitation(**changes), effect)
    assert caught.value.cure


def test_a_clean_copy_leaves_out_alarms_empty_lines_and_outlooks_own_properties() -> None:
    invitation = with_lines(
        make_invitation(location=""), "LOCATION:", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "X-MS-OLK-SENDER:mailto:x@y.z"
    )
    text = "\n".join(lines_of(calendar_for(invitation, ACCEPT)))
    assert not re.search("LOCATION|X-M|VALARM|RSVP|DESCRIPTION|ROLE", text)


def test_dtstamp_is_later_than_everything_before_it() -> None:
    invitation = make_invitation(dtstamp=NOW + dt.timedelta(days=2))
    assert answer_dtstamp(NOW, invitation, None) == NOW + dt.timedelta(days=2)
    now = NOW.replace(microsecond=900_000)
    assert answer_dtstamp(now, make_invitation(), None) == NOW
    assert answer_dtstamp(now, make_invitation(), NOW) == NOW + dt.timedelta(seconds=1)


def test_one_occurrence_of_a_series_is_answered_alone() -> None:
    series = make_invitation(recurrence="FREQ=WEEKLY", sequence=1)
    one = occurrence(series, START + dt.timedelta(days=7))
    calendar = calendar_for(one, DECLINE)
    text = lines_of(calendar)
    assert "RECURRENCE-ID;TZID=Europe/Ljubljana:20261201T100000" in text
    assert "DTEND;TZID=Europe/Ljubljana:20261201T110000" in text
    assert faults(one, calendar) == []
    assert calendar_for(one, counter(START))  # what is not possible for a series
    with pytest.raises(CannotAnswer):
        occurrence(make_invitation(), START)


# --- the peers' faults (interop.md, A.4) ----------------------------------------------------------------------


def test_b1_b2_one_moved_occurrence_stays_one_occurrence() -> None:
    invitation = make_invitation(recurrence_id="20261117T100000", sequence=3)
    text = lines_of(calendar_for(invitation, DECLINE))
    assert "RECURRENCE-ID;TZID=Europe/Ljubljana:20261117T100000" in text
    assert "SEQUENCE:3" in text


def test_b3_one_appointment_only() -> None:
    other = make_invitation(recurrence_id="20261201T100000")
    text = lines_of(calendar_for(make_invitation(also=(other,)), ACCEPT))
    assert text.count("BEGIN:VEVENT") == 1


def test_b4_addresses_are_compared_whole_and_without_case() -> None:
    people = ("joann@studio.example", Attendee(Mailbox("Ana", "ANA@Studio.Example")), "ana@studio.example.org")
    invitation = make_invitation(attendees=people)
    assert property_lines(invitation, ACCEPT, "ATTENDEE") == [
        "ATTENDEE;PARTSTAT=ACCEPTED;CN=Ana:mailto:ANA@Studio.Example"
    ]


def test_b5_a_windows_zone_is_no_utc() -> None:
    invitation = make_invitation(tzid="W. Europe Standard Time")
    text = lines_of(calendar_for(invitation, counter(START + dt.timedelta(hours=1))))
    assert "DTSTART;TZID=W. Europe Standard Time:20261124T110000" in text
    assert "TZID:W. Europe Standard Time" in text  # made from the zone that the name stands for


def test_b6_utc_and_seconds_survive() -> None:
    invitation = make_invitation(start=dt.datetime(2026, 11, 24, 9, 0, 30, tzinfo=dt.UTC))
    text = lines_of(calendar_for(invitation, counter(invitation.start)))
    assert {"DTSTART:20261124T090030Z", "X-MS-OLK-ORIGINALSTART:20261124T090030Z"} <= set(text)


def test_two_identities_invited_give_one_attendee() -> None:
    invitation = make_invitation(attendees=("ana@studio.example", "ana.novak@studio.example"))
    assert len(property_lines(invitation, TENTATIVE, "ATTENDEE")) == 1


# --- any invitation, any answer --------------------------------------------------------------------------------

TEXT = st.text(max_size=120)
NAMES = st.builds(Mailbox, TEXT, st.just("marko@kovin.example"))
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)).map(lambda m: m.replace(microsecond=0))  # noqa: DTZ001
ZONES = st.sampled_from(("UTC", "Europe/Ljubljana", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"))


@st.composite
def invitations(draw: st.DrawFn) -> Invitation:
    start = draw(
        st.one_of(
            st.none(),
            MOMENTS,
            MOMENTS.map(dt.datetime.date),
            st.builds(lambda moment, zone: moment.replace(tzinfo=ZoneInfo(zone)), MOMENTS, ZONES),
        )
    )
    stamp = draw(MOMENTS)
    return make_invitation(
        start=start,
        uid=draw(st.text(min_size=1, max_size=150)),
        sequence=draw(st.integers(0, 2**40)),
        dtstamp=draw(st.sampled_from((None, stamp.replace(tzinfo=dt.UTC)))),
        summary=draw(TEXT),
        location=draw(TEXT),
        organizer=draw(NAMES),
        sent_by=draw(st.sampled_from((None, Mailbox("", "assistant@kovin.example")))),
        attendees=(Attendee(Mailbox(draw(TEXT), draw(st.sampled_from((ANA.address, "ANA@studio.EXAMPLE"))))),),
        recurrence=draw(st.sampled_from((None, "FREQ=DAILY;COUNT=3"))),
        recurrence_id=draw(st.sampled_from((None, "20261124T100000"))),
        disallow_counter=draw(st.booleans()),
    )


@given(invitations(), st.sampled_from((ACCEPT, DECLINE, TENTATIVE, counter(START))), TEXT)
@settings(max_examples=150, deadline=None)
def test_any_answer_to_any_invitation_is_clean_or_refused(
    invitation: Invitation, effect: Effect, comment: str
) -> None:
    try:
        calendar = answer_calendar(invitation, effect, ME[0], dtstamp=NOW, comment=comment)
    except CannotAnswer:
        controlled = re.search("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]", invitation.uid)
        blank = not invitation.uid.strip()
        assert controlled or blank or effect.method is Method.COUNTER
        return
    assert faults(invitation, calendar) == []
    text = lines_of(calendar)
    for name in ("UID", "SEQUENCE", "RECURRENCE-ID"):
        asked = invitation.source.first(name)
        assert [line for line in text if line.startswith(name)] == ([asked.raw] if asked else [])
    organizer = invitation.source.first("ORGANIZER")
    assert organizer is not None
    assert organizer.raw in text or not organizer.raw.isprintable()
    assert sum(line.startswith("ATTENDEE") for line in text) == 1
