"""What the user said before about an item, and what became of it, in words."""

from __future__ import annotations

import datetime as dt

from regrets.domain.changes import Change
from regrets.domain.model import AnswerRecord, PartStat

_SAID = {
    PartStat.ACCEPTED: "said yes",
    PartStat.DECLINED: "said no",
    PartStat.TENTATIVE: "said perhaps",
    PartStat.DELEGATED: "left it to a colleague",
}


def answered_words(answer: AnswerRecord) -> str:
    """`You said yes on 20 November; another reply changes that answer.`"""
    what = " to one meeting of it" if answer.recurrence_id else ""
    return f"You {_said(answer)}{what} on {_day(answer.answered_at)}; another reply changes that answer."


def called_off_words(answer: AnswerRecord) -> str:
    """`You said yes on 20 November; it is called off since.`"""
    return f"You {_said(answer)} on {_day(answer.answered_at)}; it is called off since."


def standing_words(answer: AnswerRecord, stands: bool) -> str:
    """Whether the earlier answer holds for the changed meeting."""
    holds = "That still stands." if stands else "That doesn't hold for the changed meeting: it asks anew."
    return f"You {_said(answer)} to the earlier version, on {_day(answer.answered_at)}. {holds}"


def change_words(changes: tuple[Change, ...]) -> str:
    """`Tue 24 Nov 10:00-11:30 -> Wed 25 Nov 09:00-10:00 · place: Room 4 -> Room 7`. Untrusted text inside."""
    return " · ".join(
        f"{'' if change.what == 'time' else f'{change.what}: '}{change.before or '-'} -> {change.after or '-'}"
        for change in changes
    )


def proposal_words(answer: AnswerRecord, zone: dt.tzinfo) -> str:
    """What an organiser's no to our own proposal is about."""
    start, end = (moment.astimezone(zone) for moment in answer.proposals[0])
    when = f"{start:%a} {start.day} {start:%b} {start:%H:%M}-{end:%H:%M}"
    return f"You proposed {when} on {_day(answer.answered_at)}; the meeting stays as it was."


def _said(answer: AnswerRecord) -> str:
    if answer.proposals:
        return "proposed another time"
    return _SAID.get(answer.partstat, "wrote back") if answer.partstat else "wrote back"


def _day(moment: dt.datetime) -> str:
    return f"{moment.day} {moment:%B}"
