"""The user's own files: nobody is waited for, and what decides is refused where others could have written it."""

from __future__ import annotations

import grp
import os
import pwd
import socket
from pathlib import Path

import pytest

from regrets.adapters.config_file import load, load_client_book
from regrets.adapters.config_writer import read_document
from regrets.adapters.own_file import read_text, read_trusted
from regrets.adapters.quick_config import names_an_account, quick_tables
from regrets.bootstrap import Program
from regrets.domain.errors import ConfigError, LetterError
from regrets.tui import theming

ME = pwd.getpwuid(os.geteuid()).pw_name
SOMEBODY = 12345


@pytest.fixture
def config(tmp_path: Path) -> Path:
    made = tmp_path / "config"
    made.mkdir(mode=0o700)
    return made


def fifo(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def listener(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize("make", [fifo, device, listener])
def test_what_is_no_regular_file_is_named_and_not_waited_for(config: Path, make) -> None:
    names = ("config.toml", "clients.toml", "letters/en/decline.md", "themes/mine.toml")
    for name in names:
        (config / name).parent.mkdir(parents=True, exist_ok=True)
        make(config / name)
    with pytest.raises(ConfigError) as caught:
        load(config)
    assert caught.value.faults == [f"{name}: can't be read: it is no regular file" for name in names[:2]]
    with pytest.raises(ConfigError, match=r"clients\.toml: can't be read: it is no regular file"):
        load_client_book(config)
    with pytest.raises(ConfigError, match="no regular file"):
        read_document(config / "config.toml")
    assert quick_tables(config / "config.toml") == ({}, {}, None)
    assert not names_an_account(config / "config.toml")
    with pytest.raises(LetterError, match=r"decline\.md can't be read: it is no regular file"):
        Program(str(config), str(config)).own_letter("en", "decline")
    preferences = Program(str(config), str(config)).preferences()
    assert theming.load(preferences.theme_files, preferences.read_file) == (
        [],
        ["Theme mine.toml is left out: it is no regular file"],
    )


def test_text_is_read_with_any_line_ends(config: Path) -> None:
    (config / "a").write_bytes("ž\r\nb\n".encode())
    assert read_text(config / "a") == "ž\nb\n"


@pytest.fixture
def file(config: Path) -> Path:
    made = config / "config.toml"
    made.write_text('[me]\nname = "Ana"\n')
    made.chmod(0o600)
    return made


@pytest.mark.parametrize(("of_file", "of_folder"), [(0o602, 0o700), (0o600, 0o707), (0o666, 0o777), (0o646, 0o1777)])
def test_what_all_may_write_is_refused_with_the_way_on(file: Path, of_file: int, of_folder: int) -> None:
    file.chmod(of_file)
    file.parent.chmod(of_folder)
    place = file if of_file & 0o002 else file.parent
    with pytest.raises(ConfigError) as caught:
        load(file.parent)
    assert caught.value.faults == [
        f"config.toml: can't be read: others may write to {place}; look through config.toml, then: chmod go-w {place}"
    ]
    file.chmod(of_file & ~0o022)
    file.parent.chmod(of_folder & ~0o022)
    assert load(file.parent)[0].me.name == "Ana"


def test_client_book_and_letters_are_looked_at_too(config: Path) -> None:
    for name in ("clients.toml", "letters/en/decline.md"):
        (config / name).parent.mkdir(parents=True, exist_ok=True)
        (config / name).touch()
        (config / name).chmod(0o666)
    with pytest.raises(ConfigError, match=r"^clients\.toml: can't be read: others may write to "):
        load(config)
    with pytest.raises(LetterError, match=r"decline\.md can't be read: others may write to "):
        Program(str(config), str(config)).own_letter("en", "decline")


def test_nothing_that_others_wrote_is_taken_over_into_a_file_of_ones_own(file: Path) -> None:
    file.chmod(0o666)
    with pytest.raises(ConfigError, match="others may write"):
        read_document(file)


def test_in_a_directory_like_tmp_a_file_of_ones_own_is_safe(file: Path) -> None:
    file.parent.chmod(0o1777)
    assert "Ana" in read_trusted(file)


def test_a_link_is_judged_by_where_it_leads(file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "dotfiles" / "regrets.toml"
    elsewhere.parent.mkdir(mode=0o700)
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    assert "Ana" in read_trusted(file)
    elsewhere.parent.chmod(0o777)
    with pytest.raises(PermissionError, match="others may write to"):
        read_trusted(file)


@pytest.mark.parametrize("place", ["file", "folder"])
@pytest.mark.parametrize(
    ("group", "members", "trusted"),
    [(ME, [], True), (ME, [ME], True), (ME, [ME, "ben"], False), ("users", [], False), (None, [], False)],
)
def test_a_group_may_write_where_it_is_the_users_own(
    file: Path, monkeypatch: pytest.MonkeyPatch, place: str, group: str | None, members: list[str], trusted: bool
) -> None:
    def known(number: int) -> grp.struct_group:
        if group is None:
            raise KeyError(number)
        return grp.struct_group((group, "x", number, members))

    monkeypatch.setattr(grp, "getgrgid", known)
    (file if place == "file" else file.parent).chmod(0o770)
    if trusted:
        assert "Ana" in read_trusted(file)
    else:
        with pytest.raises(PermissionError, match="others may write"):
            read_trusted(file)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("place", ["file", "folder"])
def test_what_belongs_to_somebody_else_is_refused(file: Path, place: str) -> None:
    given = file if place == "file" else file.parent
    os.chown(given, SOMEBODY, -1)
    with pytest.raises(ConfigError, match=f"{given} belongs to somebody else; look through it, and put a copy"):
        load(file.parent)
