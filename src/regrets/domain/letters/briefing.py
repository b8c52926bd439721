"""The brief for the colleague who leads (`bow_out`'s second message), prefilled from the invitation and its thread.

It rests on what the organiser wrote and what I answered, never on the client book's tiers, traits, signs and notes.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

from regrets.domain.letters import formats
from regrets.domain.letters.library import base
from regrets.domain.letters.names import one_line
from regrets.domain.letters.topics import links, topics
from regrets.domain.letters.values import LetterValues
from regrets.domain.model import AnswerRecord, Invitation, Mailbox, PartStat
from regrets.domain.settings import is_mine

_MOST_PEOPLE = 6
_MOST_ANSWERS = 2
_SAID = {PartStat.ACCEPTED: "yes", PartStat.DECLINED: "no", PartStat.TENTATIVE: "perhaps"}


@dataclass(frozen=True, slots=True)
class Thread:
    """What went before in the same event's thread."""

    answers: tuple[AnswerRecord, ...] = ()  # mine, newest first
    moved_from: tuple[dt.datetime | dt.date, dt.datetime | dt.date | None] | None = None  # the time before this one


def brief_values(
    values: LetterValues,
    invitation: Invitation,
    colleague: Mailbox,
    mine: tuple[str, ...],
    thread: Thread,
    language: str,
    written_in: str | None,
) -> LetterValues:
    """The answer's own values, and what a colleague needs besides; `language` is the brief's, `written_in` the
    invitation's. What not to promise is left to the user."""
    return replace(
        values,
        forwarded=False,
        where=_where(invitation),
        people=_people(invitation, colleague, mine),
        standing=standing(thread, language, values.zone),
        questions=_joined(topics(invitation, written_in)),
        files=", ".join(links(invitation)),
    )


def brief_subject(title: str, language: str) -> str:
    """`Before the meeting: Quarterly review`."""
    words = phrases(language)["subject"]
    return f"{words}: {title}" if title else words


def standing(thread: Thread, language: str, zone: str) -> str:
    """Where things stand, in sentences; '' where nothing went before."""
    words, said = phrases(language), []
    if thread.moved_from is not None:
        said.append(words["moved"].replace("{when}", formats.when(*thread.moved_from, language, zone)))
    for answer in thread.answers[:_MOST_ANSWERS]:
        kind = "proposed" if answer.proposals else _SAID.get(answer.partstat) if answer.partstat else None
        if kind:
            day = answer.answered_at.astimezone(formats.zone_of(zone) or dt.UTC).date()
            said.append(words[kind].replace("{date}", formats.short_date(day, language)))
    return " ".join(said)


@lru_cache(maxsize=32)
def phrases(language: str) -> Mapping[str, str]:
    """The phrases of a language's brief.toml; English where it has none."""
    root = resources.files("regrets") / "letters"
    file = root / base(language) / "brief.toml"
    if not file.is_file():
        file = root / "en" / "brief.toml"
    return {name: str(text) for name, text in tomllib.loads(file.read_text(encoding="utf-8")).items()}


def _where(invitation: Invitation) -> str:
    return one_line(invitation.location or next(iter(invitation.conference_links), ""), 200)


def _people(invitation: Invitation, colleague: Mailbox, mine: tuple[str, ...]) -> str:
    """Who else is invited: neither me, the colleague and the organiser nor rooms."""
    known = {colleague.key, invitation.organizer.key if invitation.organizer else ""}
    others = [
        one_line(attendee.mailbox.name or attendee.mailbox.address)
        for attendee in invitation.attendees
        if attendee.cutype not in ("ROOM", "RESOURCE")
        and attendee.mailbox.key not in known
        and not is_mine(attendee.mailbox.address, mine)
    ]
    shown = list(dict.fromkeys(others))
    return ", ".join(shown[:_MOST_PEOPLE]) + (" …" if len(shown) > _MOST_PEOPLE else "")


def _joined(points: tuple[str, ...]) -> str:
    asked = all(point.endswith("?") for point in points)
    return " ".join(points) if asked else "; ".join(points)
