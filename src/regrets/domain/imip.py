"""The one boundary through which mail is read: bytes to Invitation or Unreadable, never an exception (RFC 6047)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from email.message import Message

from regrets.domain.charsets import decoded
from regrets.domain.conference import conference_links
from regrets.domain.deceptions import deceptions
from regrets.domain.event import NoEvent, read_calendar
from regrets.domain.headers import message_ids, moment, unfolded, words
from regrets.domain.html_text import hrefs, text_of_html
from regrets.domain.mailboxes import MOST_MAILBOXES, mailboxes, sole_mailbox
from regrets.domain.mailto import address
from regrets.domain.mime import Part, Walk, leaves, parameter, split
from regrets.domain.model import Invitation, Mailbox, MailFacts, Unreadable, Warn

MOST_BYTES = 64 * 1024 * 1024
MOST_TEXT = 256 * 1024
MOST_CALENDAR_PARTS = 10
MOST_OF_A_FIELD = 20

_CALENDAR_TYPES = ("text/calendar", "application/ics", "text/x-vcalendar")
_OTHER_KINDS = {
    "VTODO": "a task (VTODO)",
    "VJOURNAL": "a note (VJOURNAL)",
    "VFREEBUSY": "a matter of free and busy times (VFREEBUSY)",
    "VAVAILABILITY": "a matter of working hours (VAVAILABILITY)",
}
_SERVERS = ("mailer-daemon", "postmaster")
_VERSION = ("uid", "recurrence_id", "sequence", "method")
_CONFERENCE = re.compile(
    r"CONFERENCE$|X-GOOGLE-CONFERENCE|X-MICROSOFT-(?:SKYPETEAMS|ONLINEMEETING).*(?:URL|LINK)|X-ZOOM.*URL|X-TELEMOST"
)
_URI = re.compile(r"<([^<>]{1,400})>")
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)*[\s\x00]*B\x00?E\x00?G\x00?I\x00?N\x00?:", re.IGNORECASE)
_MESSAGES = {
    "no-calendar": "There is no invitation in it.",
    "truncated": "No invitation is in what was read of it: it has more parts, deeper ones or a longer header than "
    "are read. Open it in your mail program.",
    "not-an-event": "It is no meeting but {kind}: it is left alone here. Look at it in your calendar program.",
    "broken-calendar": "Its calendar part can't be read. Ask the sender for the invitation once more.",
    "broken-mail": "The mail can't be read. Open it in your mail program.",
    "too-costly": "Reading it takes more memory than an invitation may. Open it in your mail program.",
    "too-large": "It is larger than 64 MB. Open it in your mail program.",
    "winmail": "The invitation is wrapped in Outlook's winmail.dat. Ask the sender to send it as "
    "HTML or plain text, not as Rich Text.",
    "bounce": "It is a delivery report, no invitation: a mail of yours did not arrive.",
    "encrypted": "The mail is encrypted. Open it in your mail program.",
}


def read(data: bytes) -> Invitation | Unreadable:
    """The invitation in an RFC 5322 message or a bare .ics file, in whatever state it is.

    Pure, and the only door: it never raises, and a time it can't be sure of comes with a warning or not at all.
    """
    try:
        return _read(data)
    except MemoryError:
        return _unreadable("too-costly")
    except Exception:  # RecursionError is among them
        return _unreadable("broken-mail")


def _unreadable(code: str, mail: MailFacts | None = None) -> Unreadable:
    return Unreadable(code, _MESSAGES[code], mail or MailFacts())


def _read(data: bytes) -> Invitation | Unreadable:
    if len(data) > MOST_BYTES:
        return _unreadable("too-large")
    if _BEGIN.match(data):
        return _calendar_file(data)
    walk = Walk()
    headers, body = split(data.lstrip(b"\r\n"), walk)
    found = _sorted_parts(headers, body, walk)
    mail = _mail_facts(headers, found)
    if walk.report or _returned(mail, found):
        return _unreadable("bounce", mail)
    if not found.calendars:
        return _unreadable("truncated" if walk.truncated and found.excuse == "no-calendar" else found.excuse, mail)
    return _best(found, mail, walk)


def _calendar_file(data: bytes) -> Invitation | Unreadable:
    try:
        item = read_calendar(data)
        return _with_links(item, _Parts())
    except NoEvent as error:
        return _no_event(_other_kind(error))


def _no_event(kind: str, mail: MailFacts | None = None) -> Unreadable:
    """What it is instead of a meeting, where that can be told."""
    found = _unreadable("not-an-event" if kind else "broken-calendar", mail)
    return replace(found, message=found.message.format(kind=kind))


def _other_kind(error: NoEvent) -> str:
    return next((_OTHER_KINDS[kind] for kind in error.kinds if kind in _OTHER_KINDS), "")


@dataclass(frozen=True, slots=True)
class _Parts:
    """The leaves of a mail by what they are good for."""

    calendars: tuple[Part, ...] = ()  # best first
    plain: Part | None = None
    html: Part | None = None
    excuse: str = "no-calendar"  # the code to give where there is no calendar


def _rank(part: Part) -> int | None:
    """How good a part is as the calendar part: 0 is best, None is none."""
    kind, named = part.content_type, part.filename.endswith((".ics", ".vcs", ".ical"))
    rank: int | None = None
    if kind == "text/calendar":
        rank = 1 if part.attached else 0
    elif kind in _CALENDAR_TYPES:
        rank = 2
    elif named:
        rank = 3
    elif kind == "text/plain" and not part.attached and _BEGIN.match(part.body[:4096]):
        rank = 4
    return None if rank is None else rank + (10 if part.nested else 0)


def _sorted_parts(headers: Message, body: bytes, walk: Walk) -> _Parts:
    calendars: list[tuple[int, Part]] = []
    plain = html = None
    excuse = "no-calendar"
    for part in leaves(headers, body, walk):
        rank = _rank(part)
        if rank is not None:
            calendars.append((rank, part))
        elif part.attached or part.nested:
            pass
        elif part.content_type == "text/plain":
            plain = plain or part
        elif part.content_type == "text/html":
            html = html or part
        if part.content_type in ("application/ms-tnef", "application/vnd.ms-tnef") or part.filename == "winmail.dat":
            excuse = "winmail"
        elif part.content_type in ("application/pkcs7-mime", "application/pgp-encrypted"):
            excuse = "encrypted"
    calendars.sort(key=lambda item: item[0])
    return _Parts(tuple(part for _, part in calendars[:MOST_CALENDAR_PARTS]), plain, html, excuse)


def _returned(mail: MailFacts, found: _Parts) -> bool:
    """Whether a mail server sent a mail of ours back without calling it a report."""
    sender = mail.from_.key.partition("@")[0] if mail.from_ else ""
    return sender in _SERVERS and bool(found.calendars) and found.calendars[0].nested


def _best(found: _Parts, mail: MailFacts, walk: Walk) -> Invitation | Unreadable:
    """The invitation of the best calendar part; the same one in another part is shown once."""
    read_ones: list[tuple[Part, Invitation]] = []
    other_kind = ""
    for part in found.calendars:
        method = parameter(part.headers, "content-type", "method")
        try:
            read_ones.append((part, read_calendar(part.content(), part.charset, method)))
        except NoEvent as error:
            other_kind = other_kind or _other_kind(error)
    if not read_ones:
        return _no_event(other_kind, mail)
    part, first = read_ones[0]
    twins = [item for twin, item in read_ones if _rank(twin) == _rank(part) and _same(item, first)]
    first = max(twins, key=lambda item: len(item.source.lines))
    others = [item for _, item in read_ones[1:] if item.uid != first.uid]
    if part.nested:
        mail = _forwarded(mail, part)
    said = [Warn.TRUNCATED] if walk.truncated else []
    said += [Warn.SENDER_UNREADABLE] if mail.from_ is None else []
    first = replace(first, mail=mail)
    read = replace(
        first,
        also=(*first.also, *others),
        warnings=tuple(dict.fromkeys((*first.warnings, *map(str, said)))),
        declared_language=first.declared_language or mail.content_language,
    )
    return _with_links(read, found)


def _same(one: Invitation, other: Invitation) -> bool:
    """Whether two calendar parts hold the same version of the same event."""
    return all(getattr(one, name) == getattr(other, name) for name in _VERSION)


def _forwarded(mail: MailFacts, part: Part) -> MailFacts:
    """A forwarded invitation keeps the outer mail's facts; the inner Message-ID helps to thread an answer."""
    inner = message_ids(part.within.get("message-id", ""))[:1] if part.within else ()
    return replace(mail, forwarded=True, references=mail.references or inner)


