"""The directories of a program that was set up before: a config with one account `work`, and both databases."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from regrets.adapters.store.cache import SqliteCache
from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.imip import read
from regrets.domain.ports import FoundMail
from regrets.domain.rows import row_of
from tests.support.mails import alternative, calendar


def write_config(
    folder: Path, *, port: int = 1, command: Sequence[str] = ("echo", "no secret"), more: str = ""
) -> None:
    """Both servers at a port of this machine (1: nobody listens), the password printed by a command."""
    folder.mkdir(mode=0o700, exist_ok=True)
    server = f'{{ host = "127.0.0.1", port = {port}, security = "none" }}'
    (folder / "config.toml").write_text(
        f"""
[me]
name = "Ana Novak"
addresses = ["ana@studio.example"]
timezone = "Europe/Ljubljana"
[[account]]
name = "work"
address = "ana@studio.example"
imap = {server}
smtp = {server}
login = {{ user = "ana", auth = "command", command = {json.dumps(command)} }}
{more}""",
        encoding="utf-8",
    )


def databases(data: Path, invitations: int = 0) -> tuple[SqliteCache, SqliteOwnStore]:
    """Made, or opened, with so many invitations in the cache: `item1` and so on."""
    cache, own = SqliteCache(data / "cache.db"), SqliteOwnStore(data / "own.db")
    for number in range(1, invitations + 1):
        mail = alternative(calendar().replace("UID:", f"UID:{number}-"))
        found = FoundMail(number, dt.datetime(2026, 11, 20, tzinfo=dt.UTC), mail)
        row = replace(row_of("work", "INBOX", found, read(mail)), id=f"item{number}")
        cache.save_mail(row, found, 1, current=True)
    return cache, own
