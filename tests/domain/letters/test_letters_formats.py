"""Dates, times and lengths as each language writes them, and whose name a greeting uses."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from regrets.domain.letters import LetterValues, durations, formats, write
from regrets.domain.letters.names import first_name, one_line
from regrets.domain.model import Strategy

START = dt.datetime(2026, 3, 9, 14, 5, tzinfo=ZoneInfo("Europe/Ljubljana"))
END = START + dt.timedelta(minutes=55)


@pytest.mark.parametrize(
    ("language", "one", "two", "near", "lengths", "hours"),
    [
        (
            "en",
            "Monday 9 March 2026, 14:05–15:00",
            "Monday 9 March 2026, 14:05–15:00 Ljubljana / 15:05–16:00 Helsinki",
            "Monday 9 March",
            ["1 minute", "2 minutes", "5 minutes", "21 minutes", "30 minutes", "an hour"],
            "Monday to Thursday, Saturday, 09:00–16:30",
        ),
        (
            "en_US",
            "Monday, March 9, 2026, 2:05 PM–3:00 PM",
            "Monday, March 9, 2026, 2:05 PM–3:00 PM Ljubljana / 3:05 PM–4:00 PM Helsinki",
            "Monday, March 9",
            ["1 minute", "2 minutes", "5 minutes", "21 minutes", "30 minutes", "an hour"],
            "Monday to Thursday, Saturday, 9:00 AM–4:30 PM",
        ),
        (
            "nb",
            "mandag 9. mars 2026 kl. 14.05–15.00",
            "mandag 9. mars 2026 kl. 14.05–15.00 Ljubljana / 15.05–16.00 Helsingfors",
            "mandag 9. mars",
            ["1 minutt", "2 minutter", "5 minutter", "21 minutter", "30 minutter", "60 minutter"],
            "mandag–torsdag, lørdag kl. 09.00–16.30",
        ),
        (
            "sl-SI",
            "ponedeljek, 9. marec 2026, 14.05–15.00",
            "ponedeljek, 9. marec 2026, 14.05–15.00 Ljubljana / 15.05–16.00 Helsinki",
            "9. 3. 2026",
            ["1 min", "2 min", "5 min", "21 min", "30 min", "60 min"],
            "ponedeljek–četrtek, sobota, 9.00–16.30",
        ),
        (
            "tr",
            "9 Mart 2026 Pazartesi, saat 14.05–15.00",
            "9 Mart 2026 Pazartesi, saat 14.05–15.00 Ljubljana / 15.05–16.00 Helsinki",
            "9 Mart Pazartesi",
            ["1 dakika", "2 dakika", "5 dakika", "21 dakika", "30 dakika", "60 dakika"],
            "Pazartesi–Perşembe, Cumartesi, saat 09.00–16.30",
        ),
        (
            "lv",
            "pirmdiena, 2026. gada 9. marts, plkst. 14.05–15.00",
            "pirmdiena, 2026. gada 9. marts, plkst. 14.05–15.00 Ļubļana / 15.05–16.00 Helsinki",
            "2026. gada 9. marts",
            ["1 min", "2 min", "5 min", "21 min", "30 min", "60 min"],
            "pirmdiena–ceturtdiena, sestdiena, plkst. 9.00–16.30",
        ),
        (
            "fi",
            "maanantai 9.3.2026 klo 14.05–15.00",
            "maanantai 9.3.2026 klo 14.05–15.00 Ljubljana / 15.05–16.00 Helsinki",
            "9.3.2026",
            ["1 minuutti", "2 minuuttia", "5 minuuttia", "21 minuuttia", "30 minuuttia", "60 minuuttia"],
            "maanantai–torstai, lauantai klo 9.00–16.30",
        ),
    ],
)
def test_each_language_writes_times_its_own_way(language, one, two, near, lengths, hours):
    plain = [
        formats.when(START, END, language, "Europe/Ljubljana"),
        formats.when(START, END, language, "Europe/Ljubljana", "Europe/Helsinki"),
        formats.short_date(START.date(), language),
        formats.hours(("mon", "tue", "wed", "thu", "sat"), dt.time(9), dt.time(16, 30), language),
    ]
    assert [text.replace(formats.NO_BREAK, " ") for text in plain] == [one, two, near, hours]
    told = [formats.duration(minutes, language) for minutes in (1, 2, 5, 21, 30, 60)]
    assert [text.replace(formats.NO_BREAK, " ") for text in told] == lengths


def test_ranges_name_the_second_day_where_there_is_one():
    zone = "Europe/Ljubljana"
    night = START.replace(hour=23)
    assert formats.when(night, night + dt.timedelta(hours=2), "en", zone) == (
        "Monday 9 March 2026, 23:05 – Tuesday 10 March 2026, 01:05"
    )
    assert formats.when(night, night + dt.timedelta(minutes=30), "en", zone, "Pacific/Auckland") == (
        "Monday 9 March 2026, 23:05–23:35 Ljubljana / Tuesday 10 March 2026, 11:05–11:35 Auckland"
    )


@pytest.mark.parametrize(
    ("other", "reads"),
    [
        ("UTC-05:00", "08:05–09:00 UTC-5"),
        ("UTC+05:30", "18:35–19:30 UTC+5:30"),
        ("UTC+00:00", "13:05–14:00 UTC"),
        ("GMT Standard Time", "13:05–14:00 GMT"),
        ("FLE Standard Time", "15:05–16:00 EET"),  # a Finn is not in Kyiv
        ("E. South America Standard Time", "10:05–11:00 UTC-3"),
    ],
)
def test_a_zone_without_a_city_goes_by_what_its_people_call_it(other, reads):
    assert formats.when(START, END, "en", "Europe/Ljubljana", other).endswith(f"Ljubljana / {reads}")


def test_days_naive_times_and_no_time():
    day = dt.date(2026, 3, 9)
    assert formats.when(day, dt.date(2026, 3, 10), "en") == "Monday 9 March 2026"
    assert formats.when(day, dt.date(2026, 3, 11), "en") == "Monday 9 March 2026 – Tuesday 10 March 2026"
    naive = dt.datetime(2026, 3, 9, 14, 5)  # noqa: DTZ001
    assert formats.when(naive, None, "en", "Europe/Ljubljana") == "Monday 9 March 2026, 14:05"
    assert formats.when(None, None, "en") == ""
    assert formats.duration(0, "en") == ""


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Anna Virtanen", "Anna"),
        ("Anne-Marie O'Neill", "Anne-Marie"),
        ("Špela Čeh", "Špela"),
        ("İlknur Şahin", "İlknur"),
        ("VIRTANEN, Anna", ""),
        ("VIRTANEN Anna", ""),
        ("Anna V. (External)", ""),
        ("Anna Maria Virtanen", ""),
        ("Anna", ""),
        ("info@kovin.example", ""),
        ("Sales Team", ""),
        ("Dr Kovač", ""),
        ("Kovin Prodaja", ""),
        ("Polona Kovin", "Polona"),  # a surname in the firm's name
        ("anna virtanen", ""),
        ("Anna 2", ""),
        ("", ""),
    ],
)
def test_a_greeting_uses_a_first_name_only_where_it_is_certain(name, first):
    assert first_name(name, ("kovin.example", "Kovin d.d.")) == first


def test_one_line_takes_the_teeth_out_of_a_value():
    assert one_line(" a\r\n\tb\u2028c\x00\x1b[2J\u202ed ") == "a b c[2Jd"
    assert one_line("x" * 300) == "x" * 199 + "…"


@pytest.mark.parametrize(
    ("language", "shorter", "set_aside"),
    [
        ("en", "cover it in half an hour, so", "set aside an hour and a half and"),
        ("nb", "tror en halvtime er nok", "satt av halvannen time og"),
        ("sl", "dovolj pol ure.", "imam uro in pol in"),
        ("tr", "Bence yarım saat içinde", "için bir buçuk saat ayırdım"),
        ("lv", "atvēlēt pusstundu.", "veltīt pusotru stundu un"),
        ("fi", "Riittäisikö puoli tuntia?", "aikaa puolitoista tuntia ja"),
    ],
)
def test_letters_say_lengths_as_people_do(language, shorter, set_aside):
    how = {"formal": True, "reason": False}
    assert shorter in write(Strategy.SHORTEN, language, LetterValues(minutes=30), **how).body
    assert set_aside in write(Strategy.TIMEBOX, language, LetterValues(minutes=90), **how).body


def test_a_length_stands_in_the_case_that_its_place_wants():
    assert (durations.enough(60, "sl"), durations.set_aside(60, "sl")) == ("ena ura", "eno uro")
    assert (durations.enough(60, "fi"), durations.set_aside(60, "fi")) == ("tunti", "tunnin")
    assert durations.set_aside(45, "sl").replace(formats.NO_BREAK, " ") == "45 min"
    assert durations.enough(60, "en-US") == "an hour"
    assert (durations.enough(0, "fi"), durations.set_aside(0, "sl")) == ("", "")
