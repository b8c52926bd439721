"""The log is private, gated, and in nobody's way."""

import contextlib
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from regrets.adapters.log import PrivateLog, log_to
from tests.support.births import Births

LOGGER = logging.getLogger("regrets")


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """Without the handlers that other tests have left."""
    before, propagated = LOGGER.handlers, LOGGER.propagate
    LOGGER.handlers = []
    yield
    for handler in LOGGER.handlers:
        with contextlib.suppress(OSError):  # as `logging.shutdown` does
            handler.close()
    LOGGER.handlers, LOGGER.propagate = before, propagated


def test_it_is_private_whatever_the_umask_and_gated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "regrets.log"
    births = Births(monkeypatch)
    former = os.umask(0)
    try:
        log_to(file)
        log_to(file)
        LOGGER.warning("said %s", "\x1b]0;owned\x07\u202e")
    finally:
        os.umask(former)
    assert births.mode(file) == stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text(encoding="utf-8").count("said \ufffd]0;owned\ufffd\ufffd") == 1


def test_a_link_in_its_place_is_not_followed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "target"
    (tmp_path / "regrets.log").symlink_to(target)
    log_to(tmp_path / "regrets.log")
    LOGGER.warning("lost")
    assert not target.exists()
    assert capfd.readouterr() == ("", "")


def test_a_full_disk_is_no_matter(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PrivateLog, "_open", lambda self: Path("/dev/full").open("w"))  # noqa: SIM115
    log_to(tmp_path / "regrets.log")
    LOGGER.warning("lost")
    assert capfd.readouterr() == ("", "")
