"""The exact messages as they would go out."""

from __future__ import annotations

from textual.content import Content

from regrets.domain.model import OutgoingMessage
from regrets.tui.keymap import Keymap
from regrets.tui.screens.view import ViewScreen
from regrets.tui.words import block, line, plural


def preview_screen(keymap: Keymap, messages: tuple[OutgoingMessage, ...]) -> ViewScreen:
    """Envelope and bytes of each message."""
    parts: list[Content] = []
    for message in messages:
        parts += [
            line(f"From {message.sender} to {', '.join(message.recipients)}", "$chip bold"),
            Content(""),
            block(message.data.decode("utf-8", "replace")),
        ]
    title = f"As it would go out ({plural(len(messages), 'message')})"
    return ViewScreen(keymap, title, Content("\n").join(parts), "preview")
