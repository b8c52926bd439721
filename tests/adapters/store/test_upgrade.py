"""A database that is brought up to date: a checked copy first, then all steps or none, checked before it is used."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from regrets.adapters.store import database, files, upgrade
from regrets.domain.errors import StoreError

FIRST = "CREATE TABLE a (x);\n-- why; not\nINSERT INTO a VALUES (1);\n"


class Kept:
    """A database of version 1 with steps that a test adds."""

    def __init__(self, root: Path) -> None:
        self.steps, self.path = root / "migrations", root / "data" / "own.db"
        (self.steps / "own").mkdir(parents=True)
        self.step(1, FIRST)

    def step(self, number: int, script: str) -> None:
        (self.steps / "own" / f"{number:03}.sql").write_text(script)

    def open(self) -> database.Database:
        return database.open_database(self.path, "own", durable=True, disposable=False)

    def look(self, name: str = "own.db") -> tuple[int, list[tuple[object, ...]]]:
        """Version and rows of a file, as it would be found by somebody else."""
        connection = sqlite3.connect(f"{self.path.with_name(name).as_uri()}?mode=ro", uri=True)
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            return version, connection.execute("SELECT * FROM a").fetchall()
        finally:
            connection.close()

    def left(self) -> list[str]:
        return sorted(file.name for file in self.path.parent.iterdir() if not file.name.endswith(("-wal", "-shm")))


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    made = Kept(tmp_path)
    monkeypatch.setattr(database, "_MIGRATIONS", made.steps)
    made.open().close()
    return made


def test_a_backup_is_made_before_a_migration(kept: Kept) -> None:
    kept.step(2, "ALTER TABLE a ADD y;\n")
    kept.step(3, "INSERT INTO a VALUES (2, 2);\n")
    opened = kept.open()
    assert [tuple(row) for row in opened.read("SELECT x, y FROM a")] == [(1, None), (2, 2)]
    opened.close()
    assert kept.left() == ["own-made-here.txt", "own.db", "own.db.backup-1"]  # one for all steps
    assert stat.S_IMODE(kept.path.with_name("own.db.backup-1").stat().st_mode) == 0o600
    assert kept.look("own.db.backup-1") == (1, [(1,)])
    kept.path.write_bytes(b"")
    assert "put the newest backup, own.db.backup-1, in its place" in kept.open().read_only
    kept.path.write_bytes(kept.path.with_name("own.db.backup-1").read_bytes())
    assert kept.open().read_only == ""


def test_all_steps_or_none(kept: Kept) -> None:
    kept.step(2, "INSERT INTO a VALUES (2);\n")
    kept.step(3, "INSERT INTO a VALUES (3);\nNONSENSE;\n")
    with pytest.raises(StoreError):
        kept.open()
    assert kept.look() == (1, [(1,)])


def _no_file(path: Path) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class _FullDisk(sqlite3.Connection):
    """Copies a little before the disk is full."""

    def backup(self, target: sqlite3.Connection, **_: object) -> None:  # type: ignore[override]
        target.execute("CREATE TABLE half (x)")
        target.commit()
        raise sqlite3.OperationalError("database or disk is full")


def full_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "create_private", _no_file)


def full_amidst(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect

    def small(where: object, *arguments: object, **options: object) -> sqlite3.Connection:
        return connect(where, *arguments, **{"factory": _FullDisk, **options})  # type: ignore[arg-type]

    monkeypatch.setattr(upgrade.sqlite3, "connect", small)


def full_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "replace_durably", lambda new, path: _no_file(path))


@pytest.mark.parametrize("fill", [full_at_once, full_amidst, full_at_the_end])
def test_a_full_disk_leaves_the_backup_of_before_and_nothing_half(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, fill: Callable[[pytest.MonkeyPatch], None]
) -> None:
    good = kept.path.with_name("own.db.backup-1")
    good.write_bytes(kept.path.read_bytes())
    kept.step(2, "INSERT INTO a VALUES (2);\n")
    with monkeypatch.context() as patched:
        fill(patched)
        for _ in range(2):
            with pytest.raises(
                StoreError, match=r"no backup of .*own\.db, so it is not brought up to date.*free space"
            ):
                kept.open()
    assert kept.left() == ["own-made-here.txt", "own.db", "own.db.backup-1"]
    assert kept.look("own.db.backup-1") == (1, [(1,)])
    assert kept.look() == (1, [(1,)])
    kept.open().close()
    assert kept.look() == (2, [(1,), (2,)])


def test_a_copy_that_is_damaged_is_no_backup(kept: Kept) -> None:
    """An index that tells of other rows than its table has is no fault for the quick check of each start."""
    connection = sqlite3.connect(kept.path)
    connection.execute("CREATE INDEX i ON a (x)")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_schema SET sql = 'CREATE INDEX i ON a (x DESC, -x)' WHERE name = 'i'")
    connection.commit()
    connection.close()
    kept.open().close()
    kept.step(2, "INSERT INTO a VALUES (2);\n")
    opened = kept.open()
    assert "is damaged" in opened.read_only
    assert kept.left() == ["own-made-here.txt", "own.db"]
    assert kept.look() == (1, [(1,)])
    opened.close()


def test_what_comes_of_it_is_checked_before_it_is_used(kept: Kept) -> None:
    kept.step(2, "CREATE TABLE b (x PRIMARY KEY);\nCREATE TABLE c (x REFERENCES b);\nINSERT INTO c VALUES (7);\n")
    with pytest.raises(StoreError, match=r"it would be damaged \(.*It stays as it is"):
        kept.open()
    assert kept.look() == (1, [(1,)])
    assert kept.left() == ["own-made-here.txt", "own.db", "own.db.backup-1"]
