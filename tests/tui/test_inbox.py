"""Reading and answering: what each key does in the inbox."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.widget import Widget

from regrets.domain.cases import Choice, Range
from regrets.domain.events import AccountFailed, SyncFinished
from regrets.domain.model import Method, OutboxState, PartStat, State, Strategy
from regrets.domain.text import NOTHING
from regrets.tui.bridge import SYNC, Noticed
from regrets.tui.widgets.editor import DraftEditor
from tests.tui.fake_desk import NOW, FakeDesk, new_row
from tests.tui.support import Session, play, session


def test_one_key_sends_and_moves_on() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("s")
            assert run.desk.held()[0][:2] == ("kovin1", Strategy.CALL)
            assert run.selected == "acme02"
            assert "1 reply leaves in 10 s · z undo" in run.screen
            assert "10 to decide, 1 to clear" in run.screen
            await run.settled()
            await run.press("s")
            assert [call[0] for call in run.desk.held()] == ["kovin1", "acme02"]
            assert "2 replies leave in" in run.screen

    play(scenario())


def test_ten_keys_answer_ten_invitations_and_the_zero_screen_sums_up() -> None:
    async def scenario() -> None:
        async with session(FakeDesk(items=6)) as run:
            for _ in range(6):
                await run.press("s")
                await run.settled()
            assert len(run.desk.held()) == 6
            assert "All 6 are decided" in run.screen
            assert "4 h 30 won back" in run.screen
            await run.press("z")
            assert run.selected == "clash6"

    play(scenario())


def test_due_replies_leave_when_the_window_ends_and_failures_come_back() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("s")
            run.desk.fail_delivery = "The server refused the recipient [/x]."
            run.clock.advance(11)
            run.inbox.outgoing.tick()
            await run.until(lambda: "refused the recipient" in run.status)
            await run.until(lambda: "kovin1" in [row.id for row in run.inbox.listing.rows])
            assert run.desk.entries[0].state is OutboxState.FAILED
            assert "leaves in" not in run.screen
            await run.press("k")
            assert "Not sent: The server refused the recipient [/x]." in run.screen

    play(scenario())


def test_undo_brings_the_row_back_and_chooses_it() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("j", "s")
            await run.settled()
            assert run.selected == "odega3"
            await run.press("z")
            assert run.selected == "acme02"
            assert run.desk.entries[0].state is OutboxState.CANCELLED
            assert "leaves in" not in run.screen
            await run.press("m", "u")
            assert run.selected == "acme02"
            await run.press("b", "z")
            assert run.selected == "acme02"
            await run.press("z")
            assert "nothing to take back" in run.status

    play(scenario())


def test_undo_says_that_a_later_reply_has_left() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("j", "s")
            await run.settled()
            run.desk.left = "Declined: [/x] Review"
            await run.press("z")
            assert "“Declined: [/x] Review” has left already. Taken back: " in run.status
            assert run.selected == "acme02"

    play(scenario())


def test_send_is_ignored_until_the_letter_is_on_the_screen_and_while_the_key_repeats() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("s")
            await run.settled()
            await run.pilot.press("j")  # a new row, and no time passes
            await run.pilot.press("s")
            assert len(run.desk.held()) == 1
            assert "not on the screen yet" in run.status
            await run.settled()
            await run.pilot.press("s", "s", "s")  # repeats without a pause
            await run.settled()
            assert len(run.desk.held()) == 2

    play(scenario())


def test_what_must_be_confirmed_is_asked_first() -> None:
    async def scenario() -> None:
        async with session() as run:
            run.inbox.move_to(6)
            await run.settled()
            await run.press("s")
            assert run.desk.held() == []
            assert "An answer tells a stranger that this address is read. s again sends it." in run.status
            await run.press("escape", "s")
            assert run.desk.held() == []
            await run.press("s")
            assert ("confirm", "guide7", "unsolicited") in run.desk.calls
            assert run.desk.held()[0][0] == "guide7"

    play(scenario())


def test_a_final_letter_is_not_sent_by_a_key_that_comes_before_its_page_is_seen() -> None:
    async def scenario() -> None:
        async with session() as run:
            run.inbox.move_to(9)
            await run.settled()
            await run.press("s")
            assert run.app.screen._seen
            run.app.screen._seen = False  # as it is before it is painted
            await run.press("c")
            assert run.desk.held() == []
            run.app.screen._seen = True
            await run.press("c")
            assert run.desk.held()[0][:2] == ("abuse0", Strategy.RESPECT)

    play(scenario())


@pytest.mark.parametrize("key", ["2", "l", "d"])
def test_the_letter_that_is_edited_or_viewed_is_that_of_the_strategy_just_chosen(key: str) -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.burst(key, "e")
            await run.until(lambda: run.inbox.draft_pane.editing)
            chosen = run.inbox.replying.work(run.selected).chosen
            letter = run.desk.draft(run.selected, Choice(strategy=chosen)).body
            assert run.inbox.query_one("#editor").text == letter  # type: ignore[attr-defined]
            await run.press("escape", "1")
            await run.burst(key, "v")
            await run.until(lambda: "Subject:" in run.screen)
            assert letter.splitlines()[2][:40] in run.screen

    play(scenario())


def test_what_is_typed_behind_s_is_for_the_next_invitation() -> None:
    async def scenario() -> None:
        async with session() as run:
            first, second = (row.id for row in run.inbox.listing.rows[:2])
            gate = run.desk.hold_gate = threading.Event()
            await run.pilot.press("s", "e", *"Hi! ")
            gate.set()
            await run.until(lambda: run.inbox.draft_pane.editing)
            await run.until(lambda: run.inbox.query_one("#editor").text.startswith("Hi! "))  # type: ignore[attr-defined]
            assert (run.selected, [held[0] for held in run.desk.held()]) == (second, [first])
            await run.press("escape")
            assert not run.inbox.replying.work(first).edits

    play(scenario())


@pytest.mark.parametrize("key", ["m", "b"])
def test_what_is_typed_behind_a_decision_is_for_the_next_invitation(key: str) -> None:
    async def scenario() -> None:
        async with session() as run:
            both = [row.id for row in run.inbox.listing.rows[:2]]
            gate = run.desk.decision_gate = threading.Event()
            await run.pilot.press(key, key)
            gate.set()
            await run.until(lambda: [call[1] for call in run.desk.calls if call[0] in ("dismiss", "snooze")] == both)

    play(scenario())


def test_a_desk_that_is_slow_to_decide_does_not_hold_up_leaving() -> None:
    async def scenario() -> None:
        async with session() as run:
            gate = run.desk.decision_gate = threading.Event()
            await run.pilot.press("m", "j", "ctrl+q")
            await run.until(lambda: run.app.return_code == 0)
            gate.set()

    play(scenario())


def test_a_letter_that_is_being_decided_about_is_not_sent_by_the_mouse_either() -> None:
    async def scenario() -> None:
        async with session() as run:
            gate = run.desk.decision_gate = threading.Event()
            await run.pilot.press("m")
            run.clock.advance(1)
            run.inbox.action_perform("send")
            gate.set()
            await run.until(lambda: not run.app.bridge.busy())
            assert run.desk.held() == []

    play(scenario())


def test_what_was_typed_while_the_editor_had_the_screen_is_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        async with session() as run:

            @contextlib.contextmanager
            def suspend() -> Iterator[None]:
                run.app._driver.send_message(events.Key("m", "m"))  # type: ignore[union-attr]
                yield

            monkeypatch.setattr(run.app, "suspend", suspend)
            monkeypatch.setattr("regrets.tui.external_editor._run", lambda command: "")
            await run.press("E")
            await run.settled()
            assert not [call for call in run.desk.calls if call[0] == "dismiss"]

    play(scenario())


def test_a_letter_counts_as_seen_only_once_the_editor_has_given_the_screen_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scenario() -> None:
        async with session() as run:
            monkeypatch.setattr(run.app, "suspend", contextlib.nullcontext)
            monkeypatch.setattr("regrets.tui.external_editor._run", lambda command: "")
            assert run.inbox.replying.ready(run.selected)
            await run.pilot.press("E")
            assert not run.inbox.replying.ready(run.selected)

    play(scenario())


def test_a_key_is_not_left_behind_where_the_widget_that_it_follows_is_taken_away() -> None:
    async def scenario() -> None:
        async with session() as run:
            lost = Widget()
            await run.inbox.mount(lost)
            run.app._carrier = lost  # a key was given to it, and it tells no more of it
            run.app._driver.send_message(events.Key("m", "m"))  # type: ignore[union-attr]
            await run.until(lambda: run.app.typed)
            await lost.remove()
            await run.until(lambda: "dismiss" in [call[0] for call in run.desk.calls])

    play(scenario())


def test_nobody_in_the_client_book_is_changed_before_it_is_seen() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("C")
            assert run.app.screen._seen
            run.app.screen._seen = False  # as it is before it is painted
            await run.press(*"ajs")
            run.app.screen._seen = True
            await run.press("k")
            assert not {"add_client", "change_client"} & {call[0] for call in run.desk.calls}
            await run.press("a", "s")
            assert {"add_client", "change_client"} <= {call[0] for call in run.desk.calls}

    play(scenario())


def test_final_letters_need_their_own_key() -> None:
    async def scenario() -> None:
        async with session() as run:
            run.inbox.move_to(9)
            await run.settled()
            await run.press("s", "s", "enter")
            assert "No, and no further contact" in run.screen
            assert run.desk.held() == []
            await run.press("escape")
            assert run.app.screen is run.inbox
            await run.settled()
            await run.press("s", "c")
            assert run.desk.held()[0][:2] == ("abuse0", Strategy.RESPECT)

    play(scenario())


def test_a_missing_value_opens_the_editor_at_its_place() -> None:
    async def scenario() -> None:
        async with session() as run:
            run.inbox.move_to(7)
            await run.settled()
            assert run.screen.count("booking") == 2  # said once, beside its place in the letter
            assert "! The letter still lacks: booking." in run.screen
            await run.press("s")
            assert run.inbox.draft_pane.editing
            editor = run.inbox.query_one("#editor")
            line, column = editor.cursor_location  # type: ignore[attr-defined]
            assert editor.document.get_line(line)[column:].startswith("{booking}")  # type: ignore[attr-defined]
            await run.press(*["delete"] * len("{booking}"), "x", "ctrl+s")
            await run.settled()
            await run.press("s")
            assert "book it at x." in str(run.desk.held()[0][2])

    play(scenario())


CHOICES: list[tuple[list[str], Strategy, str]] = [
    (["2"], Strategy.SHORTEN, "tentative, another time"),
    (["l"], Strategy.SHORTEN, "tentative, another time"),
    (["right", "right"], Strategy.DECLINE, "declined"),
    (["h"], Strategy.ACCEPT, "accepted"),
    (["left", "l"], Strategy.CALL, "tentative"),
    (["a"], Strategy.ACCEPT, "accepted"),
    (["d"], Strategy.DECLINE, "declined"),
    (["9"], Strategy.CALL, "tentative"),
    (["0", "j", "enter"], Strategy.SHORTEN, "tentative, another time"),
    (["0", "k", "k", "k", "enter"], Strategy.ACCEPT, "accepted"),
    (["0", "escape"], Strategy.CALL, "tentative"),
    (["d", "1"], Strategy.CALL, "tentative"),
    (["r"], Strategy.CALL, "declined"),
    (["r", "r"], Strategy.CALL, "no answer"),
    (["r", "r", "r"], Strategy.CALL, "accepted"),
    (["r", "2", "1"], Strategy.CALL, "tentative"),
]


@pytest.mark.parametrize(("keys", "strategy", "answer"), CHOICES, ids=[" ".join(c[0]) for c in CHOICES])
def test_choosing_redraws_the_letter_and_s_sends_that_one(keys: list[str], strategy: Strategy, answer: str) -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press(*keys)
            await run.settled()
            assert f"calendar: {answer} ·" in run.screen
            assert run.desk.held() == []
            await run.press("s")
            assert run.desk.held()[0][:2] == ("kovin1", strategy)

    play(scenario())


def test_tone_language_and_reason() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("t", "f", "L")
            assert "Dear Mr Kovač," in run.screen
            assert "Norwegian · formal · with reason" in run.screen
            await run.press("j", "k")
            assert "Norwegian · formal" in run.screen  # kept while one looks elsewhere
            await run.press("t", "f", *["L"] * 5)
            assert "calendar: tentative · English ─" in run.screen

    play(scenario())


def test_how_many_meetings_of_a_series_are_answered_is_shown_and_chosen() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.stored["acme02"] = replace(desk.stored["acme02"], recurrence="FREQ=WEEKLY;COUNT=12")
        async with session(desk) as run:
            await run.press("O")
            assert "This is no series" in run.screen
            await run.press("j")
            assert "all 12 meetings until" in " ".join(run.screen.split())
            await run.press("O")
            assert "This answers 1 meeting" in " ".join(run.screen.split())
            assert "Another one: `regrets reply ID --instance DAY`" in run.screen
            await run.press("O")
            assert "all that follow: the whole series. A later start: `--range following` in the shell." in run.status
            assert "all 12 meetings until" in " ".join(run.screen.split())
            drafts = [call[2] for call in run.desk.calls if call[:2] == ("draft", "acme02")]
            assert drafts[-1].range_ is Range.FOLLOWING
            await run.press("O", "O")
            await run.press("s")
            drafts = [call[2] for call in run.desk.calls if call[:2] == ("draft", "acme02")]
            assert drafts[-1].range_ is Range.THIS
            assert run.desk.held()[0][0] == "acme02"

    play(scenario())


def test_a_key_that_is_held_down_sends_one_letter() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.pilot.press("s")  # and it stays down: repeats begin half a second later
            await run.until(lambda: run.selected == "acme02")
            await run.until(lambda: run.inbox.replying.ready("acme02") or run.clock.advance(0.05))
            for pause in (0.3, *[0.03] * 30):
                run.clock.advance(pause)
                await run.pilot.press("s")
            assert len(run.desk.held()) == 1
            await run.settled()
            await run.press("s")
            assert len(run.desk.held()) == 2

    play(scenario())


def test_all_that_need_no_answer_leave_at_once_and_one_undo_brings_them_back() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.change("none12", state=State.CANCELLED)
        desk.change("guide7", strategy="none")
        async with session(desk) as run:
            await run.press("G")
            assert any("Petra Lah" in line and "cancelled" in line for line in run.screen.splitlines())
            assert "It was cancelled. Nothing to answer: m clears it" in run.screen
            await run.press("s")
            assert run.desk.held() == []
            await run.press("M")
            assert "Cleared 2 that needed no answer. z brings them back." in run.status
            assert {"none12", "guide7"}.isdisjoint(row.id for row in run.inbox.listing.rows)
            await run.press("M")
            assert "nothing to clear" in run.status
            await run.press("z")
            assert len(run.inbox.listing.rows) == 12
            assert "and 1 other" in run.status
            assert run.desk.stored["none12"].state is State.CANCELLED

    play(scenario())


def test_a_letter_that_cant_be_made_says_why_and_is_never_sent() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("0", *["j"] * 6, "enter", "s")
            assert "No report is agreed with this client." in run.screen
            run.inbox.move_to(11)
            await run.settled()
            assert "Nothing to answer: m clears it, M all such." in run.screen
            await run.press("s")
            assert run.desk.held() == []

    play(scenario())


def test_an_edit_is_kept_by_both_keys_and_survives_moving_and_other_strategies() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("e")
            assert "^s Keep the edit" in run.screen
            assert "Send" not in run.screen.splitlines()[-1]
            await run.press("X", "s", "ctrl+s")
            assert "XsDear Marko" in run.screen
            assert run.desk.held() == []
            await run.press("j", "k")
            assert "XsDear Marko" in run.screen
            await run.press("2")
            assert "25 minutes" in run.screen
            assert "edited text is kept" in run.status
            await run.press("e", "ctrl+z", "escape")  # the editor's own undo brings the edit back
            assert "XsDear Marko" in run.screen
            await run.press("e")
            run.inbox.query_one(DraftEditor).clear()
            await run.press("escape")  # emptied: the drafted letter of this strategy
            assert "25 minutes" in run.screen
            await run.press("1")
            assert "XsDear Marko" in run.screen
            await run.settled()
            await run.press("s")
            assert str(run.desk.held()[0][2]).startswith("XsDear Marko")

    play(scenario())


def test_an_edit_never_lands_on_another_invitation() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("e", "X")
            run.desk.change("kovin1", state=State.DISMISSED)  # cleared elsewhere meanwhile
            run.inbox.reload()
            await run.until(lambda: run.selected == "acme02")
            await run.settled()
            assert not run.inbox.draft_pane.editing
            assert "XDear" not in run.screen
            assert "Dear Anna" in run.screen

    play(scenario())


def test_the_external_editor_gets_a_private_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import contextmanager

    script = tmp_path / "editor"
    script.write_text(
        f'#!/bin/sh\nstat -c %a "$1" > {tmp_path}/mode\necho "$1" > {tmp_path}/name\necho Hello > "$1"\n'
    )
    script.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(script))
    monkeypatch.delenv("VISUAL", raising=False)

    async def scenario() -> None:
        async with session() as run:
            await run.press("E")
            assert "can't be lent to an editor" in run.status  # headless

            @contextmanager
            def suspend():  # type: ignore[no-untyped-def]
                yield

            monkeypatch.setattr(run.app, "suspend", suspend)
            await run.press("E")
            await run.settled()
            assert " Hello" in run.screen
            await run.press("s")
            assert run.desk.held()[0][2] == "Hello"

    play(scenario())
    assert (tmp_path / "mode").read_text().strip() == "600"
    assert not Path((tmp_path / "name").read_text().strip()).exists()


def test_moving_about() -> None:
    async def scenario() -> None:
        async with session() as run:
            seen = []
            for key in ("j", "down", "k", "up", "up", "G", "j", "g", "end", "home", "n"):
                await run.press(key)
                seen.append(run.inbox.listing.cursor)
            assert seen == [1, 2, 1, 0, 0, 11, 11, 0, 11, 0, 1]
            await run.press("G", "n")
            assert run.selected == "kovin1"
            await run.press("J")
            assert run.inbox.query_one("#letter").scroll_offset.y > 0
            await run.press("K")
            assert run.inbox.query_one("#letter").scroll_offset.y == 0

    play(scenario())


def test_dismiss_and_snooze() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("m")
            assert run.desk.stored["kovin1"].state is State.DISMISSED
            assert "Cleared without a reply: “Quarterly review with Kovin”. z brings it back." in run.status
            await run.press("b")
            morning = dt.datetime(2026, 11, 24, 8, tzinfo=NOW.tzinfo)
            assert ("snooze", "acme02", morning) in run.desk.calls
            assert run.selected == "odega3"
            assert run.desk.held() == []

    play(scenario())


LETTER_KEYS = ("1", "2", "9", "l", "h", "r", "O", "t", "L", "f", "e", "E", "v", "s")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"state": State.CANCELLED, "strategy": "none"}, "It was cancelled. Nothing to answer: m clears it"),
        ({"method": "REPLY", "strategy": "none"}, "Nothing to answer: m clears it"),
        (
            {"state": State.UNREADABLE, "strategy": ""},
            "It can't be read, so there is nothing to answer: m clears it.",
        ),
    ],
)
def test_where_there_is_no_letter_every_key_for_it_says_why(changes: dict[str, Any], why: str) -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.change("kovin1", alternatives=(), **changes)
        async with session(desk) as run:
            for key in LETTER_KEYS:
                run.clock.advance(1)
                await run.press(key)
                assert why in run.status, key
                await run.press("w", "escape")
                assert run.status == ""
            assert desk.held() == []

    play(scenario())


def test_on_an_empty_list_every_key_for_an_invitation_says_so() -> None:
    async def scenario() -> None:
        async with session(FakeDesk(items=0)) as run:
            for key in (*LETTER_KEYS, "a", "d", "0", "w", "p", "m", "b"):
                await run.press(key)
                assert run.status == "There is no invitation here.", key
                run.inbox.say(NOTHING)

    play(scenario())


def test_find_as_you_type() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("slash", "y", "ı", "l")
            assert [row.id for row in run.inbox.listing.rows] == ["sule04"]
            assert "1 of 12 match “yıl”" in run.screen
            await run.press("escape")
            assert len(run.inbox.listing.rows) == 12
            assert run.selected == "sule04"  # the chosen one stays
            await run.press("slash", *"zzz")
            assert "Nothing matches “zzz”" in run.screen
            await run.press("escape", "slash", *"sync", "enter", "s")
            assert run.desk.held()[0][0] == "acme02"
            assert "Nothing matches" in run.screen
            await run.press("z")  # what comes back is shown, search or not
            assert run.selected == "acme02"
            await run.press("escape")
            assert len(run.inbox.listing.rows) == 12

    play(scenario())


def test_new_arrivals_never_move_the_chosen_row() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("j", "j", "j")
            invites = run.inbox.query_one("#list")
            before = run.inbox.listing.cursor - invites.scroll_offset.y
            run.desk.arriving = [
                new_row(f"fresh{number}", f"Fresh {number}", NOW + dt.timedelta(minutes=number))
                for number in range(3)
            ]
            await run.press("R")
            await run.until(lambda: "14 to decide, 1 to clear" in run.screen)
            assert run.selected == "sule04"
            assert run.inbox.listing.cursor == 6
            assert run.inbox.listing.cursor - invites.scroll_offset.y == before
            assert "synced 07:58" in run.screen

    play(scenario())


def test_sync_shows_progress_and_one_line_for_a_fault() -> None:
    import threading

    async def scenario() -> None:
        desk = FakeDesk()
        async with session(desk, sync_on_start=False) as run:
            desk.sync_gate = threading.Event()
            desk.sync_error = "The server imap.example does not answer. Replies wait in the outbox."
            await run.pilot.press("R")
            await run.until(lambda: "checking… 40/312" in run.screen)
            await run.press("j", "R")  # usable meanwhile; a second pass isn't started
            assert run.selected == "acme02"
            desk.sync_gate.set()
            await run.until(lambda: "does not answer" in run.status)
            assert "not synced 07:58" in run.screen
            assert desk.calls.count(("sync",)) == 1
            await run.press("j")
            assert run.selected == "odega3"

    play(scenario())


def test_a_line_that_failed_is_tried_again_by_itself_less_and_less_often() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.sync_error, desk.sync_again = "The line broke.", 15.0
        async with session(desk, sync_on_start=False) as run:
            await run.press("R")
            await run.until(lambda: "not synced 07:58, next try in 1" in run.screen)
            seconds = int(run.screen.partition("next try in ")[2].partition(" s\n")[0])
            run.clock.advance(5)
            run.inbox.syncing.tick()
            await run.until(lambda: f"next try in {seconds - 5} s\n" in run.screen)
            run.clock.advance(-5)
            assert "The line broke." in run.status
            await run.press("j")
            for passes, wait in ((2, 15), (3, 30), (4, 60)):  # and what is known already is not said again
                run.clock.advance(wait - 2)
                run.inbox.syncing.tick()
                assert len([call for call in desk.calls if call[0] == "sync"]) == passes - 1
                run.clock.advance(4)
                run.inbox.syncing.tick()
                await run.until(lambda: not run.inbox.syncing.running)
                assert desk.calls.count(("sync", "work")) == passes - 1
                assert run.status == ""
            await run.until(lambda: "next try 08:00" in run.screen)
            desk.sync_error = ""
            run.clock.advance(121)
            run.inbox.syncing.tick()
            await run.until(lambda: "  synced 07:58\n" in run.screen)
            run.clock.advance(10_000)
            run.inbox.syncing.tick()
            assert len([call for call in desk.calls if call[0] == "sync"]) == 5

    play(scenario())


def test_an_error_that_is_no_longer_true_is_taken_back() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.sync_error, desk.sync_again = "The line broke.", 300.0
        async with session(desk, sync_on_start=False) as run:
            await run.press("R")
            await run.until(lambda: "next try 08:03" in run.screen and "The line broke." in run.status)
            desk.sync_error = ""
            run.clock.advance(301)
            run.inbox.syncing.tick()
            await run.until(lambda: not run.inbox.syncing.running and run.status == "")

    play(scenario())


def test_a_password_that_no_keyring_keeps_is_typed_unseen_for_this_run() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.keyring_is_empty = True
        async with session(desk, sync_on_start=False) as run:
            await run.press("R")
            await run.until(lambda: "No keyring keeps the password of work." in run.screen)
            assert "ana at imap.studio.example:" in run.screen
            await run.pilot.press(*"wrong")
            assert "wrong" not in run.screen
            await run.pilot.press("enter")
            await run.until(lambda: "refused the login" in run.status)
            await run.until(lambda: desk.typed == "")  # forgotten: the next R asks anew
            await run.press("R")
            await run.until(lambda: "No keyring keeps" in run.screen)
            await run.pilot.press("escape")
            await run.until(lambda: "No keyring keeps" not in run.screen)
            await run.press("R")
            await run.until(lambda: "No keyring keeps" in run.screen)
            await run.pilot.press(*"right", "ctrl+a", "ctrl+c", "enter")
            await run.until(lambda: "  synced 07:58" in run.screen)
            assert ("type_password", "work", "right") in desk.calls
            assert run.app.clipboard == ""

    play(scenario())


def test_what_is_typed_for_an_editor_that_opens_becomes_no_password() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        async with session(desk, sync_on_start=False) as run:
            await run.press("j")
            gate = desk.case_gate = threading.Event()
            await run.pilot.press("k", "down", "down", "down", "e")
            assert run.inbox.replying.editing.opening
            lacking = SyncFinished("work", 0, 0, 0, 0, ("No password.",), no_password=True)
            run.inbox.syncing._passwords.finished([lacking], ask=True)
            await run.until(lambda: not run.app.bridge.busy(SYNC))
            await run.pilot.press(*"Dear", "enter")
            assert run.app.screen is run.inbox
            gate.set()
            await run.until(lambda: run.inbox.draft_pane.editing)
            assert desk.typed == ""

    play(scenario())


def test_what_is_typed_into_a_letter_never_becomes_a_password() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.keyring_is_empty, desk.sync_gate = True, threading.Event()
        async with session(desk, sync_on_start=False) as run:
            await run.pilot.press("R")
            await run.press("e")
            desk.sync_gate.set()
            await run.until(lambda: "No password is in the keyring" in run.status)
            run.inbox.syncing.tick()
            await run.pilot.press(*"Anna", "enter")
            assert "No keyring keeps" not in run.screen
            await run.press("escape")
            run.inbox.syncing.tick()
            await run.until(lambda: "No keyring keeps" in run.screen)
            assert desk.typed == ""

    play(scenario())


def test_quitting_with_an_edit_that_is_not_sent_is_told_once() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("e", *"Ahoj ", "escape")
            await run.press("q")
            assert "1 edited reply is not sent: q again leaves without." in run.status
            assert run.app.return_code is None
            await run.until(lambda: not run.app.bridge.busy())  # a look into the outbox would be waited for
            await run.pilot.press("q")
            await run.until(lambda: run.app.return_code == 0)

    play(scenario())


def test_a_window_that_shrinks_leaves_the_editor_its_keys() -> None:
    async def scenario() -> None:
        async with session(size=(120, 40)) as run:
            await run.press("e", *"Ahoj")
            await run.pilot.resize_terminal(40, 10)
            await run.pilot.press(*"pmtM")
            await run.until(lambda: "AhojpmtM" in run.screen)
            assert not {"prep", "dismiss", "clear"} & {call[0] for call in run.desk.calls}

    play(scenario())


def test_where_one_pane_fits_e_shows_what_it_edits() -> None:
    async def scenario() -> None:
        async with session(size=(40, 10)) as run:
            await run.press("e", *"Ahoj")
            assert "Ahoj" in run.screen

    play(scenario())


def test_while_a_server_is_given_a_reply_it_says_so() -> None:
    from regrets.domain.events import OutboxChanged

    async def scenario() -> None:
        async with session() as run:
            run.inbox.syncing.noticed(OutboxChanged("x", "kovin1", OutboxState.SENDING))
            await run.until(lambda: "Sending…" in run.screen)
            run.inbox.syncing.noticed(OutboxChanged("x", "kovin1", OutboxState.SENT))
            await run.until(lambda: "Sending…" not in run.screen)
            await run.settled()

    play(scenario())


def test_a_typed_password_outlives_a_folder_that_is_refused() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.keyring_is_empty, desk.folder_error = True, "The folder Nothing can't be opened."
        async with session(desk, sync_on_start=False) as run:
            await run.press("R")
            await run.until(lambda: "No keyring keeps" in run.screen)
            await run.pilot.press(*"right", "enter")
            await run.until(lambda: "can't be opened" in run.status)
            await run.settled()
            assert desk.typed == "right"

    play(scenario())


def test_a_typed_password_that_is_refused_later_is_forgotten_too() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.keyring_is_empty = True
        async with session(desk, sync_on_start=False) as run:
            await run.press("R")
            await run.until(lambda: "No keyring keeps" in run.screen)
            desk.sync_error, desk.sync_again = "The line broke.", 15.0
            await run.pilot.press(*"wrong", "enter")
            await run.until(lambda: "The line broke." in run.status)
            desk.sync_error = ""
            run.clock.advance(16)
            run.inbox.syncing.tick()
            await run.until(lambda: "refused the login" in run.status and desk.typed == "")

    play(scenario())


def test_an_account_that_is_tried_again_by_itself_is_not_forgotten_over_another_one() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.second_account_again = 15.0
        async with session(desk, sync_on_start=False) as run:
            await run.press("R")
            await run.until(lambda: "next try" in run.screen)
            run.inbox.syncing._look(("work",))
            await run.until(lambda: not run.inbox.syncing.running)
            assert "next try" in run.screen
            run.clock.advance(16)
            run.inbox.syncing.tick()
            await run.until(lambda: ("sync", "home") in desk.calls)

    play(scenario())


def test_a_refused_login_is_never_tried_again_by_itself() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.sync_error = "The server refused the login."
        async with session(desk, sync_on_start=False) as run:
            await run.press("R")
            await run.until(lambda: "refused the login" in run.status)
            assert "next try" not in run.screen
            run.clock.advance(100_000)
            run.inbox.syncing.tick()
            assert desk.calls.count(("sync",)) == 1

    play(scenario())


def test_a_refused_reply_stays_on_the_list_with_the_reason() -> None:
    async def scenario() -> None:
        async with session() as run:
            run.desk.hold_error = "The disk is full."
            await run.press("s")
            assert run.selected == "kovin1"
            assert "Not queued: The disk is full." in run.status
            run.desk.hold_error = ""
            await run.press("s")
            assert len(run.desk.entries) == 1

    play(scenario())


def test_stale_answers_are_dropped() -> None:
    import threading

    async def scenario() -> None:
        desk = FakeDesk()
        desk.case_gate = threading.Event()
        async with session(desk, settle=False) as run:
            await run.pilot.press("j", "j", "j")
            await run.pilot.press("s")
            desk.case_gate.set()
            await run.settled()
            assert "Dear Şule" in run.screen
            assert run.desk.held() == []
            cases = [call[1] for call in desk.calls if call[0] == "case"]
            assert "odega3" not in cases  # asked for and given up before its turn

    play(scenario())


def test_an_unreadable_item_and_the_empty_list() -> None:
    async def scenario() -> None:
        desk = FakeDesk(items=1)
        desk.change(
            "kovin1", state=State.UNREADABLE, error_code="broken-calendar", error="The calendar part ends early."
        )
        async with session(desk) as run:
            assert "! The calendar part ends early." in run.screen
            await run.press("s", "e")
            assert desk.held() == []
            await run.press("m")
            assert "The one invitation is decided." in run.screen
            for key in "smbewvtrfL0129adhlnJKgG":
                await run.press(key)
            await run.press("enter", "escape", "R")
        async with session(FakeDesk(items=0)) as run:
            assert "No invitation is waiting for an answer." in run.screen
            assert "R check again" in run.screen

    play(scenario())


async def _leave(run: Session, *keys: str) -> None:
    for key in keys:
        await run.pilot.press(key)
    await run.until(lambda: run.app._exit, "the program has ended")


@pytest.mark.parametrize(
    ("key", "state"),
    [("s", OutboxState.SENT), ("k", OutboxState.KEPT), ("d", OutboxState.CANCELLED)],
)
def test_quitting_asks_about_replies_that_have_not_left(key: str, state: OutboxState) -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("s", "q")
            assert "1 reply has not left yet." in run.screen
            await run.press("escape")
            assert not run.app._exit
            await run.press("q")
            await _leave(run, key)
            assert run.desk.entries[0].state is state

    play(scenario())


def test_no_reply_leaves_while_it_is_asked_what_shall_become_of_it() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("s", "q")
            run.clock.advance(60)
            run.inbox.outgoing.tick()
            await run.until(lambda: not run.app.bridge.busy())
            assert run.desk.entries[0].state is OutboxState.HELD
            await _leave(run, "d")
            assert run.desk.entries[0].state is OutboxState.CANCELLED

    play(scenario())


def test_what_quitting_loses_is_said_also_where_it_asks_about_replies() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("s", "e", *"Ahoj", "ctrl+q")
            assert "1 reply has not left yet." in run.screen
            assert "1 edited reply is lost by leaving." in run.screen

    play(scenario())


def test_the_message_as_it_would_go_out() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.press("v")
            assert "From ana@studio.example to marko@kovin.example" in run.screen
            assert "Subject: Re: Quarterly review with Kovin" in run.screen
            await run.press("v")
            assert run.app.screen is run.inbox

    play(scenario())


def test_the_effect_words_cover_every_effect() -> None:
    from regrets.domain.model import Effect
    from regrets.tui.words import effect_words

    assert effect_words(Effect(None, None)) == "no answer"
    assert effect_words(Effect(Method.COUNTER, PartStat.TENTATIVE)) == "tentative, another time"
    assert effect_words(Effect(Method.REPLY, PartStat.DELEGATED)) == "delegated"


def test_what_is_wrong_in_the_users_own_files_is_told_once() -> None:
    async def scenario() -> None:
        async with session() as run:
            run.desk.wrong = ["Calendar “a”: can't be read.", "Calendar “b”: can't be read."]
            await run.press("R")
            await run.until(lambda: "Calendar “a”: can't be read. (1 more fault)" in run.status)
            await run.press("j", "R")
            await run.settled()
            assert "Calendar" not in run.status

    play(scenario())


def test_keys_that_come_together_belong_to_the_field_that_the_first_of_them_opens() -> None:
    async def scenario() -> None:
        async with session() as run:
            await run.burst(*"/sync")
            assert [row.id for row in run.inbox.listing.rows] == ["acme02"]
            assert run.inbox.query_one("#find").value == "sync"
            await run.burst("enter", *"e", *"Hi! ", "ctrl+s", "t")  # the last is a command again
            await run.until(lambda: run.inbox.replying.work("acme02").loaded)
            await run.settled()
            assert "Hi! Dear Anna Virtanen," in next(iter(run.inbox.replying.work("acme02").edits.values()))
            assert "Dear Mr Virtanen," in run.screen
            assert run.desk.held() == []
            await run.burst("C")
            await run.until(lambda: "Client book ─" in run.screen and "reading" not in run.screen)
            await run.burst(*"ntalk")
            assert run.app.screen.query_one("#note-field").value == "talk"

    play(scenario())


def test_keys_before_the_inbox_is_whole_wait_for_it() -> None:
    async def scenario() -> None:
        async with session(settle=False) as run:
            await run.burst(*"/bam", "backspace")  # b and m would be commands
            await run.settled()
            assert run.inbox.query_one("#find").value == "ba"
            assert not [call for call in run.desk.calls if call[0] in ("snooze", "dismiss")]

    play(scenario())


def test_e_before_the_letter_is_here_opens_the_editor_with_it_and_what_is_typed_meanwhile() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        async with session(desk) as run:
            await run.press("j")
            gate = desk.case_gate = threading.Event()
            await run.pilot.press("k", "down", "down", "down")
            before = run.selected
            await run.pilot.press("e", "m", "s", "M")
            assert "The letter is being read" in run.status
            gate.set()
            await run.until(lambda: run.inbox.draft_pane.editing)
            await run.until(lambda: run.inbox.query_one("#editor").text.startswith("msMDear"))
            assert (run.selected, run.desk.held()) == (before, [])
            assert not [call for call in desk.calls if call[0] in ("dismiss", "clear")]

    play(scenario())


def test_what_needs_no_answer_is_counted_apart() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        for item in ("acme02", "odega3"):
            desk.stored[item] = replace(desk.stored[item], strategy="none")
        async with session(desk) as run:
            assert "9 to decide, 3 to clear" in run.screen

    play(scenario())


def test_what_is_told_while_the_widgets_are_taken_down_ends_nothing() -> None:
    async def scenario() -> None:
        async with session(sync_on_start=False) as run:
            pass
        run.app._noticed(Noticed(AccountFailed("work", "The line broke.")))

    play(scenario())
