"""Rules 5, 7 and 8: colleagues who lead, key clients, and the kinds of clients."""

from __future__ import annotations

from regrets.domain.model import Strategy, Warn
from regrets.domain.naming import spoken
from regrets.domain.strategy.facts import Facts
from regrets.domain.strategy.rules import Found, holds

_OPTIONAL = ("OPT-PARTICIPANT", "NON-PARTICIPANT")
_LONG = 60  # minutes
_MANY_PEOPLE = 3
_MANY_MEETINGS = 2


def colleague_leads(facts: Facts) -> Found | None:
    """Rule 5."""
    lead = _leading_colleague(facts)
    if not lead or _chairs(facts):
        return None
    if facts.attendee is not None and facts.attendee.role in _OPTIONAL:
        return holds(Strategy.BOW_OUT, f"{lead} leads it, and you are only invited as optional.")
    outsiders = [person for person in facts.people if not facts.inside(person)]
    if len(facts.people) < _MANY_PEOPLE or not outsiders:
        return None
    return holds(Strategy.BOW_OUT, f"{lead} is there for you, among {len(facts.people)} people.")


def _leading_colleague(facts: Facts) -> str:
    """The colleague who organises it, or who is the client's contact and takes part; '' where there is none."""
    if facts.from_colleague:
        return facts.organizer_name
    for address in facts.people:
        client = facts.book.of(address)
        contact = client.contact.strip().casefold() if client else ""
        if not contact or contact in facts.declined_people or not facts.colleague(contact):
            continue
        for attendee in facts.invitation.attendees:
            if attendee.mailbox.key == contact:
                return spoken(attendee.mailbox.name, attendee.mailbox.address)
    return ""


def _chairs(facts: Facts) -> bool:
    chair = facts.attendee is not None and facts.attendee.role == "CHAIR"
    return chair or facts.mine(facts.organizer_address)


def key_client(facts: Facts) -> Found | None:
    """Rule 7."""
    if not facts.key_client or facts.client is None:
        return None
    important = f"{facts.client.name} is a key client."
    if facts.trait("chatty"):
        return holds(Strategy.TIMEBOX, important, "They like to talk, so an agenda and a hard end help.")
    if (facts.minutes or 0) >= _LONG and not facts.reading.agenda:
        return holds(Strategy.TIMEBOX, important, f"{facts.minutes} minutes, and no agenda.")
    return holds(Strategy.ACCEPT, important)


def hands_on(facts: Facts) -> Found | None:
    """Rule 8a."""
    if not facts.trait("hands_on") or facts.client is None:
        return None
    if facts.recent_meetings >= _MANY_MEETINGS:
        return holds(
            Strategy.CHECKPOINT,
            f"You met {facts.client.name} {facts.recent_meetings} times in the last 14 days.",
        )
    if facts.reading.asks_status:
        return holds(Strategy.CHECKPOINT, "It only asks whether things have arrived or are on track.")
    return None


def knows_better(facts: Facts) -> Found | None:
    """Rule 8b."""
    if not facts.trait("knows_better") or not facts.reading.about_the_work or facts.client is None:
        return None
    return holds(Strategy.LIGHTEN, f"{facts.client.name} wants to go into how you do the work.")


def distrustful(facts: Facts) -> Found | None:
    """Rule 8c."""
    if not facts.trait("distrustful") or facts.client is None:
        return None
    return holds(Strategy.INVOLVE, f"{facts.client.name} is slow to trust, and being drawn in helps.")


def chatty(facts: Facts) -> Found | None:
    """Rule 8d."""
    if not facts.trait("chatty") or facts.client is None:
        return None
    return holds(Strategy.TIMEBOX, f"{facts.client.name} likes to talk, so an agenda and a hard end help.")


def stranger_sells(facts: Facts) -> Found | None:
    """Rule 8e: `none` where the mail provider says that the sender failed its check."""
    if not facts.stranger or not facts.reading.pitches:
        return None
    reason = f"{facts.organizer_name} is a stranger who wants to sell or introduce something."
    if facts.sender_failed:
        failed = "Your mail provider says that the sender failed its check."
        return Found(Strategy.NONE, (reason, failed), (Warn.UNSOLICITED,), (Strategy.DECLINE,))
    return holds(Strategy.DECLINE, reason, warnings=(Warn.UNSOLICITED,))
