"""Users' own letters: they overrule, and a fault in one is named with file, line and cure."""

from __future__ import annotations

import subprocess
import sys

import pytest

from regrets.domain.errors import LetterError
from regrets.domain.letters import write
from regrets.domain.letters.check import check_all
from regrets.domain.letters.library import find
from regrets.domain.letters.samples import FULL, PLAIN
from regrets.domain.model import Strategy


def own(text, language="en", letter="decline"):
    return lambda wanted, name: text if (wanted, name) == (language, letter) else None


def written(text, values=PLAIN, **options):
    return write(Strategy.DECLINE, "en", values, formal=False, reason=False, overrides=own(text), **options)


def test_an_own_letter_comes_before_the_built_in_one():
    assert written("Not this time: {{ title }}.\r\n").body == (
        "Hi Anna,\n\nNot this time: Quarterly review.\n\nBest regards,\nAna Novak\nStudio Novak\n"
    )
    other = write(Strategy.ACCEPT, "en", PLAIN, formal=True, reason=False, overrides=own("No."))
    assert "happy to join" in other.body


def test_lines_of_a_paragraph_are_joined_and_list_items_kept():
    body = written("One\ntwo.\n\n\n\nThree:\n{% for one in proposals %}\n- {{ one }}\n{% endfor %}\n\nFour.").body
    assert "\n\nOne two.\n\nThree:\n- Wednesday 25 November" in body
    assert "\n\nFour.\n\n" in body


def test_an_own_language_brings_its_greeting_along():
    text = '+++\ngreeting = "Guten Tag,"\nclosing = "Freundliche Grüße"\n+++\nich sage ab.'
    letter = write("decline", "de-AT", PLAIN, formal=True, reason=False, overrides=own(text, "de"))
    assert letter.body == "Guten Tag,\n\nich sage ab.\n\nFreundliche Grüße\nAna Novak\nStudio Novak\n"
    with pytest.raises(LetterError, match=r"letters/de/decline\.md.*greeting"):
        write("decline", "de", PLAIN, formal=True, reason=False, overrides=own("Nein.", "de"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Hello\n{{ titel }}", r"line 2: there is no slot 'titel'\. Did you mean 'title'\?"),
        ("{% if reason %}{{ nonsense }}{% endif %}", r"line 1: there is no slot 'nonsense'\. There are: "),
        ('+++\nreviewed_by = ""\n+++\nHello\n{% if title %}', r"line 5: Unexpected end of template"),
        ("Hello {{ title", r"line 1: unexpected end of template"),
        ("{{ 'a' * 10**10 }}", r"line 1: letters know only .* \(Mul\)"),
        ("{{ title.__class__ }}", r"line 1: letters know only .* \(Getattr\)"),
        ("x\n\n{{ title.ljust(99999999999) }}", r"line 3: letters know only .* \(Call\)"),
        ("{{ title|upper }}", r"No filter named 'upper'|letters know only .* \(Filter\)"),
        ("{% set title = 'x' %}", r"letters know only .* \(Assign\)"),
        ("{% include 'other' %}", r"letters know only .* \(Include\)"),
        ("{% for x in title %}{{ x }}{% endfor %}", r"line 1: a for-line goes through one list"),
        ("{% for title in proposals %}{% endfor %}", r"line 1: a for-line goes through one list"),
        ("{% for x in proposals %}{% endfor %}{{ x }}", r"line 1: there is no slot 'x'"),
        ("x" * 20_000, r"line 1: the text grows over 16 KiB"),
        (
            "{% for a in proposals %}" * 6 + "all work and no play " * 20 + "{% endfor %}" * 6,
            r"line 1: the text grows over 16 KiB\. Shorten",
        ),
        ("+++\nreviewed_by = 'x'\nHello", r"line 1: the head is not closed"),
        ("+++\nreviewed_by = x\n+++\nHello", r"the head is no TOML: .*line 2"),
        ("+++\ncolour = 'x'\n+++\nHello", r"'colour' has no place in the head\. Allowed: "),
    ],
)
def test_a_faulty_own_letter_is_named_with_file_line_and_cure(text, says):
    with pytest.raises(LetterError, match=says) as caught:
        written(text, FULL)
    assert "letters/en/decline.md" in str(caught.value)
    assert caught.value.cure


def test_the_check_finds_what_writing_would():
    for text in ("{{ titel }}", "+++\ncolour = 'x'\n+++\nHello", "x" * 20_000):
        found = [fault for fault in check_all(own(text), ("en",)) if fault.file == "letters/en/decline.md"]
        assert found, text[:40]


def test_a_line_of_many_tags_is_read_at_once():
    text = "{% if title %}" * 90 + "x" + "{% endif %}" * 90
    with pytest.raises(LetterError):
        written("{% if title %}" * 90 + "x")
    assert "\n\nx\n\n" in written(text).body


def test_the_check_reads_own_letters_with_a_readers_eye():
    faults = [str(fault) for fault in check_all(own("No {{ title }}s."), ("en",))]
    assert any("title is glued to letters" in fault for fault in faults)
    assert any("words" in fault for fault in faults)


def test_an_unknown_letter_is_an_error():
    with pytest.raises(LetterError, match="no letter 'nonsense'"):
        find("nonsense", "en")
    with pytest.raises(LetterError, match="no letter"):
        find("../secrets", "en")


def test_letters_load_nothing_heavy_until_one_is_written():
    code = (
        "import sys, regrets.domain.letters, regrets.domain.letters.check;"
        "print([name for name in ('jinja2', 'babel', 'holidays') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
