"""The files of a database: private from the first byte on, set aside when broken, missed when gone."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from regrets.domain.errors import StoreError

_MARK = """\
{database} beside this file holds your answers and the outbox. While this file stands, regrets does not make
{database} anew when it is missing, but says so. To begin anew without it, remove this file.
"""


def with_companions(path: Path) -> Iterator[Path]:
    """The file itself and those that SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        yield path.with_name(path.name + ending)


def create_private(path: Path) -> None:
    """An empty file, 0600 whatever the umask; SQLite gives its -wal and -shm the same mode. Raises OSError."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    os.fchmod(descriptor, 0o600)
    os.close(descriptor)


def writable(path: Path) -> bool:
    """Whether the file (if it is there) and its directory can be written."""
    try:
        fixed = hasattr(os, "statvfs") and bool(os.statvfs(path.parent).f_flag & os.ST_RDONLY)
    except OSError:
        return False
    return not fixed and all(os.access(each, os.W_OK) for each in (path.parent, path) if each.exists())


def close_to_others(path: Path, mode: int) -> None:
    """chmod; a read-only file system keeps the mode that it has. Raises OSError."""
    try:
        path.chmod(mode)
    except OSError as error:
        if error.errno != errno.EROFS:
            raise


def put_in_place(new: Path, path: Path) -> None:
    """Gives the finished file `new` its name, durably, unless another instance was quicker. Raises OSError."""
    with contextlib.suppress(FileExistsError):
        try:
            os.link(new, path)
        except PermissionError:  # a file system without hard links
            new.rename(path)
    _sync(path.parent)


def replace_durably(new: Path, path: Path) -> None:
    """Gives the finished file `new` its name in place of what had it, once all of it is on disk. Raises OSError."""
    _sync(new)
    new.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def set_aside(path: Path) -> Path:
    """Renames a broken database and its companions to `<name>.broken`, over an older one; returns the new name."""
    aside = path.with_name(f"{path.name}.broken")
    for source, target in zip(with_companions(path), with_companions(aside), strict=True):
        target.unlink(missing_ok=True)
        if source.is_file():
            source.replace(target)
    return aside


def marker(path: Path) -> Path:
    """What stands beside a database that can't be fetched again, from when it is made: without the one, the other is
    missed. Not named like the database's other files, so that what removes them leaves it."""
    return path.with_name(f"{path.stem}-made-here.txt")


def was_made(path: Path) -> bool:
    """Whether the database was ever made here."""
    return os.path.lexists(marker(path))


def mark_made(path: Path) -> None:
    """The database stands: from now on it is missed. Raises OSError."""
    if was_made(path):
        return
    with contextlib.suppress(FileExistsError):  # another instance was quicker
        create_private(marker(path))
        marker(path).write_text(_MARK.format(database=path.name), encoding="utf-8")


def replaced(path: Path) -> str:
    """The cure of a broken database; its journal would be played into what is put in its place."""
    journal = path.with_name(f"{path.name}-wal")
    which = f"it and {journal.name}" if journal.exists() and journal.stat().st_size else "it"
    return f"Move {which} away, and {way_on(path)}"


def way_on(path: Path) -> str:
    """The end of a sentence: what to put in the place of a lost database, and how to begin anew without."""
    backups = (file for file in path.parent.glob(f"{path.name}.backup-*") if file.name[-1].isdigit())
    found = sorted(backups, key=lambda file: file.stat().st_mtime)
    copy = f"put the newest backup, {found[-1].name}, in its place" if found else "put a copy of yours in its place"
    return f"{copy}; {f'to begin anew, remove {marker(path).name}' if was_made(path) else 'else it begins anew'}."


def check_files(path: Path) -> None:
    """Plain files of ours, closed to others. Raises StoreError."""
    for file in with_companions(path):
        try:
            status = file.lstat()
        except FileNotFoundError:
            continue
        if not stat.S_ISREG(status.st_mode):
            raise StoreError(f"{file} is a link or no plain file.", "Move it away.")
        if status.st_uid != os.geteuid():
            raise StoreError(f"{file} belongs to somebody else.", "Move it away, or name another --data-dir.")
        if stat.S_IMODE(status.st_mode) & 0o077:
            close_to_others(file, 0o600)
