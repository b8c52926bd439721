"""Changes the user's own calendars on disk (ports.CalendarFiles): an .ics file, or a vdir with a file for each UID.

Nothing is written in place: a new file beside the old one, on disk, then in its place, with its mode, owner and
extended attributes. What another program writes meanwhile is never lost: the change is then made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from regrets.adapters.calendars.source import MOST_BYTES, ics_files
from regrets.adapters.lock import locked
from regrets.adapters.own_file import open_regular
from regrets.domain.calendar_scan import scan
from regrets.domain.calendar_splice import is_bare
from regrets.domain.errors import CalendarError, StoreError
from regrets.domain.settings import CalendarSource

_TRIES = 3
_PATIENCE = 5.0  # seconds for another instance that writes
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+@-]{0,120}")
_PLACE = "Check its path in config.toml."

Stamp = tuple[int, int, int, int]  # device, inode, size, time of the last change


class WritableCalendars:
    """`lock` is a file that keeps several instances of the program apart."""

    def __init__(self, lock: Path) -> None:
        self._lock = lock
        self._uids: dict[Path, tuple[Stamp, frozenset[str]]] = {}  # of the files of folders, until they change

    def content(self, source: CalendarSource, uid: str) -> bytes:
        """What holds, or would hold, the events of a UID: the whole .ics file, or the folder's file for it; empty
        where there is none. Raises CalendarError."""
        path = self._file(source, uid)
        return _read(path)[0] if path is not None else b""

    def edit(self, source: CalendarSource, uid: str, change: Callable[[bytes], bytes]) -> tuple[bytes, bytes]:
        """Makes `change` in what `content` gives; the bytes before and after. In a folder a new UID gets a file, and
        one of which nothing is left loses it. Raises CalendarError; then nothing is changed."""
        with self._alone():
            for _ in range(_TRIES):
                done = self._once(source, uid, change)
                if done is not None:
                    return done
        raise CalendarError("Another program keeps changing it.", "Try again.")

    def check(self, source: CalendarSource) -> None:
        """Raises CalendarError where nothing could be filed in it."""
        path = Path(source.path)
        if path.is_dir():
            _new_file(path, "-")
            directory = path
        else:
            file = self._file(source, "") or path
            scan(_read(file)[0])
            _refuse_read_only(file)
            directory = file.parent
        if not os.access(directory, os.W_OK | os.X_OK):
            raise CalendarError(f"Nothing can be written in {directory}.", "See to its permissions.")

    def _once(self, source: CalendarSource, uid: str, change: Callable[[bytes], bytes]) -> tuple[bytes, bytes] | None:
        """None where another program was in between."""
        path = self._file(source, uid)
        before, stamp = _read(path) if path is not None else (b"", None)
        after = change(before)
        if after == before:
            return before, after
        folder = Path(source.path).is_dir()
        try:
            if path is None or stamp is None:
                return (before, after) if _create(_new_file(Path(source.path), uid), after) else None
            _refuse_read_only(path)
            if folder and (not after or is_bare(after)):
                if _stamp(path.stat()) != stamp:
                    return None
                path.unlink()
                return before, b""
            return (before, after) if _replace(path, after, stamp) else None
        except OSError as error:
            raise _explained(error, path or Path(source.path)) from error

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            lock = locked(self._lock, _PATIENCE)
        except StoreError as error:
            raise CalendarError(error.message, error.cure) from error
        if lock is None:
            raise CalendarError("Another regrets is writing calendars.", "Try again.")
        try:
            yield
        finally:
            lock.release()

    def _file(self, source: CalendarSource, uid: str) -> Path | None:
        """The .ics file, or the file of a folder that holds the UID, whatever its name; None where none does."""
        path = Path(source.path)
        try:
            if not path.is_dir():
                if not stat.S_ISREG(path.stat().st_mode):
                    raise CalendarError(f"{path} is no file.", _PLACE)
                return path.resolve()  # a link to it stays a link
            found = next((file for file in ics_files(path) if self._holds(file, uid)), None)
            if found is not None and found.is_symlink():
                raise CalendarError(f"{found} is a link to another place.", "Change the meeting there.")
            return found
        except OSError as error:
            raise _explained(error, path) from error

    def _holds(self, file: Path, uid: str) -> bool:
        """A file of a folder that isn't sound, or can't be read, is passed over: it is somebody else's entry."""
        try:
            stamp = _stamp(file.stat())
            known = self._uids.get(file)
            if known is None or known[0] != stamp:
                found = scan(_read(file)[0])
                uids = frozenset(piece.uid for holder in found.holders for piece in holder.pieces if piece.uid)
                known = self._uids[file] = (stamp, uids)
        except (OSError, CalendarError):
            return False
        return uid in known[1]


def _read(path: Path) -> tuple[bytes, Stamp]:
    try:
        with open_regular(path) as file:
            status = os.fstat(file.fileno())
            if status.st_size > MOST_BYTES:
                raise CalendarError(f"{path} is larger than {MOST_BYTES // 1024 // 1024} MB.", "Split it up.")
            return file.read(), _stamp(status)
    except OSError as error:
        raise _explained(error, path) from error


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _refuse_read_only(path: Path) -> None:
    """A file that can't be written could still be replaced; its owner has said that it must not be."""
    if not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK):
        raise CalendarError(f"{path} is read-only.", "Make it writable, or set writable = false in config.toml.")


def _replace(path: Path, data: bytes, stamp: Stamp) -> bool:
    """False where the file has changed since it was read."""
    temporary = _written(path.parent, data)
    try:
        status = path.stat()
        shutil.copystat(path, temporary)
        os.utime(temporary)  # it has changed: others look at the time
        if hasattr(os, "chown") and (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(temporary, status.st_uid, status.st_gid)
        if _stamp(path.stat()) != stamp:
            return False
        temporary.replace(path)
        _sync(path.parent)
        return True
    finally:
        temporary.unlink(missing_ok=True)


def _create(path: Path, data: bytes) -> bool:
    """False where there is a file of that name by now."""
    temporary = _written(path.parent, data)
    try:
        try:
            os.link(temporary, path)  # unlike a rename it never takes another's place
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            if os.path.lexists(path):
                return False
            temporary.replace(path)
        _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _written(directory: Path, data: bytes) -> Path:
    """A new file with the data, on disk; programs that read vdirs pass over its name."""
    temporary = directory / f".regrets-{secrets.token_hex(8)}.tmp"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync(directory: Path) -> None:
    with contextlib.suppress(OSError):  # not every system can open a directory
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _new_file(folder: Path, uid: str) -> Path:
    """A free name: the UID where it can stand in a file name, else a name made of it."""
    inside = [file for file in ics_files(folder) if file.parent != folder]
    if inside and not any(file.parent == folder for file in ics_files(folder)):
        raise CalendarError(f"{folder} holds several calendars.", "Let `path` name the one to file in.")
    digest = hashlib.sha256(uid.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    name = uid if _SAFE_NAME.fullmatch(uid) else digest
    path = folder / f"{name}.ics"
    return path if not os.path.lexists(path) else folder / f"{digest}-{secrets.token_hex(4)}.ics"


def _explained(error: OSError, path: Path) -> CalendarError:
    if isinstance(error, FileNotFoundError):
        return CalendarError(f"{path} is not there.", _PLACE)
    if isinstance(error, PermissionError):
        return CalendarError(f"{path} can't be changed: {error.strerror}.", "See to its permissions.")
    return CalendarError(
        f"{path} can't be changed: {error.strerror or error}.", "See to the disk and its permissions."
    )
