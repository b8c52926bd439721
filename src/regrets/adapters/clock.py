"""The real clock, and the one that `--now` sets."""

from __future__ import annotations

import datetime as dt
import time


class SystemClock:
    """The machine's time, in the machine's zone."""

    def now(self) -> dt.datetime:
        """Aware, to the second."""
        return dt.datetime.now().astimezone().replace(microsecond=0)

    def monotonic(self) -> float:
        """Seconds."""
        return time.monotonic()


class SetClock(SystemClock):
    """A fixed date for what is judged, shown and dated; time-outs still run in real time."""

    def __init__(self, now: dt.datetime) -> None:
        self._now = now

    def now(self) -> dt.datetime:
        """The given moment."""
        return self._now


def parse_now(text: str) -> dt.datetime:
    """An ISO date-time; without an offset it is in the machine's zone. Raises ValueError."""
    moment = dt.datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo else moment.astimezone()
