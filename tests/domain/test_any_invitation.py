"""Any readable invitation, any answer: it passes the lint and keeps what the organiser wrote to the byte.

The invitations are bytes, written with the habits and faults of real producers, and read by the program's own door.
"""

from __future__ import annotations

import datetime as dt
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from regrets.domain.cases import Range
from regrets.domain.content_lines import address_of, content_line
from regrets.domain.errors import CannotAnswer
from regrets.domain.imip import read
from regrets.domain.itip import answer_calendar, delegated_request
from regrets.domain.lint import faults, request_faults
from regrets.domain.model import Effect, Invitation, Mailbox, Method, TimeKind
from regrets.domain.ranges import scope_of
from tests.support.answers import ACCEPT, DECLINE, DELEGATED, NOW, TENTATIVE, answer, counter, lines_of
from tests.support.invitations import START, ZONE

WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\x85"), max_size=60
)
NAMES = WORDS.map(lambda text: f'"{text.replace(chr(34), chr(39))}"')
ZONES = st.sampled_from(
    ("", "Z", "Europe/Ljubljana", "W. Europe Standard Time", "Customized", '"GMT+1: Rome"', "BRT")
)
UIDS = st.sampled_from(
    ("one@kovin.example", "040000008200E00074C5B7101A82E008" + "0" * 90, "ŽUPAN-1", "a;b,c\\,d", "x" * 200)
)
SEQUENCES = st.sampled_from(([], ["SEQUENCE:0"], ["SEQUENCE:7"], ["SEQUENCE:1407317367304"], ["SEQUENCE:many"]))
RULES = st.sampled_from(([], [], ["RRULE:FREQ=WEEKLY;COUNT=9"], ["RRULE:FREQ=DAILY"], ["RDATE:20271201T090000Z"]))
EXTRAS = st.lists(
    st.sampled_from(
        (
            "LOCATION:",
            "LOCATION;LANGUAGE=en-US:Room 4\\; second floor",
            "X-MICROSOFT-DISALLOW-COUNTER:TRUE",
            "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",
            "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM",
            "ATTENDEE;ROLE=CHAIR;PARTSTAT=ACCEPTED:MAILTO:Marko@Kovin.example",
            "DESCRIPTION:first\\nsecond",
            "DESCRIPTION:first\r\nsecond line that nobody folded",
        )
    ),
    unique=True,
)


