"""What was read of a mail as JSON, so that it can be read in another process: that one handles hostile input, and
what it says is checked here, field by field, against the types of `model`.

    {"kind": "Invitation", "zones": [...], "fields": [...]}

Dataclasses are lists of their fields in order; a datetime is [wall time, fold, index of its zone or null]. Times of
one zone share one zone object again, because Python's arithmetic depends on that.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import types
import typing
from collections.abc import Callable
from enum import Enum
from zoneinfo import ZoneInfo

from regrets.domain.model import Invitation, Unreadable
from regrets.domain.sent_zone import Observance, SentZone, refuse_costly
from regrets.domain.timezones import iana_zone

Json = typing.Any
Zones = list[dt.tzinfo]
_KINDS: dict[str, type] = {"Invitation": Invitation, "Unreadable": Unreadable}
_A_DAY = dt.timedelta(days=1)


def to_wire(item: Invitation | Unreadable) -> dict[str, Json]:
    """Plain values for `json.dumps`. Raises TypeError for what has no spelling here."""
    zones: Zones = []
    fields = _plain(item, zones)
    spelled = [_spelled_zone(zone) for zone in zones]
    return {"kind": type(item).__name__, "zones": spelled, "fields": fields}


def from_wire(document: Json) -> Invitation | Unreadable:
    """The item again. Raises ValueError for everything that `to_wire` would not have written."""
    try:
        zones = [_zone(spelled) for spelled in document["zones"]]
        return typing.cast("Invitation | Unreadable", _decoder(_KINDS[document["kind"]])(document["fields"], zones))
    except (TypeError, LookupError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"no item: {error}") from error


# --- there -----------------------------------------------------------------------------------------------------


def _plain(value: object, zones: Zones) -> Json:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, dt.datetime):
        return [value.replace(tzinfo=None).isoformat(), value.fold, _index(value.tzinfo, zones)]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return [value.days, value.seconds]
    if isinstance(value, tuple):
        return [_plain(each, zones) for each in value]
    if dataclasses.is_dataclass(value):
        return [_plain(getattr(value, name), zones) for name in _names(value.__class__)]
    raise TypeError(f"{type(value).__name__} has no spelling")


def _index(zone: dt.tzinfo | None, zones: Zones) -> int | None:
    if zone is None:
        return None
    for index, known in enumerate(zones):
        if known is zone:
            return index
    zones.append(zone)
    return len(zones) - 1


def _spelled_zone(zone: dt.tzinfo) -> Json:
    if isinstance(zone, ZoneInfo):
        return zone.key
    if isinstance(zone, SentZone):
        return [zone.tzid, _plain(zone.observances, [])]  # its times are wall times: no zones in it
    if isinstance(zone, dt.timezone):
        return _plain(zone.utcoffset(None), [])
    raise TypeError(f"{type(zone).__name__} has no spelling")


# --- and back --------------------------------------------------------------------------------------------------

Decoder = Callable[[Json, Zones], typing.Any]


def _zone(spelled: Json) -> dt.tzinfo:
    if isinstance(spelled, str):
        zone = iana_zone(spelled)
    elif isinstance(spelled, list) and len(spelled) == 2 and isinstance(spelled[0], str):
        observances = _decoder(tuple[Observance, ...])(spelled[1], [])
        refuse_costly(observances)
        zone = SentZone(spelled[0], observances) if all(map(_sound, observances)) else None
    else:
        offset = _timedelta(spelled, [])
        zone = dt.timezone(offset) if offset else dt.UTC
    if zone is None:
        raise ValueError("no such zone")
    return zone


def _sound(part: Observance) -> bool:
    """Whether it gives offsets that datetime takes."""
    return all(-_A_DAY < offset < _A_DAY for offset in (part.before, part.after))


@functools.cache
def _names(kind: typing.Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@functools.cache
def _decoder(hint: typing.Any) -> Decoder:
    """How a value of that type is read."""
    origin, of = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType or origin is typing.Union:
        return _one_of([_decoder(each) for each in of])
    if origin is tuple:
        return _many(_decoder(of[0])) if of[1:] == (...,) else _each([_decoder(each) for each in of])
    if hint is dt.datetime:
        return _datetime
    if hint is dt.date:
        return lambda value, zones: dt.date.fromisoformat(value)
    if hint is dt.timedelta:
        return _timedelta
    if dataclasses.is_dataclass(hint):
        return _fields(hint)
    if issubclass(hint, Enum):
        return lambda value, zones: hint(value)
    return _exactly(hint)


def _exactly(kind: type) -> Decoder:
    def read(value: Json, zones: Zones) -> object:
        if type(value) is not kind:
            raise ValueError(f"{type(value).__name__} instead of {kind.__name__}")
        return value

    return read


def _one_of(readers: list[Decoder]) -> Decoder:
    """The spellings of the members differ, so at most one of them fits."""

    def read(value: Json, zones: Zones) -> object:
        for reader in readers:
            try:
                return reader(value, zones)
            except (ValueError, TypeError):
                continue
        raise ValueError("fits nothing")

    return read


def _many(reader: Decoder) -> Decoder:
    return lambda value, zones: tuple([reader(each, zones) for each in _list(value)])


def _each(readers: list[Decoder]) -> Decoder:
    return lambda value, zones: tuple(
        [reader(each, zones) for reader, each in zip(readers, _list(value), strict=True)]
    )


def _fields(kind: typing.Any) -> Decoder:
    readers: list[Decoder] = []

    def read(value: Json, zones: Zones) -> object:
        if not readers:  # on first use: an Invitation holds Invitations
            hints = typing.get_type_hints(kind)
            readers.extend(_decoder(hints[name]) for name in _names(kind))
        return kind(*[reader(each, zones) for reader, each in zip(readers, _list(value), strict=True)])

    return read


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise ValueError("no list")
    return value


def _datetime(value: Json, zones: Zones) -> dt.datetime:
    written, fold, index = _list(value)
    wall = dt.datetime.fromisoformat(written)
    if wall.tzinfo or fold not in (0, 1) or (index is not None and not 0 <= index < len(zones)):
        raise ValueError("no time")
    return wall.replace(tzinfo=None if index is None else zones[index], fold=fold)


def _timedelta(value: Json, zones: Zones) -> dt.timedelta:
    days, seconds = _list(value)
    return dt.timedelta(days=days, seconds=seconds)
