"""Answers to every real request that we have, before the consumers that can read the request."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from regrets.domain.errors import CannotAnswer
from tests.consumers.judges import needed, readings
from tests.domain.test_answers_shared import SHARED, answers_to, requests
from tests.support.answers import answer, parsed

pytestmark = [
    *needed,
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"no shared material at {SHARED}; set REGRETS_SHARED"),
]

# What is wrong in the request itself, and thus in what must be echoed: (part of the file's name, judge).
THE_REQUESTS_OWN = (
    ("timezones__outlook2", "ical.js"),
    ("timezones__outlook2", "kcalendarcore"),  # DTSTART is no occurrence of its RRULE; RFC 5545, 3.8.5.3 counts it
    ("2446.mime.24", ""),  # libical's own error notes stand in its VTIMEZONE
    ("invitationICAL", "libical"),
    ("invitationICAL", "kcalendarcore"),  # ATTENDEE is a path: their matching knows addresses alone
)


def oracle() -> ModuleType:
    spec = importlib.util.spec_from_file_location("oracle", SHARED / "oracles" / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def known(name: str, judge: str) -> bool:
    return any(part in name and judge.startswith(who) for part, who in THE_REQUESTS_OWN)


def test_no_consumer_refuses_an_answer_to_a_real_request(tmp_path: Path) -> None:
    calendar_of = oracle().ics
    names: list[str] = []
    pairs: list[tuple[bytes, bytes]] = []
    for path, invitation, me in requests():
        for kind, about, effect in answers_to(invitation):
            try:
                message = parsed(answer(about, effect, (me,)))
            except CannotAnswer:
                continue
            part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
            names.append(f"{path.name} {kind}")
            pairs.append((calendar_of(str(path)), part.get_payload(decode=True)))
    refused: list[str] = []
    judged = 0
    for name, found in zip(names, readings(pairs, tmp_path), strict=True):
        able = [each for each in found if "abstains" not in each.facts]
        judged += len(able) >= 2
        refused += [f"{name}: {each}" for each in able if each.faults and not known(name, each.judge)]
    assert not refused, "\n".join(refused)
    assert judged >= 400
