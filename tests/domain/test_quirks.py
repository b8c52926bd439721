"""Small invitations of our own, one for each quirk of a producer and for variants of it, and what is read of each.

`quirks/` holds the inputs, named by the quirk: 01-11 MIME, 12-19 syntax, people and zones, 20-26 what is said,
27 Outlook's own. `quirks.txt` holds what an honest reader shows, checked by hand; REGRETS_UPDATE=1 writes it anew.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from regrets.domain.describe import invitation_fields
from regrets.domain.errors import CannotAnswer
from regrets.domain.imip import read
from regrets.domain.itip import answer_calendar, delegated_request
from regrets.domain.lint import faults, request_faults
from regrets.domain.model import Invitation, Mailbox, Method, Unreadable
from regrets.domain.timezones import Zones
from regrets.services.methods import method_glances
from tests.support.answers import ACCEPT, DECLINE, DELEGATED, NOW, counter, lines_of
from tests.support.invitations import START

FOLDER = Path(__file__).parent / "quirks"
GOLDEN = FOLDER.with_suffix(".txt")
INPUTS = sorted(FOLDER.iterdir())
USUAL = {
    "method": "REQUEST",
    "uid": "u-1@kovin.example",
    "sequence": 0,
    "summary": "Quarterly review",
    "organizer": {"name": "Marko Kovač", "address": "marko@kovin.example"},
    "all_day": False,
    "recurrence": None,
    "recurrence_id": None,
    "location": None,
}


def shown(item: Invitation | Unreadable) -> str:
    """When it is, and all that is not as usual."""
    if isinstance(item, Unreadable):
        return f"refused: {item.code}"
    fields = invitation_fields(item)
    other = [f"{name}={_word(fields[name])}" for name, usual in USUAL.items() if fields[name] != usual]
    other += [f"sent-by={item.sent_by.address}"] if item.sent_by else []
    other += [f"rdates={len(item.rdates)}"] if item.rdates else []
    other += [f"also={[each.uid + ' ' + str(invitation_fields(each)['start']) for each in item.also]}"] * bool(
        item.also
    )
    other += ["forwarded"] if item.mail.forwarded else []
    other += [f"says={glance.text!r}" for glance in method_glances(item, "then")]
    other += [f"! {' '.join(item.warnings)}"] if item.warnings else []
    return "  ".join([f"{fields['start']} to {fields['end']}", *other])


def _word(value: object) -> str:
    if isinstance(value, dict):
        return repr(f"{value['name'] or ''} <{value['address']}>")
    return repr(value) if isinstance(value, str) and not value.isprintable() else str(value)


def test_everything_is_read_as_a_reviewer_has_checked() -> None:
    found = "".join(f"{path.name}: {shown(read(path.read_bytes()))}\n" for path in INPUTS)
    if os.environ.get("REGRETS_UPDATE"):
        GOLDEN.write_text(found, "utf-8")
    wanted = GOLDEN.read_text("utf-8")
    different = set(found.splitlines()) ^ set(wanted.splitlines())
    assert not different, "\n".join(sorted(different))


def test_every_kind_of_quirk_is_there() -> None:
    assert {path.name[:2] for path in INPUTS} >= {f"{number:02}" for number in range(1, 28)} - {"06"}


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_whatever_can_be_answered_keeps_the_rules(path: Path) -> None:
    """Also out of the oddest invitation comes a faultless answer, or a refusal that says what to do."""
    item = read(path.read_bytes())
    if isinstance(item, Unreadable) or item.method not in (Method.REQUEST, None):
        return
    me = next((person.mailbox.address for person in item.attendees), "ana@studio.example")
    for effect in (ACCEPT, DECLINE, counter(START), DELEGATED):
        with contextlib.suppress(CannotAnswer):
            delegate = "ben@studio.example" if effect is DELEGATED else ""
            calendar = answer_calendar(item, effect, me, dtstamp=NOW, comment="So it is.", delegate=delegate)
            assert faults(item, calendar) == []
            told = read(calendar.replace(b"METHOD:COUNTER", b"METHOD:REPLY"))
            assert isinstance(told, Invitation)
            assert told.uid == item.uid
            if effect.start is None and told.start is not None and not item.all_day:
                assert (told.start, told.end) == (item.start, item.end)
            if delegate:
                passed_on = delegated_request(item, me, Mailbox("Ben", delegate), dtstamp=NOW)
                assert request_faults(item, passed_on) == []


@pytest.mark.parametrize("name", ["gmt-offset", "microsoft-utc", "utc-minus", "display-german"])
def test_a_zone_that_is_known_but_can_not_be_defined_is_told_in_utc(name: str) -> None:
    item = read((FOLDER / f"19-zone-{name}.ics").read_bytes())
    assert isinstance(item, Invitation)
    assert isinstance(item.start, dt.datetime)
    for effect in (ACCEPT, counter(START)):
        lines = lines_of(answer_calendar(item, effect, "ana@studio.example", dtstamp=NOW, comment=""))
        begin = effect.start or item.start
        stated = next(read_back(lines, "DTSTART"))
        assert stated == begin
        if effect.start:
            assert next(read_back(lines, "X-MS-OLK-ORIGINALSTART")) == item.start


def read_back(lines: list[str], name: str) -> Iterator[dt.datetime]:
    """The moment that a line of an answer names, in UTC or in a zone by its IANA name."""
    for line in lines[lines.index("BEGIN:VEVENT") :]:
        hit = re.fullmatch(rf"{name}(?:;TZID=(.*))?:(\d{{8}}T\d{{6}})(Z?)", line)
        if hit:
            zone = dt.UTC if hit[3] else Zones([]).find(hit[1]).zone
            yield dt.datetime.strptime(hit[2], "%Y%m%dT%H%M%S").replace(tzinfo=zone)
