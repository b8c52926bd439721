"""Trying a new account before it is kept, and what both faces say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple, Protocol

from regrets.domain.settings import Account
from regrets.services.doctor import SECRET, Check

TRYING = "Trying to sign in ..."
ASK_EACH_TIME = "Keep the account without its password, and ask for it each time?"
HOW_BACK = "Nothing was kept. `regrets` asks again, `regrets setup` line by line; `regrets demo` needs no account."

# Cures of the doctor name the config and this very command: here the answers stand before one's eyes.
_HERE = (
    (re.compile(r", then run `regrets setup`(?: for [^.]*(?:\.[^. ]+)*)?\."), "."),
    (re.compile(r"; `regrets setup`\."), "."),
    (re.compile(r"Run `regrets setup` to [^.]*\."), "Check them above."),
    (re.compile(r" ?Check smtp and login of .* in config\.toml\."), ""),
    (re.compile(r"([Cc]heck) smtp\.host in config\.toml"), r"\1 the SMTP server"),
    (re.compile(r"([Cc]heck) smtp\.port in config\.toml"), r"\1 the SMTP port"),
    (re.compile(r"See to host and port in config\.toml"), "Check server and port"),
    (re.compile(r"Check host and port in config\.toml"), "Check server and port"),
    (re.compile(r"Check the host in config\.toml and the network"), "Check the server's name and the network"),
    (re.compile(r"Check login\.command in config\.toml"), "Check the command"),
    (
        re.compile(r'Use login = \{ auth = "command", command = \[\.\.\.\] \} in config\.toml'),
        "Give a command that prints it",
    ),
    (re.compile(r"It is tried again by itself"), "Try again later"),
)


class Accounts(Protocol):
    """What setting up needs of the program."""

    def test_account(self, account: Account, password: str | None) -> Iterable[Check]:
        """Secret, IMAP, SMTP, as they are checked."""
        ...

    def save_account(self, account: Account, your_name: str, password: str | None) -> str:
        """Says where it is kept. Raises SecretError where no keyring keeps the password, ConfigError, StoreError:
        nothing is kept then."""
        ...

    def use_password(self, account: Account, password: str) -> None:
        """For this run, where no keyring keeps it."""
        ...


class Outcome(NamedTuple):
    """How setting up on a screen ended: `end` is "kept", "demo" or ""; `told` is for the shell."""

    end: str = ""
    told: str = ""
    status: int = 0


def attempt(accounts: Accounts, account: Account, password: str | None) -> Iterator[Check]:
    """The checks of an account that is not kept yet, with cures for somebody who is just setting it up."""
    for check in accounts.test_account(account, password):
        typed = password and check.ok and check.part == SECRET
        yield replace(check, detail="as typed" if typed else here(check.detail), cure=here(check.cure))


def here(words: str) -> str:
    """What is said of a fault, where the cure is to change the answers."""
    for pattern, instead in _HERE:
        words = pattern.sub(instead, words)
    return words.strip()
