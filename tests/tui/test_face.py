"""How it looks: stored screens, arrangements, footers, hostile text, help, palette, themes, quitting."""

from __future__ import annotations

import dataclasses
import re
import threading
import time
from pathlib import Path

import pytest
from textual import events
from textual.command import CommandList

from regrets.domain.actions import ACTIONS
from regrets.domain.cases import ABOUT, Case, Glance
from regrets.domain.model import OutboxState
from regrets.tui.app import RegretsApp, run
from regrets.tui.preferences import Preferences
from tests.tui.fake_desk import NOW, ZONE, FakeDesk
from tests.tui.support import Session, assert_golden, play, session

HOSTILE = (
    "[/x][bold red]b[/] [@click=app.quit]go[/] [link=http://evil]hi[/link] [JIRA-123] $HOME "
    "\x1b]52;c;cm0=\x07\x1b]0;OWNED\x1b\\\x1b[2J\x1b[?1049l \x9b31m\x9d0;x \x00\x08\r\n\u202e\u2066\u200b\ufeff\u2028"
)


@pytest.mark.parametrize(
    ("name", "size", "keys"),
    [
        ("inbox-80x24", (80, 24), []),
        ("inbox-120x40", (120, 40), ["j", "j", "j", "j", "j"]),
        ("inbox-60x18", (60, 18), []),
        ("single-40x10", (40, 10), []),
        ("single-open-40x10", (40, 10), ["enter"]),
        ("held-80x24", (80, 24), ["s"]),
        ("editor-80x24", (80, 24), ["e"]),
        ("zoom-80x24", (80, 24), ["enter"]),
        ("why-80x24", (80, 24), ["w"]),
        ("chooser-80x24", (80, 24), ["0"]),
        ("outbox-80x24", (80, 24), ["s", "x"]),
        ("quit-80x24", (80, 24), ["s", "q"]),
        ("help-120x40", (120, 40), ["question_mark"]),
        ("find-80x24", (80, 24), ["slash", "k", "o", "v"]),
    ],
)
def test_screens_are_as_stored(name: str, size: tuple[int, int], keys: list[str]) -> None:
    async def scenario() -> None:
        async with session(size=size) as running:
            await running.press(*keys)
            await running.settled()
            assert_golden(name, running.screen)

    play(scenario())


def test_ascii_symbols_draw_no_box() -> None:
    async def scenario() -> None:
        async with session(symbols="ascii") as running:
            own = running.screen.replace("Kovač", "").replace("ţ", "")
            assert not re.search("[▌▸↻─·…▏]", own), own

    play(scenario())


@pytest.mark.parametrize(
    "size", [(1, 1), (3, 2), (24, 6), (23, 30), (40, 10), (59, 30), (100, 18), (300, 5), (240, 80)]
)
def test_no_size_crashes_and_no_line_is_too_long(size: tuple[int, int]) -> None:
    from rich.cells import cell_len

    async def scenario() -> None:
        desk = FakeDesk()
        desk.change("kovin1", summary="会議 🎉 " * 60, organizer_name="李" * 100)
        desk.change("acme02", summary="x" * 300)
        async with session(desk, size=size) as running:
            await running.press("j", "k", "enter", "s", "e", "escape", "escape")
            for other in ((80, 24), (120, 40), (10, 3), size):
                await running.pilot.resize_terminal(*other)
                await running.pilot.pause()
                assert all(cell_len(line) <= other[0] for line in running.screen.splitlines())

    play(scenario())


def test_where_one_pane_fits_the_first_s_opens_the_letter() -> None:
    async def scenario() -> None:
        async with session(size=(40, 10)) as running:
            await running.press("s")
            assert running.desk.held() == []
            assert "Dear Marko" in running.screen
            await running.settled()
            await running.press("s")
            assert len(running.desk.held()) == 1

    play(scenario())


