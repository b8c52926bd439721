"""The client book and time won back on the screen."""

from __future__ import annotations

import gc
import threading

import pytest
from textual.strip import Strip

from regrets.services.statistics import Total
from regrets.tui.screens.won import bar, charts
from tests.tui.support import assert_golden, play, session


def test_the_organiser_is_added_and_edited_key_by_key() -> None:
    async def scenario() -> None:
        async with session() as run:
            read = run.desk.calls.count(("case", "kovin1"))
            await run.press("C")
            assert "Add Kovin" in run.screen
            await run.press("a")
            assert "Added: “Kovin”." in run.screen
            assert run.desk.book["Kovin"].match == ("kovin.example",)
            await run.press("t", "1", "4", "1")
            assert (run.desk.book["Kovin"].tier, run.desk.book["Kovin"].traits) == ("minor", ["chatty"])
            await run.press("n", "tab", *"flyer", "enter")
            assert run.desk.calls[-1] == ("note_sign", "Kovin", "unpaid_rework", "flyer")
            await run.press("n", "x", "escape")
            assert len(run.desk.book["Kovin"].signs) == 1
            assert_golden("clients-80x24", run.screen)
            await run.press("escape")
            await run.settled()
            assert run.desk.calls.count(("case", "kovin1")) > read  # judged anew
            assert "chatty" not in run.screen

    play(scenario())


def test_keys_that_come_quicker_than_the_book_is_written_lose_nothing() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("C", "a")
            gate = run.desk.screen_gate = threading.Event()
            await run.pilot.press("1", "2", "3", "4", "2", "t", "t")
            gate.set()
            await run.until(lambda: not run.app.bridge.busy())
            made = run.desk.book["Kovin"]
            assert (made.tier, made.traits) == ("key", ["hands_on", "knows_better", "chatty"])

    play(scenario())


def test_the_book_opens_at_the_organisers_client_and_a_proposed_sign_counts_once_confirmed() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("C", "a")
            assert "45% of your meeting hours: y notes crowding_out" in run.screen
            await run.press("escape", "j", "C")
            assert "Add Acme" not in run.screen
            await run.press("t", "y")
            assert run.desk.book["Acme"].tier == "key"
            assert run.desk.book["Acme"].signs == ()
            await run.press("j", "y")
            assert run.desk.book["Kovin"].signs[0].sign == "crowding_out"

    play(scenario())


def test_time_won_back_is_a_chart() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("T")
            assert_golden("won-80x24", run.screen)
            await run.press("T")
            assert run.app.screen is run.inbox

    play(scenario())


@pytest.mark.parametrize("key", ["C", "x"])
def test_a_screen_that_is_closed_before_its_answer_comes_is_gone(key: str) -> None:
    async def scenario() -> None:
        async with session() as run:
            gate = run.desk.screen_gate = threading.Event()
            await run.pilot.press(key)
            assert "reading" in run.screen
            await run.pilot.press("escape")
            gate.set()
            await run.press("j")
            assert run.app.screen is run.inbox

    play(scenario())


def test_what_comes_late_is_not_laid_over_what_was_opened_since() -> None:
    async def scenario() -> None:
        async with session() as run:
            gate = run.desk.screen_gate = threading.Event()
            await run.pilot.press("T", "question_mark")
            await run.pilot.pause()
            top = run.app.screen
            assert top is not run.inbox
            gate.set()
            await run.until(lambda: not run.inbox.bridge.busy())
            assert run.app.screen is top

    play(scenario())


def test_bars_and_symbols() -> None:
    assert (bar(1, width=4), bar(0.5, width=4), bar(0.53125, width=4)) == ("████", "██", "██▏")
    assert bar(0.5, "ascii", 4) == "##"
    plain = charts([Total("2026-W47", "email", "x" * 40, 1, 30)], "ascii").plain
    assert plain.isascii()
    assert "Nothing answered yet" in charts([]).plain


def test_closed_screens_leave_nothing_painted_behind() -> None:
    def painted() -> int:
        gc.collect()
        return sum(isinstance(each, Strip) for each in gc.get_objects())

    async def scenario() -> None:
        async with session() as run:
            await run.press("question_mark", "escape")
            before = painted()
            for _ in range(4):
                await run.press("question_mark", "escape")
            assert painted() < before + 400  # a screen of 24 lines paints some 360 of them

    play(scenario())
