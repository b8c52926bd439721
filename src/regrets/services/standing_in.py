"""Who takes part in my place, and what they get: the colleague of `bow_out`, told to the calendar or not."""

from __future__ import annotations

import datetime as dt

from regrets.domain.cases import Choice
from regrets.domain.clients import Client
from regrets.domain.errors import CannotAnswer
from regrets.domain.model import Draft, Effect, Invitation, Mailbox, Method, PartStat, Strategy
from regrets.domain.settings import Settings

NOT_INVITED = "You are not invited by name, so there is no place to hand over."


def delegates(choice: Choice) -> bool:
    """Whether the calendar is to be told who takes part instead."""
    return choice.partstat is PartStat.DELEGATED


def stand_in(
    invitation: Invitation, settings: Settings, client: Client | None, choice: Choice, strategy: Strategy
) -> Mailbox:
    """The colleague: who was named for it, else who leads. Its address is '' where there is none, save for a
    delegation: that raises CannotAnswer."""
    from regrets.domain.letters.values import colleague_of
    from regrets.domain.mailboxes import sole_mailbox
    from regrets.domain.recipients import refuse_delegate

    colleague = colleague_of(invitation, settings, client)
    if not delegates(choice):
        return colleague
    if strategy is not Strategy.BOW_OUT:
        raise CannotAnswer(f"A meeting is handed over with bow_out, not with {strategy}.", "Choose bow_out.")
    if choice.delegate is not None:
        named = sole_mailbox(choice.delegate)
        if named is None:
            raise CannotAnswer(f"“{choice.delegate}” is not one address.", "Give one, such as ben@studio.example.")
        colleague = _as_known(invitation, named)
    refuse_delegate(invitation, colleague, settings.me.addresses)
    return colleague


def told(effect: Effect) -> Effect:
    """What a delegation tells the organiser. Raises CannotAnswer where only a plain mail is possible."""
    if effect.method is None:
        raise CannotAnswer(NOT_INVITED, "Answer without delegating.")
    return Effect(Method.REPLY, PartStat.DELEGATED)


def passed_on(invitation: Invitation, draft: Draft, dtstamp: dt.datetime | None) -> bytes | None:
    """The calendar part of the brief: the invitation for the delegate; None where the brief is a letter alone.
    Raises CannotAnswer."""
    from regrets.domain.itip import delegated_request

    if draft.delegate is None or dtstamp is None:
        return None
    return delegated_request(invitation, draft.from_.address, draft.delegate, dtstamp=dtstamp)


def _as_known(invitation: Invitation, named: Mailbox) -> Mailbox:
    """With the name by which the invitation knows them, where none was given."""
    people = (person.mailbox for person in invitation.attendees)
    known = next((person for person in people if person.key == named.key), named)
    return Mailbox(named.name or known.name, named.address)