def test_hostile_text_stays_text_everywhere(capfd: pytest.CaptureFixture[str]) -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.change(
            "kovin1", summary=HOSTILE, organizer_name=HOSTILE, organizer_address=HOSTILE, location=HOSTILE,
            reasons=(HOSTILE,), warnings=("sender-mismatch", HOSTILE),
        )  # fmt: skip
        desk.sync_error = HOSTILE
        async with session(desk, size=(120, 40)) as running:
            shots = [running.screen]
            for key in ("s", "enter", "enter", "w", "escape", "v", "escape", "e", "escape", "s", "s", "x", "escape"):
                await running.press(key)
                shots.append(running.screen)
            desk.fail_delivery = HOSTILE
            running.clock.advance(11)
            running.inbox.outgoing.tick()
            await running.until(lambda: "was not sent" in running.status)
            shots += [running.screen, running.app.export_screenshot()]
            for keys in (["x"], ["escape", "m"], ["z"], ["slash", *"jira", "enter"]):
                await running.press(*keys)
                shots.append(running.screen)
            everything = "\n".join(shots)
            assert not re.search(
                "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff\u2028]", everything
            )
            assert "[/x][bold red]b[/]" in everything
            assert "[JIRA-123]" in everything

    play(scenario())
    out = capfd.readouterr()
    assert "OWNED" not in out.out + out.err


def test_hostile_text_in_the_palette_and_notices() -> None:
    async def scenario() -> None:
        async with session(keymap={"[/x]": "q", "send": "[/b]"}) as running:
            await running.until(lambda: "[/x]" in running.screen and "[/b]" in running.notices)
            await running.press("ctrl+p", *"send the")
            await running.until(lambda: "Send the shown reply and go to the next  s" in running.screen)

    play(scenario())


def test_every_action_has_a_command_and_is_in_help_and_palette() -> None:
    from regrets.tui.palette import ActionProvider
    from regrets.tui.screens.help import key_table

    async def scenario() -> None:
        async with session() as running:
            wanted = {action.id for action in ACTIONS if action.place == "inbox"}
            assert wanted == set(running.inbox.commands)
            table = "\n".join(each.plain for each in key_table(running.app.keymap, 200))
            provider = ActionProvider(running.inbox)
            palette = [text for text, _, _ in provider._commands()]
            for action in ACTIONS:
                assert action.title in table
                assert action.id == "palette" or action.place not in ("inbox", "anywhere") or action.title in palette
            await running.press("question_mark")
            assert "Keys" in running.screen
            await running.press("question_mark", "f1", "q")
            assert running.app.screen is running.inbox

    play(scenario())


def test_the_palette_runs_actions_and_switches_themes() -> None:
    async def scenario() -> None:
        async with session() as running:
            await running.press("ctrl+p", *"regrets-light")
            await running.until(lambda: "Theme: regrets-light" in running.screen)
            await running.press("enter")
            await running.until(lambda: running.app.theme == "regrets-light")
            await running.until(lambda: running.app.screen is running.inbox)
            await running.press("ctrl+p", *"no reply needed")
            await running.until(lambda: "No reply needed  m" in running.screen)
            await running.press("enter")
            await running.until(lambda: ("dismiss", "kovin1") in running.desk.calls)

    play(scenario())


def test_keys_that_are_faster_than_the_palette_end_nothing() -> None:
    async def scenario() -> None:
        async with session() as running:
            await running.press("ctrl+p")
            await running.until(lambda: "Send the shown reply" in running.screen)
            commands = running.app.screen.query_one(CommandList)
            running.app.screen.remove_class("-ready")  # as it is until all commands are found
            await running.until(lambda: not commands.scrollable_content_region, "it is not laid out")
            commands.clear_options().add_options(["one", "two"]).highlighted = 0
            await running.press("pagedown", "pageup")
            running.app.screen.add_class("-ready")
            await running.until(lambda: "two" in running.screen)
            await running.press("pagedown")
            assert commands.highlighted == 1

    play(scenario())


def test_clicks_that_are_faster_than_the_palette_close_it_once() -> None:
    async def scenario() -> None:
        async with session() as running:
            await running.press("ctrl+p")
            await running.until(lambda: "Send the shown reply" in running.screen)
            click_twice(running, 1, 1)
            await running.until(lambda: running.app.screen is running.inbox)
            await running.press("j")
            assert running.app.screen_stack == [running.inbox]

    play(scenario())


