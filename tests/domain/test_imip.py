# ruff: noqa: E501
"""What a mail or an .ics file gives: the one boundary, from bytes to Invitation or Unreadable."""

import base64
import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regrets.domain.describe import describe, invitation_fields, times
from regrets.domain.imip import read
from regrets.domain.model import Invitation, Mailbox, Method, TimeKind, Unreadable

EVENT = """UID:u1
DTSTAMP:20261120T080000Z
ORGANIZER;CN="Kovač, Marko";SENT-BY="mailto:office@kovin.example":MAILTO:Marko@kovin.example
ATTENDEE;CN=Ana;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ana@studio.example
SUMMARY;LANGUAGE=sl-SI:Pregled\\, prvi del
DTSTART;TZID=Europe/Ljubljana:20261124T100000
DTEND;TZID=Europe/Ljubljana:20261124T113000
SEQUENCE:2
"""


def ics(event=EVENT, head="METHOD:REQUEST\n", zones=""):
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{zones}BEGIN:VEVENT\n{event}END:VEVENT\nEND:VCALENDAR\n".encode()


def with_lines(*lines, drop=()):
    kept = [line for line in EVENT.splitlines() if not line.startswith(tuple(drop) or ("\0",))]
    return "\n".join([*kept, *lines, ""])


def mail(*parts, head="From: Marko <marko@kovin.example>\nTo: ana@studio.example\n", kind="multipart/mixed"):
    body = b"".join(b"--b\n" + part + b"\n" for part in parts)
    return f'{head}Content-Type: {kind}; boundary="b"\n\n'.encode() + body + b"--b--\n"


def part(content, kind="text/calendar; method=REQUEST", extra=""):
    return f"Content-Type: {kind}\n{extra}\n".encode() + content


TEXT = part(b"Hello Ana", "text/plain; charset=utf-8")


def test_a_request_with_all_its_facts():
    head = (
        "From: =?utf-8?q?Marko_Kova=C4=8D?= <marko@kovin.example>\nTo: Ana <ana@studio.example>, b@c.example\n"
        "Subject: =?utf-8?b?UHJlZ2xlZCDEjQ==?=\n =?utf-8?q?_drugi?=\nDate: Fri, 20 Nov 2026 09:00:00 +0100\n"
        "Message-ID: <m1@kovin.example>\nReferences: <a@b> <c@d>\n"
    )
    item = read(mail(TEXT, part(ics()), head=head))
    assert isinstance(item, Invitation)
    assert (item.method, item.uid, item.sequence) == (Method.REQUEST, "u1", 2)
    assert item.organizer == Mailbox("Kovač, Marko", "Marko@kovin.example")
    assert item.sent_by == Mailbox("", "office@kovin.example")
    assert times(item) == ("2026-11-24T10:00:00+01:00", "2026-11-24T11:30:00+01:00")
    assert (item.summary, item.declared_language) == ("Pregled, prvi del", "sl-SI")
    assert item.attendees[0].mailbox.address == "ana@studio.example"
    assert item.attendees[0].rsvp is True
    assert item.warnings == ()
    assert item.mail.from_ == Mailbox("Marko Kovač", "marko@kovin.example")
    assert (item.mail.subject, item.mail.text) == ("Pregled č drugi", "Hello Ana")
    assert item.mail.date == dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
    assert (item.mail.message_id, item.mail.references) == ("<m1@kovin.example>", ("<a@b>", "<c@d>"))


