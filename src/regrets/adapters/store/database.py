"""The opener of both databases: the user's own (durable, never recreated) and the cache (may be rebuilt).

Threads: one connection a database, shared; `Database.lock` is held for the length of each statement or
transaction, so any thread may call `read` and `transaction`. Another process waits up to `BUSY_SECONDS`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from regrets.adapters.paths import make_private, refuse_shared
from regrets.adapters.store import files
from regrets.domain.errors import StoreError

BUSY_SECONDS = 5.0
CLOSE_SECONDS = 0.05  # for a statement that another thread has under way
_A_LITTLE = 64 * 1024  # bytes
_MIGRATIONS = Path(__file__).parent / "migrations"


class Database(sqlite3.Connection):
    """A connection that several threads share; every fault comes out as StoreError, naming the file."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.lock = threading.RLock()
        self.file = Path(str(arguments[0]))
        self.read_only = ""  # why nothing is written, in a sentence for the user
        self.refusal = ("", "")  # what who tries is told, with the cure

    def only_read(self, told: str, refusal: tuple[str, str]) -> None:
        """From now on nothing is written: `told` says so to the user, `refusal` is the error of who tries."""
        self.read_only, self.refusal = told, refusal

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Cursor]:
        """BEGIN IMMEDIATE … COMMIT; rolled back when the block raises. On disk (if durable) when it ends."""
        self._refuse()
        with self.lock, self._explained():
            cursor = self.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
                cursor.execute("COMMIT")
            except BaseException:
                if self.in_transaction:
                    cursor.execute("ROLLBACK")
                raise

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """All rows of one SELECT; columns by name or by place."""
        with self.lock, self._explained():
            return self.execute(sql, parameters).fetchall()

    def rewrite(self) -> bool:
        """Makes the file anew, so that nothing deleted is left in it or its journal; False where another program
        reads it just now: then the journal goes once that one has closed it."""
        self._refuse()
        with self.lock, self._explained():
            self.execute("VACUUM")
            return not self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]

    def close(self) -> None:
        """Also under the hands of a thread that waits for the network: its next statement raises StoreError. A
        statement that takes long is left to the end of the program, which SQLite survives."""
        if self.lock.acquire(timeout=CLOSE_SECONDS):
            try:
                super().close()
            finally:
                self.lock.release()

    def _refuse(self) -> None:
        if self.read_only:
            raise StoreError(*self.refusal)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(*_explain(self.file, error)) from error


def open_database(path: Path, name: str, *, durable: bool, disposable: bool) -> Database:
    """Opens `path`, made or brought up to date with `migrations/<name>/NNN.sql`.

    durable: synchronous=FULL, so that a committed row survives a power cut. disposable: a file that is broken or
    of a newer version is set aside and made anew. Without it, a newer one raises StoreError, and of one that is
    broken, empty or gone (a marker beside it tells that it was there) what can be read is held in memory, to be
    read alone: the file is left, but for what SQLite moves there from its journal. Where nothing can be written it
    is opened to be read, and nothing is set aside or made. `Database.read_only` says why.
    """
    make_private(path.parent, "--data-dir")
    refuse_shared(path.parent)
    if disposable:
        return _open_disposable(path, name, durable=durable)
    try:
        if _fixed(path):
            return _open_to_read(path, name)
        opened = _open(path, name, durable=durable, missed=True)
    except _NewerError:
        raise
    except UnusableError as error:
        return _salvaged(path, name, error)
    try:
        _mark(path)
    except StoreError:
        opened.close()
        raise
    return opened


def _open_disposable(path: Path, name: str, *, durable: bool) -> Database:
    if _fixed(path):
        return _open_to_read(path, name)
    try:
        return _open(path, name, durable=durable, missed=False)
    except UnusableError:
        files.set_aside(path)
        return _open(path, name, durable=durable, missed=False)


def _fixed(path: Path) -> bool:
    return path.exists() and not files.writable(path)


class UnusableError(StoreError):
    """Gone, empty, corrupt, of a newer version, or no database of that name."""


class _NewerError(UnusableError):
    """Written by a newer version of the program."""


def _open(path: Path, name: str, *, durable: bool, missed: bool) -> Database:
    stood = missed and files.was_made(path)  # asked first: another instance makes the database, then the mark
    present = [file for file in files.with_companions(path) if file.exists() or file.is_symlink()]
    if not present and stood:
        raise UnusableError(f"The database {path} is gone.", f"Put it back, or {files.way_on(path)}")
    if not present:
        _create(path, name)
    elif path not in present:  # SQLite would play the stray journal into a new database
        cure = f"Put it back; else move {present[0]} away, and {files.way_on(path)}"
        raise UnusableError(f"The database {path} is gone, but {present[0]} is there.", cure)
    files.check_files(path)
    if path.stat().st_size == 0:
        raise UnusableError(f"The database {path} is empty: something has truncated it.", files.replaced(path))
    try:
        connection = connect(path)
        try:
            _check_content(connection, name, thorough=durable)
            _configure(connection, durable=durable)
            _migrate(connection, name)
        except BaseException:
            connection.close()
            raise
    except sqlite3.DatabaseError as error:
        broken = not isinstance(error, sqlite3.OperationalError)
        raise (UnusableError if broken else StoreError)(*_explain(path, error)) from error
    return connection


