"""The picture in the README is what the demo shows."""

from __future__ import annotations

import asyncio
import importlib.util
import re
from html import unescape
from pathlib import Path

from regrets.bootstrap import Program
from regrets.demo.world import demo_world

DOCS = Path(__file__).parents[2] / "docs"


def words(svg: str) -> list[str]:
    """The text without what is only drawn."""
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def test_the_picture_in_the_readme_is_the_present_screen() -> None:
    spec = importlib.util.spec_from_file_location("make_screenshot", DOCS / "make_screenshot.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    with demo_world(maker.NOW) as world:
        program = Program(str(world.config_dir), str(world.data_dir), maker.NOW.isoformat())
        svg = asyncio.run(maker.picture(program))
    stored = (DOCS / "screenshot.svg").read_text("utf-8")
    assert words(svg) == words(stored), "docs/screenshot.svg is old: python docs/make_screenshot.py, and look at it"
