"""The screens that lie over the inbox: nothing on them is cut off or left unsaid."""

from __future__ import annotations

import dataclasses

import pytest
from textual.containers import VerticalScroll

from regrets.domain.clients import SIGNS
from regrets.domain.model import OutboxState, OutgoingMessage
from regrets.domain.stored import AGREED
from tests.tui.fake_desk import FakeDesk
from tests.tui.support import play, session


def test_lines_of_a_message_can_be_told_apart_when_they_are_longer_than_the_screen() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        data = b"Content-Type: multipart/alternative;\r\n boundary=x\r\n\r\n" + b"word " * 20 + b"\r\nlast\r\n"
        message = OutgoingMessage("<1@x.example>", "ana@x.example", ("b@x.example",), "Avslått: møte", data)
        desk.messages = lambda item_id, draft: (message,)  # type: ignore[method-assign]
        async with session(desk, (60, 20)) as run:
            await run.press("v")
            shown = [each.strip() for each in run.screen.splitlines()]
            assert "Avslått: møte" in shown
            at = shown.index("│ Content-Type: multipart/alternative;")
            assert shown[at + 1 : at + 3] == ["│  boundary=x", "│"]
            long = shown[at + 3 : shown.index("│ last")]
            assert [each.startswith("│") for each in long] == [True, False]
            assert " ".join(long).split() == ["│", *["word"] * 20]

    play(scenario())


def test_the_reasons_of_the_ladder_stand_below_each_other() -> None:
    async def scenario() -> None:
        async with session(size=(80, 24)) as run:
            await run.press("w")
            lines = run.screen.splitlines()
            at = next(number for number, each in enumerate(lines) if "holds  Call" in each)
            assert lines[at].index("It takes") == len(lines[at + 1]) - len(lines[at + 1].lstrip())

    play(scenario())


def test_the_kind_of_a_sign_is_seen_while_its_note_is_typed() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("j", "C", "n", "t", "tab")
            assert f" {SIGNS[1]}: " in run.screen
            await run.press("tab", "x")
            assert f" {SIGNS[2]}: tx" in " ".join(run.screen.split())
            await run.press("enter")
            assert f"{SIGNS[2]}: tx" in run.screen
            noted = run.desk.book["Acme"].signs[-1]
            assert (noted.sign, noted.note) == (SIGNS[2], "tx")

    play(scenario())


def test_the_outbox_tells_all_of_a_reason_and_of_the_recipients_for_the_chosen_entry() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.fail_delivery = f"The server refused it: {'very ' * 40}firmly."
        async with session(desk) as run:
            await run.press("s")
            run.clock.advance(11)
            await run.until(lambda: run.inbox.outgoing.failures)
            desk.fail_delivery = ""
            await run.settled()
            await run.press("j", "s", "x")
            assert "firmly." not in run.screen
            await run.press("j")
            said = " ".join(run.screen.split())
            assert f"failed: The server refused it: {'very ' * 40}firmly." in said
            assert "To marko@kovin.example" in run.screen
            assert desk.entries[1].id not in run.screen

    play(scenario())


def test_what_a_heading_has_no_room_for_is_marked() -> None:
    async def scenario() -> None:
        async with session(size=(100, 30)) as run:
            await run.press("2", "L", "t", "f")
            [heading] = [each for each in run.screen.splitlines() if "calendar: tent" in each]
            assert heading.endswith("… ──")

    play(scenario())


def test_the_order_of_the_list_is_said() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        async with session(desk) as run:
            assert "11 to decide, 1 to clear, newest first" in run.screen
            desk.change("kovin1", note=AGREED)
            await run.press("R")
            await run.settled()
            assert "1 to clear, agreed, then newest first" in run.screen
        async with session(desk, (40, 20)) as run:
            assert "11 to decide, 1 to clear" in run.screen.splitlines()[0]

    play(scenario())


def test_long_lines_of_help_and_prep_card_go_on_below_their_own_beginning() -> None:
    async def scenario() -> None:
        async with session(size=(40, 20)) as run:
            await run.press("question_mark")
            lines = run.screen.splitlines()
            at = next(number for number, each in enumerate(lines) if each.strip().startswith("s  "))
            assert lines[at].index("Send") == len(lines[at + 1]) - len(lines[at + 1].lstrip())

    play(scenario())


