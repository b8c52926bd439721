"""The gate: nothing that a terminal acts on gets through; what people write does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrets.domain.text import safe_block, safe_line, safe_mailbox

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


def test_the_address_is_always_shown():
    assert safe_mailbox("boss@corp.example", "evil@x.example") == "boss@corp.example <evil@x.example>"
    assert safe_mailbox("", "a@x.example") == "a@x.example"


@given(st.text())
def test_any_text_is_safe_and_stable(text):
    once = safe_line(text)
    assert safe_line(once) == once
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in once)
