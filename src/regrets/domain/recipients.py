"""Who gets the answer and who sends it. One strict grammar for every address that leaves the program."""

from __future__ import annotations

import re

from regrets.domain.content_lines import address_of, parameters
from regrets.domain.domain_names import wire_domain
from regrets.domain.errors import CannotAnswer
from regrets.domain.model import Attendee, Invitation, Mailbox
from regrets.domain.settings import is_mine
from regrets.domain.text import safe_address

_ATOM = r"[A-Za-z0-9!#$&'*+/=^_`{|}~-]+"  # RFC 5322 atext without "?" and "%", to which mailto: gives a meaning
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")
_NO_REPLY = re.compile(r"(no|do[-_.]?not|dont|never)[-_.]?repl(y|ies)([-_.+].*)?", re.IGNORECASE)
_LONGEST_LOCAL = 200  # RFC 5321 says 64, but iCloud's organisers (2_HEZD…@imip.me.com) have more than 80
_DEAD_DOMAINS = ("invalid", "localdomain")
_DEAD_ADDRESSES = ("unknownorganizer@calendar.google.com",)


def wire_address(text: str) -> str:
    """The address as SMTP takes it: ASCII, the domain in IDNA; '' unless `text` is exactly one plain addr-spec in
    whose domain everybody reads the same one (`wire_domain`).

    Quoted local parts, domain literals, comments and non-ASCII local parts are refused: no real organiser needs
    them, and each has carried an attack.
    """
    local, at, domain = text.rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return ""
    ascii_domain = wire_domain(domain)
    labels = ascii_domain.split(".")
    if len(ascii_domain) > 253 or not all(len(label) <= 63 and _LABEL.fullmatch(label) for label in labels):
        return ""
    return f"{local}@{ascii_domain}" if not labels[-1].isdigit() else ""


def valid_address(text: str) -> bool:
    """Whether `text` is exactly one address to which mail can be sent (`wire_address`)."""
    return bool(wire_address(text))


def goes_where_shown(address: str) -> bool:
    """Whether what a screen shows of an address (`safe_address`) is, read again, where mail for it goes."""
    shown = safe_address(address).partition(" (")[0]
    return bool(wire_address(address)) and wire_address(shown).lower() == wire_address(address).lower()


def takes_no_mail(address: str) -> bool:
    """Whether an answer to `address` is read by nobody: no-reply names, dead domains, no address at all."""
    wire = wire_address(address).casefold()
    local, _, domain = wire.rpartition("@")
    dead = domain.rpartition(".")[2] in _DEAD_DOMAINS or wire in _DEAD_ADDRESSES
    return not wire or dead or _NO_REPLY.fullmatch(local) is not None


def matching_attendees(invitation: Invitation, my_addresses: tuple[str, ...]) -> tuple[Attendee, ...]:
    """All ATTENDEEs that are me, the likeliest first: one to whom the mail was sent, then one of my addresses
    itself before one that only differs by a plus-tag, then in the organiser's order. Whole addresses are compared,
    case-insensitively."""
    own = {address.strip().casefold() for address in my_addresses}
    sent_to = {mailbox.key for mailbox in (*invitation.mail.to, *invitation.mail.cc)}
    mine = [person for person in invitation.attendees if is_mine(person.mailbox.address, my_addresses)]
    unique = {person.mailbox.key: person for person in reversed(mine)}
    ordered = [person for person in mine if unique[person.mailbox.key] is person]
    ordered.sort(key=lambda person: (person.mailbox.key not in sent_to, person.mailbox.key not in own))
    return tuple(ordered)


def matching_attendee(invitation: Invitation, my_addresses: tuple[str, ...]) -> Attendee | None:
    """The ATTENDEE that is me; None where I am not invited by name."""
    return next(iter(matching_attendees(invitation, my_addresses)), None)


def reply_from(invitation: Invitation, my_addresses: tuple[str, ...], name: str) -> Mailbox:
    """The sender of an answer: the address that was invited, as the organiser wrote it (receivers compare From with
    ATTENDEE); else the one of mine to whom the mail went, else my first. `name` is my own display name.

    Raises CannotAnswer where I have no usable address.
    """
    person = matching_attendee(invitation, my_addresses)
    if person is not None and valid_address(person.mailbox.address):
        return Mailbox(name, person.mailbox.address)
    received = [mailbox.address for mailbox in (*invitation.mail.to, *invitation.mail.cc)]
    candidates = [address for address in received if is_mine(address, my_addresses)]
    for address in (*candidates, *my_addresses):
        if valid_address(address.strip()):
            return Mailbox(name, address.strip())
    raise CannotAnswer("None of your addresses can send mail.", "Check `addresses` under [me] in config.toml.")


