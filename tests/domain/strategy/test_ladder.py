"""Every rule of the ladder: a case where it holds, one where it just doesn't, and one where an earlier rule wins."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from regrets.domain.clients import Sign
from regrets.domain.model import Attendee, Mailbox, Method, PartStat, Slot, Strategy, TimeKind, Warn
from regrets.domain.settings import Away
from regrets.domain.strategy.ladder import LADDER, suggest
from regrets.domain.strategy.trust import KnownEvent
from tests.support.facts import ANA, BEN, MARKO, at, busy, client, facts, invite

EVA = Mailbox("Eva", "eva@kovin.example")
SIGNS = (Sign(dt.date(2026, 10, 1), "dragging"), Sign(dt.date(2026, 11, 1), "scope_creep"))
AWAY = (Away(at(23, 0), at(26, 0), "ill"),)
WITH_BEN = (Attendee(MARKO), Attendee(ANA), Attendee(BEN))
FULL_DAY = tuple(busy(at(24, hour), 90, f"Busy {hour}", organizer="x@other.example") for hour in (11, 13, 15))
INFORMS = "Just to keep you in the loop: I will show you the figures of October. Nothing to decide."
WEEKLY = tuple(busy(at(day, 10), 30, "Catalogue", organizer=MARKO.address) for day in (10, 17))
TWO_MEETINGS = tuple(busy(at(day, 14), 30, f"Visit {day}", organizer=MARKO.address) for day in (3, 10))
PITCH = "Our platform helps studios like yours to get more customers. Can I show you a demo? 20% off this month."
LEARNED_TEXT = "One question: which paper?"


def judged(**given: Any) -> tuple[str, str]:
    suggestion = suggest(facts(**given))
    return suggestion.rule, suggestion.strategy.value


HOLDS: list[tuple[str, str, dict[str, Any]]] = [
    ("0", "none", {"invitation": invite(method=Method.CANCEL)}),
    ("0", "none", {"invitation": invite(method=Method.PUBLISH)}),
    ("0", "none", {"invitation": invite(method=None, attendees=("eva@kovin.example",), mail_to=(ANA,))}),
    ("0", "none", {"invitation": invite(start=at(11, 10))}),
    ("0", "none", {"invitation": invite(attendees=("eva@kovin.example",), mail_to=(EVA,))}),
    ("0", "none", {"invitation": invite(start=at(1, 10, month=9), recurrence="FREQ=WEEKLY;COUNT=3")}),
    ("1", "respect", {"client": client(status="blocked")}),
    ("1", "respect", {"invitation": invite("You idiot. I know where you live, you will regret this.")}),
    ("2", "part_ways", {"client": client(signs=SIGNS)}),
    (
        "3a",
        "first_person",
        {"invitation": invite("My brother is in trouble with his shop but won't ask. Can you help him?")},
    ),
    ("3b", "no_guarantee", {"invitation": invite("We need you to guarantee that sales go up.")}),
    ("3c", "unpaid", {"invitation": invite("We have no budget, but it would be great exposure for you.")}),
    ("3c", "unpaid", {"client": client(pays=False)}),
    ("3d", "not_a_fit", {"invitation": invite("Could you bring us to the top of Google?")}),
    ("3d", "not_a_fit", {"invitation": invite("We want to reach a million customers by next month.")}),
    (
        "3e",
        "already_helped",
        {
            "client": client(helped_with=("logo redesign",)),
            "invitation": invite("I wonder if the redesign of the logo was right after all."),
        },
    ),
    ("4", "office_hours", {"invitation": invite(start=at(24, 16, 45))}),
    ("4", "office_hours", {"invitation": invite(start=at(28, 10))}),
    ("4", "office_hours", {"invitation": invite(start=at(25, 10, month=12)), "client": client(tier="key")}),
    ("5", "bow_out", {"client": client(contact="ben@studio.example"), "invitation": invite(attendees=WITH_BEN)}),
    ("6", "reschedule", {"calendar": (busy(at(24, 9, 45), 30),)}),
    ("6", "reschedule", {"away": AWAY, "client": client(tier="key")}),
    ("7", "accept", {"client": client(tier="key")}),
    ("7", "timebox", {"client": client(tier="key", traits=("chatty",))}),
    ("7", "timebox", {"client": client(tier="key"), "invitation": invite("Coffee and a chat!", 90)}),
    ("8a", "checkpoint", {"client": client(traits=("hands_on",)), "calendar": TWO_MEETINGS}),
    (
        "8a",
        "checkpoint",
        {"client": client(traits=("hands_on",)), "invitation": invite("Did you get my photos? Are we on track?")},
    ),
    (
        "8b",
        "lighten",
        {
            "client": client(traits=("knows_better",)),
            "invitation": invite("Let us rewrite the text together, line by line."),
        },
    ),
    ("8c", "involve", {"client": client(traits=("distrustful",))}),
    ("8d", "timebox", {"client": client(traits=("chatty",))}),
    ("8e", "decline", {"stranger": True, "invitation": invite(PITCH)}),
    ("9", "email", {"invitation": invite(INFORMS)}),
    ("9", "email", {"invitation": invite("See you there."), "calendar": WEEKLY}),
    ("9", "email", {"invitation": invite("See you there.", recurrence="FREQ=WEEKLY")}),
    ("10", "call", {"invitation": invite(location="Kovin, Cesta 5, Maribor", conference_links=())}),
    ("11", "shorten", {"invitation": invite(LEARNED_TEXT, 90)}),
    ("12", "reschedule", {"calendar": FULL_DAY}),
    ("12", "decline", {"calendar": FULL_DAY, "client": client(tier="minor")}),
    ("12", "decline", {"calendar": FULL_DAY, "stranger": True}),
    ("13", "accept", {}),
]


@pytest.mark.parametrize(("rule", "strategy", "given"), HOLDS)
def test_a_rule_holds(rule: str, strategy: str, given: dict[str, Any]) -> None:
    assert judged(**given) == (rule, strategy)


JUST_NOT: list[tuple[str, dict[str, Any]]] = [
    ("0", {"invitation": invite(attendees=("eva@kovin.example",), mail_to=(ANA,))}),  # forwarded in person
    ("0", {"invitation": invite(start=at(1, 10, month=9), recurrence="FREQ=WEEKLY")}),
    ("1", {"client": client(status="former")}),
    ("2", {"client": client(signs=SIGNS[:1] * 2)}),  # two entries of one sign
    ("2", {"client": client(signs=(Sign(dt.date(2026, 8, 1), "dragging"), SIGNS[1]))}),  # too old
    ("2", {"client": client(signs=SIGNS, tier="key")}),
    ("3a", {"invitation": invite("My brother and I run the shop together; he will join us.")}),
    ("3b", {"invitation": invite("Nobody can guarantee that sales go up, we know.")}),
    ("3c", {"invitation": invite("Are you free on Friday? We pay your usual rate.")}),
    ("3d", {"client": client(tier="key"), "invitation": invite("Could you bring us to the top of Google?")}),
    (
        "3e",
        {
            "client": client(helped_with=("logo redesign",)),
            "invitation": invite("The logo redesign again: the file is broken and won't open."),
        },
    ),
    ("4", {"invitation": invite(start=at(24, 16, 30))}),
    ("4", {"invitation": invite(start=dt.date(2026, 11, 24), end=dt.date(2026, 11, 25))}),  # a day counts as a day
    ("5", {"client": client(contact="ben@studio.example"), "invitation": invite()}),  # not attending
    (
        "5",
        {
            "invitation": invite(
                organizer=BEN, attendees=(Attendee(BEN), Attendee(ANA), Attendee(Mailbox("", "c@studio.example")))
            )
        },
    ),
    ("6", {"calendar": (busy(at(24, 9), 60),)}),  # they only touch
    ("6", {"calendar": (busy(at(24, 10), 60, opaque=False),)}),
    ("6", {"calendar": (busy(at(24, 10), 60, opaque=False, declined=True),)}),
    ("6", {"calendar": (busy(at(24, 10), 30, uid="7f3a-quarterly@kovin.example"),)}),  # its own entry
    ("6", {"pending": (Slot(at(24, 10), at(24, 11)),)}),
    ("8a", {"client": client(traits=("hands_on",)), "calendar": TWO_MEETINGS[:1]}),
    ("8b", {"client": client(traits=("knows_better",))}),
    ("8e", {"invitation": invite(PITCH)}),  # met before
    ("9", {"invitation": invite(INFORMS + " And a complaint of a customer.")}),
    ("9", {"invitation": invite("See you there."), "calendar": WEEKLY[:1]}),
    ("9", {"invitation": invite(recurrence="FREQ=WEEKLY")}),  # with an agenda
    ("10", {"invitation": invite(location="Kovin, Cesta 5, Maribor")}),  # there is a link
    ("10", {"invitation": invite(location="Trubarjeva 1, Ljubljana", conference_links=())}),
    ("10", {"invitation": invite(location="Microsoft Teams", conference_links=())}),
    ("11", {"invitation": invite("We should decide: 1. the colours 2. the paper 3. the date", 60)}),
    ("11", {"invitation": invite(LEARNED_TEXT, 59)}),
    ("12", {"calendar": FULL_DAY[:2]}),
]


@pytest.mark.parametrize(("rule", "given"), JUST_NOT)
def test_a_rule_just_does_not_hold(rule: str, given: dict[str, Any]) -> None:
    verdict = next(each for each in suggest(facts(**given)).trace if each.rule == rule)
    assert not verdict.holds


BOTH: list[tuple[str, str, dict[str, Any]]] = [  # the earlier rule, the later one that holds too
    ("1", "2", {"client": client(status="blocked", signs=SIGNS)}),
    ("2", "3c", {"client": client(signs=SIGNS, pays=False)}),
    ("3b", "3c", {"invitation": invite("We have no budget, but you must guarantee the result.")}),
    ("3c", "4", {"client": client(pays=False), "invitation": invite(start=at(24, 18))}),
    ("4", "6", {"invitation": invite(start=at(24, 18)), "calendar": (busy(at(24, 18), 60),)}),
    (
        "5",
        "6",
        {"client": client(contact="ben@studio.example"), "invitation": invite(attendees=WITH_BEN), "away": AWAY},
    ),
    ("6", "7", {"client": client(tier="key"), "away": AWAY}),
    ("7", "11", {"client": client(tier="key"), "invitation": invite(LEARNED_TEXT, 90)}),
    ("8c", "8d", {"client": client(traits=("chatty", "distrustful"))}),
    ("8d", "9", {"client": client(traits=("chatty",)), "invitation": invite(INFORMS)}),
    ("9", "10", {"invitation": invite(INFORMS, location="Cesta 5, Maribor", conference_links=())}),
    ("10", "11", {"invitation": invite(LEARNED_TEXT, 90, location="Cesta 5, Maribor", conference_links=())}),
    ("11", "12", {"invitation": invite(LEARNED_TEXT, 60), "calendar": FULL_DAY}),
]


@pytest.mark.parametrize(("first", "later", "given"), BOTH)
def test_the_first_rule_wins_and_the_later_one_is_offered(first: str, later: str, given: dict[str, Any]) -> None:
    suggestion = suggest(facts(**given))
    assert suggestion.rule == first
    verdict = next(each for each in suggestion.trace if each.rule == later)
    assert verdict.holds
    assert verdict.strategy in (suggestion.strategy, *suggestion.alternatives)


def test_the_trace_walks_the_whole_ladder_in_order() -> None:
    trace = suggest(facts()).trace
    assert [verdict.rule for verdict in trace] == [*(rule.number for rule in LADDER), "13"]
    assert [verdict.rule for verdict in trace if verdict.holds] == ["13"]
    assert all(verdict.reason.endswith((".", "?")) for verdict in trace)


def test_alternatives_have_no_duplicates_and_end_with_no_and_yes() -> None:
    suggestion = suggest(facts(invite(LEARNED_TEXT, 90, location="Cesta 5, Maribor", conference_links=())))
    assert (suggestion.strategy, *suggestion.alternatives) == (
        Strategy.CALL,
        Strategy.SHORTEN,
        Strategy.DECLINE,
        Strategy.ACCEPT,
    )
    assert dict(suggestion.minutes_won) == {"call": 115, "shorten": 100, "decline": 130, "accept": 0}
    assert dict(suggestion.effects)[Strategy.SHORTEN].end == at(24, 10, 30)
    assert dict(suggestion.effects)[Strategy.CALL].partstat == PartStat.TENTATIVE


def test_nothing_to_answer_offers_nothing() -> None:
    suggestion = suggest(facts(invite(method=Method.CANCEL)))
    assert (suggestion.alternatives, suggestion.effects, suggestion.minutes_won) == ((), (), ())


def test_a_newer_version_supersedes() -> None:
    invitation = invite(sequence=1)
    newer = {(invitation.uid, None): KnownEvent(2, organizer=MARKO.address)}
    same = {(invitation.uid, None): KnownEvent(1, invitation.dtstamp, MARKO.address)}
    later = {(invitation.uid, None): KnownEvent(1, invitation.dtstamp + dt.timedelta(1), MARKO.address)}
    assert [suggest(facts(invitation, known=known)).rule for known in (newer, same, later)] == ["0", "13", "0"]


def test_a_strangers_update_is_not_answered() -> None:
    known = {("7f3a-quarterly@kovin.example", None): KnownEvent(0, organizer=MARKO.address, sent_by=EVA.address)}
    by = {person.address: invite(sequence=1, mail_from_=person) for person in (MARKO, EVA, BEN)}
    rules = {address: suggest(facts(invitation, known=known)) for address, invitation in by.items()}
    assert [rules[person.address].rule for person in (MARKO, EVA, BEN)] == ["13", "13", "0"]
    assert Warn.SPOOFED_UPDATE in rules[BEN.address].warnings


@pytest.mark.parametrize(
    ("results", "strategy"),
    [
        ("mx.example; dmarc=fail header.from=x.example", Strategy.NONE),
        ("mx.example; spf=pass; dkim=fail", Strategy.DECLINE),
        ("forged.example; dmarc=fail", Strategy.DECLINE),
    ],
)
def test_a_pitch_that_failed_the_check_is_not_answered(results: str, strategy: Strategy) -> None:
    invitation = invite(PITCH, mail_authentication_results=(results,))
    suggestion = suggest(facts(invitation, stranger=True, authserv_id="mx.example"))
    assert (suggestion.strategy, suggestion.rule) == (strategy, "8e")
    assert Warn.UNSOLICITED in suggestion.warnings
    assert Strategy.DECLINE in (suggestion.strategy, *suggestion.alternatives)


def test_times_without_a_zone_are_in_the_users() -> None:
    early = invite(
        start=at(24, 8, 30).replace(tzinfo=None), end=at(24, 9).replace(tzinfo=None), time_kind=TimeKind.FLOATING
    )
    assert suggest(facts(early)).rule == "4"


def test_the_hour_is_judged_across_daylight_saving() -> None:
    """25 October: the clocks have gone back in Ljubljana and not yet in New York, so 11:00 there is 16:00 here."""
    start = dt.datetime(2026, 10, 26, 15, 0, tzinfo=dt.UTC)
    late = dt.datetime(2026, 10, 23, 15, 0, tzinfo=dt.UTC)
    now = at(12, 9, month=10)
    assert [suggest(facts(invite(start=moment), now=now)).rule for moment in (start, late)] == ["13", "4"]


def test_a_series_is_judged_by_its_next_date_and_names_later_ones_that_fail() -> None:
    series = invite(start=at(4, 10), recurrence="FREQ=WEEKLY")
    suggestion = suggest(facts(series, calendar=(busy(at(18, 10), 60), busy(at(25, 10), 60))))
    assert suggestion.rule == "6"
    assert "18.11" not in suggestion.reasons[0]
    assert "Wednesday 25 November 2026" in suggestion.reasons[-1]
    assert suggestion.hours_a_year == pytest.approx(26, abs=1)


def test_reasons_carry_the_facts() -> None:
    clash = suggest(facts(calendar=(busy(at(24, 9, 45), 60, tentative=True),)))
    assert clash.reasons == ("It clashes with Review, 09:45-10:45 (tentative).",)
    assert clash.clashes == ("09:45-10:45 Review (tentative)",)
    met = suggest(facts(client=client(traits=("hands_on",)), calendar=TWO_MEETINGS))
    assert met.reasons == ("You met Kovin d.d. 2 times in the last 14 days.",)
    assert suggest(facts(invite(LEARNED_TEXT, 90))).reasons == ("90 minutes for one topic.",)


def test_a_pending_invitation_is_shown_and_kept_free() -> None:
    other = Slot(at(25, 10), at(25, 11))
    suggestion = suggest(facts(pending=(Slot(at(24, 10), at(24, 11)), other), calendar=(busy(at(24, 10), 30),)))
    assert "10:00-11:00 another invitation (not answered yet)" in suggestion.clashes
    assert suggestion.proposals
    assert not any(slot.overlaps(other) for slot in suggestion.proposals)
    assert suggestion.effects[0][1].start == suggestion.proposals[0].start
