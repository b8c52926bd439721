"""Puts the program together: the only place that knows adapters and services.

Everything heavy is built on first use: a list paints from the stores alone.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from regrets.adapters.paths import ensure_private, find_paths
from regrets.domain.errors import ConfigError

if TYPE_CHECKING:
    from regrets.cli.context import Check
    from regrets.domain.cases import Case, Choice
    from regrets.domain.clients import ClientBook
    from regrets.domain.model import OutgoingMessage
    from regrets.domain.settings import Account, Settings
    from regrets.services.desk import Desk, Engine


class Program:
    """One run of regrets on one pair of directories (implements cli.context.Program)."""

    def __init__(self, config_dir: str | None = None, data_dir: str | None = None, now: str | None = None) -> None:
        import os

        self._paths = find_paths(config_dir, data_dir)
        self._clock = _clock(now or os.environ.get("REGRETS_NOW"))
        self._loaded: tuple[Settings, ClientBook] | None = None

    # --- settings ---------------------------------------------------------------------------------------

    def now(self) -> dt.datetime:
        """The moment that is judged."""
        return self._clock.now()

    def settings(self) -> Settings:
        """config.toml. Raises ConfigError."""
        return self._load()[0]

    def has_account(self) -> bool:
        """Whether any account is set up; a config that can't be read counts as one, so that it gets reported."""
        try:
            return bool(self.settings().accounts)
        except ConfigError:
            return True

    def _load(self) -> tuple[Settings, ClientBook]:
        if self._loaded is None:
            from regrets.adapters.config_file import load

            self._loaded = load(self._paths.config_dir)
        return self._loaded

    def paths(self) -> list[tuple[str, str]]:
        """What lies where."""
        return [(what, str(path)) for what, path in self._paths.named()]

    # --- the desk ---------------------------------------------------------------------------------------

    def desk(self) -> Desk:
        """Opens both databases. Raises StoreError."""
        from regrets.adapters.store.cache import open_cache
        from regrets.adapters.store.own import open_own
        from regrets.services.desk import Desk

        ensure_private(self._paths.data_dir)
        _log_to(self._paths.log_file)
        cache, own = open_cache(self._paths.cache_db), open_own(self._paths.own_db)
        return Desk(cache, own, self._clock, _read, lambda: self._engine(cache, own))

    def _engine(self, cache: object, own: object) -> Engine:
        from regrets.adapters.calendars import Calendars
        from regrets.adapters.imap.connection import ImapSource
        from regrets.adapters.lock import FileLock
        from regrets.adapters.secrets import SystemSecrets
        from regrets.adapters.smtp.sender import SmtpSender
        from regrets.services.compose import Compose
        from regrets.services.deliver import Delivery
        from regrets.services.desk import Engine
        from regrets.services.sync import Sync
        from regrets.services.triage import Triage

        settings, book = self._load()
        secrets = SystemSecrets()
        source, sender = ImapSource(secrets), SmtpSender(secrets)
        lock = FileLock(self._paths.lock_file)
        return Engine(
            settings=settings,
            triage=Triage(settings, book, Calendars(), own, self._clock),
            compose=Compose(settings, book, self._own_letter),
            delivery=Delivery(own, sender, source, settings.accounts, self._clock, lock),
            sync=Sync(source, cache, own, _read, self._clock),
        )

    def _own_letter(self, language: str, strategy: str) -> str | None:
        """The user's own letter, which overrules the built-in one."""
        path = self._paths.letters_dir / language / f"{strategy}.md"
        try:
            return path.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None

    # --- files ------------------------------------------------------------------------------------------

    def suggest_files(self, files: list[tuple[str, bytes]]) -> dict[str, Case]:
        """What to answer to files, with no mailbox and no network."""
        return self._files().cases(files)

    def messages_file(self, case: Case, choice: Choice) -> tuple[OutgoingMessage, ...]:
        """The exact messages for a file's case."""
        return self._files().messages(case, choice)

    def _files(self) -> Files:
        from regrets.adapters.calendars import Calendars
        from regrets.services.compose import Compose
        from regrets.services.files import Files
        from regrets.services.triage import Triage

        settings, book = self._load()
        triage = Triage(settings, book, Calendars(), self._history(), self._clock)
        return Files(_read, triage, Compose(settings, book, self._own_letter), self._clock)

    def _history(self) -> OwnStore:
        """Earlier answers, where there are any: reading files makes no database."""
        from regrets.adapters.store.own import SqliteOwnStore
        from regrets.services.history import NoHistory

        return SqliteOwnStore(self._paths.own_db) if self._paths.own_db.exists() else NoHistory()

    # --- accounts ---------------------------------------------------------------------------------------

    def doctor(self) -> Iterator[Check]:
        """All checks."""
        return self._doctor(SystemSecrets()).examine(self.settings)

    def test_account(self, account: Account, password: str | None) -> Iterator[Check]:
        """The checks of one account that is not kept yet."""
        secrets = SystemSecrets()
        if password:
            secrets.remember(account, password)
        return self._doctor(secrets).account(account)

    def _doctor(self, secrets: SystemSecrets) -> Doctor:
        from regrets.adapters.calendars import Calendars
        from regrets.adapters.imap.connection import ImapSource
        from regrets.adapters.smtp.sender import SmtpSender
        from regrets.services.doctor import Doctor

        return Doctor(secrets, ImapSource(secrets), SmtpSender(secrets).check, Calendars(), self._clock)

    def save_account(self, account: Account, your_name: str, password: str | None) -> list[str]:
        """Keeps account and password; says in words what was kept where."""
        from regrets.adapters.config_writer import save_account

        if password:
            SystemSecrets().store(account, password)
        save_account(self._paths.config_file, account, your_name)
        self._loaded = None
        kept = f"Account {account.name} is in {self._paths.config_file}"
        return [f"{kept}, its password in the keyring." if password else f"{kept}.", "`regrets` opens the inbox."]

    def remove_account(self, name: str) -> None:
        """Out of the config and out of the keyring."""
        from regrets.adapters.config_writer import remove_account

        account = next((entry for entry in self.settings().accounts if entry.name == name), None)
        remove_account(self._paths.config_file, name)
        if account is not None and account.login.auth == "password":
            SystemSecrets().forget(account)
        self._loaded = None

    # --- faces ------------------------------------------------------------------------------------------

    def themes(self) -> list[tuple[str, str]]:
        """(name, where) of every theme."""
        return [(path.stem, str(path)) for path in self.theme_files()]

    def theme_files(self) -> list[Path]:
        """The user's own, then the built-in ones."""
        own = sorted(self._paths.themes_dir.glob("*.toml")) if self._paths.themes_dir.is_dir() else []
        return [*own, *built_in_themes()]

    def run_tui(self) -> int:
        """The inbox."""
        from regrets.tui.app import run

        return run(self.desk, self._preferences())

    def run_demo(self, *, once: bool, as_json: bool, scenario: str) -> int:
        """The inbox on the embedded servers; `once` prints the list instead."""
        from regrets.demo.run import run_demo

        return run_demo(self._clock, Program, once=once, as_json=as_json, scenario=scenario)


def built_in_themes() -> list[Path]:
    """In the wheel regrets/themes, in a checkout themes/ at the top."""
    package = Path(__file__).parent
    for directory in (package / "themes", package.parent.parent / "themes"):
        if directory.is_dir():
            return sorted(directory.glob("*.toml"))
    return []
