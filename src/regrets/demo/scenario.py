"""A scenario: the made-up inbox, client book and calendar of the demo, as data dated relative to `now`.

The files lie in `scenarios/<name>/`; a day is counted in working days from today, so that the demo makes the same
sense on a Sunday, at New Year and when the clocks change.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any
from zoneinfo import ZoneInfo

from regrets.domain.errors import NotFound
from regrets.domain.model import Mailbox
from regrets.domain.settings import Hours
from regrets.domain.workdays import day_off

HOME = "Europe/Ljubljana"
_HOURS = Hours(holidays="SI")
_AGO = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")


def working_day(today: dt.date, number: int) -> dt.date:
    """The working day so many after `today` (negative: before); 0 is today, whatever day that is."""
    day, left = today, abs(number)
    while left:
        day += dt.timedelta(days=1 if number > 0 else -1)
        left -= not day_off(day, _HOURS)
    return day


@dataclass(frozen=True, slots=True)
class Planned:
    """One event: when it is (start and end aware, or dates for all day), what, and who takes part besides Ana."""

    summary: str
    start: dt.datetime | dt.date
    end: dt.datetime | dt.date
    zone: str
    others: tuple[Mailbox, ...]

    @property
    def all_day(self) -> bool:
        """Counted in days; the end is exclusive."""
        return not isinstance(self.start, dt.datetime)


@dataclass(frozen=True, slots=True)
class PlannedMail:
    """One mail of the inbox, with the event it invites to (None: an ordinary mail). `received` is aware."""

    id: str
    from_: Mailbox
    to: Mailbox
    subject: str
    text: str
    received: dt.datetime
    event: Planned | None = None
    event_id: str = ""
    invited: Mailbox | None = None  # the ATTENDEE meant, where that is not `to`
    language: str = "en"  # of the text and of the program that sent it
    intended: str = ""  # a strategy, or "unreadable"; read by tests alone
    shape: str = "plain"  # google | outlook | apple | plain
    method: str = "REQUEST"
    sequence: int = 0
    role: str = "REQ-PARTICIPANT"
    weeks: int = 0  # how often it repeats, weekly
    location: str = ""
    link: str = ""  # meet | teams | zoom
    forwarded_by: Mailbox | None = None
    note: str = ""  # of the forwarder
    broken: bool = False
    html: bool = False
    attachment: str = ""


class Scenario:
    """All of one scenario, dated for `now` (aware). Raises NotFound where there is no such scenario."""

    def __init__(self, name: str, now: dt.datetime) -> None:
        self._files = _folder(name)
        self._now = now
        self._today = now.astimezone(ZoneInfo(HOME)).date()

    @cached_property
    def me(self) -> Mailbox:
        """Whose inbox it is: the first address of the config."""
        me = tomllib.loads(self.config)["me"]
        return Mailbox(me["name"], me["addresses"][0])

    @property
    def config(self) -> str:
        """config.toml without an account."""
        return self._read("config.toml")

    @property
    def clients(self) -> str:
        """clients.toml, its dates filled in."""
        return self._read("clients.toml")

    def mails(self) -> list[PlannedMail]:
        """The inbox, oldest first."""
        tables = tomllib.loads(self._read("mails.toml"))
        mails = [self._invitation(table) for table in tables["invitation"]]
        mails += [self._ordinary(table) for table in tables["mail"]]
        return sorted(mails, key=lambda mail: mail.received)

    def entries(self) -> list[Planned]:
        """What stands in the calendar already."""
        return [self._planned(table) for table in tomllib.loads(self._read("calendar.toml"))["entry"]]

    def _read(self, name: str) -> str:
        def date_of(match: re.Match[str]) -> str:
            return (self._today + dt.timedelta(days=int(match[1]))).isoformat()

        return re.sub(r"<day([+-]\d+)>", date_of, (self._files / name).read_text("utf-8"))

    def _planned(self, table: Mapping[str, Any]) -> Planned:
        zone = table.get("zone", HOME)
        day = working_day(self._today, table["day"])
        others = tuple(_mailbox(text) for text in table.get("with", ()))
        if table.get("all_day"):
            return Planned(table["summary"], day, day + dt.timedelta(days=1), zone, others)
        start = dt.datetime.combine(day, dt.time.fromisoformat(table["at"]), ZoneInfo(zone))
        end = start + dt.timedelta(minutes=table["minutes"])
        return Planned(table["summary"], start, end, zone, others)

    def _ordinary(self, table: Mapping[str, Any]) -> PlannedMail:
        known = {key: table[key] for key in ("html", "attachment") if key in table}
        return PlannedMail(
            id=table["subject"],
            from_=_mailbox(table["from"]),
            to=self.me,
            subject=table["subject"],
            text=table["text"].strip(),
            received=self._ago(table["received"]),
            **known,
        )

    def _invitation(self, table: Mapping[str, Any]) -> PlannedMail:
        same = ("shape", "method", "sequence", "role", "weeks", "location", "link", "broken", "intended", "language")
        return PlannedMail(
            id=table["id"],
            from_=_mailbox(table["from"]),
            to=self.me,
            subject=table["summary"],
            text=table["text"].strip(),
            received=self._ago(table["received"], HOME if "forwarded_by" in table else table.get("zone", HOME)),
            event=self._planned(table),
            event_id=table.get("event", table["id"]),
            invited=_mailbox(table["invited"]) if "invited" in table else None,
            forwarded_by=_mailbox(table["forwarded_by"]) if "forwarded_by" in table else None,
            note=table.get("note", "").strip(),
            **{key: table[key] for key in same if key in table},
        )

    def _ago(self, text: str, zone: str = HOME) -> dt.datetime:
        """'4m', '3h20m', '2d1h' before now, in the sender's zone as mail programs write it; whole seconds."""
        match = _AGO.fullmatch(text)
        assert match, text
        days, hours, minutes = (int(number or 0) for number in match.groups())
        before = dt.timedelta(days=days, hours=hours, minutes=minutes)
        return (self._now - before).astimezone(ZoneInfo(zone)).replace(microsecond=0)


def scenarios() -> list[str]:
    """The names that there are."""
    return sorted(entry.name for entry in _root().iterdir() if entry.is_dir() and entry.name[0] not in "._")


def _root() -> Traversable:
    return files("regrets.demo") / "scenarios"


def _folder(name: str) -> Traversable:
    if name not in scenarios():
        raise NotFound(f"There is no demo scenario called {name!r}.", f"There is: {', '.join(scenarios())}.")
    return _root() / name


def _mailbox(text: str) -> Mailbox:
    return Mailbox(*parseaddr(text))
