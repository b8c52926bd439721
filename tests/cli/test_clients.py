"""`regrets clients`: the book is read, changed without disturbing it, and never left broken."""

from __future__ import annotations

import json

import pytest

from regrets.bootstrap import Program
from regrets.cli.main import status_of

BOOK = """# my book
[[client]]
name = "Kovin d.d."      # the best
match = ["kovin.example"]

# the others
[[client]]
name = "Jerman"
match = ["polona@jerman.example"]
"""


@pytest.fixture
def clients(tmp_path, capsys):
    file = tmp_path / "clients.toml"
    file.write_text(BOOK)

    def run(*arguments):
        places = ["--config-dir", str(tmp_path), "--now", "2026-11-22T09:00:00+01:00"]
        status = status_of(Program, ["clients", *arguments, *places])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    run.file = file
    return run


def test_the_book_is_listed_and_found_by_address(clients):
    assert "Kovin d.d." in clients("list")[1]
    assert json.loads(clients("show", "anybody@mail.kovin.example", "--json")[1])["name"] == "Kovin d.d."
    assert clients("show", "stranger@else.example")[0] == 1


def test_a_change_keeps_comments_and_order(clients):
    assert clients("edit", "kovin D.D.", "--tier", "key", "--trait", "chatty", "--trait", "hands_on")[0] == 0
    text = clients.file.read_text()
    assert text.startswith('# my book\n[[client]]\nname = "Kovin d.d."      # the best\n')
    assert text.index("# the others") < text.index('"Jerman"')
    shown = json.loads(clients("show", "Kovin d.d.", "--json")[1])
    assert (shown["tier"], shown["traits"]) == ("key", ["chatty", "hands_on"])


def test_a_sign_is_noted_with_its_day(clients):
    clients("sign", "Jerman", "scope_creep", "--note", "a fourth page")
    clients("sign", "Jerman", "dragging", "--date", "2026-10-01")
    signs = json.loads(clients("show", "Jerman", "--json")[1])["signs"]
    assert signs == [
        {"date": "2026-11-22", "sign": "scope_creep", "note": "a fourth page"},
        {"date": "2026-10-01", "sign": "dragging", "note": None},
    ]


def test_a_client_is_added_once(clients):
    assert clients("add", "Weiss", "--match", "weiss.example", "--does-not-pay")[0] == 0
    assert json.loads(clients("show", "Weiss", "--json")[1])["pays"] is False
    assert clients("add", "Weiss", "--match", "w.example")[0] == 1


def test_one_address_can_belong_to_one_client_only(clients):
    before = clients.file.read_text()
    status, _, err = clients("add", "Other", "--match", "kovin.example")
    assert status == 1
    assert "kovin.example belongs to two clients, Kovin d.d. and Other" in err
    assert clients.file.read_text() == before


def test_a_broken_book_is_left_alone(clients):
    clients.file.write_text("[[client]\n")
    status, _, err = clients("sign", "Jerman", "dragging")
    assert (status, clients.file.read_text()) == (1, "[[client]\n")
    assert "left alone" in err
