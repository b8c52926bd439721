"""ctrl+c while answers are being sent: what became of each is said, after "Stopped."."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from regrets.services.views import stopped_note

if TYPE_CHECKING:
    from regrets.services.desk_api import DeskApi


@contextlib.contextmanager
def told_when_stopped(desk: DeskApi) -> Iterator[None]:
    """Notes on the KeyboardInterrupt what became of every answer that was touched; `main` says them."""
    before = {entry.id: (entry.state, entry.attempts) for entry in desk.outbox()}
    try:
        yield
    except KeyboardInterrupt as stopped:
        touched = [entry for entry in desk.outbox() if (entry.state, entry.attempts) != before.get(entry.id)]
        for entry in reversed(touched):
            stopped.add_note(stopped_note(entry))
        if not touched:
            stopped.add_note("Nothing was sent.")
        raise
