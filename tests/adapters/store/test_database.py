import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from regrets.adapters.store import database, files
from regrets.adapters.store.database import open_database
from regrets.domain.errors import StoreError
from tests.support.births import Births


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def own(path: Path) -> database.Database:
    return open_database(path, "own", durable=True, disposable=False)


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_private_from_the_first_byte(tmp_path: Path, umask: int, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "data" / "own.db"
    births = Births(monkeypatch)
    opened = own(path)
    assert (births.mode(path), births.mode(path.parent)) == (0o600, 0o700)
    opened.read("SELECT * FROM outbox")
    assert mode(path.parent) == 0o700
    files = sorted(file.name for file in path.parent.iterdir())
    assert files == ["own.db", "own.db-shm", "own.db-wal"]
    assert all(mode(path.parent / name) == 0o600 for name in files)
    assert opened.read("PRAGMA synchronous")[0][0] == 2
    assert opened.read("PRAGMA journal_mode")[0][0] == "wal"
    opened.close()


def test_opened_again_and_loose_modes_tightened(tmp_path: Path) -> None:
    path = tmp_path / "data" / "own.db"
    opened = own(path)
    with opened.transaction() as cursor:
        cursor.execute("INSERT INTO confirmations VALUES ('x')")
    opened.close()
    path.chmod(0o644)
    path.parent.chmod(0o755)
    again = own(path)
    assert [row[0] for row in again.read("SELECT key FROM confirmations")] == ["x"]
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    again.close()


def test_links_and_directories_of_all_are_refused(tmp_path: Path) -> None:
    own(tmp_path / "real" / "own.db").close()
    (tmp_path / "mine").mkdir(mode=0o700)
    (tmp_path / "mine" / "own.db").symlink_to(tmp_path / "real" / "own.db")
    with pytest.raises(StoreError, match="is a link"):
        own(tmp_path / "mine" / "own.db")
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "something").touch()
    shared.chmod(0o777)
    with pytest.raises(StoreError, match="Others may write"):
        own(shared / "own.db")
    assert mode(shared) == 0o777


def test_where_nothing_can_be_written_it_is_read_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data" / "own.db"
    opened = own(path)
    with opened.transaction() as cursor:
        cursor.execute("INSERT INTO confirmations VALUES ('x')")
    opened.close()
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    monkeypatch.setattr(files, "writable", lambda path: False)
    shown = own(path)
    assert shown.read_only.endswith(f": nothing can be written in {path.parent}.")
    assert [row["key"] for row in shown.read("SELECT key FROM confirmations")] == ["x"]
    with pytest.raises(StoreError, match="nothing can be written"), shown.transaction():
        pass
    with pytest.raises(StoreError, match="nothing can be written"):
        shown.rewrite()
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before
    shown.close()


def test_a_journal_that_can_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data" / "own.db"
    opened = own(path)
    with opened.transaction() as cursor:
        cursor.execute("INSERT INTO confirmations VALUES ('x')")
    monkeypatch.setattr(files, "writable", lambda path: False)
    shown = own(path)
    assert shown.read_only.endswith("The last changes are not shown.")
    assert shown.read("SELECT key FROM confirmations") == []
    shown.close()
    opened.close()


@pytest.mark.parametrize("how", ["garbage", "newer", "older", "foreign"])
def test_nor_is_a_broken_one_touched_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    path = tmp_path / "data" / "cache.db"
    open_database(path, "cache", durable=False, disposable=True).close()
    if how == "older":
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 0")
        connection.close()
    else:
        broken(path, how)
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    monkeypatch.setattr(files, "writable", lambda path: False)
    with pytest.raises(StoreError):
        open_database(path, "cache", durable=False, disposable=True)
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_foreign_owner_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data" / "own.db"
    own(path).close()
    os.chown(path, 12345, 12345)
    with pytest.raises(StoreError, match="belongs to somebody else"):
        own(path)


def broken(path: Path, how: str) -> None:
    whole = path.read_bytes()
    if how == "garbage":
        path.write_bytes(b"no database" * 1000)
    elif how == "page":
        path.write_bytes(whole[:4096] + b"\xff" * 8192 + whole[12288:])
    elif how == "newer":
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 999")
        connection.close()
    elif how == "foreign":
        path.unlink()
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE something (x)")
        connection.close()
    else:
        path.write_bytes(whole[: 0 if how == "empty" else 2048])


