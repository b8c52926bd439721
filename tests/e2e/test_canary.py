"""Passwords and tokens stay where they belong: with the program that asks for them and the server that is told.

All tests sign in with the secrets of tests/support/canary.py, and a run in which one is found anywhere fails. Here is
shown that the watch sees what leaks, and what other tests don't do: a secret that is typed, echoed, or refused.
"""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import canary
from tests.support.scripted_imap import scripted_imap
from tests.support.terminal import Terminal
from tests.support.world import invitation, world

ROOT = Path(__file__).resolve().parents[2]
SASL = base64.b64encode(f"\0ana\0{canary.SECRET}".encode())
TOLD = [canary.SECRET.encode(), f"auth=Bearer {canary.TOKEN}".encode(), b"AUTH PLAIN " + SASL]


@pytest.fixture
def apart(tmp_path_factory):
    """A directory that is empty again when the run is looked through."""
    place = tmp_path_factory.mktemp("planted")
    yield place
    for file in place.iterdir():
        file.unlink()


@pytest.mark.parametrize("said", TOLD)
def test_a_secret_is_found_in_every_kind_of_file(apart, said):
    (apart / "regrets.log").write_bytes(b"signing in: " + said + b"\n")
    with sqlite3.connect(apart / "own.db") as database:
        database.execute("CREATE TABLE errors (text)")
        database.execute("INSERT INTO errors VALUES (?)", (said,))
    database.close()
    (apart / "clean").write_text("signing in as ana")
    assert [file.name for file in canary.files_that_leak(apart)] == ["own.db", "regrets.log"]
    with pytest.raises(AssertionError, match="a secret is in the terminal"):
        canary.listen("the terminal", b"\x1b[1m" + said)


LEAKING = """
import logging
from tests.support.canary import SECRET, TOKEN

def test_print(): print("password", SECRET)
def test_log(): logging.getLogger().warning(TOKEN)
def test_file(tmp_path): (tmp_path / "crash").write_text(SECRET)
"""


def test_a_run_that_leaks_fails(apart, tmp_path_factory):
    test = apart / "test_planted.py"
    test.write_text(LEAKING)
    inner = tmp_path_factory.getbasetemp().parent / f"{apart.name}-inner"  # not looked through
    plain = ["-c", "/dev/null", "--rootdir", str(apart), "--basetemp", str(inner), "-p", "no:cacheprovider"]
    run = [sys.executable, "-m", "pytest", "-p", "tests.support.canary", *plain, str(test)]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    shutil.rmtree(inner)
    assert done.returncode == 1, done.stdout + done.stderr
    for line in ("is in: Captured stdout call", "is in: Captured log call", "a secret of the tests is in /"):
        assert line in done.stdout
    assert "2 failed, 1 passed, " in done.stdout


@pytest.mark.dovecot
def test_what_the_program_starts_is_told_no_secret(tmp_path):
    """`started.log` has the command lines and environments; it is looked through with all other files."""
    with world(tmp_path) as there:
        there.imap.deliver(invitation())
        there.run("sync")
        (row,) = there.json("list")
        there.run("reply", row["id"], "--strategy", "decline", "--yes")
        there.smtp.wait_for(1)
    started = (tmp_path / "started.log").read_text()
    assert "reader_worker" in started
    assert started.count(canary.SECRET[::-1]) >= 2  # the password command, for IMAP and for SMTP
    assert canary.files_that_leak(tmp_path) == []


@pytest.mark.dovecot
def test_a_password_is_typed_unseen(tmp_path):
    with world(tmp_path) as there:
        (there.config_dir / "config.toml").unlink()
        there.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
        servers = ["--imap-host", "localhost", "--imap-port", str(there.imap.tls_port)]
        servers += ["--smtp-host", "localhost", "--smtp-port", str(there.smtp.port), "--user", "ana"]
        you = ["--address", "ana@studio.example", "--name", "work", "--your-name", "Ana Novak"]
        with Terminal(["setup", *you, *servers, *there.arguments()], there.environment) as terminal:
            terminal.wait_for("assword")
            terminal.type(f"{canary.SECRET}\r")
            terminal.wait_for("No keyring that keeps passwords safely was found")
            terminal.wait_for("ask for it each time?")
            terminal.type("n\r")
            assert terminal.wait_for_end() == 1
    assert canary.files_that_leak(tmp_path) == []


ECHOES = {
    "LOGIN": f'{{tag}} NO [AUTHENTICATIONFAILED] LOGIN ana "{canary.SECRET}" is wrong\r\n',
    "AUTHENTICATE": f"{{tag}} NO [AUTHENTICATIONFAILED] token {canary.TOKEN} has expired\r\n",
    "CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR\r\n{tag} OK done\r\n",
}


@pytest.mark.parametrize(
    ("login", "said"),
    [
        ({"auth": "command", "command": canary.command_that_prints()}, "refused the login"),
        ({"auth": "oauth2", "token_command": canary.command_that_prints(canary.TOKEN)}, "refused the login"),
    ],
)
def test_a_server_that_echoes_it_gets_it_into_no_line_and_no_file(tmp_path, login, said):
    pairs = ", ".join(f"{name} = {json.dumps(value)}" for name, value in {"user": "ana", **login}.items())
    with scripted_imap(ECHOES) as server:
        (tmp_path / "config.toml").write_text(
            f"""
[me]
name = "Ana Novak"
addresses = ["ana@studio.example"]
[[account]]
name = "work"
address = "ana@studio.example"
imap = {{ host = "127.0.0.1", port = {server.port}, security = "none" }}
smtp = {{ host = "127.0.0.1", port = 9, security = "none" }}
login = {{ {pairs} }}
"""
        )
        places = ["--config-dir", str(tmp_path), "--data-dir", str(tmp_path / "data")]
        done = subprocess.run(
            [sys.executable, "-m", "regrets", "sync", *places],
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert said in done.stderr
    assert "***" in done.stderr
    canary.listen("what it said", done.stdout + done.stderr)
    assert canary.files_that_leak(tmp_path) == []
