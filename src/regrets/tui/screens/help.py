"""All keys, made from the registry."""

from __future__ import annotations

from functools import partial

from regrets.domain.actions import ACTIONS
from regrets.domain.text import own, owned
from regrets.tui.content import BLANK, SafeContent, hung, line, styled
from regrets.tui.keymap import Keymap
from regrets.tui.screens.view import ViewScreen
from regrets.tui.words import fit

_PLACES = owned(
    {
        "inbox": "In the inbox",
        "anywhere": "Anywhere",
        "editor": "While editing",
        "find": "While finding",
        "outbox": "In the outbox",
        "clients": "In the client book",
        "note": "While noting a sign",
        "chooser": "In the list of strategies",
        "confirm": "Where a letter must be confirmed",
        "filing": "Asked about your own calendar",
        "password": "Asked for a password",
        "setup": "While setting up a mailbox",
        "form": "On a button while setting up",
        "quit": "When quitting with replies held back",
        "view": "While reading",
    }
)


def help_screen(keymap: Keymap) -> ViewScreen:
    """The help of the whole program."""
    return ViewScreen(keymap, own("Keys"), partial(key_table, keymap), "help")


def key_table(keymap: Keymap, width: int) -> list[SafeContent]:
    """Place by place: keys and what they do."""
    parts = [
        styled(own("s sends the letter on the screen and goes on to the next invitation.")),
        styled(own("Until its time is over, z takes it back. enter never sends.")),
        styled(own("The list is newest first; what they agreed to stands before that.")),
    ]
    for place, title in _PLACES.items():
        parts += [BLANK, styled(title, "bold")]
        for action in ACTIONS:
            if action.place == place:
                keys = keymap.all_shown(action.id) or own("(no key)")
                parts += hung(styled(fit(keys, 14), "$key bold"), line(action.title), width)
    return parts