def test_two_clicks_on_a_command_run_it_once() -> None:
    async def scenario() -> None:
        async with session() as running:
            await running.press("ctrl+p", *"no reply needed")
            await running.until(lambda: "No reply needed  m" in running.screen)
            lines = running.screen.splitlines()
            click_twice(running, 6, next(y for y, line in enumerate(lines) if "No reply needed  m" in line))
            await running.until(lambda: ("dismiss", "kovin1") in running.desk.calls)
            await running.press("j")
            assert [call for call in running.desk.calls if call[0] == "dismiss"] == [("dismiss", "kovin1")]

    play(scenario())


def click_twice(running: Session, x: int, y: int) -> None:
    """In one burst."""
    for kind in (events.MouseDown, events.MouseUp) * 2:
        running.app._driver.send_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))  # type: ignore[union-attr]


def test_keys_can_be_changed_and_clashes_are_told_once() -> None:
    async def scenario() -> None:
        async with session(keymap={"send": "ş,f5", "dismiss": "e"}) as running:
            await running.until(lambda: "e is now dismiss, no longer edit" in running.notices)
            assert len(running.app._notifications) == 1
            await running.press("s")
            assert running.desk.held() == []
            await running.press("f5")
            assert len(running.desk.held()) == 1
            await running.press("e")
            assert ("dismiss", "acme02") in running.desk.calls
            assert "ş Send" in running.screen

    play(scenario())


def test_clicks_choose_open_and_press() -> None:
    async def scenario() -> None:
        async with session() as running:
            await running.pilot.click("#list", offset=(10, 2))
            await running.settled()
            assert running.selected == "odega3"
            await running.pilot.click("#list", offset=(10, 2))
            await running.settled()
            assert running.inbox.zoomed
            footer = running.screen.splitlines()[-1]
            await running.pilot.click("KeyFooter", offset=(footer.index("? Help"), 0))
            await running.pilot.pause()
            assert "Until its time is over" in running.screen

    play(scenario())


def test_the_outbox_retries_and_cancels() -> None:
    async def scenario() -> None:
        async with session() as running:
            await running.press("s")
            running.desk.fail_delivery = "No connection."
            running.clock.advance(11)
            running.inbox.outgoing.tick()
            await running.until(lambda: "No connection." in running.status)
            await running.press("x")
            await running.until(lambda: "failed" in running.screen and "No connection." in running.screen)
            running.desk.fail_delivery, running.desk.retry_note = "", "Sent could not be looked into."
            await running.press("r")
            await running.until(lambda: running.desk.entries[0].state is OutboxState.SENT)
            await running.until(lambda: "Sent could not be looked into." in running.screen)
            await running.until(lambda: " sent " in running.screen)
            await running.press("escape", "j")
            await running.settled()
            await running.press("s", "x", "c")
            await running.until(lambda: running.desk.entries[0].state is OutboxState.CANCELLED)

    play(scenario())


def test_what_was_left_from_before_is_named_at_start() -> None:
    import dataclasses

    async def scenario() -> None:
        desk = FakeDesk()
        async with session(desk) as running:
            await running.press("s")
        desk.entries = [dataclasses.replace(desk.entries[0], state=OutboxState.ORPHANED)]
        async with session(desk, sync_on_start=False) as running:
            assert "1 reply from before asks to be decided: x." in running.status

    play(scenario())


def test_quitting_is_quick_even_during_a_sync_and_closes_the_desk() -> None:
    desk = FakeDesk()
    desk.sync_gate = threading.Event()
    app = RegretsApp(lambda: desk, Preferences(zone=ZONE, now=lambda: NOW))

    async def scenario() -> float:
        import asyncio

        async with app.run_test() as pilot:
            while ("sync",) not in desk.calls or app.bridge.busy("post"):
                await pilot.pause(0.01)
            await pilot.press("q")
            start = time.process_time(), time.monotonic()
            while not app._exit:
                await asyncio.sleep(0)
        assert app.bridge.finish(2.0)  # the stop event ends the sync
        return time.monotonic() - start[1]

    import asyncio

    assert asyncio.run(scenario()) < 2.0  # generous: the sync itself would never end


