"""Folders by what they are for (SPECIAL-USE, RFC 6154) and by name."""

from __future__ import annotations

from imapclient.imapclient import SENT

from regrets.adapters.imap.client import Client

# Where the server does not say: the names that mail programs give it.
_SENT_NAMES = (
    "sent", "sent items", "sent messages", "sent mail", "gesendet", "gesendete objekte", "gesendete elemente",
    "envoyés", "éléments envoyés", "enviados", "elementos enviados", "inviati", "posta inviata", "verzonden",
    "poslano", "poslana pošta", "skickat", "sendte", "wysłane",
)  # fmt: skip


def sent_folder(client: Client) -> str | None:
    """The folder for sent mail; None where there is none to be found."""
    folders = client.list_folders()
    for flags, _, name in folders:
        if SENT.lower() in {bytes(flag).lower() for flag in flags}:
            return str(name)
    by_leaf = {_leaf(str(name), delimiter): str(name) for _, delimiter, name in reversed(folders)}
    return next((by_leaf[name] for name in _SENT_NAMES if name in by_leaf), None)


def _leaf(name: str, delimiter: bytes | None) -> str:
    text = (delimiter or b"").decode("ascii", "replace")
    return (name.rpartition(text)[2] if text else name).casefold()
