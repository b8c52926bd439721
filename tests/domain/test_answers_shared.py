"""Answers to real invitations, read by `read` and judged by the checker beside the corpus."""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from regrets.domain.errors import CannotAnswer
from regrets.domain.imip import read
from regrets.domain.itip import occurrence
from regrets.domain.model import Effect, Invitation, Method
from regrets.domain.recipients import valid_address
from tests.support.answers import ACCEPT, DECLINE, TENTATIVE, answer, counter

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("REGRETS_SHARED", ROOT.parent / "shared"))
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"no shared material at {SHARED}; set REGRETS_SHARED"),
]
CHECKER_ONLY_KNOWS_RRULE = "R15: RECURRENCE-ID on a non-recurring event"  # an RDATE makes a series too


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, SHARED / "oracles" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def requests() -> Iterator[tuple[Path, Invitation, str]]:
    """Each real REQUEST that names an organiser, with the address of one invited person."""
    files = [*(SHARED / "cases" / "mail").iterdir(), *(SHARED / "corpus").rglob("*")]
    for path in sorted(file for file in files if file.suffix in (".eml", ".ics")):
        invitation = read(path.read_bytes())
        if not isinstance(invitation, Invitation) or invitation.method not in (Method.REQUEST, None):
            continue
        people = [person for person in invitation.attendees if valid_address(person.mailbox.address)]
        organizer = invitation.organizer.key if invitation.organizer else ""
        others = [person for person in people if person.mailbox.key != organizer]
        if organizer and others:  # nobody answers an invitation of their own
            yield path, invitation, others[0].mailbox.address


def answers_to(invitation: Invitation) -> Iterator[tuple[str, Invitation, Effect]]:
    yield "accept", invitation, ACCEPT
    yield "decline", invitation, DECLINE
    yield "tentative", invitation, TENTATIVE
    timed = isinstance(invitation.start, dt.datetime)
    yield "counter", invitation, counter(invitation.start if timed else dt.datetime(2030, 12, 24, 10, tzinfo=dt.UTC))
    if invitation.recurring and invitation.start is not None:
        one = occurrence(invitation, invitation.start)
        yield "occurrence", one, DECLINE
        if timed:
            yield "occurrence counter", one, counter(invitation.start)


def test_every_answer_to_every_real_request_passes_the_checker() -> None:
    check, calendar_of = script("rfc_check").check, script("oracle").ics
    sent: dict[str, int] = {}
    refused: dict[str, int] = {}
    bad: list[str] = []
    for path, invitation, me in requests():
        for kind, about, effect in answers_to(invitation):
            try:
                message = answer(about, effect, (me,))
            except CannotAnswer:
                refused[kind] = refused.get(kind, 0) + 1
                continue
            sent[kind] = sent.get(kind, 0) + 1
            found, _ = check(message.data, calendar_of(str(path)))
            bad += [f"{path.name} {kind}: {each}" for each in found if each != CHECKER_ONLY_KNOWS_RRULE]
    assert bad == []
    assert set(refused) <= {"counter", "occurrence counter"}, refused  # series, unknown zones, DISALLOW-COUNTER
    assert sent["accept"] == sent["decline"] == sent["tentative"] >= 100
    assert sent["counter"] >= 100
    assert sent["occurrence"] >= 10
