"""The user's own calendar beside the answers, on real servers: filed with a sent yes, taken out with a no."""

from __future__ import annotations

import contextlib
import io
import json
import threading
from types import SimpleNamespace

import pytest

from regrets.bootstrap import Program
from regrets.cli.main import status_of
from regrets.domain.cases import Choice
from regrets.domain.events import CalendarChanged
from regrets.domain.model import Strategy
from regrets.domain.own_calendar import FilingRule
from regrets.domain.stored import Undone
from tests.support.world import NOW, invitation, world
from tests.tui.support import play, session

pytestmark = pytest.mark.dovecot
DENTIST = (
    b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//mine//EN\nX-WR-CALNAME:Ana\nBEGIN:VEVENT\nUID:dentist\n"
    b"DTSTAMP:20261101T080000Z\nDTSTART:20261203T090000Z\nDTEND:20261203T093000Z\nSUMMARY:Dentist\n"
    b"END:VEVENT\nEND:VCALENDAR\n"
)
CANCEL = invitation(method="CANCEL", sequence=1, extra="STATUS:CANCELLED\n")


@pytest.fixture
def there(tmp_path, monkeypatch, capsys):
    """Both servers, a calendar with one entry, and the program in this process."""
    with world(tmp_path) as running:
        mine = tmp_path / "mine.ics"
        mine.write_bytes(DENTIST)
        config = running.config_dir / "config.toml"
        calendar = f'\n[[calendar]]\nname = "mine"\npath = "{mine}"\nwritable = true\n'
        text = config.read_text(encoding="utf-8").replace("undo_seconds = 1", "undo_seconds = 600")
        config.write_text(text + calendar, encoding="utf-8")
        monkeypatch.setenv("SSL_CERT_FILE", running.environment["SSL_CERT_FILE"])

        def shell(*arguments, answers=""):
            monkeypatch.setattr("sys.stdin", io.StringIO(answers))
            capsys.readouterr()
            status = status_of(Program, [*arguments, *running.arguments()])
            captured = capsys.readouterr()
            return SimpleNamespace(status=status, out=captured.out, err=captured.err)

        events: list[object] = []

        @contextlib.contextmanager
        def opened():
            """The inbox of one program; it is the sender as long as it is open."""
            desk = Program(str(running.config_dir), str(running.data_dir), NOW).desk()
            with contextlib.closing(desk):
                yield desk

        def arrives(desk, mail):
            running.imap.deliver(mail)
            desk.sync(events.append, threading.Event())
            return desk.rows()[0]

        def told():
            return [event.told for event in events if isinstance(event, CalendarChanged)]

        yield SimpleNamespace(
            smtp=running.smtp,
            imap=running.imap,
            config=config,
            mine=mine,
            opened=opened,
            shell=shell,
            arrives=arrives,
            told=told,
            emit=events.append,
        )


@pytest.fixture
def desk(there):
    with there.opened() as opened:
        yield opened


def send(there, desk) -> None:
    desk.settle("send")
    desk.deliver(there.emit)


def test_what_is_taken_back_is_not_filed(there, desk):
    item = there.arrives(desk, invitation()).id
    draft = desk.draft(item, Choice(strategy=Strategy.ACCEPT))
    held = desk.hold(item, draft, desk.own_calendar().offer(item, draft))
    assert desk.own_calendar().waiting(held.id)
    assert desk.undo() == Undone(item)
    desk.deliver(there.emit)
    assert desk.own_calendar().waiting(held.id) is None
    assert there.mine.read_bytes() == DENTIST
    desk.hold(item, draft)
    send(there, desk)
    assert len(there.smtp.wait_for(1)) == 1
    assert there.mine.read_bytes() == DENTIST


