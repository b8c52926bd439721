"""The exact messages as they would go out."""

from __future__ import annotations

from regrets.domain.model import OutgoingMessage
from regrets.domain.text import own
from regrets.tui.content import BLANK, SafeContent, block, line, stacked
from regrets.tui.keymap import Keymap
from regrets.tui.screens.view import ViewScreen
from regrets.tui.words import plural


def preview_screen(keymap: Keymap, messages: tuple[OutgoingMessage, ...]) -> ViewScreen:
    """Envelope and bytes of each message."""
    parts: list[SafeContent] = []
    for message in messages:
        parts += [
            line(f"From {message.sender} to {', '.join(message.recipients)}", "$chip bold"),
            BLANK,
            block(message.data.decode("utf-8", "replace")),
        ]
    title = own("As it would go out ({})", plural(len(messages), "message"))
    return ViewScreen(keymap, title, stacked(parts), "preview")
