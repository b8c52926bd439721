"""A list row as the columns of a table, and back: quick enough for ten thousand at once."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Sequence
from typing import Any

from regrets.domain.stored import Effect, Method, PartStat, Row, State

COLUMNS: tuple[str, ...] = tuple(name for name in Row.__dataclass_fields__ if name not in ("note", "namesake"))
_AT = {name: index for index, name in enumerate(COLUMNS)}
_MOMENTS = tuple(_AT[name] for name in ("received", "snoozed_until", "dtstamp"))
_LISTS = tuple(_AT[name] for name in ("reasons", "alternatives", "warnings"))
_STATE, _ALL_DAY, _EFFECT, _SEQUENCE = (_AT[name] for name in ("state", "all_day", "effect", "sequence"))
_STATES = {str(state): state for state in State}
_NEW = object.__new__
_SLOTS = tuple(getattr(Row, name).__set__ for name in COLUMNS)
_NOTE, _NAMESAKE = Row.__dict__["note"].__set__, Row.__dict__["namesake"].__set__


def pack(row: Row) -> list[Any]:
    """The values in the order of COLUMNS. What is no text (lone surrogates) is replaced."""
    values = [_storable(getattr(row, name)) for name in COLUMNS]
    values[_SEQUENCE] = str(row.sequence)
    return values


def unpack(values: Sequence[Any]) -> Row:
    """The row of those values."""
    row = list(values)
    for index in _MOMENTS:
        if row[index] is not None:
            row[index] = dt.datetime.fromtimestamp(row[index], dt.UTC)
    for index in _LISTS:
        row[index] = _texts(row[index])
    row[_STATE] = _STATES[row[_STATE]]
    row[_ALL_DAY] = bool(row[_ALL_DAY])
    row[_SEQUENCE] = int(row[_SEQUENCE])
    if row[_EFFECT] is not None:
        row[_EFFECT] = _effect(row[_EFFECT])
    return _made(row)


def _made(values: list[Any]) -> Row:
    """What Row(*values) makes; the __init__ of a frozen class takes twice as long."""
    row = _NEW(Row)
    for put, value in zip(_SLOTS, values, strict=True):
        put(row, value)
    _NOTE(row, "")
    _NAMESAKE(row, False)
    return row


@functools.lru_cache(maxsize=4096)  # the same few lists stand in most rows
def _texts(listed: str) -> tuple[str, ...]:
    return tuple(json.loads(listed))


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return str(value) if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, dt.datetime):
        return value.timestamp()
    if isinstance(value, tuple):
        return json.dumps([str(each) for each in value])
    if isinstance(value, Effect):
        times = (value.start and value.start.isoformat(), value.end and value.end.isoformat())
        return json.dumps([value.method, value.partstat, *times])
    return value


@functools.lru_cache(maxsize=1024)
def _effect(parts: str) -> Effect:
    method, partstat, start, end = json.loads(parts)
    return Effect(
        Method(method) if method else None,
        PartStat(partstat) if partstat else None,
        dt.datetime.fromisoformat(start) if start else None,
        dt.datetime.fromisoformat(end) if end else None,
    )
