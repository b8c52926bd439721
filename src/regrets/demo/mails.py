"""Planned mails to RFC 5322 bytes, in the shapes in which calendar programs send invitations."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from regrets.demo.ics import invitation_ics
from regrets.demo.scenario import PlannedMail
from regrets.demo.words import WORDS
from regrets.domain.model import Mailbox

_RULE = "_" * 72
# Addresses that open nothing: the demo's meetings take place nowhere.
_LINKS = {
    "meet": "https://meet.google.com/xxx-demo-xxx",
    "teams": "https://teams.microsoft.com/l/meetup-join/19%3ameeting_demo%40thread.v2/0",
    "zoom": "https://us02web.zoom.us/j/00000000000",
}
_JOIN_BLOCKS = {
    "meet": "{words.join_meet}\n{link}\n\n{words.about_meet}: https://support.google.com/a/users/answer/9282720",
    "teams": f"{_RULE}\nMicrosoft Teams {{words.teams_help}}\n{{words.join_teams}}\n{{link}}\n"
    f"{{words.meeting_id}}: 000 000 000 00\n{{words.passcode}}: demo00\n{_RULE}",
    "zoom": "Join Zoom Meeting\n{link}\n\nMeeting ID: 000 0000 0000\nPasscode: 000000",
}
_NOT_A_CALENDAR = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body></body></html>\n"


def build(mail: PlannedMail) -> bytes:
    """The whole mail, lines ended by CRLF."""
    message = _headers(mail)
    if mail.event is None:
        _add_ordinary_body(message, mail)
    elif mail.broken:
        message.set_content(mail.text)
        _add_calendar(message, _NOT_A_CALENDAR, mail.method)
    elif mail.forwarded_by:
        _add_forwarded_body(message, mail)
    else:
        _add_invitation_body(message, mail)
    if mail.event and mail.shape == "outlook":  # last: what begins with Content- goes into the first part else
        message["Content-Language"] = WORDS[mail.language].locale
    return message.as_bytes()


def _headers(mail: PlannedMail) -> EmailMessage:
    sender = mail.forwarded_by or mail.from_
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender)
    message["To"] = _address(mail.to)
    message["Subject"] = _subject(mail)
    message["Date"] = mail.received
    digest = hashlib.sha256(f"{mail.id} {mail.received.isoformat()}".encode()).hexdigest()
    message["Message-ID"] = f"<{digest[:32]}@{sender.domain}>"
    if mail.event and mail.shape == "google":
        message["Sender"] = _address(Mailbox("Google Calendar", "calendar-notification@calendar.example"))
    if mail.event and mail.shape == "outlook":
        message["Thread-Topic"] = mail.subject
    return message


def _subject(mail: PlannedMail) -> str:
    if mail.event is None or mail.shape != "google":
        return f"Fwd: {mail.subject}" if mail.forwarded_by else mail.subject
    words = WORDS[mail.language]
    kind = words.cancelled if mail.method == "CANCEL" else words.invitation
    return f"{kind}: {mail.subject} @ {_when(mail)} ({mail.to.address})"


def _when(mail: PlannedMail) -> str:
    from babel.dates import format_skeleton

    assert mail.event is not None
    start, end, locale = mail.event.start, mail.event.end, WORDS[mail.language].locale.replace("-", "_")
    if not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
        return format_skeleton("yMMMEd", dt.datetime.combine(start, dt.time()), locale=locale)
    return f"{format_skeleton('yMMMEd', start, locale=locale)} {start:%H:%M} - {end:%H:%M} ({start:%Z})"


def _add_invitation_body(message: EmailMessage, mail: PlannedMail) -> None:
    """multipart/alternative of text, HTML and calendar; Google also attaches the file, `plain` does nothing else."""
    text = _with_join_block(mail)
    calendar = invitation_ics(mail, text, _place(mail))
    message.set_content(text)
    if mail.shape == "plain":
        message.add_attachment(calendar.encode(), maintype="text", subtype="calendar", params={"method": mail.method})
        return
    if mail.shape in ("google", "outlook"):
        message.add_alternative(_as_html(text), subtype="html")
    _add_calendar(message, calendar, mail.method)
    if mail.shape == "google":
        message.add_attachment(calendar.encode(), maintype="application", subtype="ics", filename="invite.ics")


def _add_forwarded_body(message: EmailMessage, mail: PlannedMail) -> None:
    """What a colleague passes on by hand: a note, the old text below it, the calendar file attached."""
    text = _with_join_block(mail)
    words = WORDS[mail.language]
    head = f"{words.from_}: {mail.from_.name} <{mail.from_.address}>\n{words.subject}: {mail.subject}"
    message.set_content(f"{mail.note}\n\n---------- Forwarded message ----------\n{head}\n\n{text}")
    message.add_attachment(
        invitation_ics(mail, text, _place(mail)).encode(),
        maintype="text",
        subtype="calendar",
        filename="invite.ics",
        params={"method": mail.method, "charset": "utf-8"},
    )


def _add_ordinary_body(message: EmailMessage, mail: PlannedMail) -> None:
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(_as_html(mail.text), subtype="html")
    if mail.attachment:
        message.add_attachment("[ ] receipts\n[ ] invoices\n", filename=mail.attachment)


def _add_calendar(message: EmailMessage, calendar: str, method: str) -> None:
    message.add_alternative(calendar, subtype="calendar", charset="utf-8", cte="base64", params={"method": method})


def _place(mail: PlannedMail) -> str:
    if mail.location or not mail.link:
        return mail.location
    return "Microsoft Teams Meeting" if mail.link == "teams" else _LINKS[mail.link]


def _with_join_block(mail: PlannedMail) -> str:
    if not mail.link:
        return f"{mail.text}\n"
    block = _JOIN_BLOCKS[mail.link].format(link=_LINKS[mail.link], words=WORDS[mail.language])
    return f"{mail.text}\n\n{block}\n"


def _as_html(text: str) -> str:
    paragraphs = (html.escape(part).replace("\n", "<br>\n") for part in text.strip().split("\n\n"))
    return "<html><body>\n" + "\n".join(f"<p>{part}</p>" for part in paragraphs) + "\n</body></html>\n"


def _address(mailbox: Mailbox) -> Address:
    return Address(mailbox.name, addr_spec=mailbox.address)
