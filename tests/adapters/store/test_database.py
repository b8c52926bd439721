import os
import re
import shutil
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
    names = sorted(file.name for file in path.parent.iterdir())
    assert names == ["own-made-here.txt", "own.db", "own.db-shm", "own.db-wal"]
    assert all(mode(path.parent / name) == 0o600 for name in names)
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
    again = own(path)
    assert [row[0] for row in again.read("SELECT key FROM confirmations")] == ["x"]
    assert mode(path) == 0o600
    again.close()


def test_links_are_refused(tmp_path: Path) -> None:
    own(tmp_path / "real" / "own.db").close()
    (tmp_path / "mine").mkdir(mode=0o700)
    (tmp_path / "mine" / "own.db").symlink_to(tmp_path / "real" / "own.db")
    with pytest.raises(StoreError, match="is a link"):
        own(tmp_path / "mine" / "own.db")


@pytest.mark.parametrize("others", [0o1777, 0o777, 0o770, 0o702])
def test_a_directory_in_which_others_may_write_is_refused_and_left_alone(tmp_path: Path, others: int) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(others)
    with pytest.raises(StoreError, match=r"Others may write to .*--data-dir"):
        own(shared / "own.db")
    assert (mode(shared), list(shared.iterdir())) == (others, [])


@pytest.mark.parametrize("through", ["itself", "a link"])
def test_a_directory_that_is_there_is_used_as_it_is(tmp_path: Path, through: str) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "README").write_text("not ours\n")
    project.chmod(0o755)
    (tmp_path / "link").symlink_to(project)
    opened = own((project if through == "itself" else tmp_path / "link") / "own.db")
    assert mode(project) == 0o755
    assert {mode(file) for file in project.iterdir() if file.name != "README"} == {0o600}
    opened.close()


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


@pytest.mark.parametrize("how", ["empty", "garbage", "cut", "foreign"])
def test_a_broken_own_one_is_salvaged_there_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    path = tmp_path / "data" / "own.db"
    own(path).close()
    broken(path, how)
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    monkeypatch.setattr(files, "writable", lambda path: False)
    shown = own(path)
    assert "to begin anew" in shown.read_only
    assert shown.read("SELECT * FROM outbox") == []
    shown.close()
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


LOST = {
    "empty": "is empty",
    "garbage": "damaged",
    "cut": "damaged",
    "page": "damaged",
    "foreign": "no 'own' database",
    "gone": "is gone",
    "gone but for its journal": "is gone, but .*own.db-wal is there",
}
FAULTS = ("empty", "garbage", "cut", "page", "newer", "foreign")


@pytest.mark.parametrize("how", LOST)
def test_the_own_database_is_never_recreated(tmp_path: Path, how: str) -> None:
    path = tmp_path / "data" / "own.db"
    own(path).close()
    if how.startswith("gone"):
        path.rename(tmp_path / "data" / "own.db-wal" if "but" in how else tmp_path / "elsewhere.db")
    else:
        broken(path, how)
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    for _ in range(2):
        opened = own(path)
        assert re.search(LOST[how], opened.read_only)
        assert str(path) in opened.read_only
        assert opened.read_only.endswith("in its place; to begin anew, remove own-made-here.txt.")
        assert opened.read("SELECT * FROM outbox") == []
        with pytest.raises(StoreError, match=LOST[how]), opened.transaction():
            pass
        with pytest.raises(StoreError, match=LOST[how]):
            opened.rewrite()
        opened.close()
        assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_newer_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data" / "own.db"
    own(path).close()
    broken(path, "newer")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer regrets.*Update regrets"):
        own(path)
    assert path.read_bytes() == before


def test_what_is_said_is_the_way_on(tmp_path: Path) -> None:
    path = tmp_path / "data" / "own.db"
    own(path).close()
    backup = path.with_name("own.db.backup-1")
    shutil.copy(path, backup)
    path.unlink()
    missing = own(path)
    assert "Put it back, or put the newest backup, own.db.backup-1, in its place" in missing.read_only
    missing.close()
    shutil.copy(backup, path)
    put_back = own(path)
    assert put_back.read_only == ""
    put_back.close()
    path.unlink()
    path.with_name("own-made-here.txt").unlink()
    anew = own(path)
    assert anew.read_only == ""
    assert path.exists()
    assert path.with_name("own-made-here.txt").exists()
    anew.close()


def test_one_of_a_version_before_is_missed_from_its_next_start_on(tmp_path: Path) -> None:
    path = tmp_path / "data" / "own.db"
    own(path).close()
    marker = path.with_name("own-made-here.txt")
    marker.unlink()
    own(path).close()
    assert "does not make" in marker.read_text()
    assert mode(marker) == 0o600


def test_what_can_be_read_of_a_damaged_one_is_there(tmp_path: Path) -> None:
    path = tmp_path / "data" / "own.db"
    opened = own(path)
    with opened.transaction() as cursor:
        for number in range(200):
            cursor.execute(
                "INSERT INTO decisions (item_id, kind, at, version) VALUES (?, 'dismissed', '', 0)",
                (f"item{number:03}" + "x" * 400,),
            )
        cursor.execute("INSERT INTO confirmations VALUES ('whole')")
    (middle,) = opened.read(  # a page in the midst of the table
        "SELECT pageno FROM dbstat WHERE name = 'decisions' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 5"
    )
    opened.close()
    whole = bytearray(path.read_bytes())
    whole[4096 * (middle[0] - 1) : 4096 * middle[0]] = b"\xff" * 4096
    path.write_bytes(whole)
    shown = own(path)
    assert "What could be read of it is shown." in shown.read_only
    found = [row["item_id"][:7] for row in shown.read("SELECT item_id FROM decisions ORDER BY sequence")]
    assert found[0] == "item000"
    assert found[-1] == "item199"
    assert 150 < len(found) < 200
    assert [row["key"] for row in shown.read("SELECT key FROM confirmations")] == ["whole"]
    shown.close()


@pytest.mark.parametrize("elsewhere", [False, True], ids=["open here", "open elsewhere too"])
def test_what_stands_in_the_journal_of_a_damaged_one_is_read_too(tmp_path: Path, elsewhere: bool) -> None:
    path = tmp_path / "data" / "own.db"
    opened = own(path)
    with opened.transaction() as cursor:
        cursor.execute("INSERT INTO confirmations VALUES ('early')")
    opened.read("PRAGMA wal_checkpoint(TRUNCATE)")
    with opened.transaction() as cursor:
        cursor.execute("INSERT INTO confirmations VALUES ('late')")
    (page,) = opened.read("SELECT rootpage FROM sqlite_schema WHERE name = 'choices'")
    crashed = tmp_path / "crashed" / "own.db"
    crashed.parent.mkdir(mode=0o700)
    for file in files.with_companions(path):
        if file.exists() and not file.name.endswith("-shm"):
            shutil.copy(file, crashed.parent)
    opened.close()
    whole = bytearray(crashed.read_bytes())
    whole[4096 * (page[0] - 1) : 4096 * page[0]] = b"\xff" * 4096
    crashed.write_bytes(whole)
    if elsewhere:  # or else SQLite moves the journal into the database
        another = sqlite3.connect(crashed)
        another.execute("SELECT * FROM confirmations").fetchall()
    shown = own(crashed)
    assert f"Move it {'and own.db-wal ' if elsewhere else ''}away" in shown.read_only
    assert [row["key"] for row in shown.read("SELECT key FROM confirmations ORDER BY key")] == ["early", "late"]
    shown.close()


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
    assert sorted(file.name for file in path.parent.iterdir()) == ["own-made-here.txt", "own.db"]