@pytest.mark.parametrize(
    "data",
    [
        ics().replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + ics(),
        ics().decode().encode("utf-16"),
        ics().replace(b"\n", b"\n\n"),
        ics().replace(b"ORGANIZER", b"ORGANI\n ZER").replace("č".encode(), b"\xc4\n \x8d"),
        ics().replace(b"SUMMARY", b"SUMM\x00ARY"),
        ics().replace(b"END:VEVENT", b"end:vevent").removesuffix(b"END:VCALENDAR\n"),
        ics(EVENT + "BEGIN:VALARM\nTRIGGER:whenever\nACTION\nEND:VALARM\n"),
        mail(TEXT, part(base64.b64encode(ics()), extra="Content-Transfer-Encoding: Base64 \n")),
        mail(TEXT, part(ics(), "application/octet-stream; name=invite.ics")),
        mail(TEXT, part(ics(), "text/calendar;; charset=iso-4444-5;")),
        mail(TEXT, part(ics()), part(ics(), "application/ics; name=invite.ics")),
    ],
)  # fmt: skip
def test_the_same_event_however_it_is_written(data):
    item = read(data)
    assert isinstance(item, Invitation)
    assert (item.uid, item.summary, item.organizer) == (
        "u1", "Pregled, prvi del", Mailbox("Kovač, Marko", "Marko@kovin.example"),
    )  # fmt: skip
    assert times(item) == ("2026-11-24T10:00:00+01:00", "2026-11-24T11:30:00+01:00")
    assert item.also == ()


def test_lines_are_kept_to_the_byte_and_zones_with_them():
    zone = "BEGIN:VTIMEZONE\nTZID:Here\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n"
    item = read(ics(zones=zone))
    assert item.source.first("ORGANIZER").raw == EVENT.splitlines()[2]
    assert item.source.first("SUMMARY").value == "Pregled\\, prvi del"
    assert item.source.timezones == (("Here", zone.strip().replace("\n", "\r\n")),)


@pytest.mark.parametrize(
    ("event", "expected", "kind", "warnings"),
    [
        ("DTSTART:20261124T100000Z\nDURATION:PT90M", ("2026-11-24T10:00:00+00:00", "2026-11-24T11:30:00+00:00"), "zoned", ()),
        ("DTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261126", ("2026-11-24", "2026-11-26"), "days", ()),
        ("DTSTART:20261124", ("2026-11-24", None), "days", ()),
        ("DTSTART:20261124T100000\nDTEND:20261124T110000", ("2026-11-24T10:00:00", "2026-11-24T11:00:00"), "floating", ()),
        ("DTSTART;TZID=BRT:20261124T100000\nDTEND:20261124T110000Z", ("2026-11-24T10:00:00", None), "unknown-zone", ("unknown-timezone", "invalid-time")),
        ("DTSTART:20261124T100000Z\nDTEND:20261124T090000Z", ("2026-11-24T10:00:00+00:00", None), "zoned", ("invalid-time",)),
        ("DTSTART:99991231T235959Z", (None, None), "none", ("invalid-time",)),
        ("DTSTART:20140230T100000Z", (None, None), "none", ("invalid-time",)),
        ("DTSTART:20261124T100000Z\nDURATION:P99999999999D", ("2026-11-24T10:00:00+00:00", None), "zoned", ("invalid-time",)),
        ("STATUS:CANCELLED", (None, None), "none", ()),
        ("DTSTART;TZID=Europe/Ljubljana:20261024T120000\nDURATION:P1D", ("2026-10-24T12:00:00+02:00", "2026-10-25T12:00:00+01:00"), "zoned", ()),
    ],
)  # fmt: skip
def test_times_are_right_or_said_to_be_unsure(event, expected, kind, warnings):
    item = read(ics(with_lines(*event.splitlines(), drop=("DTSTART", "DTEND"))))
    assert (times(item), item.time_kind, item.warnings) == (expected, TimeKind(kind), warnings)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("MAILTO:a@b.example", "a@b.example"),
        ("mailto:a@b.example?bcc=evil@x.example", "a@b.example"),
        ("a@b.example", "a@b.example"),
        ("mailto:a%40b.example", "a@b.example"),
        ("mailto:a@b.example,evil@x.example", None),
        ("mailto:%0D%0ARCPT@x.example", None),
        ("mailto:", None),
        ("http://b.example/a@b.example", None),
        ("/principals/1234/", None),
    ],
)
def test_an_organizer_is_exactly_one_address(value, address):
    item = read(ics(with_lines(f"ORGANIZER:{value}", drop=("ORGANIZER",))))
    assert (item.organizer.address if item.organizer else None) == address
    assert ("no-organizer" in item.warnings) == (address is None)
    # somebody is meant who can't be reached so: asked about before an answer goes to the sender of the mail instead
    assert ("organizer-unreadable" in item.warnings) == (address is None and value != "mailto:")


