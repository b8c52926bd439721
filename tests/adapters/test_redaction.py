"""No trace of a secret is left in what a server says, and nothing else is taken out."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrets.adapters.redaction import STRUCK, without


@given(st.text(st.characters(codec="utf-8"), min_size=8), st.binary(), st.binary())
def test_whatever_base64_holds_it_is_struck_out(secret: str, before: bytes, after: bytes) -> None:
    encoded = base64.b64encode(before + secret.encode() + after).decode()
    assert without(f"you said {encoded}.", secret) == f"you said {STRUCK}."


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("no s3cret!", f"no {STRUCK}"),
        ("NO S3CRET!", f"NO {STRUCK}"),
        ("PLAIN AGFuYQBzM2NyZXQh here", f"PLAIN {STRUCK} here"),
        ("xAGFuYQBzM2NyZXQh", STRUCK),  # with something stuck to its front
        ("you need an application-specific password", "you need an application-specific password"),
        ("", ""),
    ],
)
def test_what_is_struck_out(said: str, left: str) -> None:
    assert without(said, "s3cret!") == left


def test_quoted_as_imap_does() -> None:
    assert without(r'LOGIN ana "a\"b\\c"', r'a"b\c') == f'LOGIN ana "{STRUCK}"'
    assert without("anything", "") == "anything"
