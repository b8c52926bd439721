"""What an answer is worth once a mail has come since."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from regrets.services.standing import overtaken
from tests.adapters.store.test_cache import row
from tests.services.test_statistics import ANSWER

START = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
MARKO = "marko@kovin.example"


@pytest.mark.parametrize(
    ("start", "over"), [(START.isoformat(), False), ((START + dt.timedelta(hours=9)).isoformat(), True), (None, True)]
)
@pytest.mark.parametrize("answered", [START, None])  # None: the false one was for a whole day
def test_an_answer_on_somebody_elses_word_does_not_go_out_for_another_time_of_the_organisers_own(
    answered: dt.datetime | None, start: str | None, over: bool
) -> None:
    """However high the SEQUENCE of the false mail was."""
    given = dataclasses.replace(ANSWER, sequence=9999, start=answered, recurrence_id=None, secondhand=True)
    own = row(organizer_address=MARKO, sender=MARKO, start=start)
    assert overtaken(given, own) is (over or answered is None)
    assert not overtaken(given, dataclasses.replace(own, sender="liar@elsewhere.example", start=None))
