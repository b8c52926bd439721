"""An answer and the brief that follows it: held, taken back and sent together, the answer first."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from regrets.adapters.smtp.errors import SENT
from regrets.domain.events import ignore
from regrets.domain.model import OutboxState
from tests.services.test_deliver import LATER, NEVER, UNSURE, Desk
from tests.support.outbox import answer, entry

S = OutboxState


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "own.db"


def hold(desk: Desk, seconds: float = 10) -> tuple[str, str]:
    made = entry()
    brief = dataclasses.replace(entry(number=2, recipients=("ben@studio.example",)), follows=made.id)
    brief = dataclasses.replace(brief, folder="", uidvalidity=0, uid=0)
    return desk.delivery.hold(made, answer(made), seconds, brief).id, brief.id


def test_both_go_in_one_pass_the_answer_first(path: Path) -> None:
    desk = Desk(path)
    made, brief = hold(desk)
    assert desk.run() == 10
    assert desk.run(10) is None
    assert desk.sender.sent == [desk.found(made).message_id, desk.found(brief).message_id]
    assert [call for call in desk.mailbox.calls if call[0] == "mark"] == [("mark", "INBOX", "11")]
    assert desk.run(3600) is None
    assert len(desk.sender.sent) == 2


def test_undo_takes_both_back(path: Path) -> None:
    desk = Desk(path)
    made, brief = hold(desk)
    taken = desk.delivery.undo_last()
    assert taken is not None
    assert taken.id == made
    assert (desk.state(made), desk.state(brief)) == (S.CANCELLED, S.CANCELLED)
    assert desk.run(100) is None
    assert desk.sender.sent == []


@pytest.mark.parametrize("ending", [LATER, NEVER, UNSURE])
def test_a_brief_waits_for_an_answer_that_did_not_go(path: Path, ending: object) -> None:
    desk = Desk(path, [ending])  # type: ignore[list-item]
    made, brief = hold(desk, 0)
    wait = desk.run()
    assert wait is None or wait > 1  # no pass after pass for a brief that can't go yet
    assert desk.state(brief) is S.KEPT
    desk.delivery.retry(made)
    desk.run(1000)
    assert (desk.state(made), desk.state(brief)) == (S.SENT, S.SENT)


def test_a_brief_that_fails_is_told_and_goes_later(path: Path) -> None:
    desk = Desk(path, [SENT, LATER])
    made, brief = hold(desk, 0)
    desk.run()
    assert (desk.state(made), desk.state(brief)) == (S.SENT, S.FAILED)
    assert "Later." in [getattr(event, "error", "") for event in desk.events]
    desk.run(1000)
    assert desk.state(brief) is S.SENT


def test_the_shell_sends_both_before_it_returns(path: Path) -> None:
    desk = Desk(path)
    made, brief = hold(desk, 0)
    assert desk.delivery.send_now(made, ignore).state is S.SENT
    assert desk.state(brief) is S.SENT


@pytest.mark.parametrize(("how", "states"), [("discard", S.CANCELLED), ("keep", S.KEPT), ("send", S.SENT)])
def test_at_quit_both_are_settled_alike(path: Path, how: str, states: OutboxState) -> None:
    desk = Desk(path)
    made, brief = hold(desk)
    desk.delivery.settle(how)
    assert (desk.state(made), desk.state(brief)) == (states, states)