def _mail_facts(headers: Message, found: _Parts) -> MailFacts:
    fields = _fields(headers)

    def text(name: str) -> str:
        return words(next(iter(fields.get(name, ())), ""))

    def people(name: str) -> tuple[Mailbox, ...]:
        return tuple(person for value in fields.get(name, ()) for person in mailboxes(value))[:MOST_MAILBOXES]

    return MailFacts(
        from_=sole_mailbox(*fields.get("from", ())),
        sender=sole_mailbox(*fields.get("sender", ())),
        reply_to=people("reply-to"),
        to=people("to"),
        cc=people("cc"),
        subject=text("subject"),
        date=moment(headers.get("date", "")),
        message_id=next(iter(message_ids(headers.get("message-id", ""))), ""),
        references=message_ids(headers.get("references", "")) or message_ids(headers.get("in-reply-to", "")),
        list_id=text("list-id"),
        list_post=_list_post(text("list-post")),
        automatic=_is_automatic(text("auto-submitted"), headers.get("return-path")),
        auto_submitted=text("auto-submitted").lower(),
        precedence=text("precedence").lower(),
        authentication_results=tuple(map(unfolded, fields.get("authentication-results", ()))),
        content_language=text("content-language").partition(",")[0].strip()[:35],
        text=_text(found),
    )


