"""Every letter of every language: clean by the lint, and as the reviewed golden text has it."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from regrets.domain.letters import available_languages, formal_by_default, write
from regrets.domain.letters.check import LETTERS, REFUSALS, check_all, word_range
from regrets.domain.letters.context import SLOTS, context
from regrets.domain.letters.library import BRIEF, built_in
from regrets.domain.letters.samples import EMPTY, FULL, PLAIN, TWO_ZONES
from regrets.domain.letters.values import LetterValues
from regrets.domain.model import Slot, Strategy

GOLDEN = Path(__file__).parent / "golden"
ANSWERED = {"reason": False, "taking_back": True}


def shown(language):
    """What a golden file has of each letter: mostly in the language's usual form of address, once in the other."""
    usual = formal_by_default(language)
    return (
        ("everyday", PLAIN, {"formal": usual, "reason": False}),
        ("all there is, with the reason", replace(FULL, clash=True), {"formal": usual, "reason": True}),
        (f"two zones, {'in' if usual else ''}formal, taking back", TWO_ZONES, {"formal": not usual} | ANSWERED),
        ("nothing known", EMPTY, {"formal": usual, "reason": False}),
    )


def text_of(body: str) -> str:
    """The body without greeting and closing."""
    return body.split("\n\n", 1)[1].rstrip("\n").rsplit("\n\n", 1)[0]


@pytest.mark.parametrize("language", available_languages())
def test_the_lint_finds_nothing(language):
    assert [str(fault) for fault in check_all(languages=(language,)) if not fault.note] == []


@pytest.mark.parametrize("language", available_languages())
def test_letters_read_as_reviewed(language):
    pages = []
    for letter in (*LETTERS, *([BRIEF] if built_in(language, BRIEF) else [])):
        for label, values, how in shown(language):
            body = write(letter, language, values, **how).body
            pages.append(f"=== {letter}: {label} ({len(text_of(body).split())} words)\n\n{body}")
    text = "\n".join(pages)
    file = GOLDEN / f"{language}.txt"
    if os.environ.get("REGRETS_UPDATE"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), "letters changed: read them, then set REGRETS_UPDATE=1"


@pytest.mark.parametrize("language", available_languages())
@pytest.mark.parametrize("letter", LETTERS)
def test_any_length_of_time_and_any_name_fits(language, letter):
    for minutes in (1, 2, 5, 21, 30, 60, 1440):
        values = replace(
            FULL,
            minutes=minutes,
            end=FULL.start + dt.timedelta(minutes=minutes),
            title="A title that goes on " * 20,
            addressee_first="Maximiliana-Wilhelmina",
            colleague="Aleksandra Konstantinopoulou-Featherstonehaugh",
        )
        for formal in (True, False):
            letter_ = write(letter, language, values, formal=formal, reason=True)
            assert letter_.language == language
            assert letter_.missing == ()
            assert "A title that goes on A title" in letter_.body or "A title" not in letter_.body
            assert letter_.body.endswith("\nAna Novak\nStudio Novak\n")
            assert all(len(line) < 900 for line in letter_.body.splitlines())


@pytest.mark.parametrize("language", available_languages())
def test_the_reason_is_named_only_when_wanted(language):
    ill = replace(PLAIN, away=True, reason_text="QQQ")
    for letter in (Strategy.RESCHEDULE, Strategy.DECLINE):
        assert "QQQ" in write(letter, language, ill, formal=True, reason=True).body
        assert "QQQ" not in write(letter, language, ill, formal=True, reason=False).body
    for letter in REFUSALS:
        given = write(letter, language, ill, formal=True, reason=True).body
        assert given != write(letter, language, ill, formal=True, reason=False).body, letter
    respect = {write(Strategy.RESPECT, language, ill, formal=True, reason=r).body for r in (True, False)}
    assert len(respect) == 1


@pytest.mark.parametrize("language", available_languages())
def test_taking_back_changes_every_no_and_no_yes(language):
    for letter in LETTERS:
        first = write(letter, language, PLAIN, formal=True, reason=False).body
        again = write(letter, language, PLAIN, formal=True, reason=False, taking_back=True).body
        same = letter in (Strategy.ACCEPT, Strategy.TIMEBOX, Strategy.INVOLVE)
        assert (first == again) is same, letter


@pytest.mark.parametrize("language", available_languages())
def test_a_refusal_hands_on_what_may_help_and_respect_hands_on_nothing(language):
    for letter in REFUSALS - {Strategy.PART_WAYS}:
        body = write(letter, language, FULL, formal=True, reason=False).body
        assert FULL.resources[0] in body, letter
    for letter in REFUSALS:
        assert FULL.referrals[0] in write(letter, language, FULL, formal=True, reason=False).body, letter
    stern = write(Strategy.RESPECT, language, FULL, formal=True, reason=True).body
    assert not any(text in stern for text in (*FULL.resources, *FULL.referrals, FULL.addressee_first))


