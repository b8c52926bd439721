"""What the user said before about an item, in words."""

from __future__ import annotations

from regrets.domain.model import AnswerRecord, PartStat

_SAID = {
    PartStat.ACCEPTED: "said yes",
    PartStat.DECLINED: "said no",
    PartStat.TENTATIVE: "said perhaps",
}


def answered_words(answer: AnswerRecord) -> str:
    """`You said yes on 20 November; another reply changes that answer.`"""
    said = _SAID.get(answer.partstat, "wrote back") if answer.partstat else "wrote back"
    what = " to one meeting of it" if answer.recurrence_id else ""
    return f"You {said}{what} on {answer.answered_at.day} {answer.answered_at:%B}; another reply changes that answer."
