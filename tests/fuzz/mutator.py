"""Damages a mail or a calendar as its grammar invites: by lines, values, parameters, parts and bytes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

MOST = 200 * 1024  # bytes; what outgrows it is cut


class Mutator:
    """Repeatable: the same `seed`, the same damage."""

    def __init__(self, seeds: Sequence[bytes], tokens: Sequence[bytes], seed: int) -> None:
        self._seeds, self._tokens = seeds, tokens
        self._random = random.Random(seed)
        self._ways: list[Callable[[bytes], bytes]] = [
            *(
                self._line,
                self._line,
                self._value,
                self._value,
                self._value,
                self._parameter,
                self._token,
                self._token,
            ),
            *(self._bytes, self._cut, self._repeat, self._splice, self._part, self._case),
        ]

    def fresh(self) -> bytes:
        """A seed with a few damages."""
        return self.damaged(self._random.choice(self._seeds))

    def damaged(self, data: bytes) -> bytes:
        """One to eight damages."""
        for _ in range(min(8, 1 + int(self._random.expovariate(0.5)))):
            data = self._random.choice(self._ways)(data)[:MOST]
        return data

    def _line(self, data: bytes) -> bytes:
        """Drops, doubles, moves or borrows a line."""
        lines = data.split(b"\n")
        at, other = self._random.randrange(len(lines)), self._random.randrange(len(lines))
        way = self._random.randrange(4)
        if way == 0:
            del lines[at]
        elif way == 1:
            lines[at:at] = [lines[at]] * self._random.choice((1, 1, 1, 2, 30, 900))
        elif way == 2:
            lines[at], lines[other] = lines[other], lines[at]
        else:
            lines[at:at] = [self._random.choice(self._random.choice(self._seeds).split(b"\n"))]
        return b"\n".join(lines)

    def _value(self, data: bytes) -> bytes:
        """Another value behind a colon or an equals sign."""
        lines = data.split(b"\n")
        able = [index for index, line in enumerate(lines) if b":" in line or b"=" in line]
        if not able:
            return self._token(data)
        at = self._random.choice(able)
        mark = self._random.choice([mark for mark in (b":", b"=") if mark in lines[at]])
        name, _, value = lines[at].partition(mark)
        new = self._random.choice(self._tokens)
        lines[at] = name + mark + self._random.choice((new, value + new, new + value, b""))
        return b"\n".join(lines)

    def _parameter(self, data: bytes) -> bytes:
        """One more parameter."""
        lines = data.split(b"\n")
        at = self._random.randrange(len(lines))
        name, mark, value = lines[at].partition(b":")
        kind = self._random.choice(
            (b"CN", b"TZID", b"VALUE", b"RANGE", b"SENT-BY", b"LANGUAGE", b"ENCODING", b"charset")
        )
        quote = self._random.choice((b"", b'"'))
        lines[at] = name + b";" + kind + b"=" + quote + self._random.choice(self._tokens) + quote + mark + value
        return b"\n".join(lines)

    def _token(self, data: bytes) -> bytes:
        """A nasty piece anywhere, as a line of its own or within one."""
        at = self._random.randrange(len(data) + 1)
        token = self._random.choice(self._tokens)
        if self._random.random() < 0.5:
            at = data.find(b"\n", at) + 1
            token += b"\n"
        return data[:at] + token + data[at:]

    def _bytes(self, data: bytes) -> bytes:
        """A few bytes changed."""
        changed = bytearray(data)
        for _ in range(self._random.choice((1, 1, 2, 20))):
            if changed:
                changed[self._random.randrange(len(changed))] = self._random.randrange(256)
        return bytes(changed)

    def _cut(self, data: bytes) -> bytes:
        """A piece less."""
        begin = self._random.randrange(len(data) + 1)
        end = min(len(data), begin + int(self._random.expovariate(1 / 60)))
        return data[:begin] if self._random.random() < 0.1 else data[:begin] + data[end:]

    def _repeat(self, data: bytes) -> bytes:
        """A piece many times."""
        begin = self._random.randrange(len(data) + 1)
        piece = data[begin : begin + self._random.choice((1, 4, 40, 400))]
        return data[:begin] + piece * self._random.choice((2, 20, 400, 4000)) + data[begin:]

    def _splice(self, data: bytes) -> bytes:
        """The head of one, the tail of another."""
        other = self._random.choice(self._seeds)
        return data[: self._random.randrange(len(data) + 1)] + other[self._random.randrange(len(other) + 1) :]

    def _part(self, data: bytes) -> bytes:
        """Wrapped as a part of something, many layers deep at times."""
        kind = self._random.choice(
            (b"multipart/mixed; boundary=q", b"message/rfc822", b"text/calendar; method=REQUEST")
        )
        for _ in range(self._random.choice((1, 1, 2, 12, 150))):
            data = b"Content-Type: " + kind + b"\n\n--q\n" + data + b"\n--q--\n"
        return data

    def _case(self, data: bytes) -> bytes:
        """Other line ends or letters."""
        way = self._random.randrange(3)
        if way == 0:
            return data.replace(b"\r\n", b"\n").replace(b"\n", self._random.choice((b"\r\n", b"\r", b"\n")))
        return data.lower() if way == 1 else data.upper()
