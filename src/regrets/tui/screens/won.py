"""Time won back: by week, by strategy, by client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from regrets.domain.text import SafeText, own, owned, repeated, safe_line
from regrets.services.statistics import Total, hours
from regrets.tui.content import BLANK, SafeContent, assemble, line, stacked, styled
from regrets.tui.keymap import Keymap
from regrets.tui.screens.view import ViewScreen
from regrets.tui.words import STRATEGY_LABELS, fit, glyphs, plural, strategy_of

WEEKS = 12
BAR = 32
_EIGHTHS = owned({0: "", 1: "▏", 2: "▎", 3: "▍", 4: "▌", 5: "▋", 6: "▊", 7: "▉", 8: "█"})


def won_screen(keymap: Keymap, totals: Sequence[Total], symbols: str = "unicode") -> ViewScreen:
    """The totals as bar charts; `won`'s key closes it again."""
    minutes = sum(total.minutes for total in totals)
    title = safe_line(f"Time won back: {hours(minutes)}") if totals else own("Time won back")
    return ViewScreen(keymap, title, charts(totals, symbols), "won")


def charts(totals: Sequence[Total], symbols: str = "unicode") -> SafeContent:
    """Three charts, the last weeks first; a word where nothing was answered yet."""
    if not totals:
        return styled(own("Nothing answered yet. Each answer counts the minutes that it gives back."))
    answers = sum(total.answers for total in totals)
    won = hours(sum(total.minutes for total in totals))
    parts = [line(f"{plural(answers, 'answer')}, {won} won back.")]
    weeks = sorted(_sums(totals, lambda total: total.week).items(), reverse=True)[:WEEKS]
    parts += _chart(own("By week"), weeks, symbols)
    parts += _chart(own("By strategy"), _largest(_sums(totals, lambda total: _label(total.strategy))), symbols)
    parts += _chart(own("By client"), _largest(_sums(totals, lambda total: total.client or "others")), symbols)
    return stacked(parts)


def bar(share: float, symbols: str = "unicode", width: int = BAR) -> SafeText:
    """A bar for a share from 0 to 1: in eighths of a cell, or `#` where symbols are to be plain."""
    if symbols == "ascii":
        return repeated(own("#"), round(share * width))
    whole, rest = divmod(round(share * width * 8), 8)
    return own("{}{}", repeated(_EIGHTHS[8], whole), _EIGHTHS[rest])


def _sums(totals: Iterable[Total], key: Callable[[Total], str]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for total in totals:
        found[key(total)] += total.minutes
    return found


def _largest(sums: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(((name, won) for name, won in sums.items() if won), key=lambda each: (-each[1], each[0]))


def _chart(title: SafeText, lines: Sequence[tuple[str, int]], symbols: str) -> list[SafeContent]:
    most = max((minutes for _, minutes in lines), default=0)
    more = glyphs(symbols).more
    drawn = [
        assemble(
            (fit(safe_line(name), 18, more), "$quiet"),
            own(" "),
            (fit(bar(minutes / most if most else 0, symbols), BAR + 1), "$chip"),
            safe_line(hours(minutes)),
        )
        for name, minutes in lines
    ]
    return [BLANK, styled(title, "bold"), *drawn] if drawn else []


def _label(strategy: str) -> str:
    known = strategy_of(strategy)
    return STRATEGY_LABELS[known] if known else strategy
