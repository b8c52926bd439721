"""Who an invitation is from: at every size the address is there, and no name passes for it."""

from __future__ import annotations

import dataclasses

import pytest

from regrets.domain.cases import WHO, Case, Glance
from regrets.domain.naming import safe_mailbox
from tests.tui.fake_desk import FakeDesk
from tests.tui.support import play, session

BOSS, EVIL = "boss@studio.example", "evil@evil.example"
CLASH = Glance("When", "Tue 24 Nov 10:00-11:30 · CLASH 13:30-14:30 Dentist; 13:00-15:00 A long review of all", True)


class Told(FakeDesk):
    """Facts of one invitation as the program tells them."""

    def case(self, item_id: str) -> Case:
        case = super().case(item_id)
        who = safe_mailbox(case.row.organizer_name, case.row.organizer_address)
        rest = [glance for glance in case.glances if glance.label not in (WHO, "When")]
        return dataclasses.replace(case, glances=(Glance(WHO, f"{who} · stranger"), CLASH, *rest))


@pytest.mark.parametrize("size", [(40, 10), (60, 18), (80, 24), (120, 40)])
def test_no_name_passes_for_an_address_in_the_list_or_the_title(size: tuple[int, int]) -> None:
    async def scenario() -> None:
        desk = Told()
        desk.change("kovin1", organizer_name=BOSS, organizer_address=EVIL)
        desk.change("acme02", organizer_name="Anna Virtanen", organizer_address="anna@free.example", namesake=True)
        async with session(desk, size=size) as running:
            lines = [line for line in running.screen.splitlines() if f"Dear {BOSS}" not in line]
            assert all(f"{EVIL} ({BOSS})" in line for line in lines if BOSS[:6] in line)
            assert EVIL[-9:] in lines[1] + lines[2]
            assert "e.example" in lines[2] + lines[4]  # the end of anna@free.example
            assert "Anna Virta" not in running.screen
            assert "Kåre Ødeg" in running.screen
            await running.press("enter")
            title = running.screen.splitlines()[0 if size[1] == 10 else 1]  # there is no header and no room for facts
            assert title.endswith(f" {EVIL} ──")
            assert size[1] == 10 or f"From {EVIL} ({BOSS})" in " ".join(running.screen.split())

    play(scenario())


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (99, 24)])
@pytest.mark.parametrize(
    "name",
    ["Head of design and of everything else that is here for you in Ljubljana and Celje", f"Boss <{BOSS}> " * 9],
)
def test_who_it_is_from_is_the_last_thing_to_give_way(size: tuple[int, int], name: str) -> None:
    async def scenario() -> None:
        desk = Told()
        desk.change("kovin1", organizer_name=name, organizer_address=EVIL)
        async with session(desk, size=size) as running:
            told = " ".join(running.screen.split())
            assert "From " in told
            assert EVIL in told
            assert "When ! Tue 24 Nov 10:00-11:30 · CLASH" in told

    play(scenario())
