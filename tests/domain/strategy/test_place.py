"""Where a meeting takes place."""

from __future__ import annotations

import pytest

from regrets.domain.strategy.place import is_elsewhere

PLACES = ("Gallagher Books, 14 Cook Street, Cork", "Unit 6, Canal Mill, Leeds")


@pytest.mark.parametrize(
    ("location", "elsewhere"),
    [
        ("", False),
        ("https://meet.example/x", False),
        ("Microsoft Teams-møte", False),
        ("Srečanje v aplikaciji Microsoft Teams", False),
        ("+353 21 555 0140", False),
        ("TBD", False),
        ("your office", False),
        ("Gallagher Books", False),
        ("14 Cook St., Cork, Ireland", False),
        ("Canal Mill, Leeds", False),
        ("12 Patrick Street, Cork", True),  # another street in one's own town
        ("Unit 6, Wharf Road, Leeds", True),
        ("Galway", True),
        ("Sejna soba 2, Lesovina Drava, Cesta k Dravi 5, Ruše", True),
    ],
)
def test_elsewhere(location: str, elsewhere: bool) -> None:
    assert is_elsewhere(location, PLACES) is elsewhere
