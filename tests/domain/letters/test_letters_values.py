"""What reaches a letter from invitation, settings and client book, and what never does."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from regrets.domain.clients import Client, Sign
from regrets.domain.letters import letter_values, write
from regrets.domain.letters.check import LETTERS
from regrets.domain.letters.promise import promised_day
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
    assert (told.title, told.addressee_first, told.signature) == ("Print run of the flyer", "Marko", "Ana")
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
    assert "leading on this" in write(Strategy.BOW_OUT, "en", told, formal=True, reason=False).body


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
        ("FLE Standard Time", ZoneInfo("Europe/Kiev"), None, "FLE Standard Time"),
        ("FLE Standard Time", dt.timezone(dt.timedelta(hours=3)), None, "UTC+03:00"),  # its VTIMEZONE says otherwise
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


def test_a_series_goes_by_its_next_occurrence():
    weekly = replace(INVITATION, recurrence="FREQ=WEEKLY")
    later = NOW + dt.timedelta(days=10)  # 30 November: the first one is over
    assert (values(weekly).start, values(weekly).series) == (START, True)
    told = values(weekly, now=later)
    assert (told.start, told.end) == (START + dt.timedelta(days=7), START + dt.timedelta(days=7, minutes=90))
    body = write(Strategy.ACCEPT, "en", told, formal=True, reason=False).body
    assert "The next date is Tuesday 1 December 2026, 14:05–15:35." in body
    away = Away(later, later + dt.timedelta(days=3), "surgery")
    assert values(weekly, now=later, settings=replace(SETTINGS, away=(away,))).away
    days = replace(weekly, start=dt.date(2026, 11, 24), end=dt.date(2026, 11, 25), time_kind=TimeKind.DAYS)
    assert (values(days, now=later).start, values(days, now=later).end) == (
        dt.date(2026, 12, 1),
        dt.date(2026, 12, 2),
    )
    assert values(replace(weekly, recurrence="FREQ=SECONDLY")).start is None
    assert not values().series


def test_a_no_to_one_meeting_of_a_series_says_which_one():
    one = values(replace(INVITATION, recurrence_id="20261124T140500"))
    assert (one.occurrence, one.series) == (True, False)
    for letter in (Strategy.DECLINE, Strategy.EMAIL, Strategy.BOW_OUT):
        body = write(letter, "en", one, formal=True, reason=False).body
        assert "about one meeting of the series only: Tuesday 24 November 2026, 14:05–15:35." in body
        assert "of the series" not in write(letter, "en", values(), formal=True, reason=False).body
    for letter in (Strategy.ACCEPT, Strategy.RESPECT, Strategy.PART_WAYS):  # it names the time; it ends everything
        assert "of the series only" not in write(letter, "en", one, formal=True, reason=False).body


def test_days_have_no_zone():
    day = replace(INVITATION, start=dt.date(2026, 11, 24), end=dt.date(2026, 11, 25), time_kind=TimeKind.DAYS)
    assert values(day).other_zone == ""
    assert "Tuesday 24 November 2026." in write(Strategy.ACCEPT, "en", values(day), formal=True, reason=False).body


@pytest.mark.parametrize(
    ("language", "text", "known"),
    [
        ("en", "Hi, lead or zinc for the gutter, we must settle it before the frost.", True),
        ("en", "Which of the two drafts shall we take?", True),
        ("en", "I need somebody to look at the crack in the cellar.", True),
        ("en", "No agenda from my side, I'd simply like an hour with you.", False),
        ("en", "I've blocked an hour for us. Does Tuesday suit you?", False),
        ("nb", "Hei, setter av en time til oss to, så snakkes vi.", False),
        ("nb", "Kunden vil ha en annen tittel på forsiden.", True),
        ("sl", "Tiskarna čaka na jedilnik do petka.", True),
        ("sl", "Brez dnevnega reda, samo eno uro bi rad s tabo.", False),
        ("tr", "Ödeme sayfasında taksit seçeneği açık mı kalsın?", True),
        ("tr", "Deniz Bey, sizinle uzunca bir oturalım istedim.", False),
        ("lv", "Veikala lapā trešdaļa bilžu ir pilnīgi melnas.", True),
        ("lv", "Darba kārtības nav, gribētu ar tevi stundu padomāt.", False),
        ("fi", "Tilaaja kysyy, painuuko kannen sininen liian tummaksi.", True),
        ("fi", "Varasin meille tunnin. Sopiiko?", False),
    ],
)
def test_who_says_what_it_is_about_is_not_asked_for_an_agenda(language, text, known):
    about = replace(INVITATION, summary="", description=text)
    told = values(about, replace(SUGGESTION, language=language))
    assert told.agenda_known is known
    asked = write(Strategy.SHORTEN, language, replace(told, agenda_known=False), formal=True, reason=False).body
    assert (write(Strategy.SHORTEN, language, told, formal=True, reason=False).body == asked) is not known


def test_the_agenda_that_the_engine_has_read_is_known():
    assert not values(replace(INVITATION, description="")).agenda_known
    assert values(suggestion=replace(SUGGESTION, agenda=True)).agenda_known


def test_the_letter_speaks_to_the_person_to_whom_it_goes():
    ben, outside = Mailbox("Ben Kos", "ben@studio.example"), (Attendee(Mailbox("", "ben@studio.example")),)
    passed_on = replace(INVITATION, attendees=outside, mail=MailFacts(from_=ben))
    client = Client("Kovin d.d.", salutation="Dear Marko,", language="en")
    told = values(passed_on, client=client, to=ben)
    assert (told.addressee_first, told.salutation, told.forwarded) == ("Ben", "", True)
    for letter in LETTERS:
        body = write(letter, "en", told, formal=True, reason=False).body
        assert body.startswith(("Hi Ben,\n", "Hello,\n", "Dear Ben")), letter
        assert "so my answer goes to you alone: please let Marko Kovač know." in body, letter
    greeted = Client("Ben", salutation="Ahoy Ben,")
    assert values(passed_on, client=client, to=ben, greeted=greeted).salutation == "Ahoy Ben,"
    secretary = Mailbox("Eva Zajc", "eva@kovin.example")
    sent_by = replace(INVITATION, sent_by=secretary, mail=MailFacts(from_=secretary))
    told = values(sent_by, client=client, to=secretary)
    assert (told.addressee_first, told.forwarded) == ("Eva", False)
    told = values(replace(passed_on, mail=MailFacts(from_=INVITATION.organizer)), client=client)
    assert (told.addressee_first, told.salutation, told.forwarded) == ("Marko", "Dear Marko,", False)


def test_others_to_turn_to_are_of_the_trade_that_is_asked_for_or_of_mine():
    me = replace(SETTINGS.me, services=("printing",))
    about = replace(INVITATION, summary="Raffle", description="How big is the pig?")
    assert values(about, settings=replace(SETTINGS, me=me)).referrals == ("Ben, ben@example.org, printing",)
    assert values(replace(about, summary="SEO")).referrals == ("Eva, eva@example.org, SEO",)
    assert values(about).referrals == ()  # a printer is no help to a raffle
    assert values(replace(about, summary="Museo")).referrals == ()
    media = replace(
        SETTINGS.me,
        services=("media training",),
        not_offered=("social media",),
        referrals=("Kit, kit@example.org, social media",),
    )
    assert values(about, settings=replace(SETTINGS, me=media)).referrals == ()  # what isn't offered is no own trade
    nameless = replace(SETTINGS.me, referrals=("Maja Zupan maja@example.org",))
    assert values(about, settings=replace(SETTINGS, me=nameless)).referrals == nameless.referrals


def test_resources_fit_what_is_asked_for_or_are_general():
    brief, web, paper = (
        "First steps: https://a.example/brand",
        "Website checklist: https://b.example",
        "Paper: c.example",
    )
    me = replace(
        SETTINGS.me, services=("branding", "websites"), not_offered=("paper",), resources=(brief, web, paper)
    )
    settings = replace(SETTINGS, me=me)

    def offered(summary, mine=settings):
        return values(replace(INVITATION, summary=summary, description=""), settings=mine).resources

    assert offered("Our new website") == (web, brief)
    assert offered("Which paper?") == (paper, brief)
    assert offered("Raffle") == (brief,)  # a checklist for websites is no help to a raffle; the means to go on stay
    only_web = replace(SETTINGS, me=replace(me, services=("websites",)))
    assert offered("Raffle", only_web) == (brief, web)  # who does nothing else is asked about nothing else


@pytest.mark.parametrize(
    ("today", "within", "day"),
    [
        (dt.date(2026, 11, 16), 2, dt.date(2026, 11, 19)),  # Tuesday and Wednesday pass: Thursday
        (dt.date(2026, 11, 20), 2, dt.date(2026, 11, 25)),  # over the weekend
        (dt.date(2026, 11, 20), 0, dt.date(2026, 11, 23)),  # at least the next one
        (dt.date(2026, 12, 23), 1, dt.date(2026, 12, 28)),  # 25 and 26 December are holidays
        (dt.date(2026, 12, 31), 0, dt.date(2027, 1, 4)),  # so are 1 and 2 January, in the next year
    ],
)
def test_the_promised_day_is_the_next_working_day_after_reply_within(today, within, day):
    assert promised_day(today, within, SETTINGS) == day
    now = dt.datetime.combine(today, dt.time(9), LJUBLJANA)
    mine = replace(SETTINGS, me=replace(SETTINGS.me, reply_within=within))
    assert values(settings=mine, now=now).date_promised == day


def test_no_day_is_promised_in_an_absence_and_an_odd_week_still_gives_one():
    away = Away(dt.datetime(2026, 11, 17, tzinfo=LJUBLJANA), dt.datetime(2026, 11, 19, tzinfo=LJUBLJANA))
    settings = replace(SETTINGS, away=(away,))
    assert promised_day(dt.date(2026, 11, 16), 0, settings) == dt.date(2026, 11, 19)
    assert promised_day(dt.date(2026, 11, 16), 2, Settings(hours=Hours(days=()))) == dt.date(2026, 11, 19)
    assert promised_day(dt.date(2026, 11, 16), 0, Settings(hours=Hours(holidays="ZZ"))) == dt.date(2026, 11, 17)


def test_at_most_three_slots_are_offered():
    slots = tuple(Slot(START + dt.timedelta(days=n), START + dt.timedelta(days=n, hours=1)) for n in range(5))
    assert values(proposals=slots).proposals == slots[:3]


@pytest.mark.parametrize(
    ("language", "status", "brief"),
    [
        ("en", "where this part stands and when", "short written update"),
        ("nb", "kort skriftlig status og en dato", "kort skriftlig status"),
        ("sl", "kako delo napreduje in kdaj", "kratko pisno poročilo o stanju"),
        ("tr", "hangi aşamada olduğunu ve sonucun ne zaman", "hangi aşamada olduğunu"),
        ("lv", "cik tālu darbs ir pavirzījies un kad", "īsu ziņu par paveikto"),
        ("fi", "missä vaiheessa työ on ja milloin", "lyhyen tilannekatsauksen"),
    ],
)
def test_by_a_date_that_is_not_agreed_a_word_on_the_work_is_promised_and_no_finished_work(language, status, brief):
    for taking_back in (True, False):
        how = {"formal": True, "reason": False, "taking_back": taking_back}
        assert status in write(Strategy.LIGHTEN, language, values(), **how).body
        assert brief in write(Strategy.CHECKPOINT, language, values(), **how).body.casefold()


@pytest.mark.parametrize(
    ("language", "named"),
    [
        ("en", "is a public holiday here (Christmas Day)."),
        ("sl", "Ta dan je pri nas praznik (božič)."),
        ("nb", "Den dagen er en offentlig fridag her."),  # the library doesn't know it in Norwegian
        ("fi", "Silloin on täällä yleinen vapaapäivä."),
        ("tr", "O gün burada resmî tatil."),
        ("lv", "Tajā dienā ir svētki"),
    ],
)
def test_with_reasons_another_time_is_offered_because_of_the_holiday(language, named):
    christmas = START.replace(month=12, day=25)
    told = values(replace(INVITATION, start=christmas, end=christmas + dt.timedelta(hours=1)))
    assert (told.holiday, told.day_off) == (dt.date(2026, 12, 25), False)
    assert named in write(Strategy.OFFICE_HOURS, language, told, formal=True, reason=True).body
    plain = write(Strategy.OFFICE_HOURS, language, told, formal=True, reason=False).body
    assert plain == write(Strategy.OFFICE_HOURS, language, replace(told, holiday=None), formal=True, reason=True).body


def test_with_reasons_a_day_off_is_named_too_and_a_working_day_is_none():
    saturday = START.replace(day=28)
    told = values(replace(INVITATION, start=saturday, end=saturday + dt.timedelta(hours=1)))
    assert (told.holiday, told.day_off) == (None, True)
    assert "isn't one of my working days" in write(Strategy.OFFICE_HOURS, "en", told, formal=True, reason=True).body
    assert (values().holiday, values().day_off) == (None, False)


def test_little_words_are_no_topic_in_common():
    mine = replace(
        SETTINGS,
        me=replace(SETTINGS.me, services=("branding", "websites"), resources=("Write your own brand story",)),
    )
    assert (
        values(replace(INVITATION, summary="Are your hours the same?", description=""), settings=mine).resources == ()
    )
    assert values(replace(INVITATION, summary="A story", description=""), settings=mine).resources


def test_the_only_settled_question_is_named_where_the_invitation_is_about_it():
    client = Client("Kovin", helped_with=("logo colours",))
    about_it = replace(INVITATION, summary="The colours again", description="")
    other = replace(INVITATION, summary="A new oven", description="")
    assert values(about_it, client=client).topic == "logo colours"
    assert values(other, client=client).topic == ""
    seen = replace(SUGGESTION, rule="3e")
    assert values(other, suggestion=seen, client=client).topic == "logo colours"
