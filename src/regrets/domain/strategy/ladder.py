"""The ladder: the first rule that holds decides, those further down that hold too are offered (section 3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from regrets.domain.effects import possible_effect
from regrets.domain.model import Effect, Slot, Strategy, Suggestion, TimeKind, Verdict, Warn
from regrets.domain.recurrence import occurrences
from regrets.domain.strategy import rules_content as content
from regrets.domain.strategy import rules_people as people
from regrets.domain.strategy import rules_refuse as refuse
from regrets.domain.strategy import rules_time as time
from regrets.domain.strategy.facts import Facts
from regrets.domain.strategy.learning import LEARNED, learned, learned_reason
from regrets.domain.strategy.rules import Found, Rule, spoken_span
from regrets.domain.wins import minutes_won

S = Strategy
LADDER: tuple[Rule, ...] = (
    Rule("0", S.NONE, refuse.nothing_to_answer, "It asks for an answer."),
    Rule("1", S.RESPECT, refuse.no_contact, "It is civil, and nobody is blocked."),
    Rule("2", S.PART_WAYS, refuse.warning_signs, "No regular warning signs are noted."),
    Rule("3a", S.FIRST_PERSON, refuse.for_somebody_else, "It is not for somebody who hasn't asked."),
    Rule("3b", S.NO_GUARANTEE, refuse.demands_guarantee, "It demands no guarantee."),
    Rule("3c", S.UNPAID, refuse.without_pay, "It asks for no unpaid work."),
    Rule("3d", S.NOT_A_FIT, refuse.not_what_i_do, "It asks for nothing that you don't offer."),
    Rule("3e", S.ALREADY_HELPED, refuse.answered_before, "It goes back to nothing that was settled."),
    Rule("4", S.OFFICE_HOURS, time.outside_working_hours, "It is within your working hours."),
    Rule("5", S.BOW_OUT, people.colleague_leads, "No colleague is there in your place."),
    Rule("6", S.RESCHEDULE, time.away_or_busy, "You are not away, and no clash is known."),
    Rule("7", S.ACCEPT, people.key_client, "It is not from a key client."),
    Rule("8a", S.CHECKPOINT, people.hands_on, "No client who keeps checking."),
    Rule("8b", S.LIGHTEN, people.knows_better, "No client who wants to do your work with you."),
    Rule("8c", S.INVOLVE, people.distrustful, "No client who is slow to trust."),
    Rule("8d", S.TIMEBOX, people.chatty, "No client who likes to talk."),
    Rule("8e", S.DECLINE, people.stranger_sells, "No stranger who wants to sell something."),
    Rule("9", S.EMAIL, content.nothing_to_talk_about, "There is something to talk about."),
    Rule("10", S.CALL, content.elsewhere, "It needs no travel."),
    Rule("11", S.SHORTEN, content.too_long, "It is not longer than its topics need."),
    Rule("12", S.RESCHEDULE, time.day_is_full, "The day is not full."),
)
LAST = Rule("13", S.ACCEPT, content.otherwise, "Another rule speaks first.")
_YEAR = dt.timedelta(days=365)


def suggest(facts: Facts) -> Suggestion:
    """The first suggestion with its reasons, the alternatives, effects and minutes for each, and the whole trace."""
    judged = _judged(facts)
    first, found = next((pair for pair in judged if pair[1] is not None), (LAST, None))
    found = found or content.otherwise(facts)
    assert found is not None
    trace = tuple(rule.verdict(each) for rule, each in judged)
    trace += (LAST.verdict(found if first is LAST else None),)
    warnings = tuple(dict.fromkeys((*facts.invitation.warnings, *found.warnings)))
    if found.strategy is S.NONE:
        return _nothing(facts, first, found, warnings, trace)
    strategy: Strategy = found.strategy
    rule, reasons = first.number, found.reasons
    others = [each.strategy for other, each in judged if each is not None and other is not first]
    if choice := learned(facts.choices, facts.organizer_address, first.number, found.strategy):
        others.insert(0, strategy)
        strategy, rule, reasons = choice, LEARNED, (learned_reason(choice), *found.reasons)
    options = _options(strategy, others)
    return replace(
        _shown(facts),
        strategy=strategy,
        rule=rule,
        reasons=reasons,
        alternatives=options[1:],
        warnings=warnings,
        trace=trace,
        effects=tuple((option, _effect(option, facts)) for option in options),
        minutes_won=tuple((option, _minutes(option, facts)) for option in options),
        proposals=proposals(strategy, facts),
    )


def _judged(facts: Facts) -> list[tuple[Rule, Found | None]]:
    """Every rule with what it found. Where there is nothing to answer, nothing further is asked."""
    judged: list[tuple[Rule, Found | None]] = []
    for rule in LADDER:
        found = rule.check(facts)
        judged.append((rule, found))
        if found is not None and found.strategy is S.NONE and rule.step <= 1:
            break
    return judged


def _options(first: Strategy, others: Iterable[Strategy]) -> tuple[Strategy, ...]:
    """Without duplicates; `decline` and `accept` close the row."""
    last = (S.DECLINE, S.ACCEPT)
    row = [first, *(other for other in others if other is not S.NONE), *last]
    return tuple(dict.fromkeys(row))


def _nothing(
    facts: Facts, rule: Rule, found: Found, warnings: tuple[str, ...], trace: tuple[Verdict, ...]
) -> Suggestion:
    return replace(
        _shown(facts),
        rule=rule.number,
        reasons=found.reasons,
        alternatives=found.instead,
        warnings=warnings,
        trace=trace,
        effects=tuple((option, _effect(option, facts)) for option in found.instead),
        minutes_won=tuple((option, _minutes(option, facts)) for option in found.instead),
    )


def _shown(facts: Facts) -> Suggestion:
    """What is shown beside a suggestion, whatever it is; as yet it suggests nothing."""
    clashes = [
        f"{'all day' if entry.all_day else spoken_span(entry.slot, facts.zone)} {entry.summary}"
        + (" (tentative)" if entry.tentative else "")
        for entry in facts.clashes
    ]
    clashes += [
        f"{spoken_span(slot, facts.zone)} another invitation (not answered yet)" for slot in facts.pending_clashes
    ]
    return Suggestion(
        strategy=S.NONE,
        rule="0",
        reasons=(),
        alternatives=(),
        language=facts.language,
        attendee=facts.attendee.mailbox.address if facts.attendee else None,
        relation=facts.relation,
        clashes=tuple(clashes),
        calendar_known=facts.calendar_known,
        outside_hours=facts.outside_hours,
        shorten_to=facts.shorten_to,
        hours_a_year=hours_a_year(facts),
        agenda=facts.reading.agenda,
    )


def proposals(strategy: Strategy, facts: Facts) -> tuple[Slot, ...]:
    """The free slots that a strategy proposes, best first; none for a strategy that proposes no time."""
    if strategy is S.RESCHEDULE:
        return facts.other_times
    return facts.slots_in_hours if strategy is S.OFFICE_HOURS else ()


def _effect(strategy: Strategy, facts: Facts) -> Effect:
    start = end = None
    if strategy is S.SHORTEN and facts.shorten_to and isinstance(facts.invitation.start, dt.datetime):
        start = facts.invitation.start
        end = start + dt.timedelta(minutes=facts.shorten_to)
    elif slots := proposals(strategy, facts):
        start, end = slots[0].start, slots[0].end
        if facts.invitation.time_kind is TimeKind.FLOATING:
            start, end = start.replace(tzinfo=None), end.replace(tzinfo=None)
    invited = facts.attendee is not None and Warn.NOT_INVITED not in facts.invitation.warnings
    return possible_effect(strategy, facts.invitation, start, end, invited=invited)


def _minutes(strategy: Strategy, facts: Facts) -> int:
    travel = facts.settings.me.travel_minutes if facts.elsewhere else 0
    return minutes_won(strategy, facts.minutes or 0, travel, facts.shorten_to)


def hours_a_year(facts: Facts) -> float | None:
    """What a series costs in the next 365 days, in hours; None for a single meeting or one in days."""
    if not facts.invitation.recurring or not facts.minutes:
        return None
    count = len(occurrences(facts.invitation, facts.now, facts.now + _YEAR, facts.zone))
    return round(count * facts.minutes / 60, 1)
