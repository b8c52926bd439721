"""How long to wait before what failed for the time being is tried again. No clock: seconds only."""

from __future__ import annotations

RECONNECTS = (1.0, 4.0, 15.0)
"""Before each attempt to go on with a pass whose line broke; after the last one the pass is over."""

_FIRST_DELAY = 15.0
_LONGEST_DELAY = 900.0


def backoff(attempts: int) -> float:
    """Seconds to wait after that many failed attempts: doubling from 15 seconds to 15 minutes."""
    return float(min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** min(max(attempts, 1) - 1, 10)))
