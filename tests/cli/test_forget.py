"""What is removed is gone from every file; what stays is said."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import pytest

from regrets.adapters.store.own import SqliteOwnStore
from regrets.bootstrap import Program
from regrets.cli.main import status_of
from regrets.domain.model import OutboxState, Row, State
from regrets.domain.ports import Decision, FoundMail
from tests.adapters.store.test_cache import row
from tests.support.home import databases, write_config
from tests.support.outbox import answer, entry
from tests.support.world import invitation

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
MARKO, BEN, VERA = "marko@kovin.example", "ben@kovin.example", "vera@other.example"
CLIENTS = '[[client]]\nname = "Kovin d.d."\nmatch = ["kovin.example"]\n'


class Home:
    """A config, both databases, and the command line on them."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config, self.data, self._capsys = root / "config", root / "data", capsys
        write_config(self.config)
        (self.config / "clients.toml").write_text(CLIENTS)
        self.cache, self.own = databases(self.data)

    def close(self) -> None:
        self.own.close()
        self.cache.close()

    def invited(self, number: int, by: str = MARKO, data: bytes = b"", days: int = 0, **changes: object) -> Row:
        """One invitation in the cache."""
        received = NOW - dt.timedelta(days=days)
        made = row(
            f"item{number:06}",
            uid=f"u{number}",
            organizer_address=by,
            sender=by,
            summary=f"Review {number}",
            start=(received + dt.timedelta(days=2)).isoformat(),
            end=(received + dt.timedelta(days=2, hours=1)).isoformat(),
            **changes,
        )
        made = dataclasses.replace(made, received=received)
        mail = FoundMail(number, received, data or f"From: {by}\r\n\r\nPlease come, {number}.\r\n".encode())
        self.cache.save_mail(made, mail, 7, current=True)
        return made

    def answered(self, to: Row, state: OutboxState = OutboxState.SENT, days: int = 0, minutes: int = 30) -> None:
        """And its answer."""
        at = NOW - dt.timedelta(days=days)
        whom = to.organizer_address
        made = entry(
            to.id, 1, state=state, recipients=(whom,), created=at, due=at, body=f"Dear {whom}, secret words."
        )
        made = dataclasses.replace(made, sent_copy="done", answered_flag="done")
        given = dataclasses.replace(answer(made), organizer=whom, body=f"Dear {whom}, secret words.")
        moment = at + dt.timedelta(days=2)
        self.own.add(made, dataclasses.replace(given, answered_at=at, start=moment, end=moment, minutes_won=minutes))

    def run(self, *arguments: str) -> tuple[int, str, str]:
        places = ["--config-dir", str(self.config), "--data-dir", str(self.data), "--now", NOW.isoformat()]
        status = status_of(Program, [*arguments, *places])
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err

    def holding(self, *words: str) -> list[str]:
        """Files of the data directory with any of the words in them."""
        files = [file for file in self.data.rglob("*") if file.is_file()]
        assert files
        return sorted(f.name for f in files if any(word.encode() in f.read_bytes().lower() for word in words))

    def minutes(self) -> dict[str, int]:
        """Time won back by client."""
        rows = [json.loads(line) for line in self.run("stats", "--json")[1].splitlines()]
        return {each["client"] or "": each["minutes"] for each in rows}


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    with contextlib.closing(Home(tmp_path, capsys)) as made:
        yield made


def leave_traces(home: Home) -> None:
    """Everything that may name Marko."""
    home.answered(home.invited(1, data=invitation()))
    home.invited(
        2,
        data=b"Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(b"attendee:MAILTO:Marko@Kovin.example and others"),
    )
    home.answered(home.invited(3, by=VERA, data=b"From: v\r\n\r\nATTENDEE:mailto:marko@ko\r\n vin.example\r\n"))
    home.own.decide(Decision(home.invited(4).id, "dismissed", None, NOW))
    home.own.confirm("sender-mismatch:kovin.example:calendly.example")
    home.own.confirm("sender-mismatch:other.example:calendly.example")
    home.answered(home.invited(5, by=VERA))
    for name in ("own.db.backup-3", "cache.db.broken"):
        (home.data / name).write_bytes(b"marko@kovin.example")
    log = home.data / "regrets.log"
    log.write_text("2026-11-20 10:00:00,000 WARNING x\n2026-11-21 10:00:00,000 WARNING Marko@kovin.example\n")


