"""Where everything lies: directories of config and data, made 0700; those that are there keep their mode."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NamedTuple

from regrets.domain.errors import StoreError

PRODUCT = "regrets"


class Paths(NamedTuple):
    """The user's directories, and what stands in them."""

    config_dir: Path
    data_dir: Path

    @property
    def config_file(self) -> Path:
        """Settings."""
        return self.config_dir / "config.toml"

    @property
    def clients_file(self) -> Path:
        """The client book."""
        return self.config_dir / "clients.toml"

    @property
    def letters_dir(self) -> Path:
        """Own letters: <language>/<strategy>.md."""
        return self.config_dir / "letters"

    @property
    def themes_dir(self) -> Path:
        """Own themes."""
        return self.config_dir / "themes"

    @property
    def cache_db(self) -> Path:
        """What was read from mailboxes; may be deleted at any time."""
        return self.data_dir / "cache.db"

    @property
    def own_db(self) -> Path:
        """Answers, outbox and decisions; the only copy."""
        return self.data_dir / "own.db"

    @property
    def log_file(self) -> Path:
        """Technical details of failures."""
        return self.data_dir / "regrets.log"

    @property
    def pins_file(self) -> Path:
        """The certificates of bridges on this machine."""
        return self.data_dir / "pins.json"

    @property
    def lock_file(self) -> Path:
        """Held by the one instance that sends."""
        return self.data_dir / "sender.lock"

    def named(self) -> list[tuple[str, Path]]:
        """(what, where), for `regrets paths`."""
        return [
            ("config", self.config_file),
            ("clients", self.clients_file),
            ("letters", self.letters_dir),
            ("themes", self.themes_dir),
            ("answers and outbox", self.own_db),
            ("cache", self.cache_db),
            ("log", self.log_file),
        ]


def find_paths(config_dir: str | None = None, data_dir: str | None = None) -> Paths:
    """Given directories, else REGRETS_CONFIG_DIR and REGRETS_DATA_DIR, else the platform's own."""
    config = config_dir or os.environ.get("REGRETS_CONFIG_DIR") or ""
    data = data_dir or os.environ.get("REGRETS_DATA_DIR") or ""
    if not config or not data:
        import platformdirs

        config = config or platformdirs.user_config_dir(PRODUCT, appauthor=False)
        data = data or platformdirs.user_data_dir(PRODUCT, appauthor=False)
    return Paths(Path(config).expanduser().absolute(), Path(data).expanduser().absolute())


def make_private(directory: Path, option: str) -> None:
    """Makes a directory, and what is missing above it, 0700 whatever the umask. One that is there keeps its mode: it
    may be a project of the user's, or /tmp. Raises StoreError where it can't be made or belongs to somebody else;
    `option` names another."""
    try:
        for missing in reversed([each for each in (directory, *directory.parents) if not each.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)  # another instance may be quicker
        owner = directory.stat().st_uid
        if not directory.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except OSError as error:
        what = f"The directory {directory} can't be used: {error.strerror or error}."
        raise StoreError(what, f"Choose another with {option}.") from error
    if hasattr(os, "geteuid") and owner != os.geteuid():
        raise StoreError(f"The directory {directory} belongs to somebody else.", f"Choose another with {option}.")


def refuse_shared(directory: Path) -> None:
    """Raises StoreError for a directory in which others may write: they could put another database in ours' place.
    That they may look into it is no harm, since files of ours are 0600."""
    if os.name == "posix" and directory.stat().st_mode & 0o022:
        raise StoreError(
            f"Others may write to {directory}, where your answers would lie.",
            f"Choose another with --data-dir, or take that from them: chmod go-w {directory}",
        )
