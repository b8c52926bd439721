"""FETCH, SEARCH and ESEARCH responses as values (RFC 3501, 7; RFC 4731). Linear, not recursive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from regrets.adapters.imap.client import Response

Value: TypeAlias = "bytes | list[Value] | None"

MOST_DEPTH = 60
_TOKEN = re.compile(
    rb"\s*(?:(\()|(\))"  # a list
    rb'|"((?:[^"\\]|\\.)*)"'  # a quoted string
    rb"|~?\{(\d+)\+?\}\r\n"  # a literal
    rb'|((?:[^\s()"{}\[\]]+(?:\[[^\]]*\](?:<\d+>)?)?)+))'  # an atom, such as BODY[1.2]<0>
)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


def values(response: Response) -> list[Value]:
    """The response after its star, as nested lists; NIL is None. Raises ValueError where it breaks the grammar."""
    text, literals = response.text, iter(response.literals)
    top: list[Value] = []
    stack = [top]
    at, end = 2, len(text.rstrip())
    while at < end:
        token = _TOKEN.match(text, at)
        if token is None:
            raise ValueError("an IMAP response can't be read")
        at = token.end()
        kind = token.lastindex
        if kind == 1:
            inner: list[Value] = []
            stack[-1].append(inner)
            stack.append(inner)
            if len(stack) > MOST_DEPTH:
                raise ValueError("an IMAP response is nested too deeply")
        elif kind == 2:
            stack.pop()
            if not stack:
                raise ValueError("an IMAP response closes a list that it has not opened")
        else:
            stack[-1].append(_scalar(token, kind, literals))
    if len(stack) > 1:
        raise ValueError("an IMAP response ends within a list")
    return top


def _scalar(token: re.Match[bytes], kind: int | None, literals: Iterator[bytes]) -> bytes | None:
    if kind == 3:
        text = token[3]
        return _ESCAPED.sub(rb"\1", text) if b"\\" in text else text
    if kind == 4:
        return next(literals, b"")
    atom = token[5]
    return None if atom.upper() == b"NIL" else atom


def fetched(response: Response) -> dict[bytes, Value]:
    """The items of one FETCH response by their upper-case names. Raises ValueError."""
    parsed = values(response)
    if len(parsed) != 3 or not isinstance(parsed[2], list):
        raise ValueError("no FETCH response")
    names = parsed[2][::2]
    return {
        name.upper(): value for name, value in zip(names, parsed[2][1::2], strict=False) if isinstance(name, bytes)
    }


def found_uids(response: Response, most: int) -> Iterator[int]:
    """The UIDs of a SEARCH or ESEARCH response; at most `most`, whatever the server claims."""
    words = response.text[2:].split()
    if words[:1] == [b"SEARCH"]:
        yield from (int(word) for word in words[1 : most + 1] if _is_uid(word))
    elif words[:1] == [b"ESEARCH"] and b"ALL" in words:
        for count, uid in enumerate(_expanded(words[words.index(b"ALL") + 1])):
            if count == most:
                return
            yield uid


def _is_uid(word: bytes) -> bool:
    return word.isdigit() and len(word) <= 10  # 32 bits (RFC 9051, 9)


def _expanded(sequence: bytes) -> Iterator[int]:
    for part in sequence.split(b","):
        low, _, high = part.partition(b":")
        if _is_uid(low) and _is_uid(high or low):
            ends = sorted((int(low), int(high or low)))
            yield from range(ends[0], ends[1] + 1)


def ranges(uids: Iterable[int]) -> list[bytes]:
    """Ascending UIDs as the parts of a sequence set: neighbours become `low:high`."""
    runs: list[list[int]] = []
    for uid in uids:
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return [b"%d" % low if low == high else b"%d:%d" % (low, high) for low, high in runs]


def sequence_sets(uids: Iterable[int], most_bytes: int = 6000) -> Iterator[bytes]:
    """Ascending UIDs as sequence sets that keep a command line within what servers take."""
    line: list[bytes] = []
    size = 0
    for part in ranges(uids):
        if line and size + len(part) > most_bytes:
            yield b",".join(line)
            line, size = [], 0
        line.append(part)
        size += len(part) + 1
    if line:
        yield b",".join(line)
