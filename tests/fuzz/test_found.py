"""What the fuzzer found once, made small by hand; and that the fuzzer itself works."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.engines import Findings, plain
from tests.fuzz.mutator import Mutator
from tests.fuzz.seeds import TOKENS, seeds
from tests.fuzz.targets import TARGETS, answering, letters
from tests.support.mails import alternative, calendar

REQUEST = """BEGIN:VCALENDAR
METHOD:REQUEST
{zone}BEGIN:VEVENT
UID:1@kovin.example
ORGANIZER{organizer}:mailto:marko@kovin.example
ATTENDEE:mailto:ana@studio.example
DTSTART;TZID={tzid}:20261124T100000
DTEND;TZID={tzid}:20261124T110000
SUMMARY:Figures
END:VEVENT
END:VCALENDAR
"""
WINDOWS = "Central European Standard Time"
OBSERVANCE = "BEGIN:STANDARD\nDTSTART:16010101T020000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\n"
ZONE = f"BEGIN:VTIMEZONE\nTZID:{WINDOWS}\n{OBSERVANCE}END:VTIMEZONE\n"


def request(zone: str = "", tzid: str = WINDOWS, organizer: str = "") -> bytes:
    return REQUEST.format(zone=zone, tzid=tzid, organizer=organizer).replace("\n", "\r\n").encode()


FOUND = {
    "a zone whose definition can't be copied": request(ZONE.replace("END:VT", "END;D=:\nEND:VT")),
    "a component without a name in a zone": request(ZONE.replace("END:VT", "BEGIN:\nEND:VT")),
    "a meeting in a zone": request(ZONE.replace("END:VT", "BEGIN:VEVENT\nEND:VEVENT\nEND:VT")),
    "an organiser with a zone": request(ZONE, organizer=";TZID=f"),
    "somebody invited to a zone": request(ZONE.replace("END:VT", "ATTENDEE:mailto:x@y.example\nEND:VT")),
    "a zone without any offset": request(ZONE.replace(OBSERVANCE, "")),
    "a day that ends at a time": request(tzid="Europe/Riga").replace(
        b"DTSTART;TZID=Europe/Riga:20261124T100000", b"DTSTART:20261124"
    ),
    "a mail of the last day of time": alternative(calendar()).replace(
        b"Date: Fri, 20 Nov 2026 09:00:00 +0000", b"Date: Fri, 31 Dec 9999 23:59:59 -2359"
    ),
    "a zone of a thousand steps": request(tzid="Europe" + "/Lpe" * 1000),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_stays_mended(name: str) -> None:
    answering(FOUND[name])
    letters(FOUND[name])


@pytest.mark.parametrize("name", TARGETS)
def test_what_must_hold_holds_for_the_seeds(name: str) -> None:
    start = seeds()
    assert len(start) > 20
    for data in start[:20]:
        TARGETS[name](data)


def test_the_fuzzer_finds_a_fault_and_makes_it_small(tmp_path: Path) -> None:
    def target(data: bytes) -> None:
        if b"\x1b[2J" in data:
            raise AssertionError("left")

    findings = Findings("target", target, tmp_path)
    mutator = Mutator(seeds(), TOKENS, seed=1)
    for _ in range(2000):
        findings.attempt(mutator.fresh())
    assert findings.count == 2000
    assert [file.read_bytes() for file in findings.found.values()] == [b"\x1b[2J"]


def test_the_same_seed_damages_alike() -> None:
    one, other = (Mutator(seeds(), TOKENS, seed=7) for _ in range(2))
    assert [one.fresh() for _ in range(50)] == [other.fresh() for _ in range(50)]


def test_a_run_counts_what_it_tried(tmp_path: Path) -> None:
    findings = plain("gate", 0.1, 1, tmp_path)
    assert findings.count >= len(seeds())
    assert not findings.found


@pytest.mark.parametrize("unit", ["word ", "x: a, ", "x. a, ", "we need ", "?", "!", ":", "-ß", "a@"])
def test_a_long_line_without_an_end_costs_no_more_than_its_length(unit: str, tmp_path: Path) -> None:
    """60,000 characters in one line took minutes; the fuzzer's limit of CPU time holds for it."""
    body = calendar(more="DESCRIPTION:" + (unit * (60_000 // len(unit))).replace(",", "\\,"))
    findings = Findings("letters", letters, tmp_path)
    findings.attempt(alternative(body))
    assert not findings.found


@pytest.mark.parametrize("name", ["SUMMARY", "LOCATION"])
@pytest.mark.parametrize("unit", ["-ß", "!", "a", "a@", "é🙂ß", "1-"])
def test_nor_does_a_long_title_or_place(name: str, unit: str, tmp_path: Path) -> None:
    body = calendar(summary="x", more=f"{name}:{unit * (60_000 // len(unit.encode()))}").replace("SUMMARY:x\n", "")
    findings = Findings("letters", letters, tmp_path)
    findings.attempt(alternative(body))
    assert not findings.found
