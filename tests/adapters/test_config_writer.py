"""Accounts are written into the user's own file without disturbing it."""

from __future__ import annotations

import datetime as dt
import errno
import os
import stat

import pytest

from regrets.adapters.config_file import load
from regrets.adapters.config_writer import add_away, remove_account, save_account
from regrets.domain.errors import ConfigError, NotFound, StoreError
from regrets.domain.settings import Account, Login, Server


def account(name="work", host="imap.example"):
    return Account(
        name=name,
        address="ana@studio.example",
        imap=Server(host, 993),
        smtp=Server("smtp.example", 465),
        login=Login("ana", "command", ("pass", "show", "mail")),
    )


def test_a_new_file_is_private_and_reads_back(tmp_path):
    file = tmp_path / "config" / "config.toml"
    save_account(file, account(), "Ana Novak")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    settings, _ = load(file.parent)
    assert settings.accounts == (account(),)
    assert settings.me.name == "Ana Novak"
    assert settings.me.addresses == ("ana@studio.example",)


def test_comments_and_order_stay(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('# mine\n[ui]\ntheme = "auto" # why not\n\n[me]\nname = "Ana"\n')
    save_account(file, account())
    save_account(file, account(host="other.example"))
    text = file.read_text()
    assert text.startswith('# mine\n[ui]\ntheme = "auto" # why not')
    assert text.count("[[account]]") == 1
    assert load(tmp_path)[0].accounts[0].imap.host == "other.example"


def test_an_account_can_be_removed(tmp_path):
    file = tmp_path / "config.toml"
    save_account(file, account("one"))
    save_account(file, account("two"))
    remove_account(file, "one")
    assert [entry.name for entry in load(tmp_path)[0].accounts] == ["two"]
    with pytest.raises(NotFound, match="no account called one"):
        remove_account(file, "one")


def test_a_broken_file_is_left_alone(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text("[me\n")
    with pytest.raises(ConfigError, match="left alone"):
        save_account(file, account())
    assert file.read_text() == "[me\n"


@pytest.mark.parametrize(
    ("function", "number", "said"),
    [
        ("os.fsync", errno.ENOSPC, "There is no room left for .*config.toml. Free some space"),
        ("tempfile.mkstemp", errno.ENOSPC, "There is no room left"),
        ("tempfile.mkstemp", errno.EROFS, "config.toml can't be written: Read-only file system. .*--config-dir"),
        ("tempfile.mkstemp", errno.EACCES, "config.toml can't be written: Permission denied"),
    ],
)
def test_a_disk_that_takes_nothing_is_named_and_the_file_stays(tmp_path, monkeypatch, function, number, said):
    file = tmp_path / "config.toml"
    save_account(file, account())
    before = file.read_bytes()

    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    for change in (
        lambda: remove_account(file, "work"),
        lambda: add_away(file, dt.datetime(2026, 12, 1), dt.datetime(2026, 12, 2), ""),  # noqa: DTZ001
    ):
        with monkeypatch.context() as patched:
            patched.setattr(function, refuse)
            with pytest.raises(StoreError, match=said):
                change()
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"config.toml": before}


def test_a_directory_in_its_place_is_named(tmp_path):
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(ConfigError, match=r"config\.toml: can't be read: Is a directory"):
        save_account(tmp_path / "config.toml", account())


@pytest.mark.parametrize("mode", [0o755, 0o775, 0o1777])
def test_a_directory_that_is_there_keeps_its_mode(tmp_path, mode):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(mode)
    save_account(shared / "config.toml", account())
    assert stat.S_IMODE(shared.stat().st_mode) == mode
    assert stat.S_IMODE((shared / "config.toml").stat().st_mode) == 0o600