def test_a_read_only_calendar_costs_one_line_and_is_filed_later(there):
    with there.opened() as desk:
        item = there.arrives(desk, invitation()).id
    there.mine.chmod(0o444)
    done = there.shell("reply", item, "--strategy", "accept", "--file", "mine", "--yes")
    assert done.status == 1
    assert done.out.startswith("sent: Accepted: Logo colours")
    assert done.err.count("\n") == 1
    assert "regrets: Sent, but not filed in “mine”: " in done.err
    assert "read-only. Make it writable" in done.err
    assert there.mine.read_bytes() == DENTIST
    checks = [json.loads(line) for line in there.shell("doctor", "--json").out.splitlines()]
    assert [check["detail"] for check in checks if check["check"] == "filing in mine"] == [
        f"{there.mine} is read-only."
    ]
    (state,) = map(json.loads, there.shell("calendars", "list", "--json").out.splitlines())
    assert "read-only" in state["waiting"][0]["error"]
    there.mine.chmod(0o644)
    with there.opened() as desk:
        desk.deliver(there.emit)
    assert there.told() == ["Filed in “mine”: “Logo colours”."]
    assert b"kovin-1" in there.mine.read_bytes()
    assert len(there.smtp.received) == 1


def test_the_shell_asks_and_yes_alone_files_nothing(there):
    with there.opened() as desk:
        item = there.arrives(desk, invitation()).id
        desk.own_calendar().set_rule("mine", FilingRule.ALWAYS)
    wrong = there.shell("reply", item, "--strategy", "accept", "--file", "yours", "--yes")
    assert "There is no calendar “yours” in config.toml. Writable ones: mine." in wrong.err
    assert (wrong.status, there.smtp.received) == (1, [])
    done = there.shell("reply", item, "--strategy", "accept", "--yes", "--json")
    assert (json.loads(done.out)["state"], json.loads(done.out)["filed"]) == ("sent", None)
    assert there.mine.read_bytes() == DENTIST
    assert there.shell("calendars", "file", item).out == "Filed in “mine”.\n"
    assert there.shell("calendars", "rule", "mine", "ask").out == "mine: asks with every answer.\n"
    asked = there.shell("reply", item, "--strategy", "decline", answers="y\n")
    assert asked.out.splitlines()[-1].startswith("sent: ")
    assert "Your calendar “mine” holds it. Take it out, once this is sent?" in asked.err
    assert b"BEGIN:VEVENT\nUID:kovin-1" in there.mine.read_bytes()
    done = there.shell("reply", item, "--strategy", "decline", "--json", answers="y\ny\n")
    filed = {"calendar": "mine", "kind": "remove", "state": "done", "error": ""}
    assert json.loads(done.out.splitlines()[-1])["filed"] == filed
    assert b"kovin-1" not in there.mine.read_bytes()
    assert b"UID:dentist" in there.mine.read_bytes()


def test_the_whole_way_on_the_screen(there):
    there.config.write_text(there.config.read_text(encoding="utf-8").replace("= 600", "= 0"), encoding="utf-8")

    async def scenario(desk):
        async with session(desk, sync_on_start=False) as run:
            await run.press("a")
            await run.settled()
            await run.press("s", "f")
            await run.until(lambda: run.status == "Filed in “mine”: “Logo colours”.")
            assert len(there.smtp.wait_for(1)) == 1
            filed = there.mine.read_bytes()
            text = filed.decode().replace("\n ", "")
            assert text.startswith(DENTIST.decode().partition("BEGIN:VEVENT")[0])
            assert "PARTSTAT=ACCEPTED:mailto:Ana@Studio.example" in text
            assert "METHOD" not in text
            assert "BEGIN:VEVENT\nUID:dentist\n" in text
            there.imap.deliver(CANCEL)
            await run.press("R")
            await run.until(lambda: run.selected)
            await run.settled()
            assert "still in “mine”" in " ".join(run.screen.split())
            await run.press("M")
            assert run.status == "1 called off: still in your calendar; m asks."
            await run.press("m", "t")
            await run.until(lambda: run.status.startswith("Taken out of “mine”. Cleared"))
            assert b"kovin-1" not in there.mine.read_bytes()
            assert b"UID:dentist" in there.mine.read_bytes()
            await run.press("z")
            await run.until(lambda: run.status == "Taken back: “Logo colours”.")
            assert there.mine.read_bytes() == filed

    with there.opened() as desk:
        there.arrives(desk, invitation())
        play(scenario(desk))
