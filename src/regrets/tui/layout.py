"""How the inbox is arranged at a size of the terminal."""

from __future__ import annotations

from enum import StrEnum

HIGH = 34
"""From this height on there is room for more than the list and the letter."""


class Shape(StrEnum):
    """The arrangements, from large to tiny."""

    WIDE = "wide"  # list on the left, detail on the right
    STACKED = "stacked"  # list above detail
    SINGLE = "single"  # one of them
    TINY = "tiny"  # a line that says so


def shape_of(width: int, height: int) -> Shape:
    """The arrangement for a size in cells."""
    if width < 24 or height < 6:
        return Shape.TINY
    if width < 60 or height < 18:
        return Shape.SINGLE
    return Shape.WIDE if width >= 100 else Shape.STACKED


def is_roomy(shape: Shape, height: int) -> bool:
    """Whether each fact of an invitation may have a line of its own."""
    return shape is Shape.WIDE or height >= HIGH


def told_lines(shape: Shape, height: int) -> int:
    """How many lines the facts and the reason have together; the rest is the letter's."""
    return (height - 6) // 2 if is_roomy(shape, height) else 5
