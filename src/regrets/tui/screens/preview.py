"""The exact messages as they would go out."""

from __future__ import annotations

from collections.abc import Sequence

from regrets.domain.model import OutboxEntry, OutgoingMessage
from regrets.domain.text import SafeText, own, safe_block
from regrets.tui.content import BLANK, SafeContent, hung, line, styled
from regrets.tui.keymap import Keymap
from regrets.tui.screens.view import ViewScreen
from regrets.tui.words import OUTBOX_WORDS, UNICODE, Glyphs, plural


def preview_screen(keymap: Keymap, messages: tuple[OutgoingMessage, ...], glyphs: Glyphs = UNICODE) -> ViewScreen:
    """Messages that are not in the outbox yet."""
    title = own("As it would go out ({})", plural(len(messages), "message"))
    return _screen(keymap, title, messages, glyphs, "preview")


def entry_screen(keymap: Keymap, entry: OutboxEntry, glyphs: Glyphs = UNICODE) -> ViewScreen:
    """The message of an entry of the outbox."""
    title = own("As it lies in the outbox ({})", OUTBOX_WORDS[entry.state])
    return _screen(keymap, title, (entry,), glyphs, "outbox_show")


def _screen(
    keymap: Keymap, title: SafeText, messages: Sequence[OutgoingMessage | OutboxEntry], glyphs: Glyphs, opened_by: str
) -> ViewScreen:
    """Envelope, subject in plain letters, and bytes of each message."""
    edge = styled(own("{} ", glyphs.edge), "$rule")

    def lines(width: int) -> list[SafeContent]:
        return [each for message in messages for each in _lines(message, edge, width)]

    return ViewScreen(keymap, title, lines, opened_by)


def _lines(message: OutgoingMessage | OutboxEntry, edge: SafeContent, width: int) -> list[SafeContent]:
    """Where a line of the message begins there is an edge; what doesn't fit goes on below without one."""
    envelope = line(f"From {message.sender} to {', '.join(message.recipients)}", "$chip bold")
    found = [*hung(BLANK, envelope, width), *hung(BLANK, line(message.subject, "bold"), width), BLANK]
    for each in message.data.decode("utf-8", "replace").removesuffix("\r\n").split("\r\n"):
        found += hung(edge, styled(safe_block(each.expandtabs(8))), width)
    return [*found, BLANK]
