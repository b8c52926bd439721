"""Makes mails, calendars and settings from the labelled cases.

`python -m tests.cases.build DIRECTORY` writes them all: mail/, config/ and a cases.jsonl that lists them.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import sys
import zlib
from collections.abc import Iterable
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path

from tests.cases.labels import BOOKS, LANGUAGES, Book, Label, Person, Slot, book
from tests.cases.shapes import join_block, join_link

SHAPES = ("google", "outlook", "apple", "plain")
WINDOWS = {
    "Europe/London": "GMT Standard Time",
    "Europe/Oslo": "W. Europe Standard Time",
    "Europe/Ljubljana": "Central Europe Standard Time",
    "Europe/Istanbul": "Turkey Standard Time",
    "Europe/Riga": "FLE Standard Time",
    "Europe/Helsinki": "FLE Standard Time",
}
PRODUCTS = {
    "google": "-//Google Inc//Google Calendar 70.9054//EN",
    "outlook": "Microsoft Exchange Server 2010",
    "apple": "-//Apple Inc.//macOS 15.1//EN",
    "plain": "-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
}


def shape_of(label: Label) -> str:
    """Pairs of neighbours share a shape, so that it does not go with the split; each language begins elsewhere."""
    shift = list(LANGUAGES).index(label.language)
    return str(label.data.get("shape", SHAPES[(label.number // 2 + shift) % len(SHAPES)]))


def mail(label: Label, of: Book) -> bytes:
    """The whole message as it would arrive."""
    shape = shape_of(label)
    method = label.data.get("method", "REQUEST")
    body = body_text(label, of, shape)
    calendar = calendar_text(label, of, shape, method)
    message = EmailMessage(policy=SMTP)
    sender = label.organizer
    message["From"] = f'"{sender.name}" <{sender.address}>'
    message["To"] = label.data.get("to") or f'"{of.user.name}" <{of.user.address}>'
    message["Subject"] = _subject(label, of, shape)
    message["Date"] = of.now - dt.timedelta(hours=5)
    message["Message-ID"] = f"<{_mark(label.id)}.{label.id}@{sender.address.partition('@')[2]}>"
    if shape == "google":
        message["Sender"] = "Google Calendar <calendar-notification@google.com>"
    message.set_content(body)
    if shape in ("google", "outlook"):
        message.add_alternative(_html(body), subtype="html")
    if shape == "plain":
        message.add_attachment(calendar, subtype="calendar", filename="invitation.ics", params={"method": method})
    else:
        message.add_alternative(calendar, subtype="calendar", params={"method": method})
    if shape == "google":
        message.add_attachment(calendar.encode(), maintype="application", subtype="ics", filename="invite.ics")
    return message.as_bytes()


def body_text(label: Label, of: Book, shape: str) -> str:
    """What the person wrote, then what their program put below it."""
    return described(label, of, shape) + (_google_footer(label, of) if shape == "google" else "")


def described(label: Label, of: Book, shape: str) -> str:
    """The text as it stands in DESCRIPTION."""
    parts = [label.data["text"].strip()]
    if sig := label.data.get("sig"):
        parts.append(f"-- \n{sig.strip()}" if shape == "plain" else sig.strip())
    if shape == "outlook" or (shape == "plain" and label.number % 3 == 0):
        parts.append(_footer(label, of))
    if "where" not in label.data:
        parts.append(join_block(label.language, shape, _mark(label.id)))
    return "\n\n".join(parts) + "\n"


def _footer(label: Label, of: Book) -> str:
    """The two splits have footers of their own, so that knowing one set says nothing about the other."""
    half = len(of.footers) // 2
    own = of.footers[:half] if label.split == "develop" else of.footers[half:]
    return own[label.number // 8 % half]


def _google_footer(label: Label, of: Book) -> str:
    return (
        f"\n{label.data['subject']}\n{_spelled(label.slot)}\n\nOrganizer\n{label.organizer.name}\n"
        f"{label.organizer.address}\n\n~~//~~\nInvitation from Google Calendar: "
        "https://calendar.google.com/calendar/\n\nYou are receiving this email because you are an attendee on "
        "the event. To stop receiving future updates for this event, decline this event.\n"
    )


def calendar_text(label: Label, of: Book, shape: str, method: str) -> str:
    """The iTIP object (RFC 5545, 5546)."""
    zone = WINDOWS[of.zone.key] if shape == "outlook" else of.zone.key
    location = label.data.get("where") or _online(label, shape)
    uid = label.data.get("uid") or f"{_mark(label.id)}-{label.id}@{shape}.example"
    lines = ["BEGIN:VCALENDAR", f"PRODID:{PRODUCTS[shape]}", "VERSION:2.0", f"METHOD:{method}"]
    lines += [*_timezone(zone, of), "BEGIN:VEVENT", *_times(label.slot, zone)]
    if rule := label.data.get("rrule"):
        lines.append(f"RRULE:{rule}")
    lines += [
        f"DTSTAMP:{_utc(of.now - dt.timedelta(hours=5))}",
        f"ORGANIZER;CN={_quoted(label.organizer.name)}:mailto:{label.organizer.address}",
        f"UID:{uid}",
        *_attendees(label, of, method),
    ]
    if shape != "plain":
        lines.append(f"DESCRIPTION:{_escaped(described(label, of, shape).strip())}")
    if shape == "google" and "where" not in label.data:
        lines.append(f"X-GOOGLE-CONFERENCE:{join_link(shape, _mark(label.id))}")
    lines += [
        f"LOCATION:{_escaped(location)}",
        f"SEQUENCE:{label.data.get('sequence', 0)}",
        f"STATUS:{'CANCELLED' if method == 'CANCEL' else 'CONFIRMED'}",
        f"SUMMARY:{_escaped(label.data['subject'])}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return _folded(lines)


def own_calendar(of: Book) -> str:
    """mine.ics: what the user's own calendar holds."""
    lines = ["BEGIN:VCALENDAR", "PRODID:-//regrets tests//cases//EN", "VERSION:2.0"]
    for number, (slot, event) in enumerate(of.events):
        lines += ["BEGIN:VEVENT", f"UID:{event.get('uid', f'{of.language}-own-{number}')}"]
        lines.append(f"DTSTAMP:{_utc(of.now - dt.timedelta(days=80))}")
        if slot.all_day:
            lines += [f"DTSTART;VALUE=DATE:{slot.start:%Y%m%d}", f"DTEND;VALUE=DATE:{slot.end:%Y%m%d}"]
        else:
            lines += [f"DTSTART:{_utc(slot.start)}", f"DTEND:{_utc(slot.end)}"]
        lines += [
            f"SUMMARY:{_escaped(event['summary'])}",
            f"STATUS:{event.get('status', 'CONFIRMED')}",
            f"TRANSP:{'TRANSPARENT' if event.get('transparent') else 'OPAQUE'}",
            f"SEQUENCE:{event.get('sequence', 0)}",
        ]
        if "with" in event:
            name, _, address = event["with"].rstrip(">").partition(" <")
            partstat = "DECLINED" if event.get("declined") else "ACCEPTED"
            lines.append(f"ORGANIZER;CN={_quoted(name)}:mailto:{address}")
            lines.append(_attendee(of.user, "REQ-PARTICIPANT", partstat))
        lines.append("END:VEVENT")
    return _folded([*lines, "END:VCALENDAR"])


