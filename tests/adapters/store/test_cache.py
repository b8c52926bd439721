"""The cache: what was found, as it is painted; a file that may vanish at any time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from regrets.adapters.store.cache import SqliteCache
from regrets.domain.model import Effect, Method, PartStat, Row, State
from regrets.domain.ports import FolderScan, FoundMail
from regrets.domain.versions import arrange

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def row(item: str = "aaaaaaaaaa", hours: int = 0, **changes: object) -> Row:
    received = NOW + dt.timedelta(hours=hours)
    empty: dict[str, object] = {
        **dict.fromkeys(("uid", "organizer_name", "organizer_address", "location", "strategy", "rule"), ""),
        **dict.fromkeys(("recurrence_id", "start", "end", "recurrence", "language", "attendee"), None),
        **dict.fromkeys(("reasons", "alternatives", "warnings"), ()),
    }
    named = {"account": "work", "folder": "INBOX", "state": State.OPEN, "method": "REQUEST", "summary": "Review"}
    return Row(**{**empty, **named, "id": item, "received": received, "sequence": 0, "all_day": False, **changes})  # type: ignore[arg-type]


FULL = row(
    uid="q1",
    sequence=1407317367304 << 40,
    summary="Pregled \ud800 č",
    reasons=("A sentence, with “quotes”.", "Another."),
    alternatives=("call", "decline"),
    warnings=("truncated",),
    state=State.CANCELLED,
    all_day=True,
    start="2026-11-24",
    dtstamp=dt.datetime(1, 1, 1, tzinfo=dt.UTC),
    snoozed_until=NOW,
    minutes_won=45,
    effect=Effect(Method.COUNTER, PartStat.TENTATIVE, NOW, NOW + dt.timedelta(minutes=30)),
    sender="marko@kovin.example",
)


def mail(uid: int, hours: int = 0, data: bytes = b"data") -> FoundMail:
    return FoundMail(uid, NOW + dt.timedelta(hours=hours), data)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[SqliteCache]:
    opened = SqliteCache(tmp_path / "data" / "cache.db")
    yield opened
    opened.close()


def test_all_columns_come_back(cache: SqliteCache) -> None:
    cache.save_mail(FULL, mail(1, data=b"\x00raw\xff"), 7, current=True)
    stored = cache.row(FULL.id)
    assert stored == dataclasses.replace(FULL, summary="Pregled ? č")
    assert cache.rows() == [stored]
    assert cache.mail(FULL.id) == b"\x00raw\xff"
    assert cache.location(FULL.id) == ("INBOX", 7, 1)


def test_rows_are_newest_first_then_by_id(cache: SqliteCache, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, (item, hours) in enumerate((("b" * 10, 0), ("a" * 10, 0), ("c" * 10, 5)), 1):
        cache.save_mail(row(item, hours), mail(number, hours), 7, current=True)
    assert [each.id[0] for each in cache.rows()] == ["c", "a", "b"]
    monkeypatch.setattr("regrets.adapters.store.cache._PAGE", 2)
    assert list(cache.newest()) == cache.rows()


def test_scans_are_remembered_and_dropped_with_their_folder(cache: SqliteCache) -> None:
    assert cache.folder_scan("work", "INBOX") is None
    cache.save_folder_scan("work", "INBOX", FolderScan(7, 50, 100))
    cache.save_mail(row("a" * 10), mail(60), 7, current=True)
    cache.save_mail(row("b" * 10), mail(61), 7, current=True)
    cache.save_mail(row("c" * 10, folder="Work"), mail(60), 3, current=True)
    assert cache.folder_scan("work", "INBOX") == FolderScan(7, 50, 100)
    assert cache.known_uids("work", "INBOX") == [60, 61]
    assert cache.drop_folder("work", "INBOX", keep=["b" * 10]) == ["a" * 10]
    assert cache.folder_scan("work", "INBOX") is None
    assert cache.known_uids("work", "INBOX") == []
    assert {each.id[0] for each in cache.rows()} == {"b", "c"}
    cache.save_mail(row("d" * 10), mail(61), 8, current=True)  # the same number in the folder's new life
    assert (cache.mail("b" * 10), cache.location("b" * 10)) == (b"data", None)


def test_an_item_goes_with_its_last_mail_unless_it_is_kept(cache: SqliteCache) -> None:
    for uid in (1, 2):
        cache.save_mail(row(), mail(uid, uid, b"%d" % uid), 7, current=uid == 2)
    assert cache.forget_mails("work", "INBOX", [2]) == []
    assert cache.mail(row().id) == b"2"
    assert cache.location(row().id) == ("INBOX", 7, 1)
    assert cache.forget_mails("work", "INBOX", [1], keep={row().id}) == []
    assert cache.row(row().id) is not None
    assert cache.location(row().id) is None
    assert cache.forget_mails("work", "INBOX", [1]) == [row().id]
    assert (cache.rows(), cache.mail(row().id)) == ([], None)


def test_a_row_that_vanished_is_not_brought_back_by_an_update(cache: SqliteCache) -> None:
    cache.update_row(row())
    assert cache.rows() == []
    cache.save_mail(row(), mail(1), 7, current=True)
    cache.update_row(row(strategy="call"))
    assert [each.strategy for each in cache.rows()] == ["call"]


def test_versions_are_filed_and_a_suggestion_survives_filing(cache: SqliteCache) -> None:
    one = row("x" * 10, uid="q1", sender="m@k.example", organizer_address="m@k.example", dtstamp=NOW)
    cache.save_mail(one, mail(1), 7, current=False)
    (item,) = cache.place(arrange(cache.versions("work", "q1")))
    assert item != one.id
    cache.update_row(dataclasses.replace(cache.rows()[0], strategy="call"))
    assert cache.place(arrange(cache.versions("work", "q1"))) == []
    later = dataclasses.replace(one, sequence=1, summary="Moved", received=NOW + dt.timedelta(hours=1))
    cache.save_mail(later, mail(2, 1, b"later"), 7, current=False)
    assert cache.place(arrange(cache.versions("work", "q1"))) == [item]
    (shown,) = cache.rows()
    assert (shown.summary, shown.strategy, cache.mail(item)) == ("Moved", "", b"later")


def test_a_broken_file_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "data" / "cache.db"
    SqliteCache(path).close()
    path.write_bytes(b"nonsense" * 1000)
    assert SqliteCache(path).rows() == []


def test_nothing_heavy_is_loaded_for_the_list() -> None:
    code = "import sys, regrets.adapters.store.cache; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"icalendar", "imapclient", "email", "ssl", "textual", "babel"} & set(loaded)
