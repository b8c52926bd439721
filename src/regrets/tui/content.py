"""What widgets draw, made of text that has passed the gate: the only module that makes Content, segments and Text.

Both types are there for the checker: a widget takes them and SafeText, so that no other text comes onto a screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NewType, TypeAlias

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.content import Content
from textual.strip import Strip

from regrets.domain.text import SafeText, own, repeated, safe_block, safe_line

if TYPE_CHECKING:
    from textual.fuzzy import Matcher

SafeContent = NewType("SafeContent", Content)
"""Content that was made of SafeText."""

SafeSegment = NewType("SafeSegment", Segment)
"""A segment of a line of a list, made of SafeText."""

Part: TypeAlias = SafeContent | SafeText | tuple[SafeText, str]
"""Of a line: as it is, or with a style."""

BLANK = SafeContent(Content(""))


def line(text: object, style: str = "") -> SafeContent:
    """Untrusted text as one safe line of literal content."""
    return styled(safe_line(text), style)


def block(text: object) -> SafeContent:
    """Untrusted text as several safe lines of literal content."""
    return styled(safe_block(text))


def styled(text: SafeText | SafeContent, style: str = "") -> SafeContent:
    """Text as it is, spaces and all; Content with a style more."""
    if isinstance(text, Content):
        return SafeContent(text.stylize(style))
    return SafeContent(Content.styled(text, style) if style else Content(text))


def assemble(*parts: Part) -> SafeContent:
    """One after the other."""
    return SafeContent(Content.assemble(*parts))


def stacked(lines: Iterable[SafeContent]) -> SafeContent:
    """One below the other."""
    return SafeContent(Content("\n").join(lines))


def wrapped(content: SafeContent, width: int) -> list[SafeContent]:
    """In lines of at most `width` cells."""
    return [SafeContent(line) for line in content.wrap(width)]


def hung(head: SafeContent, text: SafeContent, width: int, least: int = 8) -> list[SafeContent]:
    """`text` beside `head`, in lines of at most `width` cells; what goes on does so below its own beginning. Where
    fewer than `least` cells are left beside it, it stands below."""
    indent = head.cell_length if width - head.cell_length >= least else 2
    first, *rest = wrapped(text, max(1, width - indent)) or [BLANK]
    beginning = [assemble(head, first)] if indent == head.cell_length else [head, assemble(own("  "), first)]
    return [*beginning, *(assemble(repeated(own(" "), indent), more) for more in rest)]


def truncated(content: SafeContent, width: int, *, ellipsis: bool = False) -> SafeContent:
    """In at most `width` cells."""
    return SafeContent(content.truncate(width, ellipsis=ellipsis))


def shortened(lines: list[SafeContent], most: int, width: int, more: SafeText) -> list[SafeContent]:
    """The first `most` of lines of at most `width` cells; where some are left out, `more` (one cell) says so."""
    if len(lines) <= most:
        return lines
    *kept, last = lines[: max(1, most)]
    return [*kept, assemble(truncated(SafeContent(last.rstrip()), width - 1), more)]


def highlighted(matcher: Matcher, text: SafeText) -> SafeContent:
    """With what was searched for marked."""
    return SafeContent(matcher.highlight(text))


def segment(text: SafeText, style: Style | None = None) -> SafeSegment:
    """For the line of a list."""
    return SafeSegment(Segment(text, style))


def drawn(segments: Iterable[SafeSegment], base: Style, width: int) -> Strip:
    """A line of a list, `width` cells wide, on the style of its row."""
    return Strip(Segment.apply_style(segments, base), width)


def printed(text: SafeText) -> Text:
    """For what is printed once the screen is left."""
    return Text(text)