def write_config(of: Book, directory: Path) -> None:
    """The user's settings beside a calendar; `path` made absolute."""
    directory.mkdir(parents=True, exist_ok=True)
    text = (of.config / "config.toml").read_text("utf-8")
    calendar = directory / "mine.ics"
    text = text.replace('path = "mine.ics"', f'path = "{calendar.as_posix()}"')
    (directory / "config.toml").write_text(text, "utf-8")
    shutil.copy(of.config / "clients.toml", directory)
    calendar.write_text(own_calendar(of), "utf-8", newline="")


def _attendees(label: Label, of: Book, method: str) -> list[str]:
    if method == "PUBLISH":
        return []
    guests = [_attendee(guest, "REQ-PARTICIPANT", "NEEDS-ACTION") for guest in label.guests]
    if label.data.get("absent"):
        return guests
    if method == "REPLY":
        return [_attendee(label.organizer, "REQ-PARTICIPANT", "ACCEPTED")]
    return [_attendee(of.user, label.data.get("role", "REQ-PARTICIPANT"), "NEEDS-ACTION"), *guests]


def _attendee(who: Person, role: str, partstat: str) -> str:
    return f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE={role};PARTSTAT={partstat};CN={_quoted(who.name)}:mailto:{who.address}"


def _times(slot: Slot, zone: str) -> list[str]:
    if slot.all_day:
        return [f"DTSTART;VALUE=DATE:{slot.start:%Y%m%d}", f"DTEND;VALUE=DATE:{slot.end:%Y%m%d}"]
    return [f"DTSTART;TZID={zone}:{slot.start:%Y%m%dT%H%M%S}", f"DTEND;TZID={zone}:{slot.end:%Y%m%dT%H%M%S}"]


