"""What is new about an item since the user last dealt with it: what changed, what became of the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from regrets.domain.cases import Glance
from regrets.domain.changes import Change, answer_stands, changes_between, former_version, usual_time
from regrets.domain.model import AnswerRecord, Invitation, Method, Row
from regrets.domain.stored import AGREED
from regrets.domain.versions import Version
from regrets.services.answered import answered_words, change_words, proposal_words, standing_words


@dataclass(frozen=True, slots=True)
class News:
    """To be added to a case: lines of facts, and reasons to stand before and after the ladder's."""

    changes: tuple[Change, ...] = ()
    stands: bool | None = None
    glances: tuple[Glance, ...] = ()
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()


def news_of(
    row: Row,
    invitation: Invitation,
    me: str | None,
    versions: Sequence[Version],
    answers: Sequence[AnswerRecord],
    former: AnswerRecord | None,
    zone: dt.tzinfo,
) -> News:
    """`versions` are all mails about the event, `answers` all that stand, newest first, `former` the item's own."""
    if invitation.method is Method.DECLINECOUNTER:
        return _turned_down(invitation, answers, zone)
    before = former_version(versions, row, former) or usual_time(row, invitation)
    changes = changes_between(before, row, zone) if before is not None and row.start is not None else ()
    glances = [Glance("Changed", change_words(changes), alert=True)] if changes else []
    updated = former is not None and former.sequence < row.sequence and row.start is not None
    if former is None or not updated:
        return News(changes, None, tuple(glances), (), (answered_words(former),) if former else ())
    stands = answer_stands(former, invitation, me, changes)
    glances.append(Glance("Answered", standing_words(former, stands), alert=not stands))
    agreed = ("They agreed to the time that you proposed.",) if row.note == AGREED else ()
    return News(changes, stands, tuple(glances), agreed)


def _turned_down(invitation: Invitation, answers: Sequence[AnswerRecord], zone: dt.tzinfo) -> News:
    """An organiser's no to our own proposal, tied to that proposal."""
    ours = (invitation.uid, invitation.recurrence_id)
    for answer in answers:
        if (answer.uid, answer.recurrence_id) == ours and answer.proposals:
            words = proposal_words(answer, zone)
            return News(glances=(Glance("Proposed", words, alert=True),), last=(words,))
    return News()