def _fields(headers: Message) -> dict[str, list[str]]:
    """The first of each header field's values, as they came: the parser's own view of them loses raw 8-bit text."""
    fields: dict[str, list[str]] = {}
    for name, value in headers.raw_items():
        values = fields.setdefault(name.lower(), [])
        if len(values) < MOST_OF_A_FIELD:
            values.append(str(value))
    return fields


def _list_post(text: str) -> tuple[str, ...]:
    found = (address(uri) for uri in _URI.findall(text)[:20])
    return tuple(each.casefold() for each in found if each)


def _is_automatic(auto_submitted: str, return_path: str | None) -> bool:
    """`auto-generated` is what calendar servers send; a responder's `auto-replied` and an empty return path are
    not to be answered (RFC 3834, 2 and 4)."""
    bounce = return_path is not None and str(return_path).strip() == "<>"
    return bounce or auto_submitted.strip().lower().startswith("auto-replied")


def _text(found: _Parts) -> str:
    """The mail's plain text, with LF line ends; its HTML as text where there is no other."""
    text = _decoded(found.plain).replace("\r\n", "\n").strip()
    return text or text_of_html(_decoded(found.html))


def _decoded(part: Part | None) -> str:
    return decoded(part.content()[:MOST_TEXT], part.charset) if part else ""


def _with_links(invitation: Invitation, found: _Parts) -> Invitation:
    """Conference links: those of properties made for them first, then whatever the texts hold; and what is odd."""
    certain = [line.value for line in invitation.source.lines if _CONFERENCE.match(line.name)]
    texts = [invitation.location, invitation.url, invitation.description, invitation.mail.text]
    texts += hrefs(_decoded(found.html))
    invitation = replace(invitation, conference_links=conference_links(certain, texts))
    return replace(invitation, warnings=(*invitation.warnings, *deceptions(invitation, texts)))
