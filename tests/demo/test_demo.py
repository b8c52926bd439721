"""The demo through the real code: sync from the embedded server, read, suggest, answer over the embedded SMTP."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from imapclient import IMAPClient

from regrets.bootstrap import Program
from regrets.demo.scenario import PlannedMail, Scenario
from regrets.demo.servers import LOOPBACK
from regrets.demo.world import World, demo_world
from regrets.domain.events import ignore
from regrets.domain.letters.library import available_languages
from regrets.domain.model import State, Strategy
from regrets.services.desk import Desk

HOME = ZoneInfo("Europe/Ljubljana")
NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=HOME)
MOMENTS = [
    pytest.param(NOW, id="a friday morning"),
    pytest.param(dt.datetime(2026, 11, 23, 18, 0, tzinfo=HOME), id="a monday evening"),
    pytest.param(dt.datetime(2026, 12, 24, 23, 50, tzinfo=HOME), id="christmas eve"),
    pytest.param(dt.datetime(2026, 12, 31, 12, 0, tzinfo=HOME), id="new year's eve"),
    pytest.param(dt.datetime(2027, 3, 26, 8, 0, tzinfo=HOME), id="before the clocks go forward"),
    pytest.param(dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), id="the hour the clocks go back"),
    pytest.param(dt.datetime(2028, 2, 29, 6, 0, tzinfo=ZoneInfo("America/New_York")), id="far away, leap day"),
]


SCENARIOS = pytest.mark.parametrize("scenario", ["six", "english"])
# A slot or tag of a template, a None, a doubled sign, an empty list item, a sentence that lacks its end.
UNFILLED = re.compile(
    r"[{}]|\[\[|\bNone\b|[ \t]{2}|[ \t]$| [.,;?]|:\s*\Z|\.\.|,,|^-\s*$|\(\)|»«|“”|„”|””", re.MULTILINE
)


@contextmanager
def synced(now: dt.datetime, scenario: str = "six") -> Iterator[tuple[World, Desk]]:
    with demo_world(now, scenario) as world:
        program = Program(str(world.config_dir), str(world.data_dir), now.isoformat())
        with closing(program.desk()) as desk:
            (finished,) = desk.sync(ignore, threading.Event())
            assert finished.errors == ()
            yield world, desk


def invitations(scenario: str, now: dt.datetime) -> dict[str, PlannedMail]:
    """By title; of several mails about one event the newest."""
    return {mail.subject: mail for mail in Scenario(scenario, now).mails() if mail.event}


@SCENARIOS
@pytest.mark.parametrize("now", MOMENTS)
def test_every_invitation_gets_the_strategy_that_it_is_there_for(now: dt.datetime, scenario: str) -> None:
    with synced(now, scenario) as (_, desk):
        rows = desk.rows()
    wanted = {title: mail.intended for title, mail in invitations(scenario, now).items()}
    found = {row.summary: "unreadable" if row.error_code else row.strategy for row in rows}
    assert found == wanted
    assert len(rows) == 25
    assert rows[0].summary == "Quarterly review with Kovin"
    assert {row.state for row in rows} == {State.OPEN, State.CANCELLED, State.UNREADABLE}


@SCENARIOS
@pytest.mark.parametrize("now", MOMENTS)
def test_every_letter_is_whole_and_in_the_language_of_its_invitation(now: dt.datetime, scenario: str) -> None:
    mails = invitations(scenario, now)
    with synced(now, scenario) as (_, desk):
        cases = [(row.summary, desk.case(row.id)) for row in desk.rows() if row.strategy not in ("", Strategy.NONE)]
    assert len(cases) == 23
    for title, case in cases:
        draft = case.draft
        assert draft is not None
        assert (title, draft.language) == (title, mails[title].language)
        assert (title, draft.missing) == (title, ())
        assert not (hit := UNFILLED.search(draft.body)), f"{title}: {hit} in\n{draft.body}"


def test_a_colleague_in_the_client_book_is_written_to_as_it_says_and_stays_a_colleague() -> None:
    with synced(NOW) as (_, desk):
        case = next(desk.case(row.id) for row in desk.rows() if row.summary == "Dan v studiu: nove police")
    assert case.draft is not None
    assert case.suggestion is not None
    assert case.suggestion.relation == "colleague"
    assert case.draft.body.startswith("Živjo, Ben,\n\nhvala")


def test_the_six_languages_are_fairly_mixed() -> None:
    share = Counter(mail.language for mail in invitations("six", NOW).values())
    assert set(share) == set(available_languages())
    assert share.most_common(1) == [("en", 5)]
    assert min(share.values()) == 4


@SCENARIOS
def test_an_answer_reaches_the_embedded_smtp_and_the_mailbox(scenario: str) -> None:
    organizer = invitations(scenario, NOW)["Quarterly review with Kovin"].from_.address
    with synced(NOW, scenario) as (world, desk):
        review = desk.rows()[0]
        draft = desk.case(review.id).draft
        assert draft is not None
        desk.hold(review.id, draft)
        desk.settle("send")
        (sent,) = world.sent()
        with IMAPClient(LOOPBACK, world.servers.imap_port, ssl=False) as client:
            client.login(world.servers.user, world.servers.password)
            client.select_folder("INBOX", readonly=True)
            answered = client.search("ANSWERED")
            copies = client.folder_status("Sent", ["MESSAGES"])[b"MESSAGES"]
        state = desk.rows()[0].state
    assert sent.recipients == (organizer,)
    assert (sent.method, sent.partstat) == ("REPLY", "ACCEPTED")
    assert (len(answered), copies, state) == (1, 1, State.ANSWERED)


@pytest.mark.parametrize(
    ("options", "scenario"),
    [pytest.param((), "six", id="as it comes"), pytest.param(("--scenario", "english"), "english", id="english")],
)
def test_once_prints_all_and_leaves_nothing(tmp_path: Path, options: tuple[str, ...], scenario: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "regrets", "demo", "--once", "--json", *options],
        env={**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert {row["summary"] for row in rows} == set(invitations(scenario, NOW))
    assert (len(rows), rows[0]["summary"]) == (25, "Quarterly review with Kovin")
    assert list(tmp_path.iterdir()) == []
