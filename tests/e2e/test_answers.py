"""Answers that come after another answer, or touch a part of a series, on real servers."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re

import pytest

from tests.support.world import invitation, world

pytestmark = pytest.mark.dovecot
SERIES = "RRULE:FREQ=WEEKLY;COUNT=6\n"


@pytest.fixture
def there(tmp_path):
    with world(tmp_path) as running:
        yield running


def sent(there, number: int) -> tuple[str, list[str]]:
    """The text and the unfolded calendar lines of the n-th mail that went out."""
    data = there.smtp.wait_for(number)[number - 1].data
    message = email.message_from_bytes(data, policy=email.policy.default)
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    lines = re.sub(r"\r?\n ", "", part.get_content()).splitlines()
    return message.get_body(("plain",)).get_content(), lines


def stamp(lines: list[str]) -> str:
    return next(line for line in lines if line.startswith("DTSTAMP:"))


def test_a_yes_can_be_taken_back(there):
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    there.run("reply", row["id"], "--strategy", "accept", "--yes")
    (answered,) = there.json("list", "--answered")
    assert (answered["id"], answered["state"]) == (row["id"], "answered")
    (shown,) = there.json("show", row["id"])
    assert any("You said yes" in reason for reason in shown["reasons"])
    first_no = there.run("reply", row["id"], "--strategy", "decline", "--dry-run").stdout
    there.run("reply", row["id"], "--strategy", "decline", "--yes")
    (_, yes), (letter, no) = sent(there, 1), sent(there, 2)
    assert any("PARTSTAT=ACCEPTED" in line for line in yes)
    assert any("PARTSTAT=DECLINED" in line for line in no)
    assert stamp(no) > stamp(yes)  # receivers drop an answer that is not newer
    assert [line for line in no if line.startswith(("UID", "SEQUENCE", "ORGANIZER"))] == [
        line for line in yes if line.startswith(("UID", "SEQUENCE", "ORGANIZER"))
    ]
    assert "after saying yes" in " ".join(letter.split())
    assert "multipart/alternative" in first_no
    (again,) = there.json("list", "--answered")
    assert again["state"] == "answered"


def test_a_first_no_takes_nothing_back(there):
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    there.run("reply", row["id"], "--strategy", "decline", "--yes")
    letter, _ = sent(there, 1)
    assert "after saying yes" not in " ".join(letter.split())


def test_one_meeting_of_a_series_is_declined_and_the_series_stays_open(there):
    there.imap.deliver(invitation(extra=SERIES))
    there.run("sync")
    (row,) = there.json("list")
    asked = there.run("reply", row["id"], "--strategy", "decline", input="n\n", status=1)
    assert "This answers all 6 meetings until 29 December 2026." in asked.stdout
    one = ("--strategy", "decline", "--range", "this", "--instance", "2026-12-01")
    asked = there.run("reply", row["id"], *one, input="n\n", status=1)
    assert "This answers 1 meeting, on 1 December 2026." in asked.stdout
    there.run("reply", row["id"], *one, "--yes")
    _, lines = sent(there, 1)
    assert "RECURRENCE-ID;TZID=Europe/Ljubljana:20261201T100000" in lines
    assert not any(line.startswith("RRULE:FREQ=WEEKLY") for line in lines)
    assert [(each["id"], each["state"]) for each in there.json("list")] == [(row["id"], "open")]
    there.run("reply", row["id"], "--strategy", "accept", "--yes")
    _, whole = sent(there, 2)
    assert not any(line.startswith("RECURRENCE-ID") for line in whole)
    assert stamp(whole) > stamp(lines)
    assert there.json("list") == []


def test_a_part_of_a_series_is_refused_with_the_cure(there):
    there.imap.deliver(invitation(extra=SERIES))
    there.run("sync")
    (row,) = there.json("list")
    done = there.run("reply", row["id"], "--range", "following", "--instance", "2026-12-08", "--yes", status=1)
    assert "--range all" in done.stderr
    assert there.smtp.received == []


def test_an_update_tells_what_changed_and_whether_the_answer_stands(there):
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    there.run("reply", row["id"], "--strategy", "accept", "--yes")
    there.imap.deliver(invitation(sequence=1, start="20261125T090000", end="20261125T103000"))
    there.run("sync")
    (shown,) = there.json("show", row["id"])
    assert shown["changes"] == [{"what": "time", "from": "Tue 24 Nov 10:00-11:30", "to": "Wed 25 Nov 09:00-10:30"}]
    assert shown["facts"]["Changed"] == "Tue 24 Nov 10:00-11:30 -> Wed 25 Nov 09:00-10:30"
    assert shown["answer_stands"] is False
    assert "said yes" in shown["facts"]["Answered"]
    assert shown["state"] == "open"
    there.imap.deliver(invitation(uid="other@kovin.example"))
    there.run("sync")
    (other,) = [each for each in there.json("list") if each["uid"] == "other@kovin.example"]
    (shown,) = there.json("show", other["id"])
    assert (shown["changes"], shown["answer_stands"], shown["note"]) == ([], None, None)


def from_elsewhere(mail: bytes) -> bytes:
    """The same invitation, sent by somebody who is not its organiser."""
    return re.sub(rb"(?m)^From: .*$", b"From: Somebody <somebody@elsewhere.example>", mail, count=1)


def test_what_was_put_away_on_somebody_elses_word_is_open_again_once_the_organisers_own_mail_is_there(there):
    there.imap.deliver(from_elsewhere(invitation(sequence=9)))
    there.run("sync")
    (row,) = there.json("list")
    assert row["warnings"] == ["sender-mismatch"]
    there.run("dismiss", row["id"])
    there.run("sync")
    assert there.json("list") == []
    there.imap.deliver(invitation())
    there.run("sync")
    (own,) = [each for each in there.json("list") if each["id"] == row["id"]]
    assert (own["state"], own["warnings"], own["sequence"]) == ("open", [], 0)
    there.run("dismiss", row["id"])
    assert row["id"] not in [each["id"] for each in there.json("list")]


@pytest.mark.parametrize(("start", "state"), [("20261124T100000", "answered"), ("20261126T100000", "open")])
def test_an_answer_on_somebody_elses_word_holds_for_the_organisers_own_at_the_same_time(there, start, state):
    there.imap.deliver(from_elsewhere(invitation(sequence=9)))
    there.run("sync")
    (row,) = there.json("list")
    there.run("reply", row["id"], "--strategy", "accept", "--confirm", "sender-mismatch", "--yes")
    there.imap.deliver(invitation(start=start, end=start.replace("T10", "T11")))
    there.run("sync")
    (shown,) = there.json("show", row["id"])
    assert (shown["state"], shown["sequence"]) == (state, 0)
    words = " ".join([*shown["facts"].get("Answered", "").split(), *shown["reasons"]])
    assert "said yes" in words
    assert ("That doesn't hold" in words) is (state == "open")


def test_the_time_that_we_proposed_comes_back_as_they_agreed(there):
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    proposed = "2026-11-26T10:00/2026-11-26T11:00"
    there.run("reply", row["id"], "--strategy", "reschedule", "--propose", proposed, "--yes")
    hour = dt.datetime(2026, 11, 22, 7, tzinfo=dt.UTC)
    there.imap.deliver(invitation(sequence=1, start="20261126T100000", end="20261126T110000"), received=hour)
    later = hour + dt.timedelta(minutes=30)
    there.imap.deliver(invitation(uid="later@kovin.example", summary="Came later"), received=later)
    there.run("sync")
    rows = there.json("list")
    assert rows[0]["reasons"] == ["They agreed to the time that you proposed."]
    assert [(each["summary"], each["note"]) for each in rows] == [
        ("Logo colours", "they agreed"),
        ("Came later", None),
    ]
    (shown,) = there.json("show", row["id"])
    assert shown["reasons"] == ["They agreed to the time that you proposed."]
    assert (shown["strategy"], shown["rule"]) == ("accept", "13")  # though it lasts an hour without an agenda
    there.imap.deliver(invitation(sequence=2, start="20261127T100000", end="20261127T110000"))
    there.run("sync")
    assert {each["note"] for each in there.json("list")} == {None}  # another time is no agreement


def test_a_no_to_our_proposal_is_tied_to_it(there):
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    there.run("reply", row["id"], "--strategy", "shorten", "--minutes", "25", "--yes")
    there.imap.deliver(invitation(method="DECLINECOUNTER"))
    there.run("sync")
    (said,) = [each for each in there.json("list") if each["method"] == "DECLINECOUNTER"]
    assert said["strategy"] == "none"
    (shown,) = there.json("show", said["id"])
    assert shown["facts"]["Proposed"].startswith("You proposed Tue 24 Nov 10:00-10:25")
