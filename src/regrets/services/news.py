"""What is new about an item since the user last dealt with it: what changed, what became of the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from regrets.domain.cases import Glance
from regrets.domain.changes import Change, answer_stands, changes_between, former_version, usual_time
from regrets.domain.model import AnswerRecord, Invitation, Method, Row, Strategy, Suggestion
from regrets.domain.versions import Version
from regrets.services.answered import answered_words, called_off_words, change_words, proposal_words, standing_words
from regrets.services.standing import hearsay, holds

_MATTERS_OF_TASTE = ("9", "10", "11", "learned")  # rules that a time which we proposed has settled
_AGREED_WORDS = "They agreed to the time that you proposed."


@dataclass(frozen=True, slots=True)
class News:
    """To be added to a case: lines of facts, and reasons to stand after the ladder's."""

    changes: tuple[Change, ...] = ()
    stands: bool | None = None
    glances: tuple[Glance, ...] = ()
    reasons: tuple[str, ...] = ()


def agreed(suggestion: Suggestion) -> Suggestion:
    """Yes to a time that we proposed ourselves, unless something real has come up since: a clash, a refusal."""
    if suggestion.rule not in _MATTERS_OF_TASTE or Strategy.ACCEPT not in suggestion.alternatives:
        return replace(suggestion, reasons=(_AGREED_WORDS, *suggestion.reasons))
    others = [each for each in suggestion.alternatives if each is not Strategy.ACCEPT]
    options = (suggestion.strategy, *others)
    return replace(suggestion, strategy=Strategy.ACCEPT, rule="13", alternatives=options, reasons=(_AGREED_WORDS,))


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
    if invitation.method is Method.CANCEL and former is not None:
        return News(glances=(Glance("Answered", called_off_words(former), alert=True),))
    before = former_version(versions, row, former) or usual_time(row, invitation)
    changes = changes_between(before, row, zone) if before is not None and row.start is not None else ()
    glances = [Glance("Changed", change_words(changes), alert=True)] if changes else []
    updated = former is not None and not holds(former, row) and row.start is not None
    if former is None or not updated:
        return News(changes, None, tuple(glances), (answered_words(former),) if former else ())
    stands = not hearsay(former, row) and answer_stands(former, invitation, me, changes)
    glances.append(Glance("Answered", standing_words(former, stands), alert=not stands))
    return News(changes, stands, tuple(glances))


def _turned_down(invitation: Invitation, answers: Sequence[AnswerRecord], zone: dt.tzinfo) -> News:
    """An organiser's no to our own proposal, tied to that proposal."""
    ours = (invitation.uid, invitation.recurrence_id)
    for answer in answers:
        if (answer.uid, answer.recurrence_id) == ours and answer.proposals:
            words = proposal_words(answer, zone)
            return News(glances=(Glance("Proposed", words, alert=True),), reasons=(words,))
    return News()
