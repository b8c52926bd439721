"""The user's own calendar on the screen: asked once, remembered, and never in the way of an answer."""

from __future__ import annotations

from regrets.domain.events import CalendarChanged
from regrets.domain.model import State
from regrets.domain.own_calendar import FilingKind, FilingRule, Offer
from tests.tui.fake_desk import FakeDesk
from tests.tui.support import Session, assert_golden, play, session

FILE = Offer(FilingKind.FILE, "mine")
REMOVE = Offer(FilingKind.REMOVE, "mine")


def asking(offer: Offer = FILE, *items: str) -> FakeDesk:
    desk = FakeDesk()
    desk.filing.offers = dict.fromkeys(items or ("kovin1", "acme02", "odega3"), offer)
    return desk


async def sent(run: Session, *keys: str) -> None:
    await run.press("s", *keys)
    await run.settled()


def test_the_question_comes_before_anything_is_queued_and_back_sends_nothing() -> None:
    async def scenario() -> None:
        async with session(asking()) as run:
            await run.press("s")
            assert "File this meeting in “mine”?" in run.screen
            assert_golden("filing-80x24", run.screen)
            assert run.desk.held() == []
            await run.press("t")  # not a key of this question
            assert "File this meeting in “mine”?" in run.screen
            await run.press("escape")
            await run.settled()
            assert run.status == "Not sent."
            assert run.desk.held() == []
            assert run.selected == "kovin1"

    play(scenario())


def test_it_goes_with_the_answer_or_not_as_was_said() -> None:
    async def scenario() -> None:
        async with session(asking()) as run:
            await sent(run, "f")
            await sent(run, "n")
            assert [call[0] for call in run.desk.held()] == ["kovin1", "acme02"]
            assert run.desk.filing.wished == [FILE, None]
            assert run.desk.filing.rules == {}

    play(scenario())


def test_always_is_asked_once_and_can_be_taken_back() -> None:
    async def scenario() -> None:
        async with session(asking()) as run:
            await sent(run, "a")
            assert run.desk.filing.rules == {"mine": FilingRule.ALWAYS}
            await sent(run)
            first, second = run.desk.filing.wished
            assert (first, second.asks) == (FILE, False)
            await run.press("F")
            assert "Now: kept in step with your answers." in run.screen
            await run.press("k")
            await run.settled()
            assert run.desk.filing.rules == {"mine": FilingRule.ASK}
            assert run.status == "“mine”: you are asked with every answer from now on. F changes that."
            await run.press("s")
            assert "File this meeting in “mine”?" in run.screen

    play(scenario())


def test_never_sends_and_asks_no_more() -> None:
    async def scenario() -> None:
        async with session(asking()) as run:
            await sent(run, "N")
            await sent(run)
            assert run.desk.filing.wished == [None, None]
            assert run.desk.filing.rules == {"mine": FilingRule.NEVER}

    play(scenario())


def test_a_no_to_what_is_filed_offers_to_take_it_out() -> None:
    async def scenario() -> None:
        async with session(asking(REMOVE)) as run:
            await run.press("s")
            assert "“mine” holds this meeting. Take it out?" in run.screen
            await run.press("t")
            await run.settled()
            assert run.desk.filing.wished == [REMOVE]

    play(scenario())


def test_clearing_what_is_called_off_offers_to_take_it_out() -> None:
    async def scenario() -> None:
        desk = asking(REMOVE, "none12")
        desk.change("none12", state=State.CANCELLED)
        async with session(desk) as run:
            await run.press("G")
            await run.settled()
            assert run.selected == "none12"
            await run.press("m")
            assert "It is called off, but still in “mine”. Take it out?" in run.screen
            await run.press("escape")
            assert run.desk.stored["none12"].state is State.CANCELLED
            await run.press("m", "t")
            await run.settled()
            assert run.desk.filing.acted == [("none12", REMOVE)]
            assert run.status.startswith("Taken out of “mine”. Cleared without a reply: “Cancelled: design review”.")
            assert run.desk.stored["none12"].state is State.DISMISSED

    play(scenario())


def test_its_key_acts_at_once_and_says_where_nothing_is_writable() -> None:
    async def scenario() -> None:
        async with session(asking()) as run:
            await run.press("F")
            assert "file this meeting there, as you answered it" in run.screen
            await run.press("f")
            await run.settled()
            assert run.desk.filing.acted == [("kovin1", FILE)]
            assert run.status == "Filed in “mine”."
            run.desk.filing.writable = False
            await run.press("F")
            await run.settled()
            assert "writable = true" in run.status

    play(scenario())


def test_what_became_of_it_is_told() -> None:
    async def scenario() -> None:
        async with session() as run:
            told = "Sent, but not filed in “mine”: /home/ana/mine.ics is read-only. Make it writable."
            run.app.bridge.emit(CalendarChanged("kovin1", told, failed=True))
            await run.until(lambda: run.status == told)

    play(scenario())


def test_a_problem_that_is_known_beforehand_lets_the_answer_go() -> None:
    async def scenario() -> None:
        desk = asking(Offer(FilingKind.FILE, "mine", problem="The time zone “BRT” is not known."))
        desk.filing.rules["mine"] = FilingRule.ALWAYS
        async with session(desk) as run:
            await sent(run)
            assert [call[0] for call in run.desk.held()] == ["kovin1"]
            assert run.status == "Not filed in “mine”: The time zone “BRT” is not known."

    play(scenario())