@pytest.mark.parametrize(
    ("letter", "slot", "value"),
    [
        (Strategy.CALL, "phone", "+386 1 555 0100"),
        (Strategy.EMAIL, "date_promised", None),
        (Strategy.BOW_OUT, "colleague", "Ben Kos"),
        (Strategy.CHECKPOINT, "next_report", "QQQ"),
        (Strategy.LIGHTEN, "date_promised", None),
        (Strategy.UNPAID, "rates", "90 EUR / h"),
        (Strategy.UNPAID, "booking", "https://studio.example/book"),
        (Strategy.ALREADY_HELPED, "topic", "QQQ"),
        (Strategy.INVOLVE, "references", ("QQQ",)),
        (Strategy.OFFICE_HOURS, "after_hours", "QQQ"),
        (Strategy.PART_WAYS, "notice_date", None),
        (Strategy.TIMEBOX, "minutes", None),
    ],
)
def test_an_unknown_value_takes_its_sentence_along(letter, slot, value):
    nothing = type(getattr(FULL, slot))() if slot not in ("date_promised", "notice_date") else None
    for language in available_languages():
        known = FULL if value is None else replace(FULL, **{slot: value})
        body = write(letter, language, known, formal=True, reason=False).body
        told = write(letter, language, replace(known, **{slot: nothing}), formal=True, reason=False).body
        assert body != told
        if isinstance(value, str):
            assert value in body
            assert value not in told


def test_two_zones_are_both_named_and_one_is_not():
    start = dt.datetime(2026, 3, 9, 14, 5, tzinfo=ZoneInfo("Europe/Ljubljana"))
    values = replace(PLAIN, start=start, end=start + dt.timedelta(minutes=50))
    here = write(Strategy.ACCEPT, "en", values, formal=True, reason=False).body
    both = write(Strategy.ACCEPT, "en", replace(values, other_zone="Europe/Helsinki"), formal=True, reason=False).body
    assert "Monday 9 March 2026, 14:05–14:55." in here
    assert "Monday 9 March 2026, 14:05–14:55 Ljubljana / 15:05–15:55 Helsinki." in both


def test_what_should_not_go_out_without_is_named():
    assert write(Strategy.BOW_OUT, "en", EMPTY, formal=True, reason=False).missing == ("colleague",)
    assert write(Strategy.RESCHEDULE, "en", EMPTY, formal=True, reason=False).missing == ("proposals",)
    assert write(Strategy.SHORTEN, "en", EMPTY, formal=True, reason=False).missing == ("duration",)
    assert write(Strategy.DECLINE, "en", EMPTY, formal=True, reason=False).missing == ()


def test_a_stored_salutation_stands_as_it_is_in_its_own_language_only():
    values = replace(PLAIN, salutation="Dear Dr Virtanen:", salutation_language="en")
    other = replace(values, salutation_language="sl")
    assert write(Strategy.ACCEPT, "en", values, formal=True, reason=False).body.startswith("Dear Dr Virtanen:\n\n")
    assert write(Strategy.ACCEPT, "en", other, formal=False, reason=False).body.startswith("Hi Anna,\n\n")
    assert write(Strategy.ACCEPT, "en", other, formal=True, reason=False).body.startswith("Dear Anna Virtanen,\n\n")
    assert write(Strategy.RESPECT, "en", values, formal=True, reason=False).body.startswith("Hello,\n\n")


def test_a_language_without_letters_falls_back_and_says_so():
    values = replace(PLAIN, addressee_first="")
    assert write(Strategy.ACCEPT, "xx", values, formal=True, reason=False).language == "en"
    assert write(Strategy.ACCEPT, "xx-YY", values, formal=True, reason=False, fallback="yy").language == "en"
    american = write(Strategy.ACCEPT, "en-US", values, formal=True, reason=False)
    assert american.language == "en"
    assert "Tuesday, November 24, 2026, 2:05 PM–3:05 PM" in american.body


def test_every_slot_is_filled_by_the_context():
    assert set(context(FULL, "en", formal=True, reason=True, taking_back=False)) == set(SLOTS)


def test_word_ranges_are_those_of_the_guide():
    assert word_range("accept", "fi") == (15, 60)
    assert word_range("decline", "en") == (30, 120)
    assert word_range("decline", "sl") == (25, 120)


