"""The outbox as a state machine: what may follow what, and what a crash means. No I/O, no clock.

    held ──> kept ──> sending ──> sent
     │ ╲      ^  ╲      ├──> failed   (certainly not accepted; tried again unless permanent)
     │  orphaned  ╲     └──> unknown  (the line broke after the final dot: RFC 1047's gap)
     └──> cancelled <── all that was not sent

Nothing that may have been accepted goes out again unless the user says so.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from regrets.domain.stored import OutboxEntry, OutboxState

PHASES = ("", "connecting", "envelope", "body", "dot-written", "accepted")
"""The SMTP phases in order; each is on disk before it begins, 'accepted' with the state `sent`."""

SENDS_PER_MINUTE = 30

_NEXT: Mapping[OutboxState, frozenset[OutboxState]] = {
    OutboxState.HELD: frozenset({OutboxState.KEPT, OutboxState.ORPHANED, OutboxState.CANCELLED}),
    OutboxState.KEPT: frozenset({OutboxState.SENDING, OutboxState.CANCELLED}),
    OutboxState.ORPHANED: frozenset({OutboxState.KEPT, OutboxState.CANCELLED}),
    OutboxState.SENDING: frozenset({OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN}),
    OutboxState.SENT: frozenset(),
    OutboxState.FAILED: frozenset({OutboxState.KEPT, OutboxState.SENDING, OutboxState.CANCELLED}),
    OutboxState.UNKNOWN: frozenset({OutboxState.KEPT, OutboxState.SENT, OutboxState.CANCELLED}),
    OutboxState.CANCELLED: frozenset(),
}

CANCELLABLE = tuple(state for state, following in _NEXT.items() if OutboxState.CANCELLED in following)
SENDABLE = (OutboxState.KEPT, OutboxState.FAILED)
ASKS = (OutboxState.ORPHANED, OutboxState.UNKNOWN)
"""Go only after the user has said so."""

_LOOKUP_DELAYS = (5.0, 20.0, 60.0, 300.0)
_FILES_ITS_OWN_COPY = ("gmail.com", "googlemail.com", "google.com", "office365.com", "outlook.com")


def allowed(state: OutboxState, to: OutboxState) -> bool:
    """Whether an entry may go from `state` to `to`."""
    return to in _NEXT[state]


def after_crash(state: OutboxState, phase: str) -> OutboxState:
    """What an entry is found to be when its program is gone; `phase` is the last one on disk.

    In the undo window: asked about. Before the final dot the server has nothing to deliver (RFC 5321, 4.1.1.4).
    """
    if state is OutboxState.HELD:
        return OutboxState.ORPHANED
    if state is not OutboxState.SENDING:
        return state
    if phase == "accepted":
        return OutboxState.SENT
    return OutboxState.UNKNOWN if phase == "dot-written" else OutboxState.FAILED


def retryable(entry: OutboxEntry) -> bool:
    """Whether it goes by itself: kept, or failed for the time being."""
    return entry.state is OutboxState.KEPT or (entry.state is OutboxState.FAILED and not entry.permanent)


def lookup_delay(lookups: int) -> float | None:
    """Seconds until an uncertain message is looked for in Sent again; None: often enough, only the user knows."""
    return _LOOKUP_DELAYS[lookups] if lookups < len(_LOOKUP_DELAYS) else None


def outbox_id(message_id: str) -> str:
    """A short id, [a-z2-7]{8}, of the one message."""
    digest = hashlib.sha256(message_id.encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest).decode("ascii").lower()[:8]


def server_files_copy(smtp_host: str) -> bool:
    """Whether the provider puts what it sends into Sent by itself (Google, Microsoft): a second copy would show."""
    host = smtp_host.casefold().rstrip(".")
    return any(host == name or host.endswith(f".{name}") for name in _FILES_ITS_OWN_COPY)
