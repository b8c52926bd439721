"""The labelled invitations of the shared material: strategy, rule and language of each."""

from __future__ import annotations

import pytest

from tests.support.labelled import CASES, results

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CASES.exists(), reason="needs the shared material (REGRETS_SHARED)"),
]


def test_every_labelled_case() -> None:
    found = results()
    wrong = [
        (result.label["id"], result.suggestion.rule, result.label["rule"])
        for result in found
        if not result.rule_right
    ]
    languages = [
        (result.label["id"], result.facts.language)
        for result in found
        if result.label["language"] and result.facts.language != result.label["textlang"]
    ]
    assert len(found) == 40
    assert not wrong
    assert not languages