def _timezone(name: str, of: Book) -> list[str]:
    """Today's European rules; Türkiye has no summer time."""
    winter = dt.datetime(2026, 1, 15, tzinfo=of.zone).strftime("%z")
    summer = dt.datetime(2026, 7, 15, tzinfo=of.zone).strftime("%z")
    change = (int(winter[:3]) + 1) if winter != summer else 0
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    for part, month, before, after in (("STANDARD", 10, summer, winter), ("DAYLIGHT", 3, winter, summer)):
        if part == "DAYLIGHT" and winter == summer:
            break
        at = change + (1 if part == "STANDARD" and winter != summer else 0)
        lines += [f"BEGIN:{part}", f"DTSTART:16010101T{at:02}0000", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}"]
        if winter != summer:
            lines.append(f"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH={month}")
        lines.append(f"END:{part}")
    return [*lines, "END:VTIMEZONE"]


def _online(label: Label, shape: str) -> str:
    if shape == "outlook":
        return "Microsoft Teams"
    return join_link(shape, _mark(label.id)) if shape == "apple" else ""


def _subject(label: Label, of: Book, shape: str) -> str:
    subject = str(label.data["subject"])
    if shape != "google" or label.data.get("method", "REQUEST") != "REQUEST":
        return subject
    return f"Invitation: {subject} @ {_spelled(label.slot)} ({of.user.address})"


def _spelled(slot: Slot) -> str:
    return f"{slot.start:%a %d %b %Y}" if slot.all_day else f"{slot.start:%a %d %b %Y %H:%M} - {slot.end:%H:%M (%Z)}"


def _html(body: str) -> str:
    paragraphs = "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in body.strip().split("\n\n"))
    linked = re.sub(r"(https://[^\s<]+)", r'<a href="\1">\1</a>', paragraphs)
    return f'<html><body style="font-family:Calibri,sans-serif">{linked}</body></html>\n'


def _mark(identity: str) -> str:
    return f"{zlib.crc32(identity.encode()):08x}"


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _quoted(name: str) -> str:
    return f'"{name}"' if re.search(r"[,;:]", name) else name


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(lines: Iterable[str]) -> str:
    """At most 75 octets a line (RFC 5545, 3.1), never inside a character."""
    folded: list[str] = []
    for line in lines:
        piece = ""
        for character in line:
            if len((piece + character).encode()) > 73:
                folded.append(piece)
                piece = " "
            piece += character
        folded.append(piece)
    return "\r\n".join(folded) + "\r\n"


def main(directory: Path) -> None:
    (directory / "mail").mkdir(parents=True, exist_ok=True)
    with (directory / "cases.jsonl").open("w", encoding="utf-8") as out:
        for name in BOOKS:
            of = book(name)
            write_config(of, directory / "config" / name)
            for label in of.labels:
                (directory / "mail" / f"{label.id}.eml").write_bytes(mail(label, of))
                row = {
                    "id": label.id,
                    "file": f"mail/{label.id}.eml",
                    "config": f"config/{name}",
                    "now": of.now.isoformat(),
                    "strategy": label.strategy,
                    "rule": label.rule,
                    "textlang": label.data.get("textlang", of.language),
                    "also_ok": label.data.get("also_ok", []),
                    "near_miss": label.data.get("near_miss", False),
                    "shape": shape_of(label),
                    "why": label.data["why"],
                    "split": label.split,
                }
                out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
