"""The password and the token of all tests that sign in, and the watch for them: no program may write them anywhere.

Whoever runs a program hands what it says to `listen`; what it writes below pytest's temporary directory is looked
through at the end of the run (of each worker's). A pytest plugin: tests/conftest.py takes its hooks from here.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

SECRET = "Canary-4Jq7-of-the-tests"
TOKEN = "ya29.Canary-9Zd2-of-the-tests"
_OF_SERVERS = ("dovecot.conf",)  # a server knows its passwords
WATCH = Path(__file__).parent / "watch"
"""On PYTHONPATH, with REGRETS_TEST_ARGV: a program notes the command lines and environments of those it starts."""


def command_that_prints(secret: str = SECRET) -> list[str]:
    """For `command` and `token_command`; the secret itself stands neither in it nor in a config that holds it."""
    return [sys.executable, "-c", f"print({secret[::-1]!r}[::-1])"]


def holds_a_secret(data: bytes) -> bool:
    """As it is, or within base64 (SASL) at any place."""
    return any(form in data for form in _FORMS)


def listen(where: str, data: str | bytes) -> None:
    """Fails the test if something that a program said holds a secret."""
    said = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
    assert not holds_a_secret(said), f"a secret is in {where}"


def files_that_leak(root: Path) -> list[Path]:
    """Files below `root` that hold a secret, or have it in their name."""
    return [path for path in sorted(root.rglob("*")) if path.name not in _OF_SERVERS and _leaks(path)]


def _leaks(path: Path) -> bool:
    if holds_a_secret(path.name.encode("utf-8", "surrogateescape")):
        return True
    try:
        return path.is_file() and not path.is_symlink() and holds_a_secret(path.read_bytes())
    except OSError:  # a server's, or gone meanwhile
        return False


def _forms(secret: str) -> Iterator[bytes]:
    plain = secret.encode()
    yield plain
    for before in range(3):
        whole = base64.b64encode(bytes(before) + plain + bytes(3))
        yield whole[(0, 2, 3)[before] : (before + len(plain)) * 8 // 6]


_FORMS = [form for secret in (SECRET, TOKEN) for form in _forms(secret)]


@pytest.fixture(scope="session", autouse=True)
def nothing_leaks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Each worker of pytest-xdist has a directory of its own, and looks through that."""
    yield
    leaking = files_that_leak(tmp_path_factory.getbasetemp())
    assert not leaking, "a secret of the tests is in " + ", ".join(map(str, leaking))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What tests in this process print and log."""
    report = yield
    for name, text in report.sections:
        if holds_a_secret(text.encode("utf-8", "surrogateescape")):
            report.outcome, report.longrepr = "failed", f"A secret of the tests is in: {name}"
    return report
