"""One sender among several running instances (ports.SenderLock)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from regrets.domain.errors import StoreError

if TYPE_CHECKING:
    from filelock import BaseFileLock


class FileSenderLock:
    """A lock on a file (0600) that the system releases when the program ends, in whatever way."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: BaseFileLock | None = None

    def acquire(self) -> bool:
        """True if this instance is the sender (already, or from now on). Never waits. Raises StoreError."""
        from filelock import FileLock, Timeout

        lock = self._lock or FileLock(self._path, mode=0o600, thread_local=False)
        if lock.is_locked:
            return True
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return False
        except OSError as error:
            raise StoreError(
                f"The lock {self._path} can't be had: {error.strerror}.", "See to its directory."
            ) from error
        self._lock = lock
        return True

    def release(self) -> None:
        """Lets another instance send."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
