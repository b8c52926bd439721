"""What was stored is as hostile as on the day it came: no part of a command, of a pattern or of a screen (T28)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from regrets.adapters.store.cache import SqliteCache
from regrets.adapters.store.own import SqliteOwnStore
from regrets.cli.commands.listing import show_rows
from regrets.domain.mentions import mentions
from regrets.domain.stored import Decision
from regrets.tui.controllers.listing import Listing
from tests.adapters.store.test_cache import NOW, mail, row
from tests.support.outbox import answer, entry

SOURCE = Path(__file__).resolve().parents[3] / "src" / "regrets"
HOSTILE = (
    "'; DROP TABLE items; --",
    '" OR 1=1 --',
    "%",
    "_",
    "*",
    "(a+)+$",
    "[",
    "\\",
    "\x00after",
    "\ud800",
    "\x1b]0;t\x07",
    "[@click=app.quit]x[/]",
    "{{ 7*7 }}",
    "?1",
    ":name",
)


@pytest.fixture
def cache(tmp_path: Path):
    opened = SqliteCache(tmp_path / "data" / "cache.db")
    for number, text in enumerate(HOSTILE):
        fields = dict.fromkeys(("uid", "summary", "organizer_name", "organizer_address", "location"), text)
        opened.save_mail(row(f"item{number}", number, **fields), mail(number), 7, current=True)
    opened.save_mail(row("harmless", 99, summary="Review"), mail(99), 7, current=True)
    yield opened
    opened.close()


def test_it_comes_back_as_it_was_and_takes_nothing_along(cache: SqliteCache) -> None:
    stored = [text.replace("\ud800", "?") for text in HOSTILE]  # SQLite keeps UTF-8
    assert [each.summary for each in cache.rows()] == ["Review", *reversed(stored)]
    for number, text in enumerate(stored):
        assert cache.row(text) is None
        assert cache.mail(text) is None
        assert cache.versions("work", text) is not None
        assert cache.forget_mails(text, text, [number]) == []
        found = cache.row(f"item{number}")
        assert found is not None
        assert found.summary == text
        cache.update_row(found)
    assert len(cache.rows()) == len(HOSTILE) + 1


def test_it_is_searched_as_plain_text(cache: SqliteCache) -> None:
    listing = Listing(cache.rows())
    for query in (*HOSTILE, "(", "a+", ".*", "^"):
        listing.search(query)
        assert all(query.strip().casefold() in _shown(each) for each in listing.rows if query.isprintable())
    listing.search("%")
    assert [each.summary for each in listing.rows] == ["%"]
    listing.search(".*")
    assert listing.rows == []


def _shown(item) -> str:
    return f"{item.organizer_name} {item.organizer_address} {item.summary}".casefold()


def test_an_address_is_never_a_pattern() -> None:
    assert not mentions("%@kovin.example")(b"marko@kovin.example")
    assert not mentions(".*@kovin.example")(b"marko@kovin.example")
    assert mentions("(a+)+@kovin.example")(b"to (a+)+@kovin.example")


def test_the_own_database_takes_it_as_values(tmp_path: Path) -> None:
    own = SqliteOwnStore(tmp_path / "data" / "own.db")
    texts = [text for text in HOSTILE if text != "\ud800"]  # addresses have passed a grammar by then
    for number, text in enumerate(texts):
        made = entry(text, number)
        own.add(made, answer(made))
        own.decide(Decision(text, "dismissed", None, NOW, 0))
        own.confirm(text)
    assert all(own.confirmed(text) for text in texts)
    assert not own.confirmed("anything else")
    assert set(own.decisions()) == set(texts)
    assert own.forget_choices("%") == 0
    assert len(own.entries()) == len(texts)
    own.close()


def test_no_statement_is_put_together_from_anything_but_constants() -> None:
    """In an f-string that is SQL: constants, one of two literals, names of columns and tables, and marks."""
    literal = {"where", "states", "one", "sets", "names", "marks", "table", "key", "order"}
    for file in (SOURCE / "adapters" / "store").glob("*.py"):
        for statement in re.findall(r'f"((?:SELECT|INSERT|UPDATE|DELETE)[^"]*)"', file.read_text("utf-8")):
            others = {name for name in re.findall(r"\{(\w+)", statement) if not name.isupper()}
            assert others <= literal, (file.name, statement)


def test_it_is_shown_gated(cache: SqliteCache, capsys: pytest.CaptureFixture[str]) -> None:
    for plain in (False, True):
        show_rows(cache.rows(), None, plain=plain, everything=True)
    text = capsys.readouterr().out
    assert text.count("DROP TABLE") >= 2
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", text)
