"""Rules 0 to 3: nothing to answer, no contact, warning signs, and requests that should be refused."""

from __future__ import annotations

import datetime as dt

from regrets.domain.clients import Sign
from regrets.domain.model import Method, Strategy, Warn
from regrets.domain.strategy.facts import Facts
from regrets.domain.strategy.rules import Found, holds
from regrets.domain.strategy.trust import claims_foreign_event, superseded
from regrets.domain.workdays import spoken_day

_SIGN_WINDOW = dt.timedelta(days=90)
_NO_REQUEST = {
    Method.CANCEL: "The organiser cancels this meeting.",
    Method.REPLY: "It is somebody's answer to an invitation of yours.",
    Method.COUNTER: "It is somebody's proposal for a meeting of yours.",
    Method.DECLINECOUNTER: "The organiser turns down your proposal.",
    Method.REFRESH: "Somebody asks for the latest version of a meeting of yours.",
    Method.PUBLISH: "It only publishes an event and asks for no answer.",
}
_SIGNS = {
    "dragging": "keeps interfering",
    "unpaid_rework": "has work redone without pay",
    "scope_creep": "wants more for the same fee",
    "crowding_out": "leaves no time for other clients",
}


def nothing_to_answer(facts: Facts) -> Found | None:
    """Rule 0."""
    invitation = facts.invitation
    if not facts.requests:
        method = invitation.method or Method.PUBLISH
        return holds(Strategy.NONE, _NO_REQUEST.get(method, _NO_REQUEST[Method.PUBLISH]))
    if invitation.organizer is not None and facts.mine(invitation.organizer.address):
        return holds(Strategy.NONE, "This is your own invitation.")
    if claims_foreign_event(invitation, facts.versions):
        return holds(
            Strategy.NONE,
            "It claims to change a meeting that somebody else organises.",
            warnings=(Warn.SPOOFED_UPDATE,),
        )
    if superseded(invitation, facts.versions):
        return holds(Strategy.NONE, "A newer version of this invitation is known already.")
    if facts.over:
        return holds(Strategy.NONE, _over(facts))
    if not facts.addressed:
        return holds(Strategy.NONE, "None of your addresses is invited, and none stands in To or Cc.")
    return None


def _over(facts: Facts) -> str:
    if facts.invitation.recurring:
        return "The series is over: no date of it lies ahead."
    when = facts.own_slot
    return f"It was over on {spoken_day(when.end.astimezone(facts.zone).date())}." if when else "It is over."


def no_contact(facts: Facts) -> Found | None:
    """Rule 1."""
    client = facts.client
    blocked = client is not None and client.status == "blocked"
    if not blocked and not facts.reading.abusive:
        return None
    if _said_goodbye(facts):
        return holds(Strategy.NONE, "You have ended the contact with them; no contact means no answer.")
    if blocked and client is not None:
        return holds(Strategy.RESPECT, f"{client.name} is blocked in your client book.")
    return holds(Strategy.RESPECT, "The message insults, threatens or harasses.")


def _said_goodbye(facts: Facts) -> bool:
    final = [answer.organizer for answer in facts.answers if answer.strategy is Strategy.RESPECT]
    return facts.organizer_address in final or (
        facts.client is not None and any(facts.book.of(address) == facts.client for address in final)
    )


def warning_signs(facts: Facts) -> Found | None:
    """Rule 2: two different signs, or three entries of any, in the last 90 days."""
    client = facts.client
    if client is None or facts.key_client:
        return None
    today = facts.now.astimezone(facts.zone).date()
    signs = [sign for sign in client.signs if today - _SIGN_WINDOW <= sign.date <= today]
    if len({sign.sign for sign in signs}) < 2 and len(signs) < 3:
        return None
    return holds(Strategy.PART_WAYS, f"Signs noted in the last 90 days: {_listed(signs)}.")


def _listed(signs: list[Sign]) -> str:
    return "; ".join(f"{_SIGNS.get(sign.sign, sign.sign)} ({sign.date.isoformat()})" for sign in signs)


def _may_be_refused(facts: Facts) -> bool:
    """Rule 3 is for anybody but key clients and colleagues."""
    return not facts.key_client and not facts.from_colleague


def for_somebody_else(facts: Facts) -> Found | None:
    """Rule 3a."""
    if not _may_be_refused(facts) or not facts.reading.third_person:
        return None
    return holds(Strategy.FIRST_PERSON, "It is about helping somebody who has not asked for it.")


def demands_guarantee(facts: Facts) -> Found | None:
    """Rule 3b."""
    if not _may_be_refused(facts) or not facts.reading.guarantee:
        return None
    return holds(Strategy.NO_GUARANTEE, "It demands a promise for an outcome, or moves the responsibility to you.")


def without_pay(facts: Facts) -> Found | None:
    """Rule 3c."""
    if not _may_be_refused(facts):
        return None
    if facts.client is not None and not facts.client.pays:
        return holds(Strategy.UNPAID, f"{facts.client.name} does not pay, says your client book.")
    if not facts.reading.unpaid:
        return None
    return holds(Strategy.UNPAID, "It asks for work without pay.")


def not_what_i_do(facts: Facts) -> Found | None:
    """Rule 3d."""
    if not _may_be_refused(facts):
        return None
    if named := facts.reading.offered_not(facts.settings.me.not_offered):
        return holds(Strategy.NOT_A_FIT, f"It asks for {named}, which you don't offer.")
    if facts.reading.unrealistic:
        return holds(Strategy.NOT_A_FIT, "What it asks for is not realistic.")
    return None


def answered_before(facts: Facts) -> Found | None:
    """Rule 3e: returns to something settled, with no concrete new fault and no new piece of work."""
    if not _may_be_refused(facts) or facts.client is None or not facts.client.helped_with:
        return None
    settled = facts.reading.settled(facts.client.helped_with)
    if not settled or not facts.reading.reopens:
        return None
    return holds(Strategy.ALREADY_HELPED, f"It goes back to “{settled}”, which was settled before.")