def recipients(
    invitation: Invitation, settings_addresses: tuple[str, ...]
) -> tuple[tuple[Mailbox, ...], tuple[Mailbox, ...]]:
    """(To, Cc) of an answer. With an iTIP part: the ORGANIZER, never the mail's From, and SENT-BY in copy. Without
    one: whoever sent or forwarded the mail. Each is exactly one valid address.

    Raises CannotAnswer where nobody can be reached.
    """
    if matching_attendee(invitation, settings_addresses) is not None and invitation.organizer is not None:
        organizer, sent_by = invitation.organizer, invitation.sent_by
        _refuse_list(invitation, organizer)
        if is_mine(organizer.address, settings_addresses):
            raise CannotAnswer(
                "This is your own invitation: there is nobody to answer.", "Change it in your calendar."
            )
        copy = (
            sent_by is not None
            and sent_by.key not in (organizer.key, *invitation.mail.list_post)
            and _usable(sent_by, settings_addresses)
        )
        if valid_address(organizer.address):
            return (organizer,), (sent_by,) if copy and sent_by is not None else ()
        if copy and sent_by is not None:
            return (sent_by,), ()
    for mailbox in _correspondents(invitation):
        if _usable(mailbox, settings_addresses) and mailbox.key not in invitation.mail.list_post:
            return (mailbox,), ()
    raise CannotAnswer("There is no address to which an answer could go.", "Answer by phone, or mark it as done (m).")


def refuse_delegate(invitation: Invitation, delegate: Mailbox, my_addresses: tuple[str, ...]) -> None:
    """Raises CannotAnswer where `delegate` can't take part in my place (RFC 5546, 3.2.2.3): no reachable address, my
    own, the organiser's, or that of somebody who has handed the meeting to me."""
    if not valid_address(delegate.address) or takes_no_mail(delegate.address):
        raise CannotAnswer("Nobody is known who could take part in your place.", "Name a colleague: --delegate ADDR.")
    if is_mine(delegate.address, my_addresses):
        raise CannotAnswer(f"{delegate.address} is your own address.", "Name somebody else to take part.")
    person = matching_attendee(invitation, my_addresses)
    if person is None or invitation.organizer is None:
        raise CannotAnswer(
            "You are not invited by name, so there is no place to hand over.", "Answer without delegating."
        )
    if delegate.key in {each.key for each in (invitation.organizer, invitation.sent_by) if each is not None}:
        raise CannotAnswer(
            f"{delegate.address} organises this meeting and takes part anyway.", "Answer without delegating."
        )
    lines = (line for line in invitation.source.lines if line.name == "ATTENDEE")
    mine = next((line for line in lines if address_of(line).casefold() == person.mailbox.key), None)
    if mine is not None and delegate.key in parameters(mine).get("DELEGATED-FROM", "").casefold():
        raise CannotAnswer(
            f"{delegate.address} has handed this meeting to you.", "Answer it yourself, or name somebody else."
        )


def _correspondents(invitation: Invitation) -> tuple[Mailbox, ...]:
    """Reply-To, From, ORGANIZER; a mailing list's Reply-To comes last, since the list need not read it."""
    mail = invitation.mail
    people = tuple(person for person in (mail.from_, invitation.organizer) if person is not None)
    return (*people, *mail.reply_to) if mail.list_id else (*mail.reply_to, *people)


def _refuse_list(invitation: Invitation, organizer: Mailbox) -> None:
    """Raises CannotAnswer where the answer would go to everybody on a mailing list."""
    if organizer.key in invitation.mail.list_post:
        raise CannotAnswer(
            f"{organizer.address} is a whole mailing list: everybody on it would get your answer.",
            "Write to a person instead, or mark it as done (m).",
        )


def _usable(mailbox: Mailbox, my_addresses: tuple[str, ...]) -> bool:
    return valid_address(mailbox.address) and not is_mine(mailbox.address, my_addresses)
