"""From a suggestion and the user's choices to a letter, and from the letter to the exact messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from regrets.domain.cases import Choice
from regrets.domain.clients import Client, ClientBook
from regrets.domain.errors import CannotAnswer
from regrets.domain.model import (
    AnswerRecord,
    Draft,
    Effect,
    Invitation,
    Mailbox,
    MailFacts,
    Method,
    OutgoingMessage,
    PartStat,
    Slot,
    Strategy,
    Suggestion,
    Warn,
)
from regrets.domain.settings import Settings

if TYPE_CHECKING:
    from regrets.domain.letters.briefing import Thread
    from regrets.domain.letters.values import LetterValues

Overrides = Callable[[str, str], str | None]
# Confirmed once and remembered for the pair; all others are asked about every time.
REMEMBERED = (Warn.SENDER_MISMATCH,)
AUTOMATIC = "automatic"  # a responder or a bounce: two programs must not talk to each other
OUTSIDE_COLLEAGUE = "outside-colleague"  # the brief would leave the company


class Compose:
    """Writes drafts and messages for one user."""

    def __init__(self, settings: Settings, book: ClientBook, overrides: Overrides | None = None) -> None:
        self._settings = settings
        self._book = book
        self._overrides = overrides
        self._zone = ZoneInfo(settings.me.timezone or "UTC")

    def use(self, book: ClientBook) -> None:
        """Another client book from now on."""
        self._book = book

    def draft(
        self,
        invitation: Invitation,
        suggestion: Suggestion,
        choice: Choice,
        now: dt.datetime,
        former: AnswerRecord | None = None,
        thread: Thread | None = None,
    ) -> Draft:
        """The letter for a choice; `former` is the answer that it would change, `thread` what the brief to a
        colleague tells of the time before. Raises CannotAnswer, LetterError."""
        from regrets.domain.letters.values import letter_values
        from regrets.domain.letters.writing import write
        from regrets.domain.ranges import scope_of
        from regrets.domain.recipients import recipients, reply_from
        from regrets.domain.subjects import subject_for
        from regrets.services.standing_in import stand_in

        strategy = choice.strategy or suggestion.strategy
        if strategy is Strategy.NONE:
            raise CannotAnswer("There is nothing to answer here.", "Choose a strategy to answer all the same.")
        me = self._settings.me
        scope = scope_of(invitation, choice.range_, choice.instance, now, self._zone)
        invitation = scope.invitation
        to, cc = recipients(invitation, me.addresses)
        client, greeted = self._client(invitation), self._book.of(to[0].address)
        proposals = choice.proposals or _proposals(strategy, suggestion)
        minutes = _minutes(strategy, choice, suggestion, invitation)
        colleague = stand_in(invitation, self._settings, client, choice, strategy)
        effect = self._effect(strategy, invitation, proposals, minutes, choice)
        language = self._language(choice, client, suggestion)
        formal = self._formal(choice, strategy, to[0], invitation, suggestion, language)
        reason = self._settings.ui.reasons if choice.reason is None else choice.reason
        values = letter_values(
            invitation,
            suggestion,
            self._settings,
            client,
            strategy=strategy,
            minutes=minutes,
            proposals=proposals,
            now=now,
            to=to[0],
            greeted=greeted,
            colleague=colleague,
        )
        letter = write(
            strategy,
            language,
            values,
            formal=formal,
            reason=reason,
            taking_back=_said_yes(former, invitation),
            fallback=me.language,
            overrides=self._overrides,
        )
        answer = Draft(
            strategy=strategy,
            effect=effect,
            language=letter.language,
            formal=formal,
            reason_named=reason,
            from_=reply_from(invitation, me.addresses, me.name),
            to=to,
            cc=cc,
            subject=subject_for(invitation, effect, letter.language),
            body=letter.body if choice.body is None else choice.body,
            proposals=proposals,
            minutes=minutes,
            missing=letter.missing if choice.body is None else (),
            of_version=(invitation.sequence, invitation.dtstamp),
            range_=scope.range_,
            instance=scope.instance,
            covers=scope.covers,
        )
        if strategy is not Strategy.BOW_OUT or values.colleague_organizes:
            return answer  # a colleague who organises it gets the letter and knows what it is about
        return replace(answer, brief=self._brief(invitation, suggestion, choice, answer, values, thread, colleague))

    def _brief(
        self,
        invitation: Invitation,
        suggestion: Suggestion,
        choice: Choice,
        answer: Draft,
        values: LetterValues,
        thread: Thread | None,
        colleague: Mailbox,
    ) -> Draft | None:
        """The second message of `bow_out`, to the colleague: a letter, with the invitation for a delegate; None where
        nobody can be reached."""
        from regrets.domain.letters.briefing import Thread, brief_subject, brief_values
        from regrets.domain.letters.library import BRIEF, find
        from regrets.domain.letters.writing import write
        from regrets.domain.recipients import valid_address
        from regrets.services.standing_in import delegates

        me = self._settings.me
        if not valid_address(colleague.address):
            return None
        known = self._book.of(colleague.address)
        wanted = (known.language if known else "") or me.language
        language = find(BRIEF, wanted, fallback=me.language, overrides=self._overrides).language
        told = brief_values(
            values, invitation, colleague, me.addresses, thread or Thread(), language, suggestion.language
        )
        letter = write(BRIEF, language, told, formal=False, reason=False, overrides=self._overrides)
        own = choice.brief_body
        if delegates(choice) and not (own or "").strip():
            own = None  # the invitation needs its letter
        return Draft(
            strategy=Strategy.BOW_OUT,
            effect=Effect(Method.REQUEST if delegates(choice) else None, None),
            language=letter.language,
            formal=False,
            reason_named=False,
            from_=answer.from_,
            to=(colleague,),
            cc=(),
            subject=brief_subject(told.title, letter.language),
            body=letter.body if own is None else own,
            missing=letter.missing if own is None else (),
        )

    def answered(self, invitation: Invitation, draft: Draft, now: dt.datetime) -> Invitation:
        """What a draft answers: the invitation, or the one meeting of it that was chosen. Raises CannotAnswer."""
        from regrets.domain.ranges import scope_of

        if draft.range_ is None:
            return invitation
        return scope_of(invitation, draft.range_, draft.instance, now, self._zone).invitation

    def messages(
        self, invitation: Invitation, draft: Draft, now: dt.datetime, last: dt.datetime | None = None
    ) -> tuple[OutgoingMessage, ...]:
        """The exact bytes: the answer, then the brief to the colleague where there is one, with the invitation for a
        delegate; `last` is the DTSTAMP of an earlier answer. Raises CannotAnswer, UnsafeMessage."""
        from regrets.domain.comment import comment_of
        from regrets.domain.itip import answer_calendar, answer_dtstamp
        from regrets.domain.message import build_message
        from regrets.services.standing_in import passed_on

        invitation = self.answered(invitation, draft, now)
        calendar, stamp = None, None
        if draft.effect.method is not None:
            stamp = answer_dtstamp(now, invitation, last)
            calendar = answer_calendar(
                invitation,
                draft.effect,
                draft.from_.address,
                dtstamp=stamp,
                comment=comment_of(draft.body),
                delegate=draft.delegate.address if draft.delegate else "",
            )
        message = build_message(invitation, draft, now=now, calendar=calendar)
        messages = [replace(message, dtstamp=stamp)]
        if (brief := draft.brief) is not None and brief.body.strip():
            alone = replace(invitation, mail=MailFacts())  # a thread of its own: the organiser has no part in it
            request = passed_on(invitation, draft, stamp)
            messages.append(build_message(alone, brief, now=now, calendar=request))
        return tuple(messages)

    def objections(self, invitation: Invitation, suggestion: Suggestion, draft: Draft) -> tuple[tuple[str, str], ...]:
        """(code, sentence) for what one key must not do."""
        from regrets.domain.registrable import owners
        from regrets.domain.text import safe_address, safe_line
        from regrets.services.glance import WARNINGS

        sender = safe_address(invitation.mail.from_.address) if invitation.mail.from_ else "somebody unnamed"
        found: list[tuple[str, str]] = []
        others = "" if invitation.mail.from_ is None else ", ".join(map(safe_line, owners(invitation)[1:]))
        if others:  # colleagues may answer for each other; where the sender is unknown, there is no pair to confirm
            found.append(
                (
                    str(Warn.SENDER_MISMATCH),
                    f"Sent by {sender}; its organiser or its reply address belongs to {others}."
                    f" The reply goes to {safe_address(draft.to[0].address)}.",
                )
            )
        if invitation.mail.automatic:
            found.append(
                (AUTOMATIC, f"A program sent this by itself. The reply goes to {safe_address(draft.to[0].address)}.")
            )
        for code in dict.fromkeys((*invitation.warnings, *suggestion.warnings)):
            if code in _ASKED:
                text = WARNINGS[Warn(code)].format(sender=sender, tzid=invitation.tzid)
                found.append((code, f"{text} The reply goes to {safe_address(draft.to[0].address)}."))
        if draft.strategy.final:
            found.append(
                (str(draft.strategy), f"This letter is final; it goes to {safe_address(draft.to[0].address)}.")
            )
        if (brief := draft.brief) is not None and brief.body.strip() and not self._inside(brief.to[0]):
            found.append((OUTSIDE_COLLEAGUE, f"The brief goes to {brief.to[0].address}, outside your company."))
        if draft.missing:
            found.append(("missing", f"The letter still lacks: {', '.join(draft.missing)}."))
        if not (self._settings.me.name or self._settings.me.signature):
            found.append(("nameless", "The letter ends without your name: set `name` under [me] in config.toml."))
        if not draft.body.strip():
            found.append(("empty", "The letter is empty."))
        if suggestion.strategy is Strategy.NONE and not found:
            found.append(("none", "Nothing needs an answer here: " + " ".join(suggestion.reasons[:1])))
        return tuple(found)

    def client_of(self, address: str) -> Client | None:
        """Whose address it is in the client book."""
        return self._book.of(address)

    def _inside(self, mailbox: Mailbox) -> bool:
        domains = {domain.casefold().removeprefix("@") for domain in self._settings.me.company_domains}
        return mailbox.domain in domains

    def _client(self, invitation: Invitation) -> Client | None:
        person = invitation.organizer or invitation.mail.from_
        return self._book.of(person.address) if person else None

    def _language(self, choice: Choice, client: Client | None, suggestion: Suggestion) -> str:
        of_client = client.language if client else ""
        return choice.language or of_client or suggestion.language or self._settings.me.language

    def _formal(
        self,
        choice: Choice,
        strategy: Strategy,
        to: Mailbox,
        invitation: Invitation,
        suggestion: Suggestion,
        language: str,
    ) -> bool:
        """The form of address: as chosen, as the client book has it, as the writer has it, as colleagues and as the
        language have it. Whoever insults is not answered in their own tone."""
        from regrets.domain.letters.address import address_of
        from regrets.domain.letters.frames import formal_by_default
        from regrets.domain.letters.library import base

        greeted = self._book.of(to.address)
        told = (choice.formal, greeted.formal if greeted else None)
        if (said := next((each for each in told if each is not None), None)) is not None:
            return said
        mine = self._settings.me
        usual = formal_by_default(language, mine.language)
        if strategy is Strategy.RESPECT:
            return usual
        same = suggestion.language is not None and base(suggestion.language) == base(language)
        seen = address_of(invitation, language, mine.addresses) if same else None
        return (usual and not self._inside(to)) if seen is None else seen

    def _effect(
        self, strategy: Strategy, invitation: Invitation, proposals: tuple[Slot, ...], minutes: int, choice: Choice
    ) -> Effect:
        from regrets.domain.effects import possible_effect
        from regrets.domain.recipients import matching_attendee
        from regrets.services.standing_in import delegates, told

        start = end = None
        if proposals:
            start, end = proposals[0].start, proposals[0].end
        elif strategy is Strategy.SHORTEN and isinstance(invitation.start, dt.datetime) and minutes:
            start, end = invitation.start, invitation.start + dt.timedelta(minutes=minutes)
        invited = matching_attendee(invitation, self._settings.me.addresses) is not None
        effect = possible_effect(strategy, invitation, start, end, invited=invited)
        if delegates(choice):
            return told(effect)
        if choice.partstat is None or effect.method is None:
            return effect
        if choice.partstat is PartStat.NEEDS_ACTION:
            return Effect(None, None)
        return effect if choice.partstat is effect.partstat else Effect(Method.REPLY, choice.partstat)


def _said_yes(former: AnswerRecord | None, invitation: Invitation) -> bool:
    """Whether the former answer was a yes to what is answered now: to the same meeting, or to its whole series."""
    if former is None or former.partstat is not PartStat.ACCEPTED:
        return False
    return former.recurrence_id in (None, invitation.recurrence_id)


def _proposals(strategy: Strategy, suggestion: Suggestion) -> tuple[Slot, ...]:
    return suggestion.proposals if strategy in (Strategy.RESCHEDULE, Strategy.OFFICE_HOURS) else ()


def _minutes(strategy: Strategy, choice: Choice, suggestion: Suggestion, invitation: Invitation) -> int:
    """The shorter length, or the time box: the whole meeting unless less is chosen. 0 for all others."""
    if strategy is Strategy.SHORTEN:
        return choice.minutes or suggestion.shorten_to
    if strategy is Strategy.TIMEBOX:
        return choice.minutes or invitation.minutes or 0
    return 0


_ASKED = (
    Warn.SENDER_UNREADABLE,
    Warn.SPOOFED_UPDATE,
    Warn.ORGANIZER_UNREADABLE,
    Warn.UNKNOWN_TIMEZONE,
    Warn.NO_REPLY_ADDRESS,
    Warn.UNSOLICITED,
    Warn.INVALID_TIME,
)
