"""What commands get to work with: the global options, and the program behind them."""

from __future__ import annotations

import datetime as dt
import functools
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from regrets.domain.text import own, safe_line

if TYPE_CHECKING:
    from regrets.domain.cases import Case, Choice
    from regrets.domain.clients import ClientBook
    from regrets.domain.model import OutgoingMessage
    from regrets.domain.settings import Account, Settings
    from regrets.services.desk_api import DeskApi
    from regrets.services.doctor import Check
    from regrets.services.keeping import Keeping
    from regrets.services.setting_up import Outcome
    from regrets.services.statistics import Total

Command = TypeVar("Command", bound=Callable[..., Any])


class Program(Protocol):
    """What `regrets.bootstrap` puts together; commands know nothing below it."""

    def now(self) -> dt.datetime: ...
    def zone(self) -> dt.tzinfo | None: ...
    def config_faults(self) -> list[str]: ...
    def settings(self) -> Settings: ...
    def has_account(self) -> bool: ...
    def lacks_account(self) -> bool: ...
    def desk(self) -> DeskApi: ...
    def suggest_files(self, files: list[tuple[str, bytes]]) -> dict[str, Case]: ...
    def file_faults(self) -> Sequence[str]: ...
    def history_faults(self) -> Sequence[str]: ...
    def messages_file(self, case: Case, choice: Choice) -> tuple[OutgoingMessage, ...]: ...
    def paths(self) -> list[tuple[str, str]]: ...
    def themes(self) -> list[tuple[str, str]]: ...
    def own_letter(self, language: str, letter: str) -> str | None: ...
    def own_letter_file(self, language: str, letter: str) -> Path: ...
    def save_own_letter(self, language: str, letter: str, text: str) -> None: ...
    def add_away(self, start: dt.datetime, end: dt.datetime, reason: str) -> None: ...
    def clients(self) -> ClientBook: ...
    def add_client(self, name: str, match: Sequence[str], fields: Mapping[str, object]) -> None: ...
    def change_client(self, name: str, fields: Mapping[str, object]) -> None: ...
    def note_sign(self, name: str, date: dt.date, sign: str, note: str) -> None: ...
    def statistics(self) -> list[Total]: ...
    def keeping(self) -> Keeping: ...
    def doctor(self) -> Iterable[Check]: ...
    def test_account(self, account: Account, password: str | None) -> Iterable[Check]: ...
    def save_account(self, account: Account, your_name: str, password: str | None) -> str: ...
    def use_password(self, account: Account, password: str) -> None: ...
    def remove_account(self, name: str) -> bool: ...
    def passwords_from(self, ask: Callable[[Account], str | None] | None) -> None: ...
    def run_tui(self) -> int: ...
    def run_setup(self) -> Outcome: ...
    def run_demo(self, *, once: bool, as_json: bool, scenario: str) -> int: ...


@dataclass(slots=True)
class Options:
    """--config-dir, --data-dir and --now, from before or after the command's name."""

    make: Callable[[str | None, str | None, str | None], Program]
    config_dir: str | None = None
    data_dir: str | None = None
    now: str | None = None

    def program(self) -> Program:
        """The program for these options."""
        if self.now:
            try:
                dt.datetime.fromisoformat(self.now)
            except ValueError:
                raise click.BadParameter("give a moment such as 2026-11-24T09:00", param_hint="--now") from None
        program = self.make(self.config_dir, self.data_dir, self.now)
        if sys.stdin.isatty() and sys.stderr.isatty():
            program.passwords_from(ask_password)
        return program


def ask_password(account: Account) -> str | None:
    """Typed unseen, for this run only; None where nothing is typed."""
    from regrets.cli import output

    whose = safe_line(f"{account.name} ({account.login.user} at {account.imap.host})", 200)
    try:
        return output.ask_unseen(own("Password of {}, kept for this run only:", whose)) or None
    except EOFError:
        return None


def no_terminal() -> str:
    """Why the inbox can't be shown here; '' where it can."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "The inbox needs a terminal, and there is none here."
    if os.environ.get("TERM", "") in ("", "dumb"):
        return "This terminal can't show the inbox (TERM is dumb)."
    return ""


def global_options(command: Command) -> Command:
    """Gives a command the three options that every command takes, and passes it the program as `program`."""

    @click.option("--config-dir", metavar="DIR", help="Where config.toml and clients.toml lie.")
    @click.option("--data-dir", metavar="DIR", help="Where the databases lie.")
    @click.option("--now", metavar="ISO-DATETIME", help="Judge and show as if it were then.")
    @functools.wraps(command)
    def wrapped(*args: Any, config_dir: str | None, data_dir: str | None, now: str | None, **rest: Any) -> Any:
        context = click.get_current_context()
        options: Options = context.find_root().obj
        options.config_dir = config_dir or options.config_dir
        options.data_dir = data_dir or options.data_dir
        options.now = now or options.now
        return context.invoke(command, options.program(), *args, **rest)

    return wrapped  # type: ignore[return-value]
