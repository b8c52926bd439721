"""The prep card (strategies.md, section 5): what to have at hand in a meeting, in the user's own language.

It is for the user's eyes alone and never leaves the program; so it may rest on the client's traits.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from regrets.domain.clients import Client
from regrets.domain.model import AnswerRecord, Invitation, PartStat, Strategy
from regrets.domain.settings import Settings, is_mine

_CARRY_ONE = frozenset({Strategy.TIMEBOX, Strategy.INVOLVE})


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the lines below it."""

    id: str  # agenda, box, why, open, ask, back, group, close
    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrepCard:
    """Texts only. Untrusted ones inside: title and agenda are the organiser's."""

    title: str
    when: str
    language: str
    sections: tuple[Section, ...]


def carries_card(strategy: Strategy | None, answer: AnswerRecord | None, client: Client | None) -> bool:
    """Whether a meeting has a card of itself: answered with `timebox` or `involve`, or accepted with a chatty
    client; before it is answered, where that is the suggestion (`strategy`)."""
    if answer is None:
        return strategy in _CARRY_ONE
    if answer.partstat is not PartStat.ACCEPTED:
        return False
    return answer.strategy in _CARRY_ONE or (client is not None and "chatty" in client.traits)


def prep_card(
    invitation: Invitation,
    settings: Settings,
    *,
    strategy: Strategy,
    start: dt.datetime | dt.date | None,
    end: dt.datetime | dt.date | None,
    minutes: int,
    points: Sequence[str],
    outside: bool,
) -> PrepCard:
    """`start` and `end` of the meeting that is meant; `minutes` is the time box (0: none is known), `points` its
    agenda; `outside`: it is outside the hours that the user has announced."""
    from regrets.domain.letters import formats
    from regrets.domain.letters.names import one_line

    words, zone = _words(settings.me.language), settings.me.timezone or "UTC"
    language = words["language"]
    duration = formats.duration(minutes, language)
    sections = [
        ("agenda", tuple(one_line(point) for point in points) or (words["no_agenda"],)),
        ("box", _box(words, start, minutes, duration, zone)),
        ("why", _departures(words, invitation, settings, minutes, outside)),
        ("open", (words["open"].replace("{duration}", duration) if duration else words["open_plain"],)),
        ("ask", (*words["ask"], words["next"]) if strategy is Strategy.INVOLVE else ()),
        ("back", tuple(words["back"])),
        ("group", tuple(words["group"]) if _people(invitation, settings) > 2 else ()),
        ("close", (words["close"],)),
    ]
    labels = words["labels"]
    return PrepCard(
        one_line(invitation.summary, 120),
        formats.when(start, end, language, zone),
        language,
        tuple(Section(name, labels[name], lines) for name, lines in sections if lines),
    )


def _box(
    words: dict[str, Any], start: dt.datetime | dt.date | None, minutes: int, duration: str, zone: str
) -> tuple[str, ...]:
    from regrets.domain.letters import formats

    if not minutes:
        return ()
    if not isinstance(start, dt.datetime):
        return (words["box_open"].replace("{duration}", duration),)
    end = start + dt.timedelta(minutes=minutes)
    end = end.astimezone(formats.zone_of(zone)) if end.tzinfo else end
    return (words["box"].replace("{duration}", duration).replace("{end}", formats.clock(end, words["language"])),)


def _departures(
    words: dict[str, Any], invitation: Invitation, settings: Settings, minutes: int, outside: bool
) -> tuple[str, ...]:
    """Why, where the user departs from the announced length or from the announced hours."""
    from regrets.domain.letters import formats

    lines, language, hours = [], words["language"], settings.hours
    invited = invitation.minutes or 0
    if 0 < minutes < invited:
        line = words["why_shorter"].replace("{invited}", formats.duration(invited, language))
        lines.append(line.replace("{duration}", formats.duration(minutes, language)))
    if outside:
        told = formats.hours(hours.days, hours.start, hours.end, language)
        lines.append(words["why_outside"].replace("{hours}", told))
    return tuple(lines)


def _people(invitation: Invitation, settings: Settings) -> int:
    """Who takes part, the user counted."""
    people = {each.mailbox.key for each in invitation.attendees if each.cutype not in ("ROOM", "RESOURCE")}
    if invitation.organizer:
        people.add(invitation.organizer.key)
    return 1 + sum(not is_mine(address, settings.me.addresses) for address in people)


@lru_cache(maxsize=16)
def _words(language: str) -> dict[str, Any]:
    """The texts of a language's prep.toml; English where it has none."""
    from regrets.domain.letters.library import base

    root = resources.files("regrets") / "letters"
    for tag in (base(language), "en"):
        file = root / tag / "prep.toml"
        if tag.isalpha() and file.is_file():
            return {**tomllib.loads(file.read_text(encoding="utf-8")), "language": tag}
    raise FileNotFoundError("letters/en/prep.toml")
