"""Signing in: XOAUTH2 with a token, PLAIN (RFC 4616) or LOGIN with a password; one attempt, never a second way.

smtplib's own `login` tries several mechanisms in turn (which locks accounts) and takes only ASCII passwords.
"""

from __future__ import annotations

import base64
import smtplib

from regrets.adapters.smtp.errors import Refused
from regrets.domain.errors import SendError

_ACCEPTED = 235
_CONTINUE = 334


def sign_in(smtp: smtplib.SMTP, user: str, secret: str, *, token: bool) -> None:
    """Raises Refused (stage auth) with the server's words; SendError if no way fits."""
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if token:
        initial = _encoded(f"user={user}\x01auth=Bearer {secret}\x01\x01")
        code, text = smtp.docmd("AUTH", f"XOAUTH2 {initial}")
        if code == _CONTINUE:  # the reason, as JSON; an empty line asks for the final reply
            code, text = smtp.docmd("")
    elif "PLAIN" in offered:
        code, text = smtp.docmd("AUTH", f"PLAIN {_encoded(f'{chr(0)}{user}{chr(0)}{secret}')}")
    elif "LOGIN" in offered:
        code, text = smtp.docmd("AUTH", "LOGIN")
        for answer in (user, secret):
            if code == _CONTINUE:
                code, text = smtp.docmd(_encoded(answer))
    else:
        raise SendError(
            f"The server offers no way to sign in with a password ({' '.join(offered) or 'none'}).",
            'Use login = { auth = "oauth2", … } in config.toml.',
        )
    if code != _ACCEPTED:
        clear = 400 <= code < 600  # half a reply is no refusal: it is tried again
        raise Refused("auth", code if clear else 421, text.decode("utf-8", "replace"))


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