def test_where_nothing_can_be_written_nothing_is_asked_of_the_workers() -> None:
    desk = FakeDesk()
    desk.read_only = "Read-only: nothing can be written in /data: nothing is sent."

    async def scenario() -> None:
        async with session(desk) as running:
            assert "READ-ONLY" in running.screen
            assert desk.read_only[:60] in running.screen
            assert {call[0] for call in desk.calls} <= {"rows", "case", "objections", "draft"}

    play(scenario())


def test_run_closes_the_desk_and_passes_on_what_opening_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    from regrets.domain.errors import StoreError

    def broken() -> FakeDesk:
        raise StoreError("The database is newer than this program.", "Update regrets.")

    with pytest.raises(StoreError):
        run(broken, Preferences())
    desk = FakeDesk()
    monkeypatch.setattr(RegretsApp, "run", lambda self, **options: 0)
    assert run(lambda: desk, Preferences()) == 0
    assert desk.closed


def test_a_crash_never_prints_the_values_of_variables(capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario() -> None:
        async with session() as running:
            try:
                secret = "canary-7f3a"  # noqa: F841 (what must not be printed)
                raise KeyError("boom [/x]")
            except KeyError:
                running.app._fatal_error()
            (shown,) = running.app._exit_renderables
            assert "boom [/x]" in str(shown)
            assert "canary-7f3a\n" not in str(shown).replace('secret = "canary-7f3a"', "")
            assert "locals" not in str(shown)
            running.app._exit_renderables.clear()

    play(scenario())


def test_a_fault_in_a_worker_is_one_line_and_the_face_lives_on() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        async with session(desk) as running:
            monkey = desk.dismiss
            desk.dismiss = lambda item_id: 1 / 0  # type: ignore[assignment, method-assign]
            await running.press("m")
            assert "Unexpected fault (ZeroDivisionError)" in running.status
            desk.dismiss = monkey  # type: ignore[method-assign]
            await running.press("m")
            assert ("dismiss", "kovin1") in desk.calls
            assert len(running.app.bridge.unexpected) == 1
            running.app.bridge.unexpected.clear()

    play(scenario())


def test_nothing_heavy_is_imported_for_the_first_screen() -> None:
    import subprocess
    import sys

    code = (
        "import sys, regrets.tui.app\n"
        "heavy = {'icalendar','imapclient','pydantic','jinja2','keyring','babel','holidays','numpy','sqlite3'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_only_the_bridge_touches_threads_and_no_widget_takes_markup() -> None:
    root = Path(__file__).parents[2] / "src" / "regrets" / "tui"
    sources = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*.py")}
    assert len(sources) > 25
    threads = {
        name for name, text in sources.items() if re.search(r"threading|run_worker|@work|call_from_thread", text)
    }
    assert threads == {"bridge.py"}
    for name, text in sources.items():
        assert "from_markup" not in text, name
        assert name == "widgets/plain.py" or not re.search(r"\b(Static|Label|Button|OptionList)\(", text), name
        assert text.count(".notify(") == text.count("markup=False)") or name == "widgets/plain.py", name
    assert len(sources["app.py"].splitlines()) < 200
    assert len(sources["screens/inbox.py"].splitlines()) < 330


def test_opened_whole_the_text_of_an_invitation_stands_there_once() -> None:
    class Telling(FakeDesk):
        def case(self, item_id: str) -> Case:
            case = super().case(item_id)
            about = Glance(ABOUT, "Agenda: 1. Numbers of the quarter 2. Plan for spring")
            return dataclasses.replace(case, glances=(*case.glances, about))

    async def scenario() -> None:
        async with session(Telling(), size=(120, 40)) as running:
            assert "Numbers of the quarter" in running.screen
            await running.press("enter")
            assert running.screen.count("Numbers of the quarter") == 1
            assert "1. Numbers of the quarter\n" in running.screen  # with its own lines

    play(scenario())