def time_lines(name: str, moment: dt.datetime, zone: str, days: bool) -> str:
    if days:
        return f"{name};VALUE=DATE:{moment:%Y%m%d}"
    wall = f"{moment:%Y%m%dT%H%M%S}"
    return f"{name}:{wall}{zone}" if zone in ("", "Z") else f"{name};TZID={zone}:{wall}"


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    """A REQUEST for Ana; folded, ended and encoded in some way."""
    start = dt.datetime(2026, 12, 1, draw(st.integers(0, 23)), draw(st.sampled_from((0, 30))))  # noqa: DTZ001
    zone, days = draw(ZONES), draw(st.integers(0, 5)) == 0
    end = start + dt.timedelta(days=1) if days else start + dt.timedelta(minutes=draw(st.sampled_from((15, 60, 600))))
    sent_by = draw(st.sampled_from(("", ';SENT-BY="mailto:desk@kovin.example"')))
    me = draw(
        st.sampled_from(("mailto:ana@studio.example", "MAILTO:Ana@Studio.Example", "mailto:ana+x@studio.example"))
    )
    rule = draw(RULES)
    alone = not rule and draw(st.booleans())
    event = [
        f"UID:{draw(UIDS)}",
        "DTSTAMP:20261120T080000Z",
        *draw(SEQUENCES),
        time_lines("DTSTART", start, zone, days),
        draw(st.sampled_from((time_lines("DTEND", end, zone, days), "DURATION:P1D" if days else "DURATION:PT45M"))),
        *([time_lines("RECURRENCE-ID", start, zone, days)] if alone else []),
        *rule,
        f"SUMMARY:{draw(WORDS)}",
        f"ORGANIZER;CN={draw(NAMES)}{sent_by}:mailto:marko@kovin.example",
        f"ATTENDEE;CN={draw(NAMES)};RSVP=TRUE:{me}",
        *draw(EXTRAS),
    ]
    text = "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REQUEST", "BEGIN:VEVENT", *event))
    text += draw(st.sampled_from(("\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "\r\nEND:VEVENT\r\nend:vcalendar", "\r\n")))
    data = _folded(text, draw(st.sampled_from((b"", b" ", b"\t"))))
    if draw(st.booleans()):
        data = data.replace(b"\r\n", b"\n")
    return draw(st.sampled_from((b"", b"\xef\xbb\xbf"))) + data


def _folded(text: str, by: bytes) -> bytes:
    """Long lines folded between characters, with a space or a tab; or not at all."""
    if not by:
        return text.encode()
    return b"\r\n".join(
        (b"\r\n" + by).join(line[at : at + 20].encode() for at in range(0, max(1, len(line)), 20))
        for line in text.split("\r\n")
    )


HEADS = st.lists(
    st.sampled_from(
        (
            *(
                ";CN=",
                ";SENT-BY=",
                ";X=",
                ";EMAIL=",
                '"',
                "'",
                ";",
                ":",
                ",",
                "=",
                "?",
                " ",
                "\\",
                "<",
                ">",
                "@",
                "^'",
                "=3D",
            ),
            *(
                "Lunch =?UTF-8?Q?x=0D=0ABcc:_evil@x?=",
                "Room 4",
                "mailto",
                "mailto:",
                "mailto:evil@x.example",
                "evil@x.example",
            ),
        )
    ),
    max_size=8,
).map("".join)
KOVIN, ANA = ":mailto:marko@kovin.example", ":mailto:ana@studio.example"


@given(HEADS, HEADS)
@example('CN="x', "X=1")
@example('"', '"')
@example("CN=Lunch =?UTF-8?Q?x=0D=0ABcc:_evil@x?=", "X=1")
@example(";EMAIL=evil@x.example=;:", "EMAIL=evil@x.example:")
@example("CN=Room 4: a", "CN=Room 4: a")
@example("CN=x:mailto:evil@x.example?", "X=1")
@example("SENT-BY=mailto:evil@x.example", "SENT-BY=mailto:evil@x.example")
@settings(max_examples=300, deadline=None)
def test_reader_and_writer_find_the_same_people_in_any_line(organizer: str, attendee: str) -> None:
    people = f"ORGANIZER;{organizer}{KOVIN}\r\nATTENDEE;{attendee}{ANA}"
    text = (
        f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261201T100000Z\r\n{people}\r\n"
        "SUMMARY:Figures\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    invitation = read(text.encode())
    assert isinstance(invitation, Invitation)
    assert [box.address for box in (invitation.organizer,) if box] in ([], [KOVIN[8:]])
    assert [person.mailbox.address for person in invitation.attendees] in ([], [ANA[8:]])
    if invitation.organizer is None or not invitation.attendees:
        assert {"organizer-unreadable", "damaged"} & set(invitation.warnings) or not invitation.attendees
        return
    message = answer(invitation, ACCEPT)
    assert KOVIN[8:] in message.recipients
    lines = lines_of(answer_calendar(invitation, ACCEPT, ANA[8:], dtstamp=NOW, comment=""))
    found = {line.name: address_of(line) for line in map(content_line, lines)}
    assert (found["ORGANIZER"], found["ATTENDEE"]) == (KOVIN[8:], ANA[8:])


ANSWERS = st.sampled_from((ACCEPT, DECLINE, TENTATIVE, counter(START), counter(START.astimezone(dt.UTC), 45)))
RANGES = st.sampled_from(((None, None), (Range.THIS, None), (Range.ALL, None), (Range.FOLLOWING, None)))


@given(messages(), ANSWERS, RANGES, WORDS)
@settings(max_examples=300, deadline=None)
def test_any_answer_to_any_message_keeps_what_the_organiser_wrote(
    data: bytes, effect: Effect, chosen: tuple[Range | None, None], comment: str
) -> None:
    invitation = read(data)
    assert isinstance(invitation, Invitation)
    me = next(each.mailbox.address for each in invitation.attendees if each.mailbox.key.startswith("ana"))
    try:
        about = scope_of(invitation, *chosen, NOW, ZONE).invitation
        calendar = answer_calendar(about, effect, me, dtstamp=NOW, comment=comment)
    except CannotAnswer:
        assert effect.method is Method.COUNTER or chosen[0] is not None
        return
    assert faults(about, calendar) == []
    text, asked = lines_of(calendar), unfolded(data)
    for name in ("UID", "ORGANIZER"):
        assert named(text, name) == named(asked, name)
    if about is invitation:
        assert named(text, "RECURRENCE-ID") == named(asked, "RECURRENCE-ID")
    else:
        assert len(named(text, "RECURRENCE-ID")) == 1
    counted = [line for line in named(asked, "SEQUENCE") if line[len("SEQUENCE:") :].isdigit()]
    assert named(text, "SEQUENCE") == (counted or ["SEQUENCE:0"])
    (person,) = named(text, "ATTENDEE")
    assert person.endswith(
        next(line for line in named(asked, "ATTENDEE") if "ana" in line.casefold()).rpartition(":")[2]
    )
    assert text.count("BEGIN:VEVENT") == 1


@given(messages(), NAMES)
@settings(max_examples=80, deadline=None)
def test_any_message_is_handed_over_whole_or_not_at_all(data: bytes, name: str) -> None:
    invitation = read(data)
    assert isinstance(invitation, Invitation)
    me = next(each.mailbox.address for each in invitation.attendees if each.mailbox.key.startswith("ana"))
    ben = Mailbox(name, "ben@studio.example")
    told = answer_calendar(invitation, DELEGATED, me, dtstamp=NOW, comment="", delegate=ben.address)
    assert faults(invitation, told) == []
    try:
        request = delegated_request(invitation, me, ben, dtstamp=NOW)
    except CannotAnswer:
        assert invitation.time_kind is TimeKind.UNKNOWN_ZONE or invitation.end is None
        return
    assert request_faults(invitation, request) == []
    again = read(request)
    assert isinstance(again, Invitation)
    assert (again.start, again.end, again.recurrence) == (invitation.start, invitation.end, invitation.recurrence)
    assert (again.uid, again.organizer, again.summary) == (
        invitation.uid,
        invitation.organizer,
        invitation.summary or "-",
    )
    assert "ben@studio.example" in [each.mailbox.address for each in again.attendees]
    assert {each.mailbox.key for each in invitation.attendees} <= {each.mailbox.key for each in again.attendees}


def unfolded(data: bytes) -> list[str]:
    """The lines of a message, by a reading of its own."""
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    return re.sub("\n[ \t]", "", text).split("\n")


def named(lines: list[str], name: str) -> list[str]:
    return [line for line in lines if re.split("[;:]", line)[0] == name]
