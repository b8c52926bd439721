"""The user's own files, read without waiting for anybody; of what decides and is said, nothing that others may write.

config.toml names programs that are run and servers that are given passwords, the client book who gets a brief, and a
letter goes out in the user's name: as ssh does with its config, such a file is refused where somebody else could have
written it. A group to which nobody else belongs is nobody else (umask 002, a group for each user).
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0)


def open_regular(path: Path) -> BinaryIO:
    """To be read. A FIFO or a device, which might never say anything, is refused. Raises OSError."""
    _refuse_irregular(path.stat(), path)  # before it is opened: a device may notice that
    file = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | _AT_ONCE), "rb")
    try:
        _refuse_irregular(os.fstat(file.fileno()), path)
    except OSError:
        file.close()
        raise
    return file


def read_text(path: Path) -> str:
    """UTF-8, with LF line ends. Raises OSError, UnicodeDecodeError."""
    with open_regular(path) as file:
        return _text(file)


def read_trusted(path: Path) -> str:
    """Likewise, of a file that nobody but the user (and root) could have written. Raises OSError that says what to do
    where somebody could; UnicodeDecodeError."""
    with open_regular(path) as file:
        _refuse_foreign(os.fstat(file.fileno()), path, path)
        for folder in dict.fromkeys((path.parent, path.resolve().parent)):  # who may write there may replace it
            _refuse_foreign(folder.stat(), folder, path)
        return _text(file)


def _text(file: BinaryIO) -> str:
    return file.read().decode("utf-8").replace("\r\n", "\n")


def _refuse_irregular(status: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))


def _refuse_foreign(status: os.stat_result, place: Path, path: Path) -> None:
    if os.name != "posix":
        return
    if status.st_uid not in (0, os.geteuid()):
        what = f"{place} belongs to somebody else; look through it, and put a copy of your own in its place"
        raise PermissionError(errno.EPERM, what, str(path))
    if _others_write(status):
        what = f"others may write to {place}; look through {path.name}, then: chmod go-w {place}"
        raise PermissionError(errno.EPERM, what, str(path))


def _others_write(status: os.stat_result) -> bool:
    """Of a directory with the sticky bit (/tmp) others may not replace what is ours."""
    if stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX:
        return False
    if status.st_mode & stat.S_IWOTH:
        return True
    return bool(status.st_mode & stat.S_IWGRP) and not _is_mine_alone(status.st_gid)


def _is_mine_alone(group_id: int) -> bool:
    """Whether the group bears the user's name, as private ones do, and has nobody else in it."""
    import grp
    import pwd

    try:
        group, me = grp.getgrgid(group_id), pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return False
    return group.gr_name == me and set(group.gr_mem) <= {me}