FAULTS = {
    "empty": "is empty.*There is no backup; to begin anew, move",
    "garbage": "damaged",
    "cut": "damaged",
    "page": "damaged",
    "newer": "newer regrets.*Update regrets",
    "foreign": "no 'own' database",
}


@pytest.mark.parametrize("how", FAULTS)
def test_the_own_database_is_never_recreated(tmp_path: Path, how: str) -> None:
    path = tmp_path / "data" / "own.db"
    own(path).close()
    broken(path, how)
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(StoreError, match=FAULTS[how]) as caught:
            own(path)
        assert str(path) in str(caught.value)
    assert path.read_bytes() == before


def test_a_missing_file_beside_its_journal_is_no_new_start(tmp_path: Path) -> None:
    path = tmp_path / "data" / "own.db"
    own(path).close()
    path.rename(tmp_path / "data" / "own.db-wal")
    with pytest.raises(StoreError, match="is gone, but"):
        own(path)


@pytest.mark.parametrize("how", FAULTS)
def test_a_disposable_one_is_set_aside_and_made_anew(tmp_path: Path, how: str) -> None:
    path = tmp_path / "data" / "own.db"
    own(path).close()
    broken(path, how)
    before = path.read_bytes()
    opened = open_database(path, "own", durable=how == "page", disposable=True)
    assert opened.read("SELECT * FROM outbox") == []
    assert path.with_name("own.db.broken").read_bytes() == before
    opened.close()


def test_a_backup_is_made_before_a_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migrations = tmp_path / "migrations"
    (migrations / "own").mkdir(parents=True)
    (migrations / "own" / "001.sql").write_text("CREATE TABLE a (x);\n-- why; not\nINSERT INTO a VALUES (1);\n")
    monkeypatch.setattr(database, "_MIGRATIONS", migrations)
    path = tmp_path / "data" / "own.db"
    own(path).close()
    (migrations / "own" / "002.sql").write_text("ALTER TABLE a ADD y;\n")
    opened = own(path)
    assert [tuple(row) for row in opened.read("SELECT x, y FROM a")] == [(1, None)]
    opened.close()
    backup = path.with_name("own.db.backup-1")
    assert mode(backup) == 0o600
    assert sqlite3.connect(backup).execute("SELECT * FROM a").fetchall() == [(1,)]

    (migrations / "own" / "003.sql").write_text("INSERT INTO a VALUES (2, 2);\nNONSENSE;\n")
    with pytest.raises(StoreError):
        own(path)
    (migrations / "own" / "003.sql").unlink()
    assert len(own(path).read("SELECT * FROM a")) == 1  # the half-run step left nothing
    path.write_bytes(b"")
    with pytest.raises(StoreError, match=r"newest backup is .*own\.db\.backup-2"):
        own(path)


def test_threads_share_a_connection_and_faults_roll_back(tmp_path: Path) -> None:
    opened = own(tmp_path / "data" / "own.db")

    def write(number: int) -> None:
        for index in range(20):
            with opened.transaction() as cursor:
                cursor.execute("INSERT INTO confirmations VALUES (?)", (f"{number}-{index}",))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with pytest.raises(ZeroDivisionError), opened.transaction() as cursor:
        _ = cursor.execute("DELETE FROM confirmations").rowcount // 0
    assert len(opened.read("SELECT * FROM confirmations")) == 80
    opened.close()


def test_a_full_disk_is_an_error_that_names_the_cure(tmp_path: Path) -> None:
    opened = own(tmp_path / "data" / "own.db")
    pages = opened.read("PRAGMA page_count")[0][0]
    opened.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="no room left"), opened.transaction() as cursor:
        cursor.execute("INSERT INTO confirmations VALUES (?)", ("x" * 100_000,))
    assert opened.read("SELECT * FROM confirmations") == []
    opened.close()


def test_first_start_of_two_instances_at_once(tmp_path: Path) -> None:
    path = tmp_path / "data" / "own.db"
    opened: list[database.Database] = []
    threads = [threading.Thread(target=lambda: opened.append(own(path))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 6
    with opened[0].transaction() as cursor:
        cursor.execute("INSERT INTO confirmations VALUES ('x')")
    assert all(len(one.read("SELECT * FROM confirmations")) == 1 for one in opened)
    for one in opened:
        one.close()
    assert [file.name for file in path.parent.iterdir()] == ["own.db"]
