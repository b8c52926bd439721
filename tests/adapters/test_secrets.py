"""Passwords come from a command, a keyring that keeps them, or this run; each failure names the cure."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import PasswordDeleteError

from regrets.adapters.secrets import SystemSecrets
from regrets.bootstrap import Program
from regrets.domain.errors import RegretsError, SecretError
from regrets.domain.settings import Account, Login, Server
from tests.support.canary import SECRET


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
        return backend

    return use


def member(module, *, stores=True):
    """One of a chain."""
    kind = type("Member", (Kept,), {"__module__": module, "priority": 1})
    backend = kind()
    if not stores:

        def refuse(*_):
            raise NotImplementedError("the collection is read-only")

        backend.set_password = refuse
    return backend


@pytest.fixture
def use_chain(monkeypatch):
    """keyring's own chain, which goes on to the next where one can't store."""

    def use(*members):
        chain = type(
            "Chain", (ChainerBackend,), {"__module__": ChainerBackend.__module__, "backends": list(members)}
        )()
        monkeypatch.setattr(keyring, "get_keyring", lambda: chain)

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


@pytest.mark.parametrize(
    "module",
    ["keyrings.alt.file", "keyring.backends.null", "keyring.backends.fail", "keyring.backends.SecretServiceToo"],
)
def test_a_keyring_that_keeps_plain_text_or_nothing_is_not_trusted(use_keyring, module):
    backend = use_keyring(module)
    with pytest.raises(SecretError, match=r"No keyring that keeps passwords safely.*command"):
        SystemSecrets().store(account(), "s3cret")
    assert not backend.kept


SAFE, OTHER_SAFE, PLAIN = "keyring.backends.SecretService", "keyring.backends.kwallet", "keyrings.alt.file"


def blocked(config, monkeypatch):
    config.write_text("a file in the directory's place")


def damaged(config, monkeypatch):
    config.mkdir()
    (config / "config.toml").write_text("[me\n")


def without_room(config, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)


def mounted(config, monkeypatch):
    """A file that is mounted by itself, as into a container, can't be replaced."""

    def busy(*_):
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(Path, "replace", busy)


@pytest.mark.parametrize("hindered", [blocked, damaged, without_room, mounted])
@pytest.mark.parametrize("before", ["", "the old one"])
def test_a_config_that_can_not_be_written_leaves_the_keyring_as_it_was(
    use_keyring, tmp_path, monkeypatch, hindered, before
):
    backend = use_keyring(SAFE)
    if before:
        SystemSecrets().store(account(), before)
    kept = dict(backend.kept)
    hindered(tmp_path / "config", monkeypatch)
    with pytest.raises(RegretsError):
        Program(str(tmp_path / "config"), str(tmp_path / "data")).save_account(account(), "Ana", SECRET)
    assert backend.kept == kept


def test_it_is_said_where_a_keyring_can_not_be_given_back_what_it_had(use_keyring, tmp_path, monkeypatch):
    backend = use_keyring(SAFE)

    def refuse(*_):
        raise PasswordDeleteError("locked")

    monkeypatch.setattr(backend, "delete_password", refuse)
    mounted(tmp_path, monkeypatch)
    with pytest.raises(SecretError, match=r"busy\. The keyring has the new password of account work all the same"):
        Program(str(tmp_path), str(tmp_path)).save_account(account(), "Ana", SECRET)


def test_a_keyring_that_keeps_nothing_leaves_the_config_as_it_was(use_keyring, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text('[me]\nname = "Ana"\n')
    use_keyring("keyrings.alt.file")
    with pytest.raises(SecretError):
        Program(str(tmp_path), str(tmp_path)).save_account(account(), "Eva", SECRET)
    assert config.read_text() == '[me]\nname = "Ana"\n'
    assert list(tmp_path.iterdir()) == [config]
    backend = use_keyring(SAFE)
    assert "in the keyring" in Program(str(tmp_path), str(tmp_path)).save_account(account(), "Eva", SECRET)
    assert 'name = "Eva"' in config.read_text()
    assert list(backend.kept.values()) == [SECRET]


@pytest.mark.parametrize("plain_first", [False, True])
def test_a_chain_of_keyrings_gives_no_password_to_one_that_keeps_plain_text(use_chain, plain_first):
    safe, plain = member(SAFE, stores=False), member(PLAIN)
    use_chain(*((plain, safe) if plain_first else (safe, plain)))
    with pytest.raises(SecretError, match=r"The keyring failed.*NotImplementedError"):
        SystemSecrets().store(account(), "s3cret")
    assert not plain.kept
    with pytest.raises(SecretError, match="regrets setup"):
        SystemSecrets().password(account())


def test_in_a_chain_the_next_that_is_safe_keeps_it(use_chain):
    reads, plain, keeps = member(SAFE, stores=False), member(PLAIN), member(OTHER_SAFE)
    use_chain(reads, plain, keeps)
    secrets = SystemSecrets()
    secrets.store(account(), "s3cret")
    assert SystemSecrets().password(account()) == "s3cret"
    assert keeps.kept
    assert not plain.kept
    secrets.forget(account())
    assert not keeps.kept


def test_what_a_plain_keyring_says_is_not_taken_for_a_password_but_is_forgotten_there(use_chain):
    safe, plain = member(SAFE), member(PLAIN)
    plain.kept["regrets", "ana@imap.example"] = "older"
    use_chain(safe, plain)
    with pytest.raises(SecretError, match="regrets setup"):
        SystemSecrets().password(account())
    SystemSecrets().forget(account())
    assert not plain.kept


def test_forgetting_says_where_a_keyring_may_still_have_it(use_keyring, monkeypatch):
    backend = use_keyring("keyring.backends.SecretService")
    SystemSecrets().store(account(), "s3cret")
    with monkeypatch.context() as locked:
        for name in ("delete_password", "get_password"):
            locked.setattr(backend, name, lambda *_: (_ for _ in ()).throw(RuntimeError("locked")))
        assert not SystemSecrets().forget(account())
    assert SystemSecrets().forget(account())
    assert SystemSecrets().forget(account())  # there is none any more


def test_a_password_can_live_for_this_run_only(use_keyring):
    backend = use_keyring("keyring.backends.fail")
    asked = []
    secrets = SystemSecrets(ask=lambda account: asked.append(account.name) or "typed")
    assert [secrets.password(account()) for _ in range(2)] == ["typed", "typed"]
    assert asked == ["work"]
    assert not backend.kept
