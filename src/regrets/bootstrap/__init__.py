"""Puts the program together: the only place that knows adapters and services.

Everything heavy is built on first use: a list paints from the stores alone.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from regrets.adapters.clock import SetClock, SystemClock, parse_now
from regrets.adapters.paths import find_paths
from regrets.domain.errors import ConfigError, LetterError, RegretsError

if TYPE_CHECKING:
    from regrets.adapters.reader import Reader
    from regrets.adapters.secrets import SystemSecrets
    from regrets.adapters.store.cache import SqliteCache
    from regrets.adapters.store.own import SqliteOwnStore
    from regrets.bootstrap.assembly import Assembly
    from regrets.domain.cases import Case, Choice
    from regrets.domain.clients import ClientBook
    from regrets.domain.model import Invitation, OutgoingMessage, Unreadable
    from regrets.domain.ports import Clock, OwnStore
    from regrets.domain.settings import Account, Settings
    from regrets.services.casebook import Engine
    from regrets.services.desk import Desk
    from regrets.services.doctor import Check
    from regrets.services.files import Files
    from regrets.services.keeping import Keeping
    from regrets.services.setting_up import Outcome
    from regrets.services.statistics import Total
    from regrets.tui.preferences import Preferences


class Program:
    """One run of regrets on one pair of directories (implements cli.context.Program)."""

    def __init__(
        self,
        config_dir: str | None = None,
        data_dir: str | None = None,
        now: str | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._paths = find_paths(config_dir, data_dir)
        self._clock = clock or _clock(now or os.environ.get("REGRETS_NOW"))
        self._loaded: tuple[Settings, ClientBook] | None = None
        self._history_faults: list[str] = []
        self._ask: Callable[[Account], str | None] | None = None
        self._for_this_run: list[tuple[Account, str]] = []

    def passwords_from(self, ask: Callable[[Account], str | None] | None) -> None:
        """Asks the user for a password that no keyring keeps; without it, that is an error."""
        self._ask = ask

    def use_password(self, account: Account, password: str) -> None:
        """A password that was typed a moment ago, and that no keyring keeps, need not be typed again in this run."""
        self._for_this_run.append((account, password))

    # --- settings ---------------------------------------------------------------------------------------

    def now(self) -> dt.datetime:
        """The moment that is judged."""
        return self._clock.now()

    def zone(self) -> dt.tzinfo | None:
        """The user's time zone, without checking the whole config; None for the machine's."""
        from regrets.adapters.quick_config import quick_tables

        return quick_tables(self._paths.config_file)[2]

    def config_faults(self) -> list[str]:
        """What is wrong with a config that names no usable zone: then times would be shown in the machine's."""
        if self.zone() is not None or not self._paths.config_file.exists():
            return []
        try:
            self.settings()
        except ConfigError as error:
            return error.faults
        return []

    def settings(self) -> Settings:
        """config.toml. Raises ConfigError."""
        return self._load()[0]

    def has_account(self) -> bool:
        """Whether any account is set up; a config that can't be read counts as one, so that it gets reported."""
        try:
            return bool(self.settings().accounts)
        except ConfigError:
            return True

    def lacks_account(self) -> bool:
        """Whether none is set up, without checking the whole config; False where that can't be read."""
        from regrets.adapters.quick_config import lacks_account

        return lacks_account(self._paths.config_file)

    def can_open_at_once(self) -> bool:
        """Whether the inbox may open before the config is checked: it names an account, and the terminal will do."""
        from regrets.adapters.quick_config import names_an_account

        return os.environ.get("TERM", "") not in ("", "dumb") and names_an_account(self._paths.config_file)

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
        from regrets.adapters.log import log_to
        from regrets.adapters.store.cache import SqliteCache
        from regrets.adapters.store.own import SqliteOwnStore
        from regrets.services.desk import Desk

        log_to(self._paths.log_file)
        cache, own = SqliteCache(self._paths.cache_db), SqliteOwnStore(self._paths.own_db)
        hindered = next((each for each in (own.database, cache.database) if each.read_only), None)
        if hindered is not None:  # what is judged while not all is known must not stay in the cache
            cache.database.only_read(hindered.read_only, hindered.refusal)
        read_only = cache.database.read_only
        return Desk(cache, own, self._clock, self._read, lambda: self._engine(cache, own), read_only)

    def _engine(self, cache: SqliteCache, own: SqliteOwnStore) -> Engine:
        self._reader.start()  # it gets ready while the config is read
        settings, book = self._load()
        return self._assembly.engine(settings, book, cache, own, self._read, self._secrets())

    @cached_property
    def _assembly(self) -> Assembly:
        from regrets.bootstrap.assembly import Assembly

        return Assembly(self._paths, self._clock, self.own_letter)

    def _secrets(self) -> SystemSecrets:
        from regrets.adapters.secrets import SystemSecrets

        secrets = SystemSecrets(self._ask)
        for account, password in self._for_this_run:
            secrets.remember(account, password)
        return secrets

    def add_away(self, start: dt.datetime, end: dt.datetime, reason: str) -> None:
        """Into config.toml; what is judged from now on knows of it. Raises ConfigError."""
        from regrets.adapters.config_writer import add_away

        add_away(self._paths.config_file, start, end, reason)
        self._loaded = None

    # --- clients ----------------------------------------------------------------------------------------

    def clients(self) -> ClientBook:
        """The client book. Raises ConfigError."""
        from regrets.adapters.config_file import load_client_book

        return load_client_book(self._paths.config_dir)

    def add_client(self, name: str, match: Sequence[str], fields: Mapping[str, object]) -> None:
        """Raises ConfigError."""
        from regrets.adapters.client_file import add_client

        add_client(self._paths.clients_file, name, match, fields)

    def change_client(self, name: str, fields: Mapping[str, object]) -> None:
        """Raises NotFound, ConfigError."""
        from regrets.adapters.client_file import change_client

        change_client(self._paths.clients_file, name, fields)

    def note_sign(self, name: str, date: dt.date, sign: str, note: str) -> None:
        """Raises NotFound, ConfigError."""
        from regrets.adapters.client_file import note_sign

        note_sign(self._paths.clients_file, name, date, sign, note)

    # --- letters and statistics -------------------------------------------------------------------------

    def own_letter_file(self, language: str, letter: str) -> Path:
        """Where the user's own letter lies, if there is one."""
        return self._paths.letters_dir / language / f"{letter}.md"

    def own_letter(self, language: str, letter: str) -> str | None:
        """The user's own letter, which overrules the built-in one. Raises LetterError where it can't be read."""
        from regrets.adapters.own_file import read_trusted

        path = self.own_letter_file(language, letter)
        try:
            return read_trusted(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError) as error:
            what = error.strerror if isinstance(error, OSError) else error
            raise LetterError(f"{path} can't be read: {what}.", "Mend or remove it.") from error

    def save_own_letter(self, language: str, letter: str, text: str) -> None:
        """In one step, 0600."""
        from regrets.adapters.config_writer import replace_file

        replace_file(self.own_letter_file(language, letter), text)

    def statistics(self) -> list[Total]:
        """Time won back."""
        from zoneinfo import ZoneInfo

        from regrets.services.statistics import totals

        settings, book = self._load()
        history = self._history()
        zone = ZoneInfo(settings.me.timezone)
        return totals(history.answers(), book, zone, history.won_back()) if history else []

    def keeping(self) -> Keeping:
        """What is kept, and forgetting. Raises StoreError, ConfigError."""
        from regrets.adapters.store.cache import SqliteCache
        from regrets.adapters.store.own import SqliteOwnStore

        settings, book = self._load()
        cache, own = SqliteCache(self._paths.cache_db), SqliteOwnStore(self._paths.own_db)
        return self._assembly.keeping(settings, book, cache, own)

    @cached_property
    def _reader(self) -> Reader:
        """The reading boundary, in a process of its own; made when the first mail is about to be read."""
        from regrets.adapters.reader import Reader

        return Reader()

    def _read(self, mail: bytes) -> Invitation | Unreadable:
        return self._reader(mail)

    # --- files ------------------------------------------------------------------------------------------

    def suggest_files(self, files: list[tuple[str, bytes]]) -> dict[str, Case]:
        """What to answer to files, with no mailbox and no network."""
        return self._files.cases(files)

    def file_faults(self) -> Sequence[str]:
        """What can't count in calendars, client book and earlier answers, as known after `suggest_files`."""
        return [*self._files.faults(), *self.history_faults()]

    def history_faults(self) -> Sequence[str]:
        """Why not all earlier answers may be known, as found by `statistics` and `suggest_files`."""
        return self._history_faults

    def messages_file(self, case: Case, choice: Choice) -> tuple[OutgoingMessage, ...]:
        """The exact messages for a file's case."""
        return self._files.messages(case, choice)

    @cached_property
    def _files(self) -> Files:
        self._reader.start()  # it gets ready while the config is read
        settings, book = self._load()
        return self._assembly.files(settings, book, self._history(), self._read)

    def _history(self) -> OwnStore | None:
        """Earlier answers, where there are any: reading files makes no database."""
        from regrets.adapters.store.files import was_made
        from regrets.adapters.store.own import SqliteOwnStore

        if not self._paths.own_db.exists() and not was_made(self._paths.own_db):
            return None
        own = SqliteOwnStore(self._paths.own_db)
        self._history_faults = [own.database.read_only] if own.database.read_only else []
        return own

    # --- accounts ---------------------------------------------------------------------------------------

    def doctor(self) -> Iterator[Check]:
        """All checks."""
        return self._assembly.doctor(self._secrets()).examine(self._load)

    def test_account(self, account: Account, password: str | None) -> Iterator[Check]:
        """The checks of one account that is not kept yet."""
        from regrets.adapters.secrets import SystemSecrets

        secrets = SystemSecrets()
        if password:
            secrets.remember(account, password)
        return self._assembly.doctor(secrets).account(account)

    def save_account(self, account: Account, your_name: str, password: str | None) -> str:
        """Keeps account and password; says in words what was kept where. Where it raises SecretError, ConfigError or
        StoreError, neither is kept and what was there before stays."""
        from regrets.adapters.config_writer import save_account
        from regrets.adapters.secrets import SystemSecrets

        secret = SystemSecrets().kept(account, password) if password else nullcontext()
        save_account(self._paths.config_file, account, your_name, secret)
        self._loaded = None
        kept = f"Account {account.name} is in {self._paths.config_file}"
        return f"{kept}, its password in the keyring." if password else f"{kept}."

    def remove_account(self, name: str) -> bool:
        """Out of the config and out of the keyring; False where the password may still be there."""
        from regrets.adapters.config_writer import remove_account
        from regrets.adapters.secrets import SystemSecrets

        account = next((entry for entry in self.settings().accounts if entry.name == name), None)
        remove_account(self._paths.config_file, name)
        self._loaded = None
        return account is None or account.login.auth != "password" or SystemSecrets().forget(account)

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

        self.passwords_from(None)  # its workers have no terminal to ask in: a screen does
        return run(self.desk, self.preferences())

    def run_setup(self) -> Outcome:
        """The screen that sets up the first account. Raises ConfigError."""
        from regrets.tui.setup import run_setup

        return run_setup(self, self.preferences(), self.settings().me.name)

    def run_demo(self, *, once: bool, as_json: bool, scenario: str) -> int:
        """The inbox on the embedded servers; `once` prints the list instead."""
        from regrets.bootstrap.demonstration import demonstrate

        return demonstrate(Program, self._clock, scenario, once=once, as_json=as_json)

    def preferences(self) -> Preferences:
        """[ui] and [keys] as they stand, so that the screen need not wait for the whole config to be checked."""
        from regrets.adapters.own_file import read_text
        from regrets.adapters.quick_config import quick_tables
        from regrets.tui.preferences import Preferences

        ui, keys, zone = quick_tables(self._paths.config_file)
        own = sorted(self._paths.themes_dir.glob("*.toml")) if self._paths.themes_dir.is_dir() else []
        return Preferences(
            **ui,
            keymap=keys,
            theme_files=tuple(own),
            read_file=read_text,
            zone=zone,
            now=self._clock.now,
            monotonic=self._clock.monotonic,
        )


def _clock(now: str | None) -> Clock:
    if not now:
        return SystemClock()
    try:
        return SetClock(parse_now(now))
    except ValueError:
        raise RegretsError(f"{now!r} is not a date and time.", "Give one such as 2026-11-24T09:00.") from None


def built_in_themes() -> list[Path]:
    """In the wheel regrets/themes, in a checkout themes/ at the top."""
    package = Path(__file__).parent.parent
    for directory in (package / "themes", package.parent.parent / "themes"):
        if directory.is_dir():
            return sorted(directory.glob("*.toml"))
    return []