PROMISES = {
    "en": ("success", "confident", "glad", "help", "trust", "look forward"),
    "nb": ("Lykke til", "trygg", "gjerne", "hjelp", "tillit"),
    "fi": ("Toivotan", "uskon", "mielelläni", "apua", "luottamu"),
}


@pytest.mark.parametrize("language", PROMISES)
@pytest.mark.parametrize("reason", [True, False])
def test_somebody_who_wants_to_sell_is_neither_encouraged_nor_promised_anything(language, reason):
    values = replace(FULL, unsolicited=True, away=False)
    body = write(Strategy.DECLINE, language, values, formal=True, reason=reason).body
    assert not [word for word in (*PROMISES[language], *FULL.resources, *FULL.referrals) if word in body]


@pytest.mark.parametrize(
    ("letter", "phrase"),
    [(Strategy.OFFICE_HOURS, "double rate"), (Strategy.NOT_A_FIT, "brand design"), (Strategy.DECLINE, "surgery")],
)
def test_my_own_words_stay_out_of_letters_in_another_language(letter, phrase):
    own = replace(FULL, own_language="en", after_hours="at double rate", reason_text="surgery")
    assert phrase in write(letter, "en-GB", own, formal=True, reason=True).body
    for language in available_languages():
        body = write(letter, language, own, formal=True, reason=True).body
        assert (phrase in body) is (language == "en")


def test_a_time_box_without_a_length_asks_for_the_end():
    day = replace(PLAIN, start=dt.date(2026, 11, 24), end=dt.date(2026, 11, 25), minutes=0)
    known = write(Strategy.TIMEBOX, "en", PLAIN, formal=True, reason=False).body
    assert "I've set aside half an hour" in known
    for language, asks in (("en", "when you'd like to finish?"), ("nb", "vi skal være ferdige?"), ("fi", "päättyy?")):
        assert asks in write(Strategy.TIMEBOX, language, day, formal=True, reason=False).body
        assert asks not in write(Strategy.TIMEBOX, language, PLAIN, formal=True, reason=False).body


HOSTILE = (
    "{{ 7*7 }}",
    "{% if 1 %}x{% endif %}",
    "[link=https://evil.example]click[/link]",
    "Lunch\r\nBcc: evil@example.org\r\n\r\nBest regards,\nMallory",
    "a\u202eb\x1b]0;t\x07\x00\u2028c",
)


TEXTS = (
    "title",
    "organizer_name",
    "colleague",
    "phone",
    "next_report",
    "topic",
    "after_hours",
    "rates",
    "booking",
    "reason_text",
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_values_come_out_as_plain_text_on_one_line(hostile):
    values = LetterValues(
        **dict.fromkeys(TEXTS, hostile),
        references=(hostile,),
        referrals=(hostile,),
        resources=(hostile,),
        services=(hostile,),
        signature="Ana Novak",
        away=True,
        zone="Europe/Ljubljana",
        proposals=(Slot(FULL.start, FULL.end),),
        minutes=30,
        start=FULL.start,
        end=FULL.end,
    )
    tame = replace(values, **dict.fromkeys(("title", "organizer_name", "colleague"), "x"))
    for letter in LETTERS:
        body = write(letter, "en", values, formal=True, reason=True).body
        assert "49" not in body
        assert not any(char in body for char in "\x1b\x00\u202e\u2028\r")
        assert not any(line.startswith(("Bcc", "Mallory")) for line in body.splitlines())
        plain = write(letter, "en", tame, formal=True, reason=True).body
        assert body.count("\n") == plain.count("\n"), letter
    accept = write(Strategy.ACCEPT, "en", values, formal=True, reason=True).body
    if hostile.isprintable():
        assert f'"{hostile}"' in accept


def test_how_one_writes_to_somebody_unknown():
    assert formal_by_default("xx", "nb") is False  # it is written in Norwegian
    told = {language: formal_by_default(language) for language in ("en", "nb", "fi-FI", "lv", "tr-TR", "xx")}
    assert told == {"en": False, "nb": False, "fi-FI": False, "lv": True, "tr-TR": True, "xx": False}


@pytest.mark.parametrize(
    ("language", "formal", "informal"),
    [("fi", "luottamuksestanne", "luottamuksestasi"), ("lv", "Jums", "Tev"), ("tr", "güveniniz", "güvenin")],
)
def test_two_forms_of_address_where_the_language_has_two(language, formal, informal):
    bodies = [write(Strategy.DECLINE, language, PLAIN, formal=form, reason=False).body for form in (True, False)]
    forms = [body.replace(".", " ").split() for body in bodies]
    assert (formal in forms[0], informal in forms[0]) == (True, False)
    assert (formal in forms[1], informal in forms[1]) == (False, True)
