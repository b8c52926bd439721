"""The pure parts: themes, keys, dates, the listing, footers, text in cells."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from textual.color import Color

from regrets.adapters.own_file import read_text
from regrets.domain.cases import Glance
from regrets.tui import dates, keymap, theming
from regrets.tui.controllers.listing import Listing
from regrets.tui.layout import Shape, shape_of
from regrets.tui.widgets.detail import _table
from regrets.tui.widgets.footer import fitting
from regrets.tui.words import fit
from tests.tui.fake_desk import NOW, ZONE, FakeDesk, new_row

OURS = {"regrets-dark", "regrets-light", "regrets-contrast"}


def _luminance(color: Color) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(Color.parse(one)), _luminance(Color.parse(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_our_themes_can_be_read_by_everybody() -> None:
    themes, faults = theming.load(theming.builtin_files(), read_text)
    assert faults == []
    assert {theme.name for theme in themes} >= OURS
    for theme in themes:
        papers = [theme.background, theme.panel, theme.surface, theme.variables["row-cursor"]]
        inks = [theme.foreground, theme.primary, theme.warning, theme.error, theme.success, theme.accent]
        inks += [theme.variables[name] for name in ("quiet", "key", "chip", "alert")]
        for paper in papers:
            for ink in inks:
                assert _contrast(str(ink), str(paper)) >= 4.5, (theme.name, ink, paper)
        assert _contrast(str(theme.background), theme.variables["chip"]) >= 4.5
        least = 7.0 if theme.name == "regrets-contrast" else 4.5
        assert _contrast(str(theme.foreground), str(theme.background)) >= least


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[colors]\nprimary = "no-such-colour"', "primary is no colour"),
        ('[colors]\nprimary = "#123456"\nblink = "#123456"', "unknown: blink"),
        ('[colors]\naccent = "#123456"', "colors.primary is missing"),
        ('[variables]\nquiet = 3\n[colors]\nprimary = "red"', "quiet is no colour"),
        ("colors = 3", "colors and variables are tables"),
        ("[colors", "left out"),
    ],
)
def test_a_bad_theme_is_one_sentence(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    themes, faults = theming.load([path, tmp_path / "absent.toml"], read_text)
    assert themes == []
    assert fault in faults[0]
    assert faults[0].startswith("Theme mine.toml is left out: ")
    assert "absent.toml" in faults[1]


def test_auto_follows_the_terminal() -> None:
    assert theming.choose("auto", None, {}) == "regrets-dark"
    assert theming.choose("auto", None, {"COLORFGBG": "0;15"}) == "regrets-light"
    assert theming.choose("auto", None, {"COLORFGBG": "15;default;0"}) == "regrets-dark"
    assert theming.choose("auto", False, {"COLORFGBG": "15;0"}) == "regrets-light"
    assert theming.choose("nord", None, {}) == "nord"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("s", "s"), ("S", "S"), ("ş", "ş"), ("/", "slash"), (",", "comma"), ("Ctrl+X", "ctrl+x"), ("F5", "f5"),
        ("space", "space"), ("question_mark", "question_mark"), ("shift+tab", "shift+tab"),
        ("not a key!!", None), ("", None), ("hyperspace", None), ("ctrl+", None), ("\x1b", None),
    ],
)  # fmt: skip
def test_keys_are_checked_and_named_as_textual_does(text: str, key: str | None) -> None:
    assert keymap.normalise(text) == key


def test_wishes_for_keys() -> None:
    keys, faults = keymap.resolve({"send": "f5,ş", "dissmiss": "x", "why": "no key at all", "undo": "n"})
    assert keys.of("send") == ("f5", "ş")
    assert keys.of("why") == ("w",)
    assert keys.of("undo") == ("n",)
    assert keys.of("not_now") == ()
    assert faults == [
        "[keys] there is no action 'dissmiss'; did you mean dismiss?",
        "[keys] why: 'no key at all' is no key",
        "[keys] n is now undo, no longer not_now",
    ]
    both, faults = keymap.resolve({"send": "m", "edit": "m", "outbox_retry": "m"})
    assert both.of("send") == ("m",)
    assert both.of("edit") == both.of("dismiss") == ()
    assert both.of("outbox_retry") == ("m",)  # another place
    assert any("no longer edit" in fault for fault in faults)


def test_default_keys_never_clash_and_need_no_awkward_layout() -> None:
    keys, faults = keymap.resolve({})
    assert faults == []
    for place in ("inbox", "editor", "find", "view", "chooser", "confirm", "outbox", "quit"):
        found = [key for binding in keys.bindings(place, "anywhere") for key in binding.key.split(",")]
        assert len(found) == len(set(found)), place
        assert not set("[]{}\\|@`~;='iI") & set(found)


def test_the_footer_drops_the_least_important_and_cuts_nothing() -> None:
    keys, _ = keymap.resolve({})
    for width in range(0, 140):
        shown = fitting(keys, "inbox", width)
        assert sum(len(key) + len(label) + 3 for _, key, label in shown) - 2 * bool(shown) <= max(0, width)
    eighty = [action_id for action_id, _, _ in fitting(keys, "inbox", 79)]
    assert {"send", "edit", "undo", "help", "quit"} <= set(eighty)
    assert [action_id for action_id, _, _ in fitting(keys, "inbox", 16)] == ["send", "help"]
    assert [action_id for action_id, _, _ in fitting(keys, "editor", 79)] == ["keep_edit"]


@pytest.mark.parametrize(
    ("start", "end", "all_day", "when", "length"),
    [
        ("2026-11-23T10:00:00+01:00", "2026-11-23T10:45:00+01:00", False, "Today 10:00", "45 min"),
        ("2026-11-24T10:00:00+00:00", "2026-11-24T11:30:00+00:00", False, "Tomorrow 11:00", "1 h 30"),
        ("2026-12-08T09:00:00", "2026-12-08T10:00:00", False, "Tue 8 Dec 09:00", "1 h"),
        ("2026-11-27", "2026-11-28", True, "Fri 27 Nov", "all day"),
        ("2026-11-27", "2026-11-30", True, "Fri 27 Nov", "3 days"),
        ("2028-02-29T10:00:00+01:00", None, False, "29 Feb 2028 10:00", ""),
        ("9999-12-31T23:59:00-12:00", "9999-12-31T23:59:00-12:00", False, "31 Dec 9999 23:59", "0 min"),
        ("0001-01-01T00:00:00+14:00", None, False, "1 Jan 1 00:00", ""),
        ("\x1b[2Jnonsense", "x", False, "\ufffd[2Jnonsense", ""),
        (None, None, False, "", ""),
        ("2026-11-24T10:00:00", "2026-11-24T11:00:00+01:00", False, "Tomorrow 10:00", ""),
    ],
)  # fmt: skip
def test_times_are_short_and_local(start: str | None, end: str | None, all_day: bool, when: str, length: str) -> None:
    row = new_row("x", "X", NOW, start=start, end=end, all_day=all_day)
    assert dates.when(row, NOW, ZONE) == when
    assert dates.length(row) == length


def test_tomorrow_morning_is_on_the_users_clock() -> None:
    utc = dt.datetime(2026, 3, 28, 23, 30, tzinfo=dt.UTC)  # 00:30 on the 29th in Ljubljana
    assert dates.tomorrow_at_eight(utc, ZONE).isoformat() == "2026-03-30T08:00:00+02:00"
    assert dates.tomorrow_at_eight(utc, None).tzinfo is not None


def test_the_listing_keeps_the_chosen_row() -> None:
    listing = Listing(FakeDesk().rows())
    listing.move(3)
    rows = FakeDesk().rows()
    assert listing.replace([new_row("new1", "New", NOW), *rows]) == 1
    assert listing.selected is not None
    assert listing.selected.id == "sule04"
    listing.search("KOVIN")
    assert [row.id for row in listing.rows] == ["kovin1"]
    listing.remove("kovin1")
    assert listing.selected is None
    listing.search("")
    assert listing.total == 12
    listing.move(99)
    last = listing.selected
    assert last is not None
    listing.remove(last.id)
    assert listing.cursor == 10


@pytest.mark.parametrize(
    ("size", "shape"),
    [((80, 24), Shape.STACKED), ((100, 24), Shape.WIDE), ((99, 24), Shape.STACKED), ((59, 24), Shape.SINGLE),
     ((80, 17), Shape.SINGLE), ((40, 10), Shape.SINGLE), ((1, 1), Shape.TINY)],
)  # fmt: skip
def test_shapes(size: tuple[int, int], shape: Shape) -> None:
    assert shape_of(*size) is shape


def test_text_is_cut_by_cells() -> None:
    assert fit("会議室", 5) == "会議…"
    assert fit("会議室", 4) == "会 …"
    assert fit("ab", 4) == "ab  "
    assert fit("abc", 1) == "a"
    assert fit("abc", 0) == ""


def test_the_footer_shows_the_span_of_the_strategies_and_leaves_out_what_makes_no_sense() -> None:
    keys, _ = keymap.resolve({})
    assert ("strategy_next", "1-9", "Strategy") in fitting(keys, "inbox", 80)
    other, _ = keymap.resolve({"strategy_1": "f2", "strategy_9": "f9"})
    assert ("strategy_next", "f2-f9", "Strategy") in fitting(other, "inbox", 100)
    assert "quit_keep" not in [each[0] for each in fitting(keys, "quit", 80, ("quit_keep",))]


def test_a_long_glance_goes_on_below_its_own_text() -> None:
    glances = (Glance("From", "Marko Kovač, whom nobody knows"), Glance("Purpose", "x"))
    assert [each.plain for each in _table(glances, 24)] == [
        "From     Marko Kovač,",
        "         whom nobody",
        "         knows",
        "Purpose  x",
    ]
