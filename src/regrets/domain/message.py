"""The finished mail of an answer: RFC 5322 bytes, read again and compared before they may go (RFC 6047, 2).

Headers are written here and not by email.policy: on Python 3.11.7 that decodes `=?…?=` in values and lets a
SUMMARY add a Bcc (gh-121650, gh-144125), and it turns long message ids into encoded words.
"""

from __future__ import annotations

import base64
import datetime as dt
import html
import re
import secrets
from email import quoprimime
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.policy import compat32
from email.utils import format_datetime

from regrets.domain.comment import comment_of as comment_of
from regrets.domain.content_lines import address_of, content_line, parameters, unfolded
from regrets.domain.errors import UnsafeMessage
from regrets.domain.lint import faults, request_faults
from regrets.domain.message_check import refuse_differences
from regrets.domain.model import ContentLine, Draft, Invitation, Mailbox, Method, OutgoingMessage
from regrets.domain.recipients import goes_where_shown, wire_address
from regrets.domain.subjects import subject_for as subject_for

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_BODY_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=^_`{|}~.-]+@[A-Za-z0-9!#$%&'*+/=^_`{|}~.\[\]:-]+>")
_WIRE = compat32.clone(linesep="\r\n")
_LONGEST_ID = 250
_LONGEST_SUBJECT = 250
_LONGEST_NAME = 80
_MOST_REFERENCES = 20


def build_message(
    invitation: Invitation,
    draft: Draft,
    *,
    now: dt.datetime,
    calendar: bytes | None,
    message_id: str | None = None,
) -> OutgoingMessage:
    """The exact message for a draft: text, HTML and `calendar` (from `answer_calendar`) as alternatives, or text
    alone where `calendar` is None. `now` is aware and dates the mail; `message_id` is made up where it is None.

    Raises UnsafeMessage where anything in it is other than the draft says; nothing may be sent then.
    """
    _refuse_mismatch(invitation, draft, calendar)
    sender, to, cc = _wire(draft.from_), [_wire(box) for box in draft.to], [_wire(box) for box in draft.cc]
    if not to:
        raise UnsafeMessage("The reply has no recipient.", "Nothing was sent.")
    subject, text = clean_header(draft.subject, _LONGEST_SUBJECT), clean_body(draft.body)
    message_id = message_id or f"<{secrets.token_hex(16)}@{sender.rpartition('@')[2]}>"
    headers = [
        ("From", _mailbox(draft.from_)),
        ("To", ",\r\n ".join(map(_mailbox, draft.to))),
        ("Cc", ",\r\n ".join(map(_mailbox, draft.cc))),
        ("Subject", _encoded(subject, len("Subject: "))),
        ("Date", format_datetime(now)),
        ("Message-ID", usable_message_id(message_id)),
        ("In-Reply-To", usable_message_id(invitation.mail.message_id)),
        ("References", "\r\n ".join(_references(invitation))),
    ]
    written = [(name, value) for name, value in headers if value]
    head = b"".join(f"{name}: {value}\r\n".encode("ascii") for name, value in written)
    data = head + _body(text, draft.language, calendar)
    refuse_differences(
        data,
        names=[name for name, _ in written],
        mailboxes=[sender, *to, *cc],
        subject=subject,
        text=text,
        calendar=calendar,
    )
    return OutgoingMessage(
        message_id=message_id,
        sender=sender,
        recipients=tuple(dict.fromkeys([*to, *cc])),
        subject=subject,
        data=data,
        dtstamp=_dtstamp(calendar),
    )


# --- what may stand in a header --------------------------------------------------------------------------------


def clean_header(text: str, longest: int) -> str:
    """One line without control characters, in which nothing can be taken for an encoded word (RFC 2047)."""
    line = " ".join(_CONTROL.sub(" ", text).split()).replace("=?", "= ?")
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def clean_body(text: str) -> str:
    """Text with LF line ends and one at its end, without control characters other than tab."""
    return _BODY_CONTROL.sub("", _LINE_END.sub("\n", text)).strip("\n") + "\n"


def usable_message_id(text: str) -> str:
    """A message id of a mail if it keeps to a strict grammar, else ''."""
    fits = len(text) <= _LONGEST_ID and "=?" not in text and _MESSAGE_ID.fullmatch(text)
    return text if fits else ""


def _references(invitation: Invitation) -> list[str]:
    """RFC 5322, 3.6.4: the invitation's own references and itself; the first and the latest where they are many."""
    ids = [usable_message_id(text) for text in (*invitation.mail.references, invitation.mail.message_id)]
    known = list(dict.fromkeys(text for text in ids if text))
    return known if len(known) <= _MOST_REFERENCES else [known[0], *known[1 - _MOST_REFERENCES :]]


def _wire(mailbox: Mailbox) -> str:
    address = wire_address(mailbox.address)
    if not address:
        raise UnsafeMessage(
            f"“{clean_header(mailbox.address, 80)}” is not one plain e-mail address.",
            "Nothing was sent: answer from your mail program.",
        )
    if not goes_where_shown(mailbox.address):
        raise UnsafeMessage(
            f"Mail for “{clean_header(mailbox.address, 80)}” would go to {address}, which is not what is shown.",
            "Nothing was sent: answer from your mail program.",
        )
    return address


