"""What hides in an invitation is said: invisible characters, links that lead elsewhere than they seem to."""

from __future__ import annotations

import pytest

from regrets.domain.imip import read
from regrets.domain.model import Invitation
from tests.support.mails import alternative, calendar


def warnings(**changes: str) -> set[str]:
    item = read(alternative(calendar(**changes)))  # type: ignore[arg-type]
    assert isinstance(item, Invitation)
    return {"invisible-text", "suspicious-link"} & set(item.warnings)


@pytest.mark.parametrize(
    "title",
    [
        "Re\u200bview", "Review \u202eexe.fdp", "Review\ufeff", "Re\u00adview", "Review\U000e0041",
        "\u2067Review\u2069", "Re\u3164view",
    ],
)  # fmt: skip
def test_invisible_characters_in_a_title_are_named(title: str) -> None:
    assert warnings(summary=title) == {"invisible-text"}
    assert warnings(more=f"LOCATION:{title}") == {"invisible-text"}
    assert warnings(more=f'ATTENDEE;CN="{title}":mailto:x@y.example') == {"invisible-text"}


@pytest.mark.parametrize(
    "title",
    [
        "Pregled čšž", "Toplantı İş", "👩\u200d👩\u200d👧 ❤\ufe0f", "क्\u200dष", "می\u200cخواهم", "פגישה", "会议",
        "Review \ufffd", "Plain",
    ],
)  # fmt: skip
def test_what_people_write_is_none(title: str) -> None:
    assert warnings(summary=title) == set()


def test_in_a_long_text_only_what_turns_or_tags_it_counts() -> None:
    assert warnings(more="DESCRIPTION:Call \u202a+386 1 555\u202c\u200b. Thanks\u00a0\ufeff!") == set()
    assert warnings(more="DESCRIPTION:Pay \u202e001\u202c now") == {"invisible-text"}


@pytest.mark.parametrize(
    ("link", "odd"),
    [
        ("https://zoom.us@evil.example/j/1", True),
        ("https://zооm.us/j/1", True),  # two Cyrillic letters
        ("https://xn--zm-jmca.us/j/1", True),
        ("https://straße.example/x", True),
        ("https://zoom.us/j/1?x=a@b", False),
        ("https://šiška.example/x", False),
        ("https://xn--mnchen-3ya.example/x", False),
        ("https://teams.microsoft.com/l/meetup-join/19%3ameeting", False),
        ("no link @ all", False),
    ],
)
def test_links_that_lead_elsewhere_than_they_seem(link: str, odd: bool) -> None:
    assert warnings(more=f"DESCRIPTION:Join at {link} please") == ({"suspicious-link"} if odd else set())
