"""What was chosen for an answer, as a column: a JSON object of what isn't left to the program; '' for nothing."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields
from typing import Any

from regrets.domain.cases import Choice, Range
from regrets.domain.model import PartStat, Slot, Strategy

_NAMES = tuple(field.name for field in fields(Choice))
_KINDS: dict[str, Any] = {"strategy": Strategy, "partstat": PartStat, "range_": Range}


def pack(choice: Choice | None) -> str:
    """As JSON; times with their offset."""
    if choice is None:
        return ""
    values = {name: value for name in _NAMES if (value := getattr(choice, name)) is not None}
    if choice.proposals is not None:
        values["proposals"] = [[slot.start.isoformat(), slot.end.isoformat()] for slot in choice.proposals]
    return json.dumps(values, ensure_ascii=False)  # forgetting looks for addresses in it


def unpack(text: str) -> Choice | None:
    """The choice of that JSON."""
    if not text:
        return None
    values = json.loads(text)
    for name in _KINDS.keys() & values.keys():
        values[name] = _KINDS[name](values[name])
    if "proposals" in values:
        moment = dt.datetime.fromisoformat
        values["proposals"] = tuple(Slot(moment(start), moment(end)) for start, end in values["proposals"])
    return Choice(**values)