def test_the_body_decides_the_method_and_none_is_null():
    assert read(mail(part(ics(head="METHOD:cancel\n")))).method is Method.CANCEL
    assert read(ics(head="")).method is None
    assert describe("x", read(ics(head="")))["method"] is None


def test_several_events_the_master_first():
    moved = (
        "UID:s1\nRECURRENCE-ID;TZID=Europe/Ljubljana:20261201T100000\nDTSTART;TZID=Europe/Ljubljana:20261202T100000\n"
    )
    master = "UID:s1\nDTSTART;TZID=Europe/Ljubljana:20261124T100000\nRRULE:FREQ=WEEKLY; BYDAY=TU\n"
    item = read(ics(f"{moved}END:VEVENT\nBEGIN:VEVENT\n{master}"))
    assert (item.recurrence, item.recurrence_id) == ("FREQ=WEEKLY;BYDAY=TU", None)
    assert [other.recurrence_id for other in item.also] == ["20261201T100000"]
    later = moved.replace("20261201", "20261208").replace("20261202", "20261209")
    alone = read(ics(f"{later}END:VEVENT\nBEGIN:VEVENT\n{moved}"))
    assert alone.recurrence_id == "20261201T100000"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no-calendar"),
        (b"From: a@b.example\n\nHello", "no-calendar"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "broken-calendar"),
        (b"BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VTODO\nUID:1\nEND:VTODO\nEND:VCALENDAR\n", "not-an-event"),
        (mail(TEXT, part(b"")), "broken-calendar"),
        (mail(TEXT, part(b"xx", "application/ms-tnef; name=winmail.dat")), "winmail"),
        (mail(TEXT, part(b"Subject: x\n\n" + b"y", "message/rfc822"), kind="multipart/report"), "bounce"),
        (b"x" * (64 * 1024 * 1024 + 1), "too-large"),
    ],
)
def test_what_is_no_invitation_says_why(data, code):
    item = read(data)
    assert isinstance(item, Unreadable)
    assert (item.code, item.message.endswith(".")) == (code, True)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("VTODO", "a task"), ("VJOURNAL", "a note"), ("VFREEBUSY", "free and busy"), ("VAVAILABILITY", "working hours")],
)
def test_what_is_no_meeting_is_named(kind, said):
    calendar = ics().replace(b"VEVENT", kind.encode())
    for data in (calendar, mail(TEXT, part(calendar))):
        item = read(data)
        assert (item.code, said in item.message, kind in item.message) == ("not-an-event", True, True)


def test_a_forwarded_invitation_keeps_the_outer_mail():
    inner = b"Message-ID: <inner@kovin.example>\nFrom: marko@kovin.example\n" + part(ics())
    item = read(mail(TEXT, part(inner, "message/rfc822"), head="From: ben@studio.example\nMessage-ID: <outer@s>\n"))
    assert item.mail.forwarded
    assert item.mail.from_.address == "ben@studio.example"
    assert (item.mail.message_id, item.mail.references) == ("<outer@s>", ("<inner@kovin.example>",))


def test_a_calendar_that_is_cut_off_loses_no_whole_line():
    whole = ics()
    item = read(whole[: whole.index(b"13000\n")])
    assert (item.summary, times(item)) == ("Pregled, prvi del", ("2026-11-24T10:00:00+01:00", None))
    assert "damaged" in item.warnings


def test_a_damaged_line_costs_only_itself():
    item = read(ics(with_lines('ORGANIZER;CN="Walmart"\U0001f600', "SEQUENCE:many", drop=("ORGANIZER", "SEQUENCE"))))
    assert (item.organizer, item.sequence, item.summary) == (None, 0, "Pregled, prvi del")
    assert item.warnings == ("no-organizer", "organizer-unreadable", "damaged")


