"""Where everything lies: directories of config and data, made 0700."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from regrets.adapters.store.files import close_to_others
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


def ensure_private(directory: Path) -> None:
    """Makes a directory 0700. Raises StoreError where it can't be made or is somebody else's."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = directory.stat()
        if hasattr(os, "getuid") and status.st_uid != os.getuid():
            raise StoreError(f"{directory} belongs to another user.", "Choose another with --data-dir.")
        if status.st_mode & 0o077:
            close_to_others(directory, 0o700)
    except OSError as error:
        raise StoreError(
            f"{directory} can't be used: {error.strerror or error}.", "Choose another with --data-dir."
        ) from error