def test_nothing_about_an_address_is_left_in_any_file(home: Home) -> None:
    leave_traces(home)
    assert home.holding(MARKO) == [
        "cache.db-wal",
        "cache.db.broken",
        "own.db-wal",
        "own.db.backup-3",
        "regrets.log",
    ]
    assert home.minutes() == {"Kovin d.d.": 30, "": 60}
    home.close()
    status, out, err = home.run("forget", "Marko@Kovin.example", "--yes")
    assert status == 0
    assert "4 items, 4 cached mails, 2 answers" in out
    assert "1 confirmation, 1 log line, 2 backups" in out
    assert "Your client book still has Kovin d.d." in err
    assert home.holding(MARKO, "marko@ko", base64.b64encode(b"attendee:MAILTO:Marko@").decode().lower()[:20]) == []
    assert home.minutes() == {"": 90}
    assert [json.loads(line)["id"] for line in home.run("list", "--all", "--json")[1].splitlines()] == ["item000005"]
    with contextlib.closing(SqliteOwnStore(home.data / "own.db")) as own:
        assert not own.confirmed("sender-mismatch:kovin.example:calendly.example")
        assert own.confirmed("sender-mismatch:other.example:calendly.example")
        assert [given.organizer for given in own.answers()] == [VERA]
        assert own.last_decision() is None


def test_what_is_on_its_way_and_what_others_ask_stays_and_is_said(home: Home) -> None:
    home.answered(home.invited(1), OutboxState.UNKNOWN)
    home.answered(home.invited(2), OutboxState.FAILED)
    home.invited(3, by=VERA, data=b"From: v\r\n\r\nATTENDEE:mailto:marko@kovin.example\r\n")
    home.invited(4, by=VERA, data=b"From: v\r\n\r\nATTENDEE:mailto:joe.marko@kovin.example.org\r\n")
    home.invited(5, data=b"From: marko@kovin.example\r\n\r\nThe fifth word is swordfish.\r\n")
    assert home.holding("swordfish") == ["cache.db-wal"]
    status, out, err = home.run("forget", MARKO, "--yes")
    assert status == 0
    assert home.holding("swordfish") == []  # although other connections are open
    assert "2 invitations with an answer on its way will stay (item000001, item000002)" in err
    assert "1 open invitation of others that name marko@kovin.example will stay (item000003)" in err
    assert "1 item, 1 cached mail" in out
    assert "Another regrets is open" not in out
    assert [each.id[-1] for each in home.cache.rows()] == ["1", "2", "3", "4"]
    assert len(home.own.entries()) == 2