def test_limits_are_said():
    crowd = "".join(f"ATTENDEE:mailto:a{number}@x.example\n" for number in range(2500))
    item = read(ics(EVENT + crowd))
    assert len(item.attendees) == 2000
    assert "truncated" in item.warnings
    for name in ("RDATE", "EXDATE"):
        days = [f"{2020 + number // 300}{1 + number % 12:02}{1 + number % 25:02}" for number in range(1500)]
        item = read(ics(EVENT + f"{name};VALUE=DATE:{','.join(days)}\n"))
        assert len(item.rdates or item.exdates) == 1000
        assert "truncated" in item.warnings
    deep = TEXT
    for level in range(30):
        deep = f'Content-Type: multipart/mixed; boundary="{level}"\n\n--{level}\n'.encode() + deep
    assert read(deep).code == "truncated"
    crowded = mail(*[TEXT] * 120, part(ics()))
    assert read(crowded).code == "truncated"
    assert "truncated" in read(mail(part(ics()), *[TEXT] * 120)).warnings


@pytest.mark.parametrize("size", [100_000, 300_000, 700_000])
def test_a_header_without_end_hides_no_invitation(size):
    item = read(b"X-Trace: " + b"a" * size + b"\n" + mail(part(ics())))
    assert (item.uid, "truncated" in item.warnings) == ("u1", True)
    lines = read(b"X-Trace: a\n" * (size // 11) + mail(part(ics())))
    assert lines.uid == "u1" if size < 256 * 1024 else lines.code == "truncated"


@pytest.mark.parametrize(
    "piece", [b"\r", b"\n", b" ", b"--b\n\n", b"=?utf-8?q?a?= ", b"<a ", b"BEGIN:X\n", b'";"', b"(", b"a:\n"]
)
def test_a_megabyte_of_anything_takes_no_time(piece):
    filler = piece * (500_000 // len(piece))
    began = time.process_time()
    read(b"BEGIN:VCALENDAR\n" + filler)
    read(b"Subject: " + filler + b"\n\n" + filler)
    read(mail(part(filler, "text/html"), part(ics())))
    assert time.process_time() - began < 5


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_raises(data):
    good = mail(TEXT, part(ics()), head="From: a@b.example\nSubject: =?utf-8?q?x?=\nMessage-ID: <a@b>\n")
    spot = data.draw(st.integers(0, len(good)))
    item = read(good[:spot] + data.draw(st.binary(max_size=6)) + good[spot + data.draw(st.integers(0, 8)) :])
    assert describe("x", item)["file"] == "x"


def test_absent_is_null_and_nothing_is_invented():
    fields = invitation_fields(read(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Talk\nEND:VEVENT\nEND:VCALENDAR\n"))
    assert fields == {
        "uid": None, "sequence": 0, "method": None, "summary": "Talk", "organizer": None, "start": None,
        "end": None, "all_day": False, "recurrence": None, "recurrence_id": None, "location": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "automatic", "list_post"),
    [
        ("Auto-Submitted: auto-replied (vacation)\n", True, ()),
        ("Return-Path: <>\n", True, ()),
        ("Return-Path: <marko@kovin.example>\nAuto-Submitted: auto-generated\nPrecedence: bulk\n", False, ()),
        ("List-Id: Team <t.kovin.example>\nList-Post: <mailto:Team@Lists.kovin.example>\n", False,
         ("team@lists.kovin.example",)),
        ("List-Post: <https://x.example/post>, (or by mail) <mailto:t@kovin.example?subject=hi>\n", False,
         ("t@kovin.example",)),
        ("List-Post: NO (announcements only)\n", False, ()),
        ("", False, ()),
    ],
)  # fmt: skip
def test_what_comes_from_programs_and_lists_is_known(headers, automatic, list_post):
    item = read(mail(part(ics()), head=f"From: marko@kovin.example\nTo: ana@studio.example\n{headers}"))
    assert (item.mail.automatic, item.mail.list_post) == (automatic, list_post)
