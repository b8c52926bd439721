"""`regrets letters`: shown with an example, overruled by the user's own, checked."""

from __future__ import annotations

import errno
import sys

import pytest

from regrets.bootstrap import Program
from regrets.cli.editing import edit
from regrets.cli.main import status_of


@pytest.fixture
def letters(tmp_path, capsys):
    def run(*arguments):
        places = ["--config-dir", str(tmp_path / "config"), "--data-dir", str(tmp_path / "data")]
        status = status_of(Program, ["letters", *arguments, *places])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_a_letter_is_shown_filled(letters):
    status, out, _ = letters("show", "decline")
    assert status == 0
    assert "say no to the meeting" in out
    assert "{{" not in out


def test_an_own_letter_overrules_the_built_in_one(letters, tmp_path):
    own = tmp_path / "config" / "letters" / "en" / "decline.md"
    own.parent.mkdir(parents=True)
    own.write_text("Thank you, but no: {{ title }}.\n")
    assert "Thank you, but no: Quarterly review." in letters("show", "decline")[1]
    assert "en   decline          own" in letters("list")[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {{ tile }}", "tile"),
        ("Hello {% if title %}", "letters/en/decline.md"),
        ("{{ title.__class__ }}", "letters/en/decline.md"),
    ],
)
def test_a_faulty_own_letter_is_one_line_that_names_the_file(letters, tmp_path, text, said):
    own = tmp_path / "config" / "letters" / "en" / "decline.md"
    own.parent.mkdir(parents=True)
    own.write_text(text)
    status, _, err = letters("show", "decline")
    assert status == 1
    assert said in err
    assert len(err.splitlines()) == 1


def test_edit_saves_a_private_copy_and_checks_it(letters, tmp_path, monkeypatch):
    monkeypatch.setenv("VISUAL", "sed -i 's/say no to the meeting/stay away from the meeting/'")
    status, out, _ = letters("edit", "decline")
    own = tmp_path / "config" / "letters" / "en" / "decline.md"
    assert (status, str(own) in out) == (0, True)
    assert "stay away from the meeting" in letters("show", "decline")[1]
    assert own.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def room(tmp_path, monkeypatch):
    """Where the editor's files lie."""
    made = tmp_path / "room"
    made.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(made))
    return made


@pytest.mark.parametrize(
    ("editor", "hindrance", "said"),
    [
        ("sed -i 1iMine", "a file is in the way", "can't be used"),
        ("sed -i 1iMine", "the disk is full", "There is no room left"),
        ("sed -i '1iMine \\xff'", "", "UTF-8"),
        ("sh -c 'echo Mine >$0; exit 3'", "", "Editing failed"),
    ],
)
def test_what_was_written_is_kept_where_it_can_not_be_saved(
    letters, tmp_path, monkeypatch, room, editor, hindrance, said
):
    monkeypatch.setenv("VISUAL", editor)
    place = tmp_path / "config" / "letters"
    if hindrance == "a file is in the way":
        place.parent.mkdir()
        place.write_text("")
    if hindrance == "the disk is full":
        monkeypatch.setattr("os.fsync", full)
    status, _, err = letters("edit", "decline", "--language", "en")
    (left,) = room.iterdir()
    assert b"Mine" in left.read_bytes()
    assert left.stat().st_mode & 0o777 == 0o600
    assert (status, said in err, f"What you wrote is kept in {left}." in err) == (1, True, True)
    assert len(err.splitlines()) == 1
    assert not (place / "en" / "decline.md").exists()


INTERRUPTED = """
import os, pathlib, signal, sys
if {handles}:
    signal.signal(signal.SIGINT, lambda *_: None)
pathlib.Path(sys.argv[1]).write_bytes(pathlib.Path(sys.argv[1]).read_bytes() + b"Mine")
os.kill(os.getppid(), signal.SIGINT)
os.kill(os.getpid(), signal.SIGINT)
"""


@pytest.mark.parametrize(("handles", "status", "kept"), [(True, 0, 0), (False, 1, 1)])
def test_ctrl_c_in_the_editor_is_the_editors_own(letters, tmp_path, monkeypatch, room, handles, status, kept):
    editor = tmp_path / "editor.py"
    editor.write_text(INTERRUPTED.format(handles=handles))
    monkeypatch.setenv("VISUAL", f"{sys.executable} {editor}")
    assert letters("edit", "decline", "--language", "en")[0] == status
    own = tmp_path / "config" / "letters" / "en" / "decline.md"
    assert ["Mine" in each.read_text() for each in room.iterdir()] == [True] * kept
    assert own.exists() == handles


def test_what_was_written_is_kept_whatever_ends_the_saving(room, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setenv("VISUAL", "sed -i 1iMine")
    with pytest.raises(KeyboardInterrupt):
        edit("before\n", interrupted)
    assert ["Mine" in each.read_text() for each in room.iterdir()] == [True]


def test_an_editor_that_changes_nothing_or_does_not_start_leaves_nothing(letters, monkeypatch, room):
    for editor, status in (("true", 0), ("no-such-editor", 1), ("false", 1)):
        monkeypatch.setenv("VISUAL", editor)
        assert letters("edit", "decline", "--language", "en")[0] == status
        assert list(room.iterdir()) == []


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_letter_is_shown_as_its_language_usually_addresses_people(letters):
    assert "aikaasi" in letters("show", "not_a_fit", "--language", "fi")[1]
    assert "aikaanne" in letters("show", "not_a_fit", "--language", "fi", "--formal")[1]
    assert "aikaasi" in letters("show", "not_a_fit", "--language", "fi", "--informal")[1]
