"""Which client takes how much of the meeting hours."""

from __future__ import annotations

import datetime as dt

import pytest

from regrets.domain.clients import Client, ClientBook, Sign, guess
from regrets.domain.model import Busy, Slot
from regrets.services.crowding import crowds, shares

START = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
KOVIN = Client("Kovin", ("kovin.example",))
BOOK = ClientBook((KOVIN, Client("Acme", ("acme.example",))))
ME = "ana@studio.example"


def meeting(minutes: int, *people: str, **more: bool) -> Busy:
    return Busy(Slot(START, START + dt.timedelta(minutes=minutes)), "", "u", None, people=people, **more)


def test_hours_with_other_people_are_shared_out_by_client() -> None:
    meetings = [
        meeting(60, ME, "marko@kovin.example", "lea@kovin.example"),
        meeting(60, ME, "friend@else.example"),
        meeting(500, ME),  # alone
        meeting(500, ME, "marko@kovin.example", all_day=True),
        meeting(500, ME, "marko@kovin.example", opaque=False),
        meeting(30, ME, "anna@acme.example", "marko@kovin.example"),
    ]
    assert shares(meetings, BOOK) == {"Kovin": 0.6, "Acme": 0.2}
    assert shares([], BOOK) == {}


@pytest.mark.parametrize(
    ("share", "noted", "expected"),
    [(0.41, None, True), (0.4, None, False), (0.9, "2026-11-01", False), (0.9, "2026-10-01", True)],
)
def test_the_sign_is_proposed_above_the_share_unless_it_was_noted_lately(share, noted, expected) -> None:
    signs = (Sign(dt.date.fromisoformat(noted), "crowding_out"),) if noted else ()
    client = Client("Kovin", signs=(*signs, Sign(dt.date(2026, 11, 20), "dragging")))
    assert crowds(client, share, dt.date(2026, 11, 22)) is expected


@pytest.mark.parametrize(
    ("name", "address", "expected"),
    [
        ("Marko Kovač", "Marko@Mail.Kovin-Bau.example", ("Kovin Bau", "kovin-bau.example")),
        ("Eva Lind", "Eva@gmail.com", ("Eva Lind", "eva@gmail.com")),
        ("", "eva@gmail.com", ("eva", "eva@gmail.com")),
    ],
)
def test_a_name_and_what_it_matches_are_guessed(name, address, expected) -> None:
    assert guess(name, address) == expected
