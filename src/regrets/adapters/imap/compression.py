"""COMPRESS=DEFLATE (RFC 4978): structures of mails shrink to an eighth."""

from __future__ import annotations

from regrets.adapters.imap.client import Client


def compress(client: Client) -> bool:
    """Begins compression where the server offers it; goes on without where it does not or refuses.

    After the login, so that the password is never part of a compressed stream.
    """
    if not client.has_capability("COMPRESS=DEFLATE"):
        return False
    refused = client.raw.flight([b"COMPRESS DEFLATE"], lambda response: None)[0]
    if refused is None:
        client.raw.line.compress()
    return refused is None
