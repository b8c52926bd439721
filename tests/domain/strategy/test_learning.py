"""What the user chooses three times in a row leads."""

from __future__ import annotations

import datetime as dt

from regrets.domain.clients import Sign
from regrets.domain.model import AnswerRecord, Strategy
from regrets.domain.stored import Chosen
from regrets.domain.strategy.ladder import suggest
from regrets.domain.strategy.learning import lessons
from tests.support.facts import MARKO, NOW, client, facts, invite

S = Strategy
LONG = invite("One question: which paper?", 90)


def answer(
    strategy: Strategy, rule: str = "11", suggested: Strategy = S.SHORTEN, organizer: str = MARKO.address
) -> Chosen:
    return Chosen(organizer, rule, suggested, strategy, NOW)


def test_three_times_in_a_row_leads_and_says_so() -> None:
    suggestion = suggest(facts(LONG, choices=(answer(S.EMAIL),) * 3))
    assert (suggestion.rule, suggestion.strategy) == ("learned", S.EMAIL)
    assert suggestion.reasons[0] == "You chose “E-mail” the last 3 times."
    assert suggestion.alternatives[0] is S.SHORTEN


def test_twice_or_mixed_or_another_organiser_or_rule_does_not() -> None:
    rows = (
        (answer(S.EMAIL),) * 2,
        (answer(S.EMAIL), answer(S.CALL), answer(S.EMAIL)),
        (answer(S.EMAIL, organizer="eva@kovin.example"),) * 3,
        (answer(S.EMAIL, rule="10"),) * 3,
        (answer(S.SHORTEN),) * 3,
    )
    assert {suggest(facts(LONG, choices=row)).rule for row in rows} == {"11"}


def test_following_it_goes_on_and_leaving_it_ends_it() -> None:
    followed = (answer(S.EMAIL, "learned", S.EMAIL), *(answer(S.EMAIL),) * 3)
    left = (answer(S.SHORTEN, "learned", S.EMAIL), *(answer(S.EMAIL),) * 3)
    assert [suggest(facts(LONG, choices=row)).rule for row in (followed, left)] == ["learned", "11"]


def test_it_never_overrules_rules_0_to_3_and_never_ends_a_relation() -> None:
    unpaid = suggest(facts(LONG, client=client(pays=False), choices=(answer(S.ACCEPT, "3c", S.UNPAID),) * 3))
    final = suggest(facts(LONG, choices=(answer(S.PART_WAYS),) * 3))
    assert (unpaid.rule, final.rule) == ("3c", "11")


def test_after_a_final_letter_there_is_no_more_contact() -> None:
    gone = AnswerRecord(
        "item",
        "work",
        "eva@kovin.example",
        "uid",
        None,
        0,
        "Catalogue",
        S.RESPECT,
        S.RESPECT,
        "1",
        None,
        0,
        None,
        NOW,
        None,
        None,
        "out",
    )
    suggestion = suggest(facts(LONG, client=client(status="blocked"), answers=(gone,)))
    assert (suggestion.rule, suggestion.strategy, suggestion.alternatives) == ("1", S.NONE, ())


def test_signs_are_dated() -> None:
    future = (Sign(dt.date(2027, 1, 1), "dragging"), Sign(dt.date(2026, 11, 1), "scope_creep"))
    assert suggest(facts(LONG, client=client(signs=future))).rule == "11"


def test_what_is_learned_or_about_to_be_can_be_listed() -> None:
    rows = (
        answer(S.EMAIL, "learned", S.EMAIL),
        *(answer(S.EMAIL),) * 3,
        answer(S.CALL),
        *(answer(S.CALL, "10", S.ACCEPT, "eva@kovin.example"),) * 2,
        answer(S.ACCEPT, "13", S.ACCEPT, "eva@other.example"),
        *(answer(S.PART_WAYS, "9", S.EMAIL, "eva@other.example"),) * 3,
    )
    found = [(lesson.organizer, lesson.rule, lesson.strategy, lesson.times, lesson.leads) for lesson in lessons(rows)]
    assert found == [
        (MARKO.address, "11", S.EMAIL, 4, True),
        ("eva@kovin.example", "10", S.CALL, 2, False),
        ("eva@other.example", "9", S.PART_WAYS, 3, False),
    ]
