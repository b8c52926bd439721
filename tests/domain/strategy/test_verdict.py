"""Authentication-Results: what the provider says stands at its own place, whatever a sender put into the values."""

from __future__ import annotations

import pytest

from regrets.domain.strategy.verdict import check_failed

FAILED = (
    "mx.example; dmarc=fail (p=none) header.from=studio.example; spf=pass smtp.mailfrom=evil.example",
    "mx.example; spf=fail smtp.mailfrom=dmarc=pass@evil.example; dkim=none",
    'mx.example; spf=pass smtp.mailfrom="("@evil.example; dmarc=fail (p=none) header.from=studio.example',
    'mx.example; spf=pass smtp.mailfrom="a; dmarc=pass b"@evil.example; dmarc=fail',
    'mx.example; spf=pass smtp.mailfrom="\\"; dmarc=pass "@evil.example; dmarc=fail',
    "mx.example; spf=pass (sender (x; dmarc=pass) dmarc=pass) smtp.mailfrom=a@evil.example; dmarc=fail",
    "mx.example; spf=pass (\\( ) smtp.mailfrom=a@evil.example; dmarc=fail",
    "mx.example; spf=softfail smtp.mailfrom=spf=pass@evil.example",
    "mx.example; spf=fail smtp.helo=dkim=pass.evil.example; dkim=none",
    'mx.example; dkim=fail reason="dkim=pass"; spf=none',
    "mx.example; x-dmarc=pass; spf=fail",
    "mx.example; dmarc=none; spf=fail; dkim=none",
    "mx.example; dmarc=bestguesspass; spf=fail; dkim=none",
    "mx.example 1; dmarc=fail",
    '"mx.example"; dmarc=fail',
    "(c) MX.example (d); DMARC (e) / 1 = (f) FAIL (g) header.from=studio.example",
    'mx.example; spf=pass smtp.mailfrom="@evil.example; dmarc=fail',
    "mx.example; spf=pass smtp.mailfrom=(@evil.example; dmarc=fail",
)
NOT_FAILED = (
    "mx.example; none",
    "mx.example",
    "",
    "mx.example; dmarc=pass header.from=studio.example; spf=fail smtp.mailfrom=dmarc=fail@list.example",
    "mx.example; spf=pass smtp.mailfrom=evil.example",
    "mx.example; spf=fail smtp.mailfrom=list.example; dkim=pass header.d=studio.example",
    "mx.example; spf=pass; x=dmarc=fail; dkim=none (dmarc=fail)",
    "mx.example.evil.example; dmarc=fail",
    '"mx.example evil"; dmarc=fail',
    "other.example; dmarc=fail",
)


@pytest.mark.parametrize("results", FAILED)
def test_what_failed_is_found_whatever_a_sender_wrote_into_it(results: str) -> None:
    assert check_failed((results,), "mx.example")
    assert check_failed(("other.example; dmarc=pass", results, "mx.example; dmarc=pass"), "mx.example")
    assert not check_failed((results,), "")


@pytest.mark.parametrize("results", NOT_FAILED)
def test_nothing_else_counts_as_failed(results: str) -> None:
    assert not check_failed((results,), "mx.example")
