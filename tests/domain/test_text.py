"""The gate: nothing that a terminal acts on gets through; what people write does."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrets.domain.characters import ARABIC, KEY, LETTER, NONSPACING, OTHER, SIGN, SPACING, SYMBOL, VIRAMA, kind
from regrets.domain.text import _ORDINARY, REPLACEMENT, safe_address, safe_block, safe_line

LETTERS, MARKS = {LETTER, ARABIC, OTHER, SIGN, SYMBOL, KEY}, {NONSPACING, VIRAMA, SPACING}

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
        "Keto ️1️⃣ #️⃣ ↔️ ‼️ ©️ ☎︎ 🏳️‍🌈 👩🏽‍❤️‍💋‍👨🏿 🇸🇮".replace("\u0020\ufe0f", " "),
        "\U0001fae8 \U0001fa89",  # newer than some Pythons' Unicode
        "שָׁלוֹם עֲלֵיכֶם בְּרֵאשִׁ֖ית",
        "اجتماعٌ مُهِمٌّ، الثلاثاء",
        "جلسه می‌شود خانه‌ها",
        "त्रैमासिक बैठक, क्‍ष राजन् र्‍य",
        "การประชุมที่น้ำตกครั้งที่สอง",
        "བསྒྲུབས་པ ཧཱུྃ",
        "မြွှေ့ များ",
        "Việt Nam Vie\u0323\u0302t",
        "회의 \u1112\u116c\u110b\u1174",
        "4.–5. junija › 10:00 → 11:00 § 3 “a” ‘b’ … € ½",
    ],
)
def test_what_people_write_stays(text):
    assert safe_line(text) == text


def test_lines_collapse_blocks_keep_their_lines():
    assert safe_line("a\r\n\tb   c ") == "a b c"
    assert safe_block("a\r\n\tb\rc") == "a\n    b\nc"
    assert len(safe_line("x" * 5000)) == 2000
    assert safe_line("x" * 5000).endswith("…")


ALL = [chr(code) for code in range(0x110000)]
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
NEW_EMOJI = [chr(code) for code in range(0x1F000, 0x1FB00)]


def test_of_all_of_unicode_nothing_hidden_is_left():
    hidden = {char for char in ALL if unicodedata.category(char) in HIDDEN} - {*"\n\r\t", *NEW_EMOJI}
    assert len(hidden) > 900_000
    assert set(safe_block("".join(sorted(hidden)), len(ALL))) == {REPLACEMENT}
    formats = sorted(char for char in hidden if unicodedata.category(char) in ("Cf", "Zl", "Zp"))
    for around in ("a", "😀", "ش", "\u094d", "\ufe0f", "1"):
        left = set(safe_block(around.join(["", *formats, ""]))) - {around, REPLACEMENT}
        assert left <= ({"\u200c", "\u200d"} if around in "😀ش\u094d" else set())


def test_emoji_that_a_python_does_not_know_yet_are_shown():
    assert safe_block("a".join(NEW_EMOJI)) == "a".join(NEW_EMOJI)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a\u200cb",
            "a\u200db",
            "1\u200d2",
            "م\u200dن",
            "x\u200c\u0645",
            "क\u200cष",
            "😀\u200da",
            "a\u200d😀",
            "😀\u200c😀",
        ),
        *("a\ufe0fb", "a\ufe0eb", "1\ufe0f2", "😀\ufe0f\ufe0f", "a\ufe00b", "a\ufe0d\ufe01b", "字\U000e0101"),
        *("\u2800", "\u3164", "\u115f", "\uffa0", "\U0001d159", "\u034f", "\u17b4", "\u180b", "\ufffd\u200d😀"),
        *("\U0001bca0", "\U00013430", "\U0001f3f4\U000e0067\U000e007f", "\u206a", "\u00ad", "😀" + "\u200d😀" * 4),
    ],
)
def test_what_hides_among_letters_is_shown(text):
    for shown in (safe_line(text), safe_block(text)):
        assert "\ufffd" in shown
        assert len(shown) == len(text)


def test_blanks_of_all_kinds_are_one():
    blanks = [char for char in ALL if unicodedata.category(char) == "Zs"]
    assert len(blanks) > 10
    assert safe_line("a".join(["", *blanks, ""])) == "a" + " a" * len(blanks)


def test_piled_up_marks_are_thinned_in_every_script():
    assert safe_line("a" + "\u0301" * 200) == "a" + "\u0301" * 4
    marks = [char for char in ALL if unicodedata.category(char)[0] == "M" or "\u1161" <= char <= "\u11ff"]
    assert len(marks) > 2000
    for mark, line in zip(marks, safe_block("\n".join(f"a{mark * 9}b" for mark in marks)).split("\n"), strict=True):
        assert line in (f"a{mark * 4}b", f"a{REPLACEMENT * 9}b") or mark in "\ufe0e\ufe0f", ascii(line)


@given(st.text(st.sampled_from("a\u0301\u0e49\u094d\u0903\ufe0e\ufe0f\u200d\u200c\u05b4\u20e3\u0f74\U0001d165ش1😀")))
def test_marks_pile_up_in_no_mixture(text):
    once = safe_line(text)
    assert safe_line(once) == once
    for run in re.findall(r"[\u0301\u0e49\u094d\u0903\u05b4\u20e3\u0f74\U0001d165]+", once):
        assert len(run) - run.count("\u0903") <= 4
        assert run.count("\u0903") <= 4


def test_what_is_passed_in_haste_holds_nothing_hidden():
    quick = [char for char in ALL if _ORDINARY.fullmatch(f"a{char}")]
    assert len(quick) > 30_000
    for char in quick:
        is_mark = unicodedata.category(char)[0] == "M"
        assert kind(ord(char)) in (MARKS if is_mark else LETTERS), ascii(char)
        assert not is_mark or not _ORDINARY.fullmatch(f"a{char * 5}")


@given(st.text())
def test_any_text_is_safe_and_stable(text):
    once = safe_line(text)
    assert safe_line(once) == once
    left = {char for char in once if unicodedata.category(char) in HIDDEN}
    assert left <= {"\u200c", "\u200d", *NEW_EMOJI}


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
        ("ana@xn--.si", "ana@xn--.si"),
        ("ana@xn--studio-.si", "ana@xn--studio-.si"),
        ("ana@xn--\u017e.si", "ana@xn--xn---obb.si (unclear domain)"),
        ("boss@straße.example", "boss@xn--strae-oqa.example (unclear domain)"),
        ("boss@xn--strae-oqa.example", "boss@xn--strae-oqa.example (straße.example)"),
        ("boss@studio。example", "boss@xn--studioexample-882l (unclear domain)"),
        ("boss@ⓔvil.example", "boss@xn--vil-4m4a.example (unclear domain)"),
        ("boss@studio⁄x.example", "boss@xn--studiox-6d7c.example (unclear domain)"),
        ("no address", "no address"),
        ("a@ex\u200bample.com", "a@xn--example-1z6c.com (unclear domain)"),
        ("a@ｅxample.com", "a@xn--xample-hy68a.com (mixed scripts)"),
    ],
)
def test_a_domain_can_not_pass_for_another(address, shown):
    assert safe_address(address) == shown


@given(st.text(), st.text())
def test_any_address_is_safe(local, domain):
    shown = safe_address(f"{local}@{domain}")
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
