"""Passwords and tokens: the system's keyring, a command of the user's, or the memory of this run. Never a file."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from regrets.domain.errors import SecretError
from regrets.domain.settings import Account
from regrets.domain.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from keyring.backend import KeyringBackend

Result = TypeVar("Result")

SERVICE = "regrets"
KEYRING_SECONDS = 5.0
COMMAND_SECONDS = 30.0
# Modules of back ends that keep secrets encrypted by the system; others (keyrings.alt, null) write plain text.
_TRUSTED = (
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
_NO_KEYRING = (
    'Use login = { auth = "command", command = [...] } in config.toml, or install a keyring '
    "(GNOME Keyring, KWallet, or `keyring --help` for others)."
)


class SystemSecrets:
    """ports.Secrets. `ask` may ask the user for a password that lives only as long as this program."""

    def __init__(self, ask: Callable[[Account], str | None] | None = None) -> None:
        self._ask = ask
        self._run_only: dict[str, str] = {}

    def password(self, account: Account) -> str:
        """The password, or the access token for oauth2. Raises SecretError with the cure."""
        if account.login.auth == "command":
            return _output_of(account.login.command, account)
        if account.login.auth == "oauth2":
            return self._token(account)
        if account.name in self._run_only:
            return self._run_only[account.name]
        return self._from_keyring(account)

    def store(self, account: Account, password: str) -> None:
        """Into the keyring. Raises SecretError where there is none that keeps it safely."""
        with self.kept(account, password):
            pass

    @contextlib.contextmanager
    def kept(self, account: Account, password: str) -> Iterator[None]:
        """In the keyring; where the body raises, that has what it had before. Raises SecretError where there is none
        that keeps it safely, and where the former one can't be put back."""
        keyrings = _trusted(account)
        put_back = _in_time(lambda: _store_in_one_of(keyrings, _entry(account), password), account)
        try:
            yield
        except BaseException as error:
            try:
                _in_time(put_back, account)
            except SecretError:
                raise SecretError(
                    f"{safe_line(error)}. The keyring has the new password of account {account.name} all the same.",
                    "See to both, then run `regrets setup` again.",
                ) from error
            raise

    def remember(self, account: Account, password: str) -> None:
        """For this run only; '' forgets it."""
        self._run_only.pop(account.name, None)
        if password:
            self._run_only[account.name] = password

    def forget(self, account: Account) -> bool:
        """Out of the keyring and of this run's memory. False where a keyring still has it or can't be asked."""
        self._run_only.pop(account.name, None)
        try:
            return _in_time(lambda: _delete_in(_members(), _entry(account)), account)
        except SecretError:
            return False

    def _token(self, account: Account) -> str:
        if not account.login.token_command:
            raise SecretError(
                f"Account {account.name}: signing in with a client id comes in a later version.",
                "Give token_command = [...], a program that prints an access token.",
            )
        return _output_of(account.login.token_command, account)

    def _from_keyring(self, account: Account) -> str:
        problem: SecretError | None = None
        try:
            keyrings = _trusted(account)
            if found := _in_time(lambda: _found_in_one_of(keyrings, _entry(account)), account):
                return found
        except SecretError as error:
            problem = error
        typed = self._ask(account) if self._ask else None
        if typed:
            self.remember(account, typed)
            return typed
        raise problem or SecretError(
            f"No password for account {account.name} is in the keyring.", "Run `regrets setup` to store it."
        )


def _entry(account: Account) -> str:
    return f"{account.login.user}@{account.imap.host}"


def _members() -> list[KeyringBackend]:
    """The active keyring, or those that it asks in turn. A chain is never asked itself: where one of it refuses, it
    gives the password to the next, which may write it down."""
    import keyring

    active = keyring.get_keyring()
    return list(getattr(active, "backends", None) or [active])


def _trusted(account: Account) -> list[KeyringBackend]:
    """Those that keep secrets encrypted, in their order. Raises SecretError where there is none."""
    members = _in_time(_members, account)
    if trusted := [member for member in members if type(member).__module__ in _TRUSTED]:
        return trusted
    modules = [type(member).__module__ for member in members]
    name = ", ".join(module for module in modules if not module.endswith((".fail", ".null"))) or "none"
    raise SecretError(f"No keyring that keeps passwords safely was found ({safe_line(name, 160)}).", _NO_KEYRING)


def _store_in_one_of(keyrings: Sequence[KeyringBackend], entry: str, password: str) -> Callable[[], None]:
    """What undoes it."""
    for each in keyrings:
        former = each.get_password(SERVICE, entry)
        with contextlib.suppress(NotImplementedError):  # it only reads
            each.set_password(SERVICE, entry, password)
            return partial(_put_back, each, entry, former)
    raise NotImplementedError


def _put_back(keyring: KeyringBackend, entry: str, former: str | None) -> None:
    if former is None:
        keyring.delete_password(SERVICE, entry)
    else:
        keyring.set_password(SERVICE, entry, former)


def _found_in_one_of(keyrings: Sequence[KeyringBackend], entry: str) -> str:
    answers = (each.get_password(SERVICE, entry) for each in keyrings)
    return next((found for found in answers if isinstance(found, str) and found), "")


def _delete_in(keyrings: Sequence[KeyringBackend], entry: str) -> bool:
    """In all of them, trusted or not; whether none has it afterwards."""
    gone = [_deleted(each, entry) for each in keyrings]  # each is asked, also after one that can't
    return all(gone)


def _deleted(keyring: KeyringBackend, entry: str) -> bool:
    from keyring.errors import NoKeyringError

    with contextlib.suppress(Exception):  # most say so that there is none: what counts is what is found afterwards
        keyring.delete_password(SERVICE, entry)
    try:
        return not keyring.get_password(SERVICE, entry)
    except Exception as error:
        return isinstance(error, NoKeyringError)


def _in_time(work: Callable[[], Result], account: Account) -> Result:
    """A keyring may wait for an unlock dialog for ever; five seconds are enough. The thread that waits is a daemon:
    an executor's would be joined at the program's end, and hold that up for as long as the dialog is open."""
    found: list[Result] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            found.append(work())
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(KEYRING_SECONDS)
    if found:
        return found[0]
    if not failed:
        raise SecretError(f"The keyring did not answer in {KEYRING_SECONDS:.0f} seconds.", "Unlock it and try again.")
    if isinstance(failed[0], SecretError):
        raise failed[0]
    name = type(failed[0]).__name__
    raise SecretError(f"The keyring failed for account {account.name} ({name}).", _NO_KEYRING) from failed[0]


def _output_of(command: tuple[str, ...], account: Account) -> str:
    """The first line that a command prints. No shell; its stderr is shown in the error, its stdout never."""
    where = f"The password command of account {account.name} ({safe_line(command[0], 60)})"
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, as a list, without a shell
            list(command), capture_output=True, timeout=COMMAND_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        raise SecretError(f"{where} was not found.", "Check login.command in config.toml.") from None
    except subprocess.TimeoutExpired:
        raise SecretError(f"{where} took over {COMMAND_SECONDS:.0f} seconds.", "Run it by hand once.") from None
    except OSError as error:
        raise SecretError(f"{where} can't be run: {error.strerror}.", "Check login.command in config.toml.") from None
    if done.returncode != 0:
        said = safe_line(done.stderr.decode("utf-8", "replace"), 160)
        raise SecretError(f"{where} failed with status {done.returncode}: {said}", "Run it by hand once.")
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    if not lines or not lines[0]:
        raise SecretError(f"{where} printed nothing.", "It must print the password on its first line.")
    return lines[0]
