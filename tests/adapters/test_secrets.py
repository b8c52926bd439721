"""Passwords come from a command, a keyring that keeps them, or this run; each failure names the cure."""

from __future__ import annotations

import sys

import keyring
import pytest
from keyring.backend import KeyringBackend

from regrets.adapters.secrets import SystemSecrets
from regrets.domain.errors import SecretError
from regrets.domain.settings import Account, Login, Server


def account(auth="password", command=()):
    server = Server("imap.example", 993)
    return Account("work", "ana@studio.example", server, server, Login("ana", auth, command))


class Kept(KeyringBackend):
    """A keyring in memory that passes for the system's."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture
def use_keyring(monkeypatch):
    def use(module):
        backend = Kept()
        monkeypatch.setattr(Kept, "__module__", module)
        monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
        for name in ("get_password", "set_password", "delete_password"):
            monkeypatch.setattr(keyring, name, getattr(backend, name))
        return backend

    return use


def test_a_command_prints_the_password_on_its_first_line():
    command = (sys.executable, "-c", "print('s3cret'); print('more')")
    assert SystemSecrets().password(account("command", command)) == "s3cret"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("no-such-program-at-all",), "was not found"),
        ((sys.executable, "-c", "import sys; sys.exit('locked')"), "failed with status 1: locked"),
        ((sys.executable, "-c", ""), "printed nothing"),
    ],
)
def test_a_failing_command_is_explained(command, said):
    with pytest.raises(SecretError, match=said):
        SystemSecrets().password(account("command", command))


def test_stores_reads_and_forgets_in_the_systems_keyring(use_keyring):
    use_keyring("keyring.backends.SecretService")
    secrets = SystemSecrets()
    secrets.store(account(), "s3cret")
    assert SystemSecrets().password(account()) == "s3cret"
    secrets.forget(account())
    with pytest.raises(SecretError, match="regrets setup"):
        SystemSecrets().password(account())


@pytest.mark.parametrize("module", ["keyrings.alt.file", "keyring.backends.null", "keyring.backends.fail"])
def test_a_keyring_that_keeps_plain_text_or_nothing_is_not_trusted(use_keyring, module):
    backend = use_keyring(module)
    with pytest.raises(SecretError, match=r"No keyring that keeps passwords safely.*command"):
        SystemSecrets().store(account(), "s3cret")
    assert not backend.kept


def test_a_password_can_live_for_this_run_only(use_keyring):
    backend = use_keyring("keyring.backends.fail")
    asked = []
    secrets = SystemSecrets(ask=lambda account: asked.append(account.name) or "typed")
    assert [secrets.password(account()) for _ in range(2)] == ["typed", "typed"]
    assert asked == ["work"]
    assert not backend.kept
