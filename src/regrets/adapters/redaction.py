"""A server may echo what it was sent: its words lose every trace of the secret before anybody reads them."""

from __future__ import annotations

import base64
import binascii
import re

STRUCK = "***"
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")


def without(text: str, secret: str) -> str:
    """`text` with the secret struck out: as it is, quoted as IMAP does (RFC 9051, 4.3), in any case, and where it
    stands within something in base64. Apply it before a text is cut: half a secret isn't recognised."""
    if not secret:
        return text
    for form in {secret, secret.replace("\\", "\\\\").replace('"', '\\"')}:
        text = re.sub(re.escape(form), STRUCK, text, flags=re.IGNORECASE)
    return _ENCODED.sub(lambda found: STRUCK if _holds(found[0], secret.encode()) else found[0], text)


def _holds(encoded: str, secret: bytes) -> bool:
    plain = encoded.rstrip("=").replace("-", "+").replace("_", "/")
    return any(secret in _decoded(plain[start:]) for start in range(4))


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4))
    except (binascii.Error, ValueError):  # one character too many
        return base64.b64decode(encoded[: len(encoded) // 4 * 4])
