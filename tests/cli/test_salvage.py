"""Where the user's own database is lost or damaged, what is left is shown, and nothing is decided by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from regrets.bootstrap import Program
from regrets.cli.main import status_of
from regrets.domain.model import OutboxState
from tests.support.home import databases, write_config
from tests.support.mails import calendar
from tests.support.outbox import answer, entry

NOW = "2026-11-22T09:00:00+01:00"
PAGE = 4096


class Home:
    """A config, an answered invitation `item1` and an open one, and the command line."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config, self.data, self._capsys = root / "config", root / "data", capsys
        write_config(self.config)
        cache, own = databases(self.data, invitations=2)
        sent = entry("item1", state=OutboxState.SENT, sent_copy="done", answered_flag="done")
        own.add(sent, answer(sent))
        (page,) = own.database.read("SELECT rootpage FROM sqlite_schema WHERE name = 'choices'")
        self._choices = page[0]
        cache.close()
        own.close()

    def damage(self) -> None:
        """The page of a table that the list doesn't need."""
        file = self.data / "own.db"
        whole = bytearray(file.read_bytes())
        whole[PAGE * (self._choices - 1) : PAGE * self._choices] = b"\xff" * PAGE
        file.write_bytes(whole)

    def run(self, *arguments: str) -> tuple[int, str, list[str]]:
        places = ["--config-dir", str(self.config), "--data-dir", str(self.data), "--now", NOW]
        status = status_of(Program, [*arguments, *places])
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err.splitlines()


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Home:
    return Home(tmp_path, capsys)


def states(out: str) -> dict[str, str]:
    return {each["id"]: each["state"] for each in map(json.loads, out.splitlines())}


def test_what_can_be_read_is_shown_with_a_word(home: Home) -> None:
    assert states(home.run("list", "--all", "--json")[1]) == {"item1": "answered", "item2": "open"}
    home.damage()
    before = {file.name: file.read_bytes() for file in home.data.glob("*.db*")}
    status, out, (said,) = home.run("list", "--all", "--json")
    assert (status, states(out)) == (0, {"item1": "answered", "item2": "open"})
    assert said.startswith("regrets: Read-only. The database")
    assert "is damaged. What could be read of it is shown. Move it away" in said
    status, out, told = home.run("outbox", "--json")
    assert (status, [json.loads(line)["state"] for line in out.splitlines()], told) == (0, ["sent"], [said])
    status, out, told = home.run("show", "item2")
    assert (status, "Suggestion: " in out, told) == (0, True, [said])
    for command in (["stats"], ["learn", "list"], ["prep"], ["calendars", "list"], ["away", "2027-01-01"]):
        assert said in home.run(*command)[2], command
    (home.data / "invitation.ics").write_text(calendar())
    assert said in home.run("suggest", str(home.data / "invitation.ics"))[2]
    assert {file.name: file.read_bytes() for file in home.data.glob("*.db*")} == before


@pytest.mark.parametrize("lost", ["damaged", "empty", "gone"])
def test_nothing_is_fetched_sent_or_decided(home: Home, lost: str) -> None:
    if lost == "damaged":
        home.damage()
    elif lost == "empty":
        (home.data / "own.db").write_bytes(b"")
    else:
        (home.data / "own.db").unlink()
    before = {file.name: file.read_bytes() for file in home.data.glob("*.db*")}
    for command in (
        ["sync"],
        ["reply", "item2", "--yes"],
        ["dismiss", "item2"],
        ["snooze", "item2", "tomorrow"],
        ["forget", "--older-than", "1d", "--yes"],
    ):
        status, _, said = home.run(*command)
        refused = [line for line in said if line.startswith("regrets: Read-only.")]
        assert (status, len(refused)) == (1, 1), (command, said)
        assert lost in refused[0]
        assert "to begin anew" in refused[0]
    assert {file.name: file.read_bytes() for file in home.data.glob("*.db*")} == before


def test_what_is_not_known_is_not_said_to_be_nothing(home: Home) -> None:
    (home.data / "own.db").unlink()
    for command in (["outbox"], ["stats"], ["learn", "list"]):
        status, out, said = home.run(*command)
        assert (status, out, len(said)) == (0, "", 1), command
        assert "own.db is gone" in said[0]


def test_a_lost_one_is_said_with_the_list_and_comes_back_whole(home: Home) -> None:
    own = home.data / "own.db"
    own.rename(home.data / "copy")
    status, out, (said,) = home.run("list", "--all", "--json")
    assert (status, states(out)) == (0, {"item1": "open", "item2": "open"})
    assert "own.db is gone. What you answered and decided is not known. Put it back" in said
    (home.data / "copy").rename(own)
    assert home.run("list", "--all", "--json")[1:] == (out.replace('"state": "open"', '"state": "answered"', 1), [])