def _mark(path: Path) -> None:
    try:
        files.mark_made(path)
    except OSError as error:
        what = f"{files.marker(path)} can't be made: {error.strerror}."
        raise StoreError(what, "See to the directory and its free space.") from error


def _salvaged(path: Path, name: str, why: UnusableError) -> Database:
    from regrets.adapters.store.salvage import salvage

    whole = connect(":memory:")
    whole.file, whole.row_factory = path, sqlite3.Row
    _migrate(whole, name)
    found = salvage(path, whole)
    shown = "What could be read of it is shown." if found else "What you answered and decided is not known."
    cure = files.replaced(path) if path.exists() else why.cure  # its journal may be gone by now
    whole.only_read(f"Read-only. {why.message} {shown} {cure}", (f"Read-only. {why.message}", cure))
    return whole


def _open_to_read(path: Path, name: str) -> Database:
    """SQLite needs a journal to open a database in WAL mode, even to read it; `immutable` spares that. What stands in
    a journal of before is not seen then."""
    files.check_files(path)
    try:
        connection = connect(f"{path.as_uri()}?mode=ro&immutable=1")
        connection.file, connection.row_factory = path, sqlite3.Row
        _check_content(connection, name, thorough=False)
        if _version(connection) != max(_migrations(name), default=0):
            raise StoreError(f"The database {path} must be brought up to date first.", _unwritable(path)[1])
    except sqlite3.DatabaseError as error:
        broken = not isinstance(error, sqlite3.OperationalError)
        raise (UnusableError if broken else StoreError)(*_explain(path, error)) from error
    journal = path.with_name(f"{path.name}-wal")
    missing = " The last changes are not shown." if journal.exists() and journal.stat().st_size else ""
    why = f"nothing can be written in {path.parent}"
    told = f"Read-only, nothing is fetched, sent or decided: {why}.{missing}"
    connection.only_read(told, _unwritable(path))
    return connection


def _unwritable(path: Path) -> tuple[str, str]:
    return f"Read-only: nothing can be written in {path.parent}.", "Mend that, or name another: --data-dir."


def connect(where: Path | str) -> Database:
    """A connection to a file or an SQLite URI, nothing checked. Raises sqlite3.Error."""
    return sqlite3.connect(
        where,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        factory=Database,
        uri=isinstance(where, str),
    )


def _configure(connection: Database, *, durable: bool) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")


def _create(path: Path, name: str) -> None:
    """Makes a whole database beside `path` and links it into place, so that `path` is never half made."""
    new = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.new")
    try:
        files.create_private(new)
        connection = connect(new)
        try:
            _configure(connection, durable=True)
            connection.execute(f"PRAGMA application_id = {_application_id(name)}")
            _migrate(connection, name)
        finally:
            connection.close()
        files.put_in_place(new, path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"The database {path} can't be made: {error}.", "See to the directory and its free space."
        ) from error
    finally:
        for file in files.with_companions(new):
            file.unlink(missing_ok=True)


def _application_id(name: str) -> int:
    return zlib.crc32(f"regrets/{name}".encode()) & 0x7FFFFFFF


def _check_content(connection: Database, name: str, *, thorough: bool) -> None:
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    if found != _application_id(name):
        raise UnusableError(
            f"The file {connection.file} is no '{name}' database of regrets.", files.replaced(connection.file)
        )
    version, newest = _version(connection), max(_migrations(name), default=0)
    if version > newest:
        raise _NewerError(
            f"The database {connection.file} was written by a newer regrets"
            f" (its version {version}, known here {newest}).",
            "Update regrets.",
        )
    if thorough and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise UnusableError(f"The database {connection.file} is damaged.", files.replaced(connection.file))


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _migrations(name: str) -> dict[int, Path]:
    return {int(file.stem): file for file in sorted((_MIGRATIONS / name).glob("[0-9]*.sql"))}


def _migrate(connection: Database, name: str) -> None:
    steps = _migrations(name)
    if _version(connection) < max(steps, default=0):
        from regrets.adapters.store.upgrade import upgrade

        upgrade(connection, steps)


def _no_room(path: Path) -> bool:
    """SQLite often calls a full disk an I/O error."""
    try:
        return shutil.disk_usage(path.parent).free < _A_LITTLE
    except OSError:
        return False


def _explain(path: Path, error: sqlite3.Error) -> tuple[str, str]:
    text = str(error)
    if "closed database" in text:
        return f"The database {path} is closed: the program ends.", ""
    if "locked" in text:
        return f"The database {path} is in use by another program.", "Close that one and try again."
    if "malformed" in text or "not a database" in text:
        return f"The database {path} is damaged: {text}.", files.replaced(path)
    if not files.writable(path):
        return _unwritable(path)
    if "full" in text or _no_room(path):
        return f"There is no room left for {path}.", "Free some space and try again."
    return f"The database {path} can't be used: {text}.", "See to the disk and its permissions."
