"""The brief to a colleague and the prep card on the screen."""

from __future__ import annotations

from regrets.domain.cases import Choice
from regrets.domain.errors import CannotAnswer
from regrets.domain.model import Draft, PartStat
from regrets.tui.widgets.editor import DraftEditor
from tests.tui.fake_desk import FakeDesk
from tests.tui.support import Session, play, session

BOARD = 4


async def at_the_board(run: Session) -> None:
    run.inbox.move_to(BOARD)
    await run.settled()
    assert run.selected == "board5"


def test_the_brief_is_shown_and_both_messages_in_the_preview() -> None:
    async def scenario() -> None:
        async with session(size=(120, 40)) as run:
            await at_the_board(run)
            assert "ana@studio.example, and a" in run.screen  # who gets what, over two lines
            assert "And a brief to Ben Kos <ben@studio.example> (B edits it)" in run.screen
            assert "You could add: what not to promise" in run.screen
            assert "thank you for speaking for both of us" in run.screen
            await run.press("v")
            assert "(2 messages)" in run.screen
            assert "to ben@studio.example" in run.screen

    play(scenario())


def test_the_brief_is_edited_beside_the_letter_and_an_emptied_one_stays_here() -> None:
    async def scenario() -> None:
        async with session(size=(120, 40)) as run:
            await at_the_board(run)
            await run.press("B", "X", "ctrl+s")
            await run.settled()
            assert "XHi Ben," in run.screen
            assert "Dear Ben Kos," in run.screen  # the letter is as it was
            await run.press("e", "Y", "ctrl+s")
            await run.settled()
            assert "YDear Ben Kos," in run.screen
            assert "XHi Ben," in run.screen
            await run.press("B")
            run.inbox.query_one(DraftEditor).clear()
            await run.press("ctrl+s")
            await run.settled()
            assert "No brief goes to Ben Kos" in run.screen
            await run.press("B")
            await run.settled()
            assert "Hi Ben," in run.screen
            assert "XHi Ben," not in run.screen
            await run.press("s")
            item, _, draft = run.desk.held()[0][:3]
            assert item == "board5"
            assert "YDear" in str(draft)

    play(scenario())


def test_the_calendar_answer_can_hand_the_meeting_over() -> None:
    async def scenario() -> None:
        async with session(size=(120, 40)) as run:
            await at_the_board(run)
            assert "calendar: declined" in run.screen
            await run.press("r")
            await run.settled()
            assert "calendar: delegated" in run.screen
            assert "the invitation with a" in run.screen  # who gets what, over two lines
            assert "And the invitation with a brief to Ben Kos" in run.screen
            await run.press("B")
            run.inbox.query_one(DraftEditor).clear()
            await run.press("ctrl+s")
            await run.settled()
            assert "Hi Ben," in run.screen  # the invitation doesn't go without its brief
            await run.press("s")
            draft = run.desk.held()[0]
            assert draft[0] == "board5"
            choice = [call[2] for call in run.desk.calls if call[0] == "draft" and call[1] == "board5"][-1]
            assert choice.partstat is PartStat.DELEGATED
            await run.press("z")  # taken back as one
            await run.settled()
            assert run.selected == "board5"

    play(scenario())


def test_a_hand_over_that_is_refused_is_said_and_left_by_the_same_key() -> None:
    class Refusing(FakeDesk):
        def draft(self, item_id: str, choice: Choice) -> Draft:
            if choice.partstat is PartStat.DELEGATED:
                raise CannotAnswer("ben@studio.example has handed this meeting to you.", "Answer it yourself.")
            return super().draft(item_id, choice)

    async def scenario() -> None:
        async with session(Refusing(), size=(120, 40)) as run:
            await at_the_board(run)
            await run.press("r")
            await run.settled()
            assert "has handed this meeting to you" in run.screen
            await run.press("s")
            assert run.desk.held() == []
            await run.press("r")
            await run.settled()
            assert "calendar: declined" in run.screen

    play(scenario())


def test_only_where_a_colleague_leads_can_it_be_handed_over() -> None:
    async def scenario() -> None:
        async with session(size=(120, 40)) as run:
            seen = set()
            for _ in range(4):
                await run.press("r")
                await run.settled()
                seen |= {
                    word
                    for word in ("accepted", "tentative", "declined", "no answer", "delegated")
                    if f"calendar: {word}" in run.screen
                }
            assert seen == {"accepted", "tentative", "declined", "no answer"}

    play(scenario())


def test_where_there_is_no_brief_the_key_says_so() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("B")
            assert "There is no brief here" in run.status
            assert not run.inbox.draft_pane.editing

    play(scenario())


def test_p_shows_the_prep_card_and_closes_it() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("p")
            await run.until(lambda: "Business first." in run.screen)
            await run.press("p")
            await run.until(lambda: "Business first." not in run.screen)

    play(scenario())
