import itertools

import pytest

from regrets.domain.backoff import backoff
from regrets.domain.model import OutboxState
from regrets.domain.outbox import (
    CANCELLABLE,
    PHASES,
    after_crash,
    allowed,
    lookup_delay,
    outbox_id,
    server_files_copy,
)


def test_what_may_have_left_is_never_failed_after_a_crash() -> None:
    found = {phase: after_crash(OutboxState.SENDING, phase) for phase in PHASES}
    assert found == {
        "": OutboxState.FAILED,
        "connecting": OutboxState.FAILED,
        "envelope": OutboxState.FAILED,
        "body": OutboxState.FAILED,
        "dot-written": OutboxState.UNKNOWN,
        "accepted": OutboxState.SENT,
    }
    assert after_crash(OutboxState.HELD, "") is OutboxState.ORPHANED
    for state in set(OutboxState) - {OutboxState.HELD, OutboxState.SENDING}:
        assert after_crash(state, "dot-written") is state


def test_transitions() -> None:
    ends = {OutboxState.SENT, OutboxState.CANCELLED}
    for state, to in itertools.product(OutboxState, OutboxState):
        assert not (allowed(state, to) and state in ends)
    assert not allowed(OutboxState.UNKNOWN, OutboxState.SENDING)
    assert not allowed(OutboxState.ORPHANED, OutboxState.SENDING)
    assert OutboxState.SENDING not in CANCELLABLE
    assert set(CANCELLABLE) == set(OutboxState) - ends - {OutboxState.SENDING}


def test_backoff_doubles_up_to_a_quarter_of_an_hour() -> None:
    delays = [backoff(attempts) for attempts in range(1, 10)]
    assert delays[:3] == [15, 30, 60]
    assert delays == sorted(delays)
    assert delays[-1] == backoff(10_000) == 900
    assert lookup_delay(0) == 5
    assert lookup_delay(99) is None


def test_ids_are_short_and_stable() -> None:
    assert outbox_id("<a@b>") == outbox_id("<a@b>") != outbox_id("<a@c>")
    assert len(outbox_id("<a@b>")) == 8


@pytest.mark.parametrize(
    ("host", "files"),
    [
        ("smtp.gmail.com", True),
        ("SMTP.Office365.com.", True),
        ("smtp-mail.outlook.com", True),
        ("smtp.fastmail.com", False),
        ("notgmail.com", False),
        ("127.0.0.1", False),
    ],
)
def test_who_files_its_own_copy(host: str, files: bool) -> None:
    assert server_files_copy(host) is files
