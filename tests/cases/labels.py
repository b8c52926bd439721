"""The labelled cases as they stand in the TOML files, with every time worked out."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
LANGUAGES = {
    "en": "english",
    "nb": "norwegian",
    "sl": "slovenian",
    "tr": "turkish",
    "lv": "latvian",
    "fi": "finnish",
}
BOOKS = {**LANGUAGES, **{f"{tag}2": f"{name}_2" for tag, name in LANGUAGES.items()}}
"""By the name of its settings: each language has two, of different users and writers."""
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RELATIVE = re.compile(r"w(-?\d+) (\w{3})(?: (\d\d:\d\d))?")


@dataclass(frozen=True)
class Person:
    """A name and an address."""

    name: str
    address: str


@dataclass(frozen=True)
class Slot:
    """When something is, in the user's zone; `minutes` counts only where it has a clock time."""

    start: dt.datetime
    minutes: int
    all_day: bool = False

    @property
    def end(self) -> dt.datetime:
        """The first moment after it."""
        return self.start + (dt.timedelta(days=1) if self.all_day else dt.timedelta(minutes=self.minutes))

    def meets(self, other: Slot) -> bool:
        """Whether they overlap."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Label:
    """One invitation with the answer that the guide asks for."""

    id: str
    language: str
    slot: Slot
    data: dict[str, Any]
    split: str

    @property
    def number(self) -> int:
        return int(self.id[2:])

    @property
    def strategy(self) -> str:
        return str(self.data["strategy"])

    @property
    def rule(self) -> str:
        return str(self.data["rule"])

    @property
    def accepted(self) -> tuple[str, ...]:
        """The strategies that count as right."""
        return (self.strategy, *self.data.get("also_ok", ()))

    @property
    def organizer(self) -> Person:
        return person(self.data["from"])

    @property
    def guests(self) -> list[Person]:
        """Those invited beside the user."""
        return [person(each) for each in self.data.get("attendees", ())]


@dataclass(frozen=True)
class Book:
    """One user of a language: settings, its calendar, its cases."""

    language: str
    now: dt.datetime
    zone: ZoneInfo
    user: Person
    settings: dict[str, Any]
    config: Path
    footers: tuple[str, ...]
    events: tuple[tuple[Slot, dict[str, Any]], ...]
    labels: tuple[Label, ...]


def person(text: str) -> Person:
    """`Name <address>`."""
    return Person(*parseaddr(text))


def book(name: str) -> Book:
    """One of BOOKS. Raises KeyError or ValueError where the file is not of the form of README.md."""
    raw = tomllib.loads((HERE / f"{BOOKS[name]}.toml").read_text("utf-8"))
    language, config = raw["language"], HERE / "config" / raw["config"]
    settings = tomllib.loads((config / "config.toml").read_text("utf-8"))
    zone = ZoneInfo(settings["me"]["timezone"])
    odd = raw["develop"] == "odd"

    def label(data: dict[str, Any]) -> Label:
        develop = (int(data["id"][2:]) % 2 == 1) is odd
        return Label(data["id"], language, _slot(data, raw["now"], zone), data, "develop" if develop else "measure")

    return Book(
        language=language,
        now=raw["now"],
        zone=zone,
        user=Person(settings["me"]["name"], settings["me"]["addresses"][0]),
        settings=settings,
        config=config,
        footers=tuple(raw["footers"]),
        events=tuple((_slot(event, raw["now"], zone), event) for event in raw["event"]),
        labels=tuple(label(data) for data in raw["case"]),
    )


def _slot(data: dict[str, Any], now: dt.datetime, zone: ZoneInfo) -> Slot:
    """`w1 wed 10:00` counts weeks from the one of now; else a date, with or without a time."""
    when = str(data["when"])
    if found := _RELATIVE.fullmatch(when):
        days = 7 * int(found[1]) + _DAYS.index(found[2]) - now.weekday()
        when = f"{(now + dt.timedelta(days=days)).date()} {found[3] or '00:00'}"
    start = dt.datetime.fromisoformat(when).replace(tzinfo=zone)
    return Slot(start, int(data.get("minutes", 30)), bool(data.get("all_day", False)))
