"""Accounts are written into the user's own file without disturbing it."""

from __future__ import annotations

import stat

import pytest

from regrets.adapters.config_file import load
from regrets.adapters.config_writer import remove_account, save_account
from regrets.domain.errors import ConfigError, NotFound
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
