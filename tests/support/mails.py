"""Mails as calendars send them, small: the shapes differ as those of Google, Outlook, Exchange and Apple do."""

from __future__ import annotations

import base64

ANA = "ana@studio.example"
MARKO = "marko@kovin.example"


def calendar(
    uid: str = "q1@kovin.example",
    *,
    method: str = "REQUEST",
    sequence: int = 0,
    dtstamp: str = "20261120T090000Z",
    organizer: str = MARKO,
    summary: str = "Quarterly review",
    recurrence_id: str = "",
    more: str = "",
) -> str:
    """One VCALENDAR with one VEVENT, LF line ends; `more` are further lines of the VEVENT."""
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN", f"METHOD:{method}", "BEGIN:VEVENT"),
        *(f"UID:{uid}", f"SEQUENCE:{sequence}", f"DTSTAMP:{dtstamp}"),
        *("DTSTART:20261124T090000Z", "DTEND:20261124T100000Z", f"SUMMARY:{summary}"),
        *([f"RECURRENCE-ID:{recurrence_id}"] if recurrence_id else []),
        *(f"ORGANIZER;CN=Marko:mailto:{organizer}", f"ATTENDEE;CN=Ana;RSVP=TRUE:mailto:{ANA}"),
        *([more] if more else []),
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    return "\n".join(lines)


def head(sender: str = MARKO, subject: str = "Invitation: Quarterly review", number: int = 1) -> str:
    """The header fields of a mail, without those of its body."""
    return (
        f"Received: from mx.example by mail.example; Fri, 20 Nov 2026 09:00:00 +0000\nFrom: Marko <{sender}>\n"
        f"To: Ana Novak <{ANA}>\nSubject: {subject}\nDate: Fri, 20 Nov 2026 09:00:00 +0000\n"
        f"Message-ID: <{number}@kovin.example>\nMIME-Version: 1.0\n"
    )


def multipart(kind: str, *parts: str, boundary: str = "b1") -> str:
    """A body with its own Content-Type header."""
    inner = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{inner}--{boundary}--\n'


def part(kind: str, body: str, headers: str = "") -> str:
    """One part."""
    return f"Content-Type: {kind}\n{headers}\n{body}"


def wrapped(text: str) -> str:
    """As base64 in lines."""
    return base64.encodebytes(text.encode()).decode()


TEXT = part("text/plain; charset=utf-8", "Dear Ana,\nthe figures are in.\n")
HTML = part("text/html; charset=utf-8", "<p>Dear Ana,</p>\n")


def alternative(
    ics: str, sender: str = MARKO, subject: str = "Invitation: Quarterly review", number: int = 1
) -> bytes:
    """multipart/alternative of text, HTML and text/calendar: what most calendars send."""
    invitation = part("text/calendar; charset=UTF-8; method=REQUEST", ics)
    return (head(sender, subject, number) + multipart("alternative", TEXT, HTML, invitation)).encode()


def shapes(ics: str) -> dict[str, bytes]:
    """The same invitation in every shape that must be found."""
    invitation = part("text/calendar; charset=UTF-8; method=REQUEST", ics)
    inline = multipart("alternative", TEXT, HTML, invitation, boundary="b2")
    attached = 'Content-Disposition: attachment; filename="{}"\nContent-Transfer-Encoding: base64\n'
    octets = part('application/octet-stream; name="meeting.ics"', wrapped(ics), attached.format("meeting.ics"))
    encoded = part(
        "application/octet-stream", wrapped(ics), attached.format("=?UTF-8?B?" + "dsSNYWJpbG8uaWNz" + "?=")
    )
    as_ics = part("application/ics", wrapped(ics), attached.format("invite.ics"))
    inner = head(subject="Inner") + multipart("alternative", TEXT, invitation, boundary="b3")
    forwarded = part("message/rfc822", inner)
    bodies = {
        "alternative": multipart("alternative", TEXT, HTML, invitation),
        "google": multipart("mixed", inline, as_ics),
        "application-ics": multipart("mixed", TEXT, as_ics),
        "octet-stream": multipart("mixed", TEXT, octets),
        "encoded-name": multipart("mixed", TEXT, encoded),
        "bare": part(
            "text/calendar; method=REQUEST; charset=UTF-8", wrapped(ics), "Content-Transfer-Encoding: base64\n"
        ),
        "forwarded": multipart("mixed", TEXT, forwarded),
        "forwarded-bare": part("message/rfc822", head(subject="Inner") + invitation),
    }
    return {name: (head(number=index) + body).encode() for index, (name, body) in enumerate(bodies.items(), 10)}


def ordinary() -> list[bytes]:
    """Mails that hold no invitation, one of them with a file whose name has no ASCII."""
    file = part("application/pdf", "JVBERi0=", 'Content-Disposition: attachment; filename="rechnung.pdf"\n')
    tnef = part(
        'application/ms-tnef; name="winmail.dat"',
        wrapped('\x78\x9f>"IPM.Note'),
        "Content-Transfer-Encoding: base64\n",
    )
    bodies = (
        TEXT,
        multipart("alternative", TEXT, HTML),
        multipart("mixed", TEXT, file),
        multipart("mixed", TEXT, tnef),
    )
    return [(head(subject="Hello", number=100 + index) + body).encode() for index, body in enumerate(bodies)]
