"""What has room on the screen, and what gives way to it."""

from __future__ import annotations

import dataclasses
import re

import pytest

from regrets.domain.cases import ABOUT, WHO, Case, Choice, Glance
from regrets.domain.model import Mailbox
from regrets.tui.widgets.detail import _flow
from regrets.tui.words import UNICODE, recipients_line
from tests.tui.fake_desk import FakeDesk
from tests.tui.support import Session, play, session

BOARD = 4
LONG = "paivi.lehtonen@saimaanmatkat.example"
WARNING = "An answer would confirm your address to a stranger."
REASON = "It takes place at Kovin in Celje, which isn't one of your places, and there is no link to join."


class Telling(FakeDesk):
    """An invitation with a long text, and a warning after it."""

    def case(self, item_id: str) -> Case:
        case = super().case(item_id)
        more = (Glance(ABOUT, "Agenda: " + "a point of many words, " * 60), Glance("Mind", WARNING, alert=True))
        return dataclasses.replace(case, glances=(*case.glances, *more))


def without_bars(screen: str) -> list[str]:
    """The lines without the thumbs of scroll bars, which are painted when they are."""
    return [re.sub("[▁-▇]", " ", line).rstrip() for line in screen.splitlines()]


def words(run: Session, widget: str) -> str:
    """What can be seen of a part of the screen, each run of white space a blank."""
    part = run.inbox.query_one(widget)
    region = part.region.intersection(part.parent.region)  # type: ignore[union-attr]
    lines = run.screen.splitlines()[region.y : region.bottom]
    return " ".join(" ".join(line[region.x : region.right] for line in lines).split())


@pytest.mark.parametrize("size", [(40, 20), (40, 12), (60, 18), (80, 24), (100, 18), (100, 30)])
def test_who_gets_the_reply_and_the_brief_is_never_cut(size: tuple[int, int]) -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.change("board5", organizer_address=LONG)
        async with session(desk, size=size) as run:
            run.inbox.move_to(BOARD)
            await run.settled()
            run.inbox.open_single()
            await run.settled()
            shown = words(run, "#recipients").replace(" ", "")  # a long address goes on in the next row
            assert f"{LONG},fromana@studio.example,andabrieftoBenKos<ben@studio.example>" in shown
            await run.press("s")
            assert run.desk.held()

    play(scenario())


def test_recipients_that_do_not_fit_are_the_first_thing_and_are_scrolled() -> None:
    async def scenario() -> None:
        desk = FakeDesk()
        desk.change("board5", organizer_address=LONG)
        async with session(desk, size=(30, 8)) as run:
            run.inbox.move_to(BOARD)
            await run.settled()
            run.inbox.open_single()
            await run.settled()
            assert "Reply goes to" in words(run, "#letter")
            seen = ""
            for _ in range(5):
                seen += words(run, "#letter")
                run.inbox.draft_pane.scroll_letter(2)
                await run.pilot.pause()
            assert "ben@studio.example" in seen

    play(scenario())


def test_every_recipient_is_named() -> None:
    draft = FakeDesk().draft("kovin1", Choice())
    many = tuple(Mailbox("", f"person{number}@{'long-' * 10}name.example") for number in range(12))
    line = recipients_line(dataclasses.replace(draft, cc=many))
    assert all(person.address in line for person in many)
    assert line.endswith("from ana@studio.example")


@pytest.mark.parametrize("zoomed", [False, True])
@pytest.mark.parametrize("size", [(80, 24), (80, 40), (100, 18), (100, 30), (120, 40)])
def test_the_reason_and_what_warns_have_room_before_other_facts(size: tuple[int, int], zoomed: bool) -> None:
    async def scenario() -> None:
        async with session(Telling(), size=size) as run:
            await run.press(*(["enter"] if zoomed else []))
            await run.settled()
            assert REASON in words(run, "#reasons")
            assert WARNING in words(run, "#facts-box")

    play(scenario())


@pytest.mark.parametrize("size", [(60, 18), (100, 18), (100, 30)])
def test_what_is_cut_ends_in_an_ellipsis(size: tuple[int, int]) -> None:
    async def scenario() -> None:
        desk = Telling()
        desk.change("kovin1", reasons=("It is far away, and " + "so on and so forth, " * 40,))
        async with session(desk, size=size) as run:
            assert words(run, "#reasons").endswith("…")
            assert words(run, "#facts-box").endswith("…")
            assert words(run, "#letter").startswith("Reply goes to marko@kovin.example")

    play(scenario())


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (100, 30)])
def test_while_the_brief_is_edited_the_heading_says_whose_it_is(size: tuple[int, int]) -> None:
    async def scenario() -> None:
        async with session(size=size) as run:
            run.inbox.move_to(BOARD)
            await run.settled()
            await run.press("B")
            assert "The brief to Ben Kos" in words(run, "#reply-title")
            assert words(run, "#letter") == "Brief goes to ben@studio.example, from ana@studio.example"
            await run.pilot.resize_terminal(size[0] + 1, size[1])
            await run.pilot.pause()
            assert "The brief to Ben Kos" in words(run, "#reply-title")
            await run.press("escape")  # nothing was written
            await run.settled()
            assert "The brief to" not in run.screen
            assert words(run, "#letter").startswith("Reply goes to ben@studio.example")
            await run.press("e")
            assert words(run, "#letter").startswith("Reply goes to ben@studio.example")

    play(scenario())


@pytest.mark.parametrize("size", [(80, 24), (80, 40), (100, 30)])
def test_the_editor_has_most_of_the_height_and_gives_it_back(size: tuple[int, int]) -> None:
    async def scenario() -> None:
        async with session(Telling(), size=size) as run:
            before = without_bars(run.screen)
            await run.press("e")
            assert run.inbox.query_one("#editor").size.height > size[1] * 0.45
            assert "Reply goes to marko@kovin.example, from ana@studio.example" in words(run, "#letter")
            assert "Quarterly review with Kovin" in words(run, "#title")
            assert REASON in words(run, "#reasons")
            await run.press("escape")
            await run.settled()
            await run.until(lambda: without_bars(run.screen) == before)

    play(scenario())


def test_a_label_stands_on_the_line_of_its_value() -> None:
    glances = (Glance(WHO, "Marko Kovač of Kovin"), Glance("When", "Tue 8 Dec 09:00"), Glance("Length", "1 h"))
    for width in range(24, 70):
        lines = [each.plain for each in _flow(glances, UNICODE.dot, width, 9)]
        assert not any(re.search("(When|Length)$", each.rstrip()) for each in lines), lines
        assert " ".join(" ".join(lines).split()) == "From Marko Kovač of Kovin · When Tue 8 Dec 09:00 · Length 1 h"
