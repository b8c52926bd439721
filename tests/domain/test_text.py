"""The gate: nothing that a terminal acts on gets through; what people write does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrets.domain.text import safe_address, safe_block, safe_line

HOSTILE = [
    "\x1b]0;owned\x07",
    "\x1b]52;c;cm0gLXJmIH4=\x1b\\",
    "\x1b[2J",
    "\x9b31m",
    "\x9d0;x\x9c",
    "a\x00b\x7f",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "a\u200bb",
    "\ufeff",
    "\U000e0041",
    "\u2028\u2029\u0085",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_becomes_visible_and_harmless(text):
    for safe in (safe_line(text), safe_block(text)):
        assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in safe)
        assert "\ufffd" in safe


@pytest.mark.parametrize(
    "text",
    [
        "Žiga Šuštar",
        "Şule Yıldız İğne",
        "会議 42",
        "Ärende: Å",
        "[JIRA-123] [/b] [link=x]",
        "👍🏽 👨‍👩‍👧 ❤️",
        "e\u0301te\u0301",
    ],
)
def test_what_people_write_stays(text):
    assert safe_line(text) == text


def test_lines_collapse_blocks_keep_their_lines():
    assert safe_line("a\r\n\tb   c ") == "a b c"
    assert safe_block("a\r\n\tb\rc") == "a\n    b\nc"
    assert len(safe_line("x" * 5000)) == 2000
    assert safe_line("x" * 5000).endswith("…")


def test_piled_up_marks_are_thinned():
    assert safe_line("a" + "\u0301" * 200) == "a" + "\u0301" * 4


@given(st.text())
def test_any_text_is_safe_and_stable(text):
    once = safe_line(text)
    assert safe_line(once) == once
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in once)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ana@studio.example", "ana@studio.example"),
        ("ana@žiga.si", "ana@žiga.si"),
        ("иван@почта.рф", "иван@почта.рф"),
        ("a@日本ひらカナ.テスト", "a@日本ひらカナ.テスト"),
        ("boss@ex\u0430mple.com", "boss@xn--exmple-4nf.com (mixed scripts)"),
        ("boss@\u0430\u0440\u0440\u04cf\u0435.com", "boss@xn--80ak6aa92e.com (mixed scripts)"),  # apple
        ("boss@xn--exmple-4nf.com", "boss@xn--exmple-4nf.com (mixed scripts)"),
        ("ana@xn--iga-b3a.si", "ana@xn--iga-b3a.si (žiga.si)"),
        ("ana@xn--.si", "ana@xn--.si (.si)"),
        ("ana@xn--\u017e.si", "ana@xn--ž.si"),
        ("no address", "no address"),
        ("a@ex\u200bample.com", "a@ex\ufffdample.com"),
        ("a@ｅxample.com", "a@xn--xample-hy68a.com (mixed scripts)"),
    ],
)
def test_a_domain_can_not_pass_for_another(address, shown):
    assert safe_address(address) == shown


@given(st.text(), st.text())
def test_any_address_is_safe(local, domain):
    shown = safe_address(f"{local}@{domain}")
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
