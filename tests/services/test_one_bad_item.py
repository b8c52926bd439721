"""One invitation that breaks the program's own code costs its own suggestion, and nobody else's."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace

import pytest

from regrets.adapters.store.cache import SqliteCache
from regrets.adapters.store.own import SqliteOwnStore
from regrets.domain.imip import read
from regrets.domain.model import Strategy, Suggestion
from regrets.services.casebook import Casebook
from tests.adapters.store.test_cache import mail, row
from tests.support.mails import alternative, calendar
from tests.support.outbox import FakeClock


class Triage:
    def forget(self) -> None:
        return

    def pending(self, rows: object) -> None:
        return None

    def suggest_item(self, asked, invitation, rows, pending) -> Suggestion:
        if asked.id == "bad":
            raise OverflowError("date value out of range")
        return Suggestion(Strategy.ACCEPT, "13", (), ())


def test_an_invitation_that_breaks_the_judging_leaves_the_others_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache, own = SqliteCache(tmp_path / "data" / "cache.db"), SqliteOwnStore(tmp_path / "data" / "own.db")
    for number, name in enumerate(("first", "bad", "last")):
        cache.save_mail(row(name), mail(number, data=alternative(calendar())), 1, current=True)
    cases = Casebook(cache, own, FakeClock(), read, SimpleNamespace(triage=Triage()))  # type: ignore[arg-type]
    with caplog.at_level(logging.ERROR, "regrets.casebook"):
        assert sorted(cases.refresh()) == ["first", "last"]
    assert "bad can't be judged" in caplog.text
    assert [(each.id, each.strategy) for each in cache.rows()] == [
        ("bad", ""),
        ("first", "accept"),
        ("last", "accept"),
    ]
    cache.close()
    own.close()
