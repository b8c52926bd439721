"""No display name passes for an address, or for somebody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrets.domain.naming import end_of, poses, safe_mailbox, safe_name, spoken, told_apart
from regrets.domain.text import SafeText
from tests.adapters.store.test_cache import row

EVIL = "evil@evil.example"
POSING = [
    "boss@studio.example",
    "boss＠studio.example",
    "boss﹫studio",
    "Boss <boss>",
    "＜boss",
    "studio.example",
    "Studio (www.studio.example)",
    "studio．example",
    "studio。example",
    "https://x",
    "M\u0430rko Kova\u010d",  # a Cyrillic a
    "Mar\u200bko",
    "Marko\u202e",
]
PEOPLE = [
    "Marko Kovač",
    "Kovač, Marko",
    "Kovin d.d.",
    "Studio Novak d.o.o.",
    "J. R. Smith",
    "Dr. Şule Yıldız",
    "R. Grim",
    "Иван Петров (Ivan Petrov)",
    "王伟 Wei Wang",
    "山田タロウさん",
    "O'Brien-Ødegård",
    "👍🏽 Team",
]


@pytest.mark.parametrize("name", POSING)
def test_a_name_that_could_be_taken_for_an_address_never_hides_the_real_one(name: str) -> None:
    assert poses(name)
    assert safe_mailbox(name, EVIL).startswith(f"{EVIL} (")
    assert safe_name(name, EVIL, 18) == EVIL
    assert spoken(name, EVIL) == EVIL


@pytest.mark.parametrize("name", PEOPLE)
def test_what_people_are_called_stands_as_it_is(name: str) -> None:
    assert not poses(name)
    assert safe_mailbox(name, EVIL) == f"{name} <{EVIL}>"
    assert safe_name(name, EVIL, 18) == name
    assert spoken(name, EVIL) == name


def test_the_address_is_always_shown() -> None:
    assert safe_mailbox("Boss", EVIL) == f"Boss <{EVIL}>"
    assert safe_mailbox("boss@corp.example", EVIL) == f"{EVIL} (boss@corp.example)"
    assert safe_mailbox("", EVIL) == safe_mailbox(EVIL, EVIL) == safe_mailbox("'Evil@evil.example'", EVIL) == EVIL
    assert safe_name("", EVIL, 18) == spoken("", EVIL) == EVIL
    assert safe_mailbox("Boss", "boss@ex\u0430mple.com").endswith("mixed scripts)>")


def test_however_long_the_name_is_the_address_follows() -> None:
    shown = safe_mailbox("Head of design of the studio " * 20, EVIL)
    assert shown.endswith(f"… <{EVIL}>")
    assert len(shown) < 64
    boss = "boss@studio.example." + "a" * 200 + "." + EVIL.partition("@")[2]
    assert safe_mailbox("Boss", boss).endswith("a.evil.example>")
    assert len(safe_mailbox("Boss", boss)) < 110


def test_where_an_address_has_too_little_room_its_end_says_whose_it_is() -> None:
    assert end_of(SafeText("boss@studio.example.evil.example"), 18) == "…mple.evil.example"
    assert end_of(SafeText("a@x.example"), 11) == "a@x.example"
    assert end_of(SafeText("a@日本.テスト"), 9) == "….テスト"
    assert end_of(SafeText("a@x.example"), 1) == "…"
    assert end_of(SafeText(""), 5) == ""


@given(st.text(), st.text(), st.integers(0, 40))
def test_a_name_alone_never_holds_an_address(name: str, address: str, cells: int) -> None:
    shown = safe_name(name, f"{address}@x.example", cells)
    assert "@" not in shown or "x.example".endswith(shown[-5:])


def test_a_name_that_two_bear_is_told_apart() -> None:
    def named(item_id: str, name: str, address: str) -> object:
        return row(item_id, organizer_name=name, organizer_address=address)

    rows = [
        named("marko", "Marko Kovač", "marko@kovin.example"),
        named("again", "Marko Kovač", "Marko@Kovin.example"),
        named("evil", "KOVAC, marko", EVIL),
        named("anna", "Anna Virtanen", "anna@acme.example"),
        named("one", "", "one@x.example"),
        named("two", "", "two@x.example"),
    ]
    assert [each.id for each in told_apart(rows) if each.namesake] == ["marko", "again", "evil"]
    assert told_apart(rows[:2]) == rows[:2]
    assert safe_name("Marko Kovač", EVIL, 18, namesake=True) == EVIL
    assert safe_mailbox("Marko Kovač", EVIL) == f"Marko Kovač <{EVIL}>"
