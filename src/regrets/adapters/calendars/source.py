"""All calendars as one BusySource: a broken one costs a line, the others still count."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from regrets.adapters.calendars.entries import CalendarBroken, busy_entries
from regrets.adapters.calendars.feed import FeedFailed, download
from regrets.adapters.own_file import open_regular
from regrets.domain.model import Busy
from regrets.domain.settings import CalendarSource

MOST_BYTES = 64 * 1024 * 1024  # of one file
MOST_FILES = 20_000  # of one folder
_FEED_MINUTES = 10


@dataclass(frozen=True, slots=True)
class _Window:
    start: dt.datetime
    end: dt.datetime
    me: tuple[str, ...]
    zone: dt.tzinfo


class Calendars:
    """ports.BusySource. Files are read again only when they change; a feed after ten minutes of `monotonic`."""

    def __init__(
        self, monotonic: Callable[[], float] = time.monotonic, fetch: Callable[[str], bytes] = download
    ) -> None:
        self._monotonic = monotonic
        self._fetch = fetch
        self._files: dict[str, tuple[tuple[int, int], _Window, list[Busy], int]] = {}
        self._feeds: dict[str, tuple[float, bytes]] = {}

    def busy(
        self,
        sources: Sequence[CalendarSource],
        start: dt.datetime,
        end: dt.datetime,
        me: Sequence[str],
        zone: dt.tzinfo,
    ) -> tuple[list[Busy], list[str]]:
        """All entries between two aware instants, sorted by their start, and one line for each fault."""
        window = _Window(start, end, tuple(me), zone)
        entries: list[Busy] = []
        faults: list[str] = []
        for source in sources:
            found, wrong = self._feed(source, window) if source.url else self._path(source, window)
            entries += found
            faults += [f"Calendar “{source.name}”: {fault}" for fault in wrong]
        return sorted(entries, key=lambda entry: entry.slot.start), faults

    def _path(self, source: CalendarSource, window: _Window) -> tuple[list[Busy], list[str]]:
        path = Path(source.path)
        entries: list[Busy] = []
        faults: list[str] = []
        try:
            files = list(ics_files(path))
        except OSError as error:
            return [], [f"can't be read: {error.strerror or error}. Check its path in config.toml."]
        for file in files:
            name = "" if file == path else f"{file.name} "
            try:
                found, damaged = self._file(file, window)
            except OSError as error:
                faults.append(f"{name}can't be read: {error.strerror or error}.")
            except CalendarBroken as error:
                faults.append(f"{name}{error}")
            else:
                entries += found
                faults += [_left_out(name, damaged)] if damaged else []
        return entries, faults

    def _file(self, path: Path, window: _Window) -> tuple[list[Busy], int]:
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        kept = self._files.get(str(path))
        if kept and kept[0] == stamp and kept[1] == window:
            return kept[2], kept[3]
        if status.st_size > MOST_BYTES:
            raise CalendarBroken(f"is larger than {MOST_BYTES // 1024 // 1024} MB and was not read.")
        with open_regular(path) as file:
            data = file.read()
        found, damaged = busy_entries(data, window.start, window.end, window.me, window.zone)
        self._files[str(path)] = (stamp, window, found, damaged)
        return found, damaged

    def _feed(self, source: CalendarSource, window: _Window) -> tuple[list[Busy], list[str]]:
        now = self._monotonic()
        kept = self._feeds.get(source.url)
        try:
            data = kept[1] if kept and now - kept[0] < _FEED_MINUTES * 60 else self._fetch(source.url)
            found, damaged = busy_entries(data, window.start, window.end, window.me, window.zone, dated=False)
        except (FeedFailed, CalendarBroken) as error:
            return [], [str(error)]
        self._feeds[source.url] = (kept[0] if kept and data is kept[1] else now, data)
        return found, [_left_out("", damaged)] if damaged else []


def ics_files(path: Path) -> Iterator[Path]:
    """The file itself, or the .ics files of a folder and of its folders (a vdir), hidden ones left out."""
    if not path.is_dir():
        path.stat()
        yield path
        return
    files = (file for pattern in ("*.ics", "*/*.ics") for file in sorted(path.glob(pattern)))
    for count, file in enumerate(file for file in files if not file.name.startswith(".")):
        if count >= MOST_FILES:
            return
        yield file


def _left_out(name: str, damaged: int) -> str:
    entries = "1 entry" if damaged == 1 else f"{damaged} entries"
    return (
        f"{name}{entries} can't be read and were left out."
        if damaged > 1
        else f"{name}{entries} can't be read and was left out."
    )