def test_it_asks_and_refuses_what_is_no_address_or_ones_own(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.invited(1)
    asked: list[str] = []
    monkeypatch.setattr("click.confirm", lambda text, **_: asked.append(text))
    monkeypatch.setattr("regrets.services.keeping.Keeping.forget", lambda *_: pytest.fail("not asked"), raising=True)
    with pytest.raises(BaseException, match="not asked"):
        home.run("forget", MARKO)
    assert asked == ["Remove 1 item, 1 of them not answered yet, and all backups? This can't be taken back."]
    assert home.run("forget", "ANA@studio.example", "--yes")[0] == 1
    for arguments in ((), ("kovin",), ("--older-than", "soon"), (MARKO, "--older-than", "1d")):
        assert home.run("forget", *arguments)[0] == 2
    assert len(home.cache.rows()) == 1


def test_old_items_go_and_what_lies_ahead_stays(home: Home) -> None:
    home.answered(home.invited(1, days=200), days=200)
    home.answered(home.invited(2, days=170), days=170)
    ahead = home.invited(3, days=300)
    home.cache.update_row(dataclasses.replace(ahead, end=(NOW + dt.timedelta(days=9)).isoformat()))
    home.invited(4, days=190)
    home.answered(home.invited(5, days=200), OutboxState.ORPHANED, days=200)
    status, out, err = home.run("forget", "--older-than", "180d", "--yes")
    assert status == 0
    assert "2 items, 2 cached mails, 1 answer." in out
    assert "item000005" in err
    assert [each.id[-1] for each in home.cache.rows()] == ["2", "5", "3"]


def expire(home: Home) -> list[str]:
    """What a sync does at its end."""
    with contextlib.closing(Program(str(home.config), str(home.data), NOW.isoformat()).keeping()) as keeping:
        return keeping.expire_quietly()


def test_a_sync_removes_what_is_kept_long_enough(home: Home) -> None:
    write_config(home.config, more="[keep]\nitems_days = 30\n")
    settled, dismissed, asked_again = (home.invited(number, days=40) for number in (1, 2, 3))
    home.answered(settled, days=40)
    home.own.decide(Decision(dismissed.id, "dismissed", None, NOW - dt.timedelta(days=40)))
    home.answered(asked_again, days=40)
    home.cache.update_row(dataclasses.replace(asked_again, sequence=1))
    home.answered(home.invited(4, days=40), OutboxState.KEPT, days=40)
    home.answered(home.invited(5, days=20), days=20)
    home.answered(home.invited(6, days=40), OutboxState.CANCELLED, days=40)
    home.invited(7, days=400)
    snoozed, changed = home.invited(8, days=40), home.invited(9, days=40, sequence=2)
    home.own.decide(Decision(snoozed.id, "snoozed", NOW - dt.timedelta(days=39), NOW - dt.timedelta(days=40)))
    home.own.decide(Decision(changed.id, "dismissed", None, NOW - dt.timedelta(days=40), 1))
    for name, days in (("own.db.backup-1", 31), ("own.db.backup-2", 29)):
        (home.data / name).write_bytes(b"old")
        moment = (NOW - dt.timedelta(days=days)).timestamp()
        os.utime(home.data / name, (moment, moment))
    before = home.minutes()
    assert sorted(each[-1] for each in expire(home)) == ["1", "2", "6", "8", "9"]
    assert sorted(each.id[-1] for each in home.cache.rows()) == ["3", "4", "5", "6", "7", "8", "9"]
    assert sorted(each.item_id[-1] for each in home.own.entries()) == ["3", "4", "5"]
    assert not (home.data / "own.db.backup-1").exists()
    assert (home.data / "own.db.backup-2").exists()
    assert home.minutes() == before
    assert expire(home) == []


@pytest.mark.parametrize(("now", "sender"), [("open", MARKO), ("dismissed", "liar@elsewhere.example")])
def test_the_mark_that_stays_holds_for_no_more_than_what_was_put_away(home: Home, now: str, sender: str) -> None:
    """It was on somebody else's word: the organiser's own, should it still come, is asked about."""
    false = home.invited(1, days=400, sequence=9)
    home.cache.update_row(dataclasses.replace(false, sender="liar@elsewhere.example"))
    home.own.decide(Decision(false.id, "dismissed", None, NOW - dt.timedelta(days=400), 9, secondhand=True))
    assert expire(home) == [false.id]
    home.cache.update_row(dataclasses.replace(home.invited(1), sender=sender))
    (row,) = [json.loads(line) for line in home.run("list", "--all", "--json")[1].splitlines()]
    assert row["state"] == now


def test_a_false_mail_that_was_put_away_leaves_no_mark_that_hides_an_update(home: Home) -> None:
    """Its SEQUENCE is as high as the liar wished; what counts is what the organiser's own mail said."""
    old = NOW - dt.timedelta(days=400)
    real = home.invited(1, days=399)
    home.own.decide(Decision(real.id, "dismissed", None, old, 9999, secondhand=True))
    home.answered(real, days=399)
    assert expire(home) == [real.id]
    home.invited(1, sequence=1)
    (row,) = [json.loads(line) for line in home.run("list", "--all", "--json")[1].splitlines()]
    assert row["state"] == "open"


def test_a_sync_cuts_the_logs_at_the_same_age(home: Home) -> None:
    write_config(home.config, more="[keep]\nitems_days = 30\n")
    old = "2026-10-21 10:00:00,000 ERROR unexpected\nTraceback (most recent call last):\nValueError: marko@kovin\n"
    recent = "2026-10-25 10:00:00,000 WARNING Ben\n  of a line that is longer\n"
    (home.data / "regrets.log.1").write_text(old)
    (home.data / "regrets.log.2").symlink_to("/dev/null")
    (home.data / "regrets.log").write_text(old + recent)
    assert expire(home) == []
    assert (home.data / "regrets.log.1").read_text() == ""
    assert (home.data / "regrets.log").read_text() == recent


def test_what_was_removed_is_not_asked_again_when_its_mail_is_found_anew(home: Home) -> None:
    made = home.invited(1, days=400)
    home.answered(made, days=400)
    home.run("sync")  # no server answers there
    assert home.cache.rows() == []
    home.invited(1, days=400)
    states = {
        each["id"]: each["state"] for each in map(json.loads, home.run("list", "--all", "--json")[1].splitlines())
    }
    assert states == {made.id: State.DISMISSED}
    home.cache.update_row(dataclasses.replace(made, sequence=3))  # but an update is
    states = {
        each["id"]: each["state"] for each in map(json.loads, home.run("list", "--all", "--json")[1].splitlines())
    }
    assert states == {made.id: State.OPEN}
