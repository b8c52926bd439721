# ruff: noqa: DTZ001
"""Our bounded stepper beside dateutil's, on random rules; and what it refuses."""

import datetime as dt
import time

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from regrets.domain.rule_steps import RuleRefused, rule_of, wall_times

DAYS = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=3, unique=True)
PLACES = st.sampled_from(["1", "2", "3", "-1", "-2"])


@st.composite
def rules(draw):
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}"]
    if draw(st.booleans()):
        parts.append(f"BYMONTH={draw(st.integers(1, 12))}")
    if draw(st.booleans()):
        days = draw(DAYS)
        if frequency in ("MONTHLY", "YEARLY") and draw(st.booleans()):
            days = [draw(PLACES) + day for day in days]
        parts.append(f"BYDAY={','.join(days)}")
    elif frequency in ("MONTHLY", "YEARLY") and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={draw(st.sampled_from([1, 15, 28, 30, 31, -1, -3]))}")
    if frequency in ("MONTHLY", "YEARLY") and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(PLACES)}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(['MO', 'SU', 'TH']))}")
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 60))}")
    elif draw(st.booleans()):
        parts.append(f"UNTIL=20{draw(st.integers(10, 40))}0701T000000")
    return ";".join(parts)


@settings(max_examples=150, deadline=None)
@given(rules(), st.datetimes(dt.datetime(2005, 1, 1), dt.datetime(2012, 1, 1)), st.integers(0, 5000))
def test_the_same_times_as_dateutil(text, start, later):
    start = start.replace(microsecond=0)
    low = start + dt.timedelta(days=later)
    high = low + dt.timedelta(days=900)
    theirs = rrulestr(text, dtstart=start)
    # dateutil leaves a DTSTART out that does not fit its rule, and does not count it: such rules are no comparison.
    if theirs.after(start - dt.timedelta(seconds=1)) != start:
        return
    assert list(wall_times(rule_of(text), start, low, high)) == theirs.between(low, high, inc=True)


@pytest.mark.parametrize(
    "text",
    ["FREQ=SECONDLY", "FREQ=HOURLY;COUNT=2", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "COUNT=1", "",
     "FREQ=DAILY;BYHOUR=1,2", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;UNTIL=soon", "FREQ=MONTHLY;BYMONTHDAY=32",
     "FREQ=YEARLY;BYWEEKNO=20", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;BYMONTH=" + "1," * 600 + "1"],
)  # fmt: skip
def test_what_would_not_end_is_refused(text):
    with pytest.raises(RuleRefused):
        rule_of(text)


def test_a_rule_that_never_matches_ends_at_once():
    began = time.monotonic()
    rule = rule_of("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    assert list(wall_times(rule, dt.datetime(1970, 1, 1), dt.datetime(2026, 1, 1), dt.datetime(2126, 1, 1))) == []
    assert time.monotonic() - began < 1
