"""Several running instances: the one that sends (ports.SenderLock), and all that live (ports.SignOfLife).

Both are locks on files (0600), which the system lets go of when a program ends, in whatever way.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from regrets.domain.errors import StoreError

if TYPE_CHECKING:
    from filelock import BaseFileLock

_PREFIX, _SUFFIX = "open-", ".lock"
_PATIENCE = 5.0  # seconds; another program may look at a new file before its maker has locked it


class FileSenderLock:
    """The lock of the one instance that sends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: BaseFileLock | None = None
        self._file: os.stat_result | None = None  # the one that is locked

    def acquire(self) -> bool:
        """True if this instance is the sender (already, or from now on). A file that was removed or replaced locks
        nothing: then it is as if it had never been had. Never waits. Raises StoreError."""
        if self._lock is not None and not self._still_there():
            self.release()
        if self._lock is None:
            self._lock = locked(self._path)
            self._file = _status(self._path)
        return self._lock is not None

    def _still_there(self) -> bool:
        now = _status(self._path)
        return now is not None and self._file is not None and os.path.samestat(now, self._file)

    def release(self) -> None:
        """Lets another instance send."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None


class FileSignOfLife:
    """A locked file of its own in the data directory, for as long as replies may be held."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._name = secrets.token_hex(8)
        self._lock: BaseFileLock | None = None

    def show(self) -> str:
        """The name, once the file is locked. Raises StoreError."""
        if self._lock is None:
            file = self._file(self._name)
            self._lock = locked(file, _PATIENCE)
            if self._lock is None:
                raise StoreError(f"The lock {file} is held by another program.", "Try again.")
        return self._name

    def living(self) -> frozenset[str]:
        """The names whose files are locked; files of the dead are removed. Raises StoreError."""
        found = {file.name[len(_PREFIX) : -len(_SUFFIX)] for file in self._directory.glob(f"{_PREFIX}*{_SUFFIX}")}
        return frozenset(name for name in found if self._lives(name))

    def end(self) -> None:
        """From now on it counts as dead."""
        if self._lock is not None:
            _remove(self._file(self._name), self._lock)
            self._lock = None

    def _lives(self, name: str) -> bool:
        if name == self._name and self._lock is not None:
            return True
        lock = locked(self._file(name))
        if lock is None:
            return True
        _remove(self._file(name), lock)
        return False

    def _file(self, name: str) -> Path:
        return self._directory / f"{_PREFIX}{name}{_SUFFIX}"


def locked(path: Path, patience: float = 0.0) -> BaseFileLock | None:
    """The lock, taken; None where another program has it for `patience` seconds. Raises StoreError."""
    from filelock import FileLock, Timeout

    lock = FileLock(path, mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        return None
    except OSError as error:
        if error.errno in (errno.EROFS, errno.EACCES):
            raise StoreError(
                f"Read-only: nothing can be written in {path.parent}.", "Mend that, or name another: --data-dir."
            ) from error
        raise StoreError(f"The lock {path} can't be had: {error.strerror}.", "See to its directory.") from error
    return lock


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except OSError:
        return None


def _remove(path: Path, lock: BaseFileLock) -> None:
    """While it is locked: who waits for the lock then sees that the file is gone, and makes a new one."""
    with contextlib.suppress(OSError):  # what stays is cleared away by a later start
        path.unlink()
    lock.release()
