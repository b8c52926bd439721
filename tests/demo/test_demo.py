"""The demo through the real code: sync from the embedded server, read, suggest, answer over the embedded SMTP."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from imapclient import IMAPClient

from regrets.bootstrap import Program
from regrets.demo.scenario import Scenario
from regrets.demo.servers import LOOPBACK
from regrets.demo.world import World, demo_world
from regrets.domain.events import ignore
from regrets.domain.model import State
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


@contextmanager
def synced(now: dt.datetime) -> Iterator[tuple[World, Desk]]:
    with demo_world(now) as world:
        program = Program(str(world.config_dir), str(world.data_dir), now.isoformat())
        with closing(program.desk()) as desk:
            (finished,) = desk.sync(ignore, threading.Event())
            assert finished.errors == ()
            yield world, desk


def intended(now: dt.datetime) -> dict[str, str]:
    """Title to strategy; of several mails about one event the newest counts."""
    return {mail.subject: mail.intended for mail in Scenario("english", now).mails() if mail.event}


@pytest.mark.parametrize("now", MOMENTS)
def test_every_invitation_gets_the_strategy_that_it_is_there_for(now: dt.datetime) -> None:
    with synced(now) as (_, desk):
        rows = desk.rows()
    wanted = intended(now)
    found = {row.summary: "unreadable" if row.error_code else row.strategy for row in rows}
    assert found == wanted
    assert len(rows) == 25
    assert rows[0].summary == "Quarterly review with Kovin"
    assert {row.state for row in rows} == {State.OPEN, State.CANCELLED, State.UNREADABLE}


def test_an_answer_reaches_the_embedded_smtp_and_the_mailbox() -> None:
    with synced(NOW) as (world, desk):
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
    assert sent.recipients == ("marko.kovac@kovin.example",)
    assert (sent.method, sent.partstat) == ("REPLY", "ACCEPTED")
    assert (len(answered), copies, state) == (1, 1, State.ANSWERED)


def test_once_prints_all_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "regrets", "demo", "--once", "--json"],
        env={**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert (len(rows), rows[0]["summary"]) == (25, "Quarterly review with Kovin")
    assert list(tmp_path.iterdir()) == []