def _mailbox(mailbox: Mailbox) -> str:
    """A mailbox for a header (RFC 5322, 3.4), ASCII."""
    name, address = clean_header(mailbox.name, _LONGEST_NAME), _wire(mailbox)
    if not name or name.casefold() == mailbox.key:
        return address
    if name.isascii():
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"\r\n <{address}>' if len(name) + len(address) > 65 else f'"{quoted}" <{address}>'
    return f"{_encoded(name, len('Subject: '))}\r\n <{address}>"


def _encoded(text: str, used: int) -> str:
    """Unstructured ASCII, folded; encoded words where the text isn't ASCII. `used`: columns of the header's name."""
    charset = "us-ascii" if text.isascii() else "utf-8"
    header = Header(text, charset, maxlinelen=76, header_name="x" * max(used - 2, 0))
    return header.encode(linesep="\r\n", splitchars=" ")


# --- the body --------------------------------------------------------------------------------------------------


def _body(text: str, language: str, calendar: bytes | None) -> bytes:
    """The MIME headers and the body."""
    plain = _text_part("plain", text)
    if calendar is None:
        plain["MIME-Version"] = "1.0"
        return plain.as_bytes()
    # "=_" can't occur in quoted-printable or base64, so no text can end its part
    body = MIMEMultipart("alternative", boundary=f"=_{secrets.token_hex(16)}", policy=_WIRE)
    body.attach(plain)
    body.attach(_text_part("html", _as_html(text, language)))
    part = Message(policy=_WIRE)
    part["Content-Type"] = f"text/calendar; charset=UTF-8; method={_method(calendar)}"
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(calendar).decode("ascii"))
    body.attach(part)
    return body.as_bytes()


def _text_part(subtype: str, text: str) -> Message:
    part = Message(policy=_WIRE)
    part["Content-Type"] = f"text/{subtype}; charset=UTF-8"
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(quoprimime.body_encode(text.encode("utf-8").decode("latin-1")))
    return part


def _as_html(text: str, language: str) -> str:
    """The same words as HTML paragraphs: Outlook shows this part where there is one."""
    paragraphs = [part for part in re.split(r"\n[ \t]*\n", text) if part.strip()]
    shown = "\n".join(
        f"<p>{html.escape(part.strip(chr(10))).replace(chr(10), '<br>' + chr(10))}</p>" for part in paragraphs
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(language)}"><head><meta charset="utf-8"></head><body>\n'
        f"{shown}\n</body></html>\n"
    )


# --- the calendar ----------------------------------------------------------------------------------------------


def _refuse_mismatch(invitation: Invitation, draft: Draft, calendar: bytes | None) -> None:
    """The calendar part must be there if the draft says so, be the draft's, and be without faults."""
    if (calendar is None) != (draft.effect.method is None):
        raise UnsafeMessage("The reply and its calendar part don't belong together.", "Nothing was sent.")
    if calendar is None:
        return
    passed_on = draft.effect.method is Method.REQUEST
    found = request_faults(invitation, calendar) if passed_on else faults(invitation, calendar)
    found = found or _foreign(invitation, draft, calendar)
    if found:
        raise UnsafeMessage(
            f"The calendar part of the reply is faulty ({clean_header('; '.join(found), 200)}).",
            "Nothing was sent: answer with a plain mail.",
        )


def _foreign(invitation: Invitation, draft: Draft, calendar: bytes) -> list[str]:
    """Whether a faultless calendar part is another draft's: its method, From = ATTENDEE as receivers demand, and To =
    whoever is meant by it."""
    if _method(calendar) != draft.effect.method:
        return [f"R1: METHOD {_method(calendar)} instead of {draft.effect.method}"]
    people = [line for line in map(content_line, unfolded(calendar)) if line.name == "ATTENDEE"]
    if draft.effect.method is Method.REQUEST:
        return _misdirected(draft, people)
    if [address_of(person).casefold() for person in people] != [draft.from_.key]:
        return [f"M6: the reply would come from {draft.from_.address}, which was not invited"]
    delegate = draft.delegate
    told = parameters(people[0]).get("DELEGATED-TO", "").strip('"').casefold()
    if told != (f"mailto:{delegate.key}" if delegate else ""):
        return ["D3: the delegate is not the one who was shown"]
    organizer = invitation.organizer
    if organizer and wire_address(organizer.address) and draft.to[:1] and draft.to[0].key != organizer.key:
        return [f"M7: the reply would go to {draft.to[0].address}, who is not the organiser"]
    return []


def _misdirected(draft: Draft, people: list[ContentLine]) -> list[str]:
    """The REQUEST to a delegate comes from the delegator and goes to the delegate alone."""
    delegated = [(parameters(person), address_of(person).casefold()) for person in people]
    givers = [who for given, who in delegated if given.get("DELEGATED-TO", "").strip('"').casefold()]
    takers = [who for given, who in delegated if given.get("DELEGATED-FROM")]
    if draft.from_.key not in givers or [box.key for box in (*draft.to, *draft.cc)] != [
        who for who in takers if who == draft.to[0].key
    ]:
        return ["M6: the invitation would not go from the invited person to the delegate"]
    return []


def _method(calendar: bytes) -> str:
    return next((line[7:].strip() for line in unfolded(calendar) if line.upper().startswith("METHOD:")), "")


def _dtstamp(calendar: bytes | None) -> dt.datetime | None:
    found = re.search(rb"\r\nDTSTAMP:(\d{8}T\d{6})Z\r\n", calendar or b"")
    return dt.datetime.strptime(f"{found[1].decode()}+0000", "%Y%m%dT%H%M%S%z") if found else None
