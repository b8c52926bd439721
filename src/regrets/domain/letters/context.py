"""From values to slots: the plain texts and truths that a letter's template may name, in one language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from regrets.domain.letters import durations, formats
from regrets.domain.letters.library import base
from regrets.domain.letters.names import one_line
from regrets.domain.letters.values import LetterValues
from regrets.domain.workdays import holiday_name

Value = str | bool | tuple[str, ...]
_LONG = 400

# What a template may name, and what it says. The letters' help and check are made from it.
SLOTS: Mapping[str, str] = {
    "title": "the meeting's title",
    "organizer": "the organiser's name",
    "when": "the meeting's time, with both zones where they differ; of a series the next one",
    "shorter": "the same start with the shorter length",
    "duration": "the time box or the shorter length, as a subject",
    "set_aside": "the same, as what is set aside",
    "forwarded": "true: the letter goes to somebody who passed the invitation on",
    "series": "true: a whole series; the time is that of its next date",
    "in_person": "true: it takes place somewhere, with no link to join by",
    "agenda_known": "true: the invitation says what it is about",
    "colleague": "the colleague's name",
    "colleague_organizes": "true: the letter goes to that colleague",
    "colleague_is_contact": "true: that colleague is the client's contact",
    "phone": "my number",
    "proposals": "list: other times",
    "several_proposals": "true: more than one other time",
    "date": "the day that is promised",
    "notice_date": "the day on which the work together ends",
    "next_report": "when the agreed report comes",
    "topic": "the question that was settled before",
    "hours": "my hours for meetings",
    "after_hours": "the terms outside of them",
    "services": "what I do, in one line",
    "rates": "what it costs",
    "booking": "where to book",
    "references": "list: clients who may be asked",
    "referrals": "list: others to turn to",
    "resources": "list: what is free to use",
    "reason": "true: the reason is to be named",
    "reason_text": "the words for being away",
    "away": "true: I am away then",
    "clash": "true: another appointment at that time",
    "holiday": "true: that day is a public holiday where I work",
    "holiday_name": "its name, where it is known in the letter's language",
    "day_off": "true: that day is none of my working days",
    "full_day": "true: the day is full",
    "unsolicited": "true: a stranger wants to sell something",
    "formal": "true: the formal address",
    "taking_back": "true: a yes was given before",
    "where": "brief: where it takes place",
    "people": "brief: who else is invited",
    "standing": "brief: where things stand",
    "questions": "brief: likely questions, with answers",
    "files": "brief: where the files are",
    "limits": "brief: what not to promise",
}
LISTS = frozenset(name for name, meaning in SLOTS.items() if meaning.startswith("list:"))
TRUTHS = frozenset(name for name, meaning in SLOTS.items() if meaning.startswith("true:"))


def context(
    values: LetterValues, language: str, *, formal: bool, reason: bool, taking_back: bool
) -> dict[str, Value]:
    """Every slot of SLOTS with its text, list or truth; '' and () where the value is unknown."""
    slots: dict[str, Value] = {
        **_texts(values),
        **_phrases(values, language),
        **_times(values, language),
        **_lists(values, language),
        "forwarded": values.forwarded,
        "series": values.series,
        "in_person": values.in_person,
        "agenda_known": values.agenda_known,
        "colleague_organizes": values.colleague_organizes,
        "colleague_is_contact": values.colleague_is_contact,
        "away": values.away,
        "clash": values.clash,
        "holiday": values.holiday is not None,
        "holiday_name": holiday_name(values.holiday, values.holidays_of, base(language)) if values.holiday else "",
        "day_off": values.day_off,
        "full_day": values.full_day,
        "unsolicited": values.unsolicited,
        "several_proposals": len(values.proposals) > 1,
        "formal": formal,
        "reason": reason,
        "taking_back": taking_back,
    }
    return slots


def _texts(values: LetterValues) -> dict[str, Value]:
    return {
        "title": one_line(values.title),
        "organizer": one_line(values.organizer_name),
        "colleague": one_line(values.colleague),
        "phone": one_line(values.phone),
        "next_report": one_line(values.next_report),
        "topic": one_line(values.topic),
        "rates": one_line(values.rates, _LONG),
        "booking": one_line(values.booking, _LONG),
        "where": one_line(values.where),
        "people": one_line(values.people, _LONG),
        "standing": one_line(values.standing, 2000),
        "questions": one_line(values.questions, 2000),
        "files": one_line(values.files, 2000),
        "limits": one_line(values.limits, 2000),
    }


def _phrases(values: LetterValues, language: str) -> dict[str, Value]:
    """My own words, which stand in the middle of the text: left out of a letter in another language."""
    foreign = bool(values.own_language) and base(values.own_language) != base(language)
    return {
        "after_hours": "" if foreign else one_line(values.after_hours, _LONG),
        "services": "" if foreign else ", ".join(one_line(service) for service in values.services),
        "reason_text": "" if foreign else one_line(values.reason_text),
    }


def _times(values: LetterValues, language: str) -> dict[str, Value]:
    minutes, start = values.minutes, values.start
    until = start + dt.timedelta(minutes=minutes) if minutes and isinstance(start, dt.datetime) else None
    both = language, values.zone, values.other_zone
    promised, notice = values.date_promised, values.notice_date
    known = bool(values.work_days) and values.work_start is not None and values.work_end is not None
    mine = values.zone if values.other_zone else ""
    return {
        "when": formats.when(start, values.end, *both),
        "shorter": formats.when(start, until, *both) if until else "",
        "duration": durations.enough(minutes, language),
        "set_aside": durations.set_aside(minutes, language),
        "date": formats.deadline(promised, language) if promised else "",
        "notice_date": formats.long_date(notice, language) if notice else "",
        "hours": formats.hours(values.work_days, values.work_start, values.work_end, language, mine)
        if known and values.work_start is not None and values.work_end is not None
        else "",
    }


def _lists(values: LetterValues, language: str) -> dict[str, Value]:
    return {
        "proposals": tuple(
            formats.when(slot.start, slot.end, language, values.zone, values.other_zone) for slot in values.proposals
        ),
        "references": _clean(values.references),
        "referrals": _clean(values.referrals),
        "resources": _clean(values.resources),
    }


def _clean(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for line in (one_line(line, _LONG) for line in lines) if line)
