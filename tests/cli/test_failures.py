"""Every end that is not success: one line on stderr, and the exit status."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from regrets.adapters.log import PrivateLog, log_to
from regrets.cli.failures import guarded
from regrets.domain.errors import ConfigError, StoreError


@pytest.fixture(autouse=True)
def _no_log_of_before() -> Iterator[None]:
    logger = logging.getLogger("regrets")
    before, logger.handlers = logger.handlers, []
    yield
    for handler in logger.handlers:
        handler.close()
    logger.handlers = before


def failing(error: BaseException) -> int:
    def work() -> int:
        raise error

    return guarded(work)


def test_what_is_expected_is_said_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: 2) == 2
    assert capsys.readouterr().err == ""
    assert failing(StoreError("It is gone.", "Put it back.")) == 1
    assert failing(ConfigError(["one", "two"])) == 1
    assert failing(KeyboardInterrupt()) == 1
    assert failing(BrokenPipeError()) == 1
    assert capsys.readouterr().err == ("regrets: It is gone. Put it back.\nregrets: one\nregrets: two\nStopped.\n")


@pytest.mark.parametrize("logged", ["nowhere", "in no directory", "in a log"])
def test_a_log_is_named_only_where_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str], logged: str) -> None:
    log = tmp_path / ("missing" if "no directory" in logged else "") / "regrets.log"
    if logged != "nowhere":
        log_to(log)
    assert failing(OSError("secret words")) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "secret" not in said
    if logged == "in a log":
        assert said == f"regrets: an unexpected error (OSError); see the log: {log}.\n"
        assert "OSError" in log.read_text()
        assert any(isinstance(handler, PrivateLog) for handler in logging.getLogger("regrets").handlers)
    else:
        assert said.startswith("regrets: an unexpected error (OSError) at line ")
        assert said.endswith(" of failures.py.\n")
