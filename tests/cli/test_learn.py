"""What was learned can be seen and unlearned."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from regrets.adapters.store.own import SqliteOwnStore
from regrets.bootstrap import Program
from regrets.cli.main import status_of
from regrets.domain.model import OutboxState, Strategy
from tests.support.outbox import answer, entry
from tests.support.world import NOW


@pytest.fixture
def regrets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    places = ["--config-dir", str(tmp_path / "config"), "--data-dir", str(tmp_path / "data"), "--now", NOW]
    with contextlib.closing(SqliteOwnStore(tmp_path / "data" / "own.db")) as own:
        for number in range(5):
            made = entry(f"item{number}", number, state=OutboxState.SENT)
            given = answer(made)
            if number < 2:
                given = dataclasses.replace(given, rule="11", suggested=Strategy.SHORTEN, strategy=Strategy.EMAIL)
            own.add(made, given)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = status_of(Program, [*arguments, *places])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_lessons_are_listed_with_what_leads(regrets: Any) -> None:
    status, out, _ = regrets("learn", "list", "--json")
    found = {lesson["rule"]: lesson for lesson in map(json.loads, out.splitlines())}
    assert status == 0
    assert (found["10"]["suggested"], found["10"]["chosen"], found["10"]["times"]) == ("call", "decline", 3)
    assert [found["10"]["leads"], found["11"]["leads"]] == [True, False]
    out = regrets("learn", "list")[1]
    assert "leads now" in out
    assert "2 of 3" in out


def test_one_rule_or_all_can_be_forgotten(regrets: Any) -> None:
    assert regrets("learn", "forget", "marko@kovin.example", "--rule", "10")[:2] == (
        0,
        "3 choices forgotten: the rules alone suggest again.\n",
    )
    assert [json.loads(line)["rule"] for line in regrets("learn", "list", "--json")[1].splitlines()] == ["11"]
    assert regrets("learn", "forget", "Marko@kovin.example")[0] == 0
    assert regrets("learn", "list") == (0, "", "Nothing was learned yet: your choices follow the suggestions.\n")
    status, out, err = regrets("learn", "forget", "marko@kovin.example")
    assert (status, out) == (1, "")
    assert "Nothing was learned for marko@kovin.example" in err
