"""`regrets` alone in a terminal, as it is started every day: what is in its way is one line, as with any command."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.home import databases, write_config
from tests.support.terminal import Terminal


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The directory with both databases of a program that was started before."""
    write_config(tmp_path / "config")
    for database in databases(tmp_path / "data"):
        database.close()
    return tmp_path / "data"


def environment(data: Path, **more: str) -> dict[str, str]:
    """Everything is said by the environment, so that no argument is needed."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(data.parent),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "REGRETS_CONFIG_DIR": str(data.parent / "config"),
        "REGRETS_DATA_DIR": str(data),
        **more,
    }


def newer(data: Path) -> None:
    connection = sqlite3.connect(data / "own.db")
    connection.execute("PRAGMA user_version = 999")
    connection.close()


def link(data: Path) -> None:
    (data / "own.db").rename(data / "elsewhere.db")
    (data / "own.db").symlink_to("elsewhere.db")


def cache_directory(data: Path) -> None:
    (data / "cache.db").unlink()
    (data / "cache.db").mkdir()


def file_in_place(data: Path) -> None:
    data.rename(data.with_name("moved"))
    data.write_text("a file\n")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (newer, "was written by a newer regrets"),
        (link, "own.db is a link"),
        (cache_directory, "cache.db is a link or no plain file"),
        (file_in_place, "can't be used"),
    ],
)
def test_what_is_in_its_way_is_one_line(data: Path, spoil: Callable[[Path], None], said: str) -> None:
    spoil(data)
    with Terminal([], environment(data), 400) as terminal:
        assert terminal.wait_for_end() == 1
    lines = terminal.text.split("\r\n")
    assert len(lines) == 2, lines  # the second is what follows the last line's end
    assert lines[0].startswith("regrets: ")
    assert said in lines[0]
    assert lines[1] == ""


def test_a_wrong_moment_is_one_line_too(data: Path) -> None:
    with Terminal([], environment(data, REGRETS_NOW="soon"), 400) as terminal:
        assert terminal.wait_for_end() == 1
    assert terminal.text.splitlines() == [
        "regrets: 'soon' is not a date and time. Give one such as 2026-11-24T09:00."
    ]


def empty(data: Path) -> None:
    (data / "own.db").write_bytes(b"")


def gone(data: Path) -> None:
    (data / "own.db").unlink()


@pytest.mark.parametrize(("spoil", "said"), [(empty, "is empty"), (gone, "is gone")])
def test_an_own_database_that_is_lost_opens_the_inbox_to_be_read(
    data: Path, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(data)
    before = {file.name: file.read_bytes() for file in data.iterdir()}
    with Terminal([], environment(data), 200, 40) as terminal:
        terminal.wait_for("READ-ONLY")
        terminal.wait_for(said)
        terminal.wait_for("own-made-here.txt")
        terminal.settle()
        terminal.type("q")
        assert terminal.wait_for_end() == 0
    assert "Traceback" not in terminal.text
    left = {file.name: file.read_bytes() for file in data.iterdir()}
    assert {name: left[name] for name in before} == before
    assert "own.db" in before or "own.db" not in left