def test_where_only_the_list_fits_a_key_that_changes_the_letter_shows_it() -> None:
    async def scenario() -> None:
        async with session(size=(40, 20)) as run:
            await run.press("2")
            assert "─ A short" in run.screen
            assert "Dear Marko" in run.screen

    play(scenario())


def test_facts_that_are_opened_again_keep_their_column() -> None:
    async def scenario() -> None:
        async with session(size=(40, 20)) as run:
            await run.press("2")
            await run.press("escape", "2")
            lines = run.screen.splitlines()
            at = next(number for number, each in enumerate(lines) if each.startswith(" From"))
            assert lines[at].index("Marko") == len(lines[at + 1]) - len(lines[at + 1].lstrip())

    play(scenario())


@pytest.mark.parametrize("opener", ["question_mark", "v", "w", "T"])
def test_a_page_to_read_is_turned_by_pages_and_from_end_to_end(opener: str) -> None:
    async def scenario() -> None:
        async with session(size=(60, 10)) as run:
            await run.press(opener)
            box = run.app.screen.query_one("#view", VerticalScroll)
            page, end = box.size.height, int(box.max_scroll_y)
            assert page > 3, run.screen
            assert end > 0, run.screen

            async def after(key: str) -> int:
                await run.press(key)
                return int(box.scroll_y)

            for key in ("space", "pagedown"):
                assert await after(key) == min(page, end)
                assert await after("pageup") == 0
            for last, first in (("G", "g"), ("end", "home")):
                assert await after(last) == end
                assert await after(first) == 0

    play(scenario())


@pytest.mark.parametrize("key", ["enter", "v"])
def test_the_outbox_shows_the_message_of_the_chosen_entry(key: str) -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        async with session(desk) as run:
            await run.press("s")
            [entry] = desk.entries
            data = b"Subject: =?utf-8?q?M=C3=B8te?=\r\n\r\n\xe2\x80\xaeas it \x1b]0;was\x07 stored\r\n"
            desk.entries = [dataclasses.replace(entry, state=OutboxState.SENT, data=data)]
            await run.press("x", key)
            assert "As it lies in the outbox (sent)" in run.screen
            assert f"From {entry.sender} to {entry.recipients[0]}" in run.screen
            assert "│ Subject: =?utf-8?q?M=C3=B8te?=" in run.screen
            assert "│ \ufffdas it \ufffd]0;was\ufffd stored" in run.screen
            await run.press(key)
            assert " Outbox " in run.screen

    play(scenario())


def test_an_empty_outbox_has_no_message_to_show() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("x", "v")
            assert "There is no entry here." in run.screen

    play(scenario())


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (OutboxState.ORPHANED, "f2 sends it, c takes it back."),
        (OutboxState.UNKNOWN, "f2 sends it again, unless it is found in Sent; c leaves it at that."),
    ],
)
def test_what_asks_in_the_outbox_names_the_keys_that_answer(state: OutboxState, said: str) -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        async with session(desk, keymap={"outbox_retry": "f2"}) as run:
            await run.press("s", "x")
            assert said not in run.screen
            await run.press("escape")
            desk.entries = [dataclasses.replace(desk.entries[0], state=state, error="It ended.")]
            await run.press("x")
            assert said in run.screen

    play(scenario())


@pytest.mark.parametrize("title", ["Shall we meet at the lighthouse?", "Kovin d.d.", "Coffee"])
def test_a_title_keeps_its_own_full_stop_to_itself(title: str) -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.change("kovin1", summary=title)
        async with session(desk) as run:
            await run.press("m")
            assert run.status == f"Cleared without a reply: “{title}”. z brings it back."
            await run.press("z")
            assert run.status == f"Taken back: “{title}”."
            await run.press("b")
            assert run.status == f"Back tomorrow at 08:00: “{title}”. z brings it back."

    play(scenario())


def test_ctrl_c_says_how_to_quit_and_hides_nothing() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("ctrl+c")
            assert (run.status, run.notices) == ("q quits.", "")
            await run.press("e", "ctrl+c")
            assert (run.status, run.notices) == ("^q quits.", "")
            await run.press("escape", "question_mark", "ctrl+c")
            assert run.notices == ""
        async with session(keymap={"quit": "f10"}) as run:
            await run.press("ctrl+c")
            assert run.status == "f10 quits."

    play(scenario())
