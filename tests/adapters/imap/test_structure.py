"""BODYSTRUCTUREs: the parts that matter, by their section numbers, and nothing raised but ValueError."""

from __future__ import annotations

import pytest

from regrets.adapters.imap.client import Response
from regrets.adapters.imap.responses import fetched, found_uids, sequence_sets, values
from regrets.adapters.imap.structure import WORTH_PARSING, choose

PLAIN = '("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 5 1)'
HTML = '("text" "html" NIL NIL NIL "7bit" 9 1)'
INVITE = '("text" "calendar" ("method" "REQUEST") NIL NIL "base64" 80 2)'
BOTH = f'({PLAIN}{INVITE} "alternative")'
EMPTY = '("text" "calendar" ("method" "REQUEST") NIL NIL "base64" 0 0)'
FILE = '("application" "ics" ("name" "invite.ics") NIL NIL "base64" 80 NIL ("attachment" ("filename" "i.ics")))'
ENVELOPE = "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"


def nested(body: str) -> str:
    return f'("message" "rfc822" NIL NIL NIL "7bit" 900 {ENVELOPE} {body} 40)'


@pytest.mark.parametrize(
    ("structure", "calendar", "text", "cover"),
    [
        (INVITE, "1", None, None),
        (f'({PLAIN}{HTML}{INVITE} "alternative")', "3", "1", None),
        (f'(({HTML}{INVITE} "alternative"){FILE} "mixed")', "1.2", "1.1", None),
        (f'({PLAIN}{FILE}{INVITE} "mixed" ("boundary" "x") NIL NIL NIL)', "3", "1", None),
        (f'({PLAIN}{EMPTY}{FILE} "mixed")', "3", "1", None),
        (f'({PLAIN}{nested(BOTH)} "mixed")', "2.2", "2.1", "1"),
        (f'({PLAIN}{nested(INVITE)} "mixed")', "2.1", None, "1"),
        (nested(f'({HTML}{INVITE} "alternative")'), "1.2", "1.1", None),
        (nested(INVITE), "1.1", None, None),
    ],
)
def test_the_right_sections_are_chosen(structure: str, calendar: str, text: str | None, cover: str | None) -> None:
    line = f"* 1 FETCH (UID 9 BODYSTRUCTURE {structure})\r\n".encode()
    assert WORTH_PARSING.search(line)
    choice = choose(fetched(Response(line))[b"BODYSTRUCTURE"])
    assert choice is not None
    sections = tuple(leaf.section if leaf else None for leaf in (choice.calendar, choice.text, choice.cover))
    assert sections == (calendar, text, cover)


def test_ordinary_mails_are_not_parsed() -> None:
    for structure in (PLAIN, f'({PLAIN}{HTML} "alternative")', '("application" "pdf" ("name" "calendar.pdf"))'):
        assert not WORTH_PARSING.search(structure.encode())


def test_names_may_be_literals_and_quoted_pairs() -> None:
    line = b'* 1 FETCH (BODYSTRUCTURE ("application" "octet-stream" ("name" {5}\r\n) NIL NIL "7bit" 3) X "a\\"b")\r\n'
    items = fetched(Response(line, (b"a.ics",)))
    choice = choose(items[b"BODYSTRUCTURE"])
    assert choice is not None
    assert choice.calendar.names == ("a.ics",)
    assert items[b"X"] == b'a"b'


@pytest.mark.parametrize(
    "text", [b"* 1 FETCH (", b"* )", b"* " + b"(" * 5000, b'* 1 FETCH (BODY "', b"* 1 FETCH x {"]
)
def test_what_breaks_the_grammar_is_a_value_error_or_nothing(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        fetched(Response(text))


@pytest.mark.parametrize(
    "structure", ["NIL", "()", "(())", '("text")', "(" * 30 + PLAIN + ")" * 30, f'({PLAIN * 200} "mixed")']
)
def test_structures_that_mean_nothing(structure: str) -> None:
    with pytest.raises(ValueError, match="BODYSTRUCTURE"):
        choose(values(Response(f"* {structure}".encode()))[0])


def test_uids_come_as_search_or_esearch_and_never_without_end() -> None:
    assert list(found_uids(Response(b"* SEARCH 4 2\r\n"), 10)) == [4, 2]
    assert list(found_uids(Response(b'* ESEARCH (TAG "f1") UID ALL 1:3,9\r\n'), 10)) == [1, 2, 3, 9]
    assert list(found_uids(Response(b'* ESEARCH (TAG "f1") UID\r\n'), 10)) == []
    assert len(list(found_uids(Response(b"* ESEARCH UID ALL 1:4294967295\r\n"), 50))) == 50


def test_sequence_sets_join_neighbours_and_stay_short() -> None:
    assert list(sequence_sets([1, 2, 3, 7, 9, 10])) == [b"1:3,7,9:10"]
    parts = list(sequence_sets(range(1, 10_000, 2), most_bytes=100))
    assert max(map(len, parts)) <= 100
    assert sum(part.count(b",") + 1 for part in parts) == 5000
