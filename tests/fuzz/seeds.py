"""What the fuzzer starts from, and what it sprinkles in: pieces that libraries or terminals have stumbled over."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.mails import alternative, calendar, ordinary, shapes
from tests.support.world import invitation

TESTS = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("REGRETS_SHARED", TESTS.parents[1] / "shared"))
LONGEST = 48 * 1024  # bytes; larger ones have tests of their own and would only slow this down

OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Custom Corp Time
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0515
TZOFFSETTO:+0415
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0415
TZOFFSETTO:+0515
RDATE:20270329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT"""

_TEXTS = (
    *(
        "\x1b]0;x\x07",
        "\x1b]52;c;eA==\x1b\\",
        "\x1b[2J",
        "\x9b31m",
        "\x9d0;x\x9c",
        "\x00",
        "\x7f",
        "\x85",
        "\r",
        "\n",
    ),
    *(
        "\u202e",
        "\u2066",
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u2028",
        "\u2029",
        "\U000e0041",
        "\ue010",
        "e" + "\u0301" * 200,
    ),
    *("[/]", "[@click=app.quit]x[/]", "[link=http://x]", "{{ 7*7 }}", "{% for x in proposals %}", "{# x #}", "{{"),
    *("=?utf-8?q?x=0D=0ABcc:_e@x.example?=", "=?utf-8?b?//79?=", "=?rot13?q?x?=", "=?utf-8?q?=ED=A0=80?=", "=?"),
    *(
        "mailto:a@b.example?bcc=e@x.example",
        "mailto:a@b.example,e@x.example",
        "mailto:%0D%0ARCPT",
        "a@[",
        "<a@",
        "()",
    ),
    *("a@ex\u0430mple.com", "a@xn--80ak6aa92e.com", "a@b> <e@x.example", '"a b"@c.example', "@", "a@" + "b." * 200),
    *("http://169.254.169.254/", "file:///etc/passwd", "https://meet.example/" + "a" * 3000, "javascript:x"),
    *("\\", "\\n", "\\;", ";", ",", ":", '"', "^'", "'", "<", "&#27;", "%0a", "\t", "  ", ".", "\r\n.\r\n", "--b1"),
)
_PROPERTIES = (
    *(
        "RRULE:FREQ=SECONDLY",
        "RRULE:FREQ=DAILY;INTERVAL=0",
        "RRULE:FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2",
        "RRULE:COUNT=1",
    ),
    *(
        "RRULE:FREQ=MONTHLY;BYDAY=-9MO;COUNT=999999999",
        "RRULE:FREQ=WEEKLY;UNTIL=99991231T235959Z",
        "EXRULE:FREQ=DAILY",
    ),
    *("DTSTART:00000000T000000Z", "DTSTART:99991231T235959Z", "DTSTART;VALUE=DATE:00010101", "DTSTART;VALUE=A,B:x"),
    *("DTEND:19000101T000000", "DURATION:P9999999999999D", "DURATION:-PT1H", "DURATION:PT", "DTSTART;TZID=America:x"),
    *("DTSTART;TZID=../../etc/passwd:20261124T100000", "DTSTART;TZID=" + "x" * 5000 + ":20261124T100000"),
    *(
        "DTSTART;TZID=Custom Corp Time:20261124T100000",
        "DTSTART;TZID=Etc/GMT+12:20261124T240000",
        "TZID:",
        "TZID:Europe/Oslo",
    ),
    *(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261124T100000Z",
        "RECURRENCE-ID:x",
        "RDATE;VALUE=PERIOD:20261124T100000Z/PT1H",
    ),
    *(
        "EXDATE:20261124T090000Z,20261125T090000Z",
        "SEQUENCE:-1",
        "SEQUENCE:" + "9" * 5000,
        "SEQUENCE:1.5",
        "METHOD:CANCEL",
    ),
    *("METHOD:COUNTER", "METHOD:x\r\nMETHOD:REQUEST", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VCALENDAR"),
    *("BEGIN:VTIMEZONE\nTZID:Europe/Oslo\nEND:VTIMEZONE", "TZOFFSETTO:+9999", "TZOFFSETTO:-235959", "TZOFFSETFROM:x"),
    *("ORGANIZER:", "ORGANIZER;SENT-BY=x:mailto:", "ORGANIZER:http://x", "ATTENDEE;CN=:MAILTO:ana@studio.example"),
    *("ATTENDEE;PARTSTAT=X;ROLE=Y;CUTYPE=Z;RSVP=Q:mailto:ana@studio.example", "ATTENDEE;MEMBER=x:mailto:y@z.example"),
    *(
        "ATTACH;VALUE=BINARY;ENCODING=BASE64:AAAA",
        'ALTREP="file:///etc":x',
        "CONFERENCE;VALUE=URI:http://x",
        "X-A;B:C",
    ),
    *(
        "UID:",
        "UID:=?utf-8?q?=0d=0a?=",
        "DTSTAMP:x",
        "DTSTAMP:20991231T000000Z",
        "STATUS:CANCELLED",
        "CATEGORIES:" + "a," * 999,
    ),
    *(
        "GEO:1;2",
        "PRIORITY:x",
        "CLASS:PRIVATE",
        "X-MICROSOFT-DISALLOW-COUNTER:TRUE",
        "LOCATION;LANGUAGE=:x",
        " folded",
        "\t",
    ),
)
_HEADERS = (
    *(
        "Content-Type: text/calendar; method=REQUEST; charset=utf-16",
        "Content-Type: text/calendar; charset=unicode_escape",
    ),
    *(
        "Content-Type: multipart/mixed; boundary=b1",
        "Content-Type: message/rfc822",
        "Content-Type: text/html; charset=rot13",
    ),
    *(
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: uuencode",
        "Content-Transfer-Encoding: quoted-printable",
    ),
    *(
        "Content-Disposition: attachment; filename*0*=utf-8''%1b%5d; filename*1=x.ics",
        "Content-Type: application/ms-tnef",
    ),
    *(
        "From: a@[",
        "To: " + "," * 999,
        "To: " + '"' * 999,
        "Message-ID: <a@",
        "Date: Fri, 99 Nov 99999 99:99:99 +9999",
        "Date: x",
        "Date: Fri, 31 Dec 9999 23:59:59 -2359",
    ),
    *(
        "Reply-To: =?utf-8?q?x=0D=0A?= <e@x.example>",
        "References: <a@b> <c@d",
        "List-Id: x",
        "Auto-Submitted: auto-replied",
    ),
    *(
        "Authentication-Results: mx; dmarc=pass",
        "Content-Language: \x1b",
        "Subject:",
        "From: Group:;",
        "Sender: (((((",
        "\n",
    ),
)
TOKENS: tuple[bytes, ...] = tuple(
    text.encode("utf-8", "surrogatepass") for text in (*_TEXTS, *_PROPERTIES, *_HEADERS)
)


def seeds() -> list[bytes]:
    """The tests' own mails and calendars, and the shared ones where they are present."""
    with_zone = calendar(more="RRULE:FREQ=WEEKLY;COUNT=9\nRDATE:20271201T090000Z").replace("BEGIN:VEVENT", OWN_ZONE)
    with_zone = with_zone.replace("DTSTART:20261124T090000Z", "DTSTART;TZID=Custom Corp Time:20261124T090000")
    own = [
        *shapes(calendar()).values(),
        *ordinary(),
        alternative(with_zone),
        with_zone.encode(),
        calendar(method="CANCEL", sequence=2).encode(),
        calendar(recurrence_id="20261124T090000Z").encode(),
        invitation(extra="DESCRIPTION:Agenda:\\n- colours\\n- paper?\n"),
    ]
    files = sorted((TESTS / "consumers" / "requests").glob("*.ics"))
    for directory in ("hostile", "corpus", "cases"):
        files += sorted(file for file in (SHARED / directory).rglob("*") if file.suffix in (".ics", ".eml"))
    return [data for data in (*own, *(file.read_bytes() for file in files)) if len(data) <= LONGEST]
