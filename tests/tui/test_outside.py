"""Nothing is put on the clipboard by itself, what is copied has passed the gate, and no link is opened (T26)."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from tests.tui.support import play, session

SOURCE = Path(__file__).resolve().parents[2] / "src" / "regrets"
HOSTILE = "rm -rf ~\x1b[201~\x1b]52;c;eA==\x07\r\u202egnp\ud800\u200b"
OPENS = re.compile(r"open_url|webbrowser|xdg-open|copy_to_clipboard|pyperclip|\bMarkdown\b|widgets import .*\bLink\b")


def test_what_is_copied_has_passed_the_gate() -> None:
    async def scenario() -> None:
        async with session() as running:
            written: list[str] = []
            running.app._driver.write = written.append  # type: ignore[union-attr, method-assign]
            running.app.copy_to_clipboard(HOSTILE)
            (sequence,) = [text for text in written if "]52;" in text]
            copied = base64.b64decode(sequence.removeprefix("\x1b]52;c;").removesuffix("\x07")).decode()
            assert copied.startswith("rm -rf ~\ufffd")
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e]", copied)

    play(scenario())


def test_looking_around_copies_nothing() -> None:
    async def scenario() -> None:
        async with session() as running:
            written: list[str] = []
            running.app._driver.write = written.append  # type: ignore[union-attr, method-assign]
            await running.press("j", "enter", "escape", "w", "escape", "v", "escape", "e", "escape")
            assert not any("]52;" in text for text in written)

    play(scenario())


def test_no_code_opens_links_or_copies_by_itself() -> None:
    found = {str(file.relative_to(SOURCE)): OPENS.findall(file.read_text("utf-8")) for file in SOURCE.rglob("*.py")}
    assert {name: what for name, what in found.items() if what} == {
        "tui/face.py": ["copy_to_clipboard", "copy_to_clipboard"],  # the gate, for Textual's own ctrl+c
    }
