"""Addresses in header fields: whatever a sender puts around, none is taken from a name, a comment or a quotation."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrets.domain.imip import read
from regrets.domain.mailboxes import mailboxes, sole_mailbox
from regrets.domain.mailto import address as address_of_uri
from regrets.domain.model import Invitation, Mailbox, Warn
from tests.support.mails import MARKO, alternative, calendar

EVIL, BOSS = "evil@evil.example", "boss@studio.example"

# The grammar of RFC 5322, 3.2 and 3.4, as it stands there, with comments nested no deeper than the tests do.
_COMMENT = r"(?!)"
for _ in range(5):
    _COMMENT = rf"\((?:[^()\\]|\\.|{_COMMENT})*+\)"
_CFWS = rf"(?:[ \t]|{_COMMENT})*+"
_ATOM = r'[^ \t()<>\[\]:;@\\,."]++'
_WORD = rf'(?:{_ATOM}|"(?:[^"\\]|\\.)*+")'
_PHRASE = rf"{_CFWS}{_WORD}(?:{_CFWS}(?:{_WORD}|\.))*+{_CFWS}"
_DOT_ATOM = rf"{_ATOM}(?:\.{_ATOM})*+"
_SPEC = rf"{_CFWS}({_DOT_ATOM}){_CFWS}@{_CFWS}({_DOT_ATOM}){_CFWS}"
_EMPTY = rf"(?:{_CFWS}[,;])*+"
_SOLE = re.compile(
    rf"{_EMPTY}(?:{_PHRASE}:)*+{_EMPTY}(?:{_SPEC}|(?:{_PHRASE}|{_CFWS})<{_SPEC}>{_CFWS}){_EMPTY}{_CFWS}", re.DOTALL
)


def by_the_letter(text: str) -> str:
    """The address that the grammar finds where the whole field names exactly one mailbox; else ''."""
    hit = _SOLE.fullmatch(text.strip())
    return "@".join(part for part in hit.groups() if part) if hit else ""


def found_in(text: str) -> str:
    found = sole_mailbox(text)
    return found.address if found else ""


PARTS = (
    *'"()<>@,;:.[]\\ aB',
    *(EVIL, BOSS, f"<{EVIL}>", f"<{BOSS}>", f"({BOSS})", f'"{BOSS}"', "(a", '"b', "c)", 'd"', "=?utf-8?q?=3C?="),
)


@given(st.lists(st.sampled_from(PARTS), max_size=9).map("".join))
def test_what_is_found_is_what_the_grammar_finds_or_nothing(text: str) -> None:
    found, letter = found_in(text), by_the_letter(text)
    if letter:
        assert found == ("" if "?" in letter.rpartition("@")[2] else letter)  # a domain with a question mark is none
    elif found:  # the grammar is broken, and yet there is nothing else in it that could be meant
        assert {each.casefold() for each in re.findall(r"[a-zB.]+@[a-zB.]+", text)} == {found.casefold()}
        assert '"' not in text
        assert "(" not in text


blanks = st.text(alphabet=" \t", max_size=2)
insides = st.text(alphabet='<>@,;:.[]"= ?a', max_size=12) | st.sampled_from([f"<{BOSS}>", BOSS, f'"{BOSS}'])
comments = st.recursive(
    insides.map(lambda text: text.replace("(", "").replace(")", "")),
    lambda inner: st.tuples(insides, inner, insides).map(lambda each: f"{each[0]}({each[1]}){each[2]}"),
    max_leaves=3,
).map(lambda text: f"({text})")
escapes = st.sampled_from(["(\\()", "(\\))", "(\\\\)", "(a\\\nb)"]).map(lambda text: text.replace("\n", "n"))
cfws = st.lists(blanks | comments | escapes, max_size=3).map("".join)
quotations = st.text(alphabet='<>@,;:.[]()= ?a"\\', max_size=12).map(
    lambda text: '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
)
encoded = st.sampled_from(["=?utf-8?q?=3Cboss=40studio.example=3E?=", "=?utf-8?b?PGJvc3NAc3R1ZGlvLmV4YW1wbGU+?="])
names = st.lists(quotations | encoded | st.sampled_from(["Boss", "J.", "Žan"]), max_size=3).map(" ".join)


@given(names, cfws, cfws, cfws, cfws, st.booleans())
def test_whatever_stands_around_it_the_senders_own_address_is_found(
    name: str, first: str, second: str, third: str, last: str, angle: bool
) -> None:
    bare = f"{second}evil{third}@{third}evil.example{second}"
    text = f"{first}{name}{first}<{bare}>{last}" if angle else f"{first}{bare}{last}"
    assert found_in(text) == EVIL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{EVIL} (<{BOSS}>)", EVIL),
        (f"Boss <{EVIL}> (<{BOSS}>)", EVIL),
        (f'"{BOSS}" <{EVIL}>', EVIL),
        (f'"a\\" <{BOSS}> \\"b" <{EVIL}>', EVIL),
        (f'{EVIL} ("<{BOSS}>)', EVIL),
        (f"g: {EVIL};", EVIL),
        (f"{BOSS} <{BOSS.upper()}>", BOSS.upper()),
        (f"Doe, John <{BOSS}>", BOSS),
        (f"[Room 4] John: Doe <{BOSS}>", BOSS),
        (f"John Q. Public <{BOSS}>", BOSS),
        ("o..k.@mail.example", "o..k.@mail.example"),
        (f"{BOSS} <{EVIL}>", ""),
        (f"<{BOSS}> <{EVIL}>", ""),
        (f"{EVIL} (x) <{BOSS}>", ""),
        (f"{EVIL}, {BOSS}", ""),
        (f"{BOSS}, {BOSS}", ""),
        (f'"x"@evil.example, {BOSS}', ""),
        ('"x"@evil.example', ""),
        ("evil@[192.0.2.1]", ""),
        (f"<@studio.example:{EVIL}>", ""),
        (f"{EVIL}(<{BOSS}", ""),
        (f'"{BOSS} <{EVIL}>', ""),
        (f"<{BOSS}", ""),
        (f"<{BOSS}> x", ""),
        ("", ""),
        ("nobody", ""),
        (f"{'a' * 20_000} <{BOSS}>", ""),
    ],
)
def test_one_mailbox_or_none(text: str, expected: str) -> None:
    assert found_in(text) == expected


def test_a_list_is_read_the_same_way() -> None:
    text = (
        f'"Kos, Ben" <ben@studio.example>, {EVIL} (<{BOSS}>); team: =?utf-8?q?=C5=BDan?= <zan@x.example>, ;, <>, c@d'
    )
    assert mailboxes(text) == (
        Mailbox("Kos, Ben", "ben@studio.example"),
        Mailbox(f"<{BOSS}>", EVIL),
        Mailbox("Žan", "zan@x.example"),
        Mailbox("", "c@d"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "," * 100_000, '"' * 100_001, '"' + '\\"' * 100_000, "(" * 100_000, "(" * 100_000 + ")" * 100_000,
        "<" * 100_000, "[" * 100_000, "a." * 100_000, "@" + "a:" * 100_000, "\\" * 100_000, "(a) " * 100_000,
    ],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_its_cost_grows_with_its_length_alone(text: str) -> None:
    began = time.process_time()
    mailboxes(text)
    sole_mailbox(text[:10_000])
    assert time.process_time() - began < 5


@pytest.mark.parametrize("value", [f"{EVIL} (<{BOSS}>)", f"Boss <{BOSS}>, {EVIL}", f"mailto:{BOSS}, {EVIL}"])
def test_an_organiser_is_one_plain_address_or_none(value: str) -> None:
    assert address_of_uri(value) == ""


@pytest.mark.parametrize(
    ("fields", "unreadable"),
    [
        ((f"From: Marko <{BOSS}>",), False),
        ((f"From: {BOSS}, {EVIL}",), True),
        ((f"From: {BOSS}", f"From: {EVIL}"), True),
        ((f"From: {EVIL} (", f"From: ) <{BOSS}>"), True),
        (('From: "a', f'From: b" <{BOSS}>'), True),
        ((f"From: {BOSS}{' ' * 70_000}, {EVIL}",), True),
        ((f"From: {EVIL}\n (<{BOSS}>\n )",), False),
        (('From: "x"@evil.example',), True),
        (("From: ",), True),
        ((), True),
    ],
)
def test_it_is_said_where_nobody_can_tell_who_sent_it(fields: tuple[str, ...], unreadable: bool) -> None:
    mail = (
        alternative(calendar()).decode().replace(f"From: Marko <{MARKO}>\n", "".join(f"{each}\n" for each in fields))
    )
    invitation = read(mail.encode())
    assert isinstance(invitation, Invitation)
    assert (Warn.SENDER_UNREADABLE in invitation.warnings) is unreadable
    assert (invitation.mail.from_ is None) is unreadable
    file = read(calendar().encode())
    assert isinstance(file, Invitation)
    assert Warn.SENDER_UNREADABLE not in file.warnings


@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
def test_a_header_in_raw_letters_keeps_them(charset: str) -> None:
    mail = alternative(calendar(), subject="Møte på tirsdag").decode()
    mail = mail.replace(f"From: Marko <{MARKO}>", "From: Kåre Øye <kåre@blåbær.example>")
    invitation = read(mail.encode(charset))
    assert isinstance(invitation, Invitation)
    assert invitation.mail.from_ == Mailbox("Kåre Øye", "kåre@blåbær.example")
    assert invitation.mail.subject == "Møte på tirsdag"
