"""What reaches a letter from invitation, settings and client book, and what never does."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from regrets.domain.clients import Client, Sign
from regrets.domain.letters import letter_values, write
from regrets.domain.letters.check import LETTERS
from regrets.domain.letters.promise import working_day_after
from regrets.domain.model import (
    Attendee,
    EventSource,
    Invitation,
    Mailbox,
    MailFacts,
    Method,
    Slot,
    Strategy,
    Suggestion,
    TimeKind,
    Verdict,
)
from regrets.domain.settings import Away, Hours, Me, Settings

LJUBLJANA = ZoneInfo("Europe/Ljubljana")
NOW = dt.datetime(2026, 11, 20, 9, tzinfo=LJUBLJANA)  # a Friday
START = dt.datetime(2026, 11, 24, 14, 5, tzinfo=LJUBLJANA)
INVITATION = Invitation(
    method=Method.REQUEST,
    uid="u",
    sequence=0,
    dtstamp=None,
    recurrence_id=None,
    recurrence_start=None,
    organizer=Mailbox("Marko Kovač", "marko@kovin.example"),
    sent_by=None,
    attendees=(
        Attendee(Mailbox("Ana Novak", "ana@studio.example")),
        Attendee(Mailbox("Room 1", "room@studio.example"), cutype="ROOM"),
        Attendee(Mailbox("Eva Zajc", "eva@studio.example")),
        Attendee(Mailbox("Ben Kos", "ben@studio.example")),
    ),
    summary="Print run\r\nof the flyer",
    description="About the print.",
    location="Kovin, Maribor",
    url="",
    start=START,
    end=START + dt.timedelta(minutes=90),
    time_kind=TimeKind.ZONED,
    tzid="Europe/Ljubljana",
    recurrence=None,
    rdates=(),
    exdates=(),
    status="",
    disallow_counter=False,
    declared_language="",
    conference_links=(),
    source=EventSource(()),
)
SETTINGS = Settings(
    me=Me(
        name="Ana Novak",
        addresses=("ana@studio.example",),
        company_domains=("studio.example",),
        timezone="Europe/Ljubljana",
        phone="+386 1 555 0100",
        references=("Maja",),
        referrals=("Ben, ben@example.org, printing", "Eva, eva@example.org, SEO"),
        signature="Ana",
    ),
    hours=Hours(holidays="SI"),
)
SUGGESTION = Suggestion(Strategy.DECLINE, "13", (), ())


def values(invitation=INVITATION, suggestion=SUGGESTION, settings=SETTINGS, client=None, **options):
    given = {"strategy": Strategy.DECLINE, "minutes": 0, "proposals": (), "now": NOW} | options
    return letter_values(invitation, suggestion, settings, client, **given)


def test_the_everyday_values():
    told = values()
    assert (told.title, told.organizer_first, told.signature) == ("Print run of the flyer", "Marko", "Ana")
    assert (told.start, told.zone, told.other_zone) == (START, "Europe/Ljubljana", "")
    assert told.in_person
    assert told.colleague == "Eva Zajc"
    assert told.minutes == 0
    assert values(strategy=Strategy.TIMEBOX).minutes == 90
    assert values(strategy=Strategy.SHORTEN, minutes=30).minutes == 30
    assert told.referrals == ("Ben, ben@example.org, printing",)


def test_nothing_of_the_client_book_but_what_may_be_said_changes_a_letter():
    plain = Client("Kovin d.d.")
    dark = replace(
        plain,
        tier="minor",
        status="blocked",
        traits=("hands_on", "distrustful", "knows_better", "chatty"),
        signs=(Sign(dt.date(2026, 11, 1), "unpaid_rework", "third round of the flyer"),),
        pays=False,
    )
    for letter in LETTERS:
        options = {"strategy": letter, "minutes": 30, "proposals": ()}
        one = write(letter, "en", values(client=plain, **options), formal=True, reason=True)
        two = write(letter, "en", values(client=dark, **options), formal=True, reason=True)
        assert one == two


def test_no_reason_of_the_engine_enters_a_letter():
    told = Suggestion(Strategy.DECLINE, "12", ("SECRET",), (), ("SECRET",), clashes=("SECRET",), relation="SECRET")
    body = write(Strategy.DECLINE, "en", values(suggestion=told), formal=True, reason=True).body
    assert "another appointment" in body
    assert "SECRET" not in body


def test_the_client_books_own_words():
    client = Client(
        "Kovin d.d.",
        contact="BEN@studio.example",
        salutation="Dear Marko,",
        language="en",
        next_report="Fridays at noon",
        helped_with=("logo redesign", "printing"),
        notice_days=10,
        since=dt.date(2026, 6, 1),
    )
    told = values(client=client)
    assert (told.colleague, told.colleague_first, told.colleague_is_contact) == ("Ben Kos", "Ben", True)
    assert (told.salutation, told.salutation_language) == ("Dear Marko,", "en")
    assert (told.next_report, told.topic) == ("Fridays at noon", "printing")
    assert told.notice_date == dt.date(2026, 11, 30)
    assert told.references == ("Maja",)
    assert values(client=replace(client, since=dt.date(2020, 1, 1))).references == ()
    assert values(client=replace(client, contact="new@studio.example")).colleague == "new@studio.example"


def test_a_colleague_who_organises_gets_the_letter_themselves():
    told = values(replace(INVITATION, organizer=Mailbox("Eva Zajc", "eva@studio.example")))
    assert told.colleague_organizes
    assert "This one is yours" in write(Strategy.BOW_OUT, "en", told, formal=True, reason=False).body


def test_reasons_that_are_true_and_only_those():
    away = Away(NOW, NOW + dt.timedelta(days=10), "surgery")
    told = values(settings=replace(SETTINGS, away=(away,)))
    assert (told.away, told.reason_text, told.clash) == (True, "surgery", False)
    over = replace(away, end=START)
    assert not values(settings=replace(SETTINGS, away=(over,))).away
    trace = (Verdict("12", Strategy.DECLINE, True, ""), Verdict("8e", Strategy.DECLINE, False, ""))
    told = values(suggestion=replace(SUGGESTION, trace=trace, clashes=("14:00 Review",)))
    assert (told.full_day, told.unsolicited, told.clash) == (True, False, True)


@pytest.mark.parametrize(
    ("tzid", "zone", "mail_offset", "other"),
    [
        ("Europe/Helsinki", ZoneInfo("Europe/Helsinki"), None, "Europe/Helsinki"),
        ("Europe/Vienna", ZoneInfo("Europe/Vienna"), None, ""),
        ("FLE Standard Time", ZoneInfo("Europe/Kiev"), None, "UTC+02:00"),  # a Finn is not in Kyiv
        ("", dt.UTC, None, ""),
        ("", dt.UTC, 1, ""),
        ("", dt.UTC, 2, "UTC+02:00"),
        ("", dt.UTC, 0, ""),  # a server's clock says nothing
    ],
)
def test_the_other_sides_zone_is_named_where_its_clock_differs(tzid, zone, mail_offset, other):
    sent = None
    if mail_offset is not None:
        sent = dt.datetime(2026, 11, 19, 12, tzinfo=dt.timezone(dt.timedelta(hours=mail_offset)))
    start = START.astimezone(zone)
    told = values(replace(INVITATION, start=start, end=start, tzid=tzid, mail=MailFacts(date=sent)))
    assert told.other_zone == other


def test_a_series_has_no_single_time_and_days_have_no_zone():
    assert values(replace(INVITATION, recurrence="FREQ=WEEKLY")).start is None
    day = replace(INVITATION, start=dt.date(2026, 11, 24), end=dt.date(2026, 11, 25), time_kind=TimeKind.DAYS)
    assert values(day).other_zone == ""
    assert "Tuesday 24 November 2026." in write(Strategy.ACCEPT, "en", values(day), formal=True, reason=False).body


def test_the_agenda_is_a_list_in_the_description():
    listed = replace(INVITATION, description="Points:\n- price\n2. date\n")
    assert values(listed).agenda_known
    assert not values().agenda_known
    assert values(agenda_known=True).agenda_known


@pytest.mark.parametrize(
    ("today", "count", "day"),
    [
        (dt.date(2026, 11, 16), 2, dt.date(2026, 11, 18)),
        (dt.date(2026, 11, 20), 2, dt.date(2026, 11, 24)),  # over the weekend
        (dt.date(2026, 11, 20), 0, dt.date(2026, 11, 23)),  # at least the next one
        (dt.date(2026, 12, 23), 2, dt.date(2026, 12, 28)),  # 25 and 26 December are holidays
        (dt.date(2026, 12, 31), 1, dt.date(2027, 1, 4)),  # so are 1 and 2 January, in the next year
    ],
)
def test_the_promised_day_is_a_working_day(today, count, day):
    assert working_day_after(today, count, SETTINGS) == day


def test_no_day_is_promised_in_an_absence_and_an_odd_week_still_gives_one():
    away = Away(dt.datetime(2026, 11, 17, tzinfo=LJUBLJANA), dt.datetime(2026, 11, 19, tzinfo=LJUBLJANA))
    settings = replace(SETTINGS, away=(away,))
    assert working_day_after(dt.date(2026, 11, 16), 1, settings) == dt.date(2026, 11, 19)
    assert working_day_after(dt.date(2026, 11, 16), 2, Settings(hours=Hours(days=()))) == dt.date(2026, 11, 18)
    assert working_day_after(dt.date(2026, 11, 16), 1, Settings(hours=Hours(holidays="ZZ"))) == dt.date(2026, 11, 17)


def test_at_most_three_slots_are_offered():
    slots = tuple(Slot(START + dt.timedelta(days=n), START + dt.timedelta(days=n, hours=1)) for n in range(5))
    assert values(proposals=slots).proposals == slots[:3]
