"""What a message is that doesn't simply invite: an answer, a proposal, a cancellation and so on (RFC 5546, 1.4)."""

from __future__ import annotations

from regrets.domain.calendar_text import unescaped
from regrets.domain.cases import Glance
from regrets.domain.content_lines import parameters
from regrets.domain.model import Attendee, Invitation, Method, PartStat
from regrets.domain.naming import spoken

_ANSWERS = {
    PartStat.ACCEPTED: "says yes",
    PartStat.DECLINED: "says no",
    PartStat.TENTATIVE: "says perhaps",
    PartStat.DELEGATED: "sends somebody else",
    PartStat.NEEDS_ACTION: "has not decided",
}


def method_glances(invitation: Invitation, when: str) -> list[Glance]:
    """One line that says what it is, for everything but a REQUEST; `when` is its time in words. Untrusted text
    inside."""
    words = _words(invitation, when)
    if not words:
        return []
    said = _comment(invitation)
    return [Glance("What", f"{words} “{said}”" if said else words)]


def _comment(invitation: Invitation) -> str:
    """What they wrote with it: COMMENT, or Google's parameter of the ATTENDEE."""
    comment = invitation.source.first("COMMENT")
    text = unescaped(comment.value) if comment else ""
    people = [line for line in invitation.source.lines if line.name == "ATTENDEE"]
    if not text.strip() and invitation.method in (Method.REPLY, Method.COUNTER) and len(people) == 1:
        text = parameters(people[0]).get("X-RESPONSE-COMMENT", "").strip('"')
    return " ".join(text.split())


def _words(invitation: Invitation, when: str) -> str:
    people = ", ".join(_name(person) for person in invitation.attendees[:3]) or "Somebody"
    match invitation.method:
        case Method.REPLY:
            answers = [f"{_name(each)} {_ANSWERS[each.partstat]}" for each in invitation.attendees[:3]]
            return f"{', '.join(answers) or 'Somebody answers an invitation'}."
        case Method.COUNTER:
            return f"{people} proposes {when} instead."
        case Method.DECLINECOUNTER:
            return "The organiser turns down the other time that was proposed."
        case Method.REFRESH:
            return f"{people} asks for the current version of the invitation."
        case Method.PUBLISH:
            return "An event to know about; nobody asks for an answer."
        case Method.ADD:
            return "It adds a meeting to a series that you were invited to before."
        case Method.CANCEL:
            return _cancelled(invitation)
    return ""


def _cancelled(invitation: Invitation) -> str:
    occurrence = invitation.source.first("RECURRENCE-ID")
    if occurrence is None:
        return "It is called off, as a whole."
    if parameters(occurrence).get("RANGE", "").upper() == "THISANDFUTURE":
        return "This meeting of the series and all that follow are called off."
    return "This one meeting of the series is called off; the others stay."


def _name(person: Attendee) -> str:
    return spoken(person.mailbox.name, person.mailbox.address)
