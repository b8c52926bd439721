"""The user's own calendar beside the answers, on real servers: filed with a sent yes, taken out with a no."""

from __future__ import annotations

import pytest

from tests.support.world import invitation, world

pytestmark = pytest.mark.dovecot
DENTIST = (
    b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//mine//EN\nX-WR-CALNAME:Ana\nBEGIN:VEVENT\nUID:dentist\n"
    b"DTSTAMP:20261101T080000Z\nDTSTART:20261203T090000Z\nDTEND:20261203T093000Z\nSUMMARY:Dentist\n"
    b"END:VEVENT\nEND:VCALENDAR\n"
)


@pytest.fixture
def there(tmp_path):
    with world(tmp_path) as running:
        (tmp_path / "mine.ics").write_bytes(DENTIST)
        config = running.config_dir / "config.toml"
        calendar = f'\n[[calendar]]\nname = "mine"\npath = "{tmp_path}/mine.ics"\nwritable = true\n'
        config.write_text(config.read_text(encoding="utf-8") + calendar, encoding="utf-8")
        yield running


def one(there) -> str:
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    return row["id"]


def test_a_yes_is_sent_filed_and_taken_out_when_it_is_called_off(there, tmp_path):
    mine, item = tmp_path / "mine.ics", one(there)
    (done,) = there.json("reply", item, "--strategy", "accept", "--file", "mine", "--yes")
    assert done["state"] == "sent"
    assert done["filed"] == {"calendar": "mine", "kind": "file", "state": "done", "error": ""}
    assert len(there.smtp.wait_for(1)) == 1
    text = mine.read_text(encoding="utf-8").replace("\n ", "")
    assert text.startswith(DENTIST.decode().partition("BEGIN:VEVENT")[0])
    assert "PARTSTAT=ACCEPTED:mailto:Ana@Studio.example" in text
    assert "METHOD" not in text
    assert "BEGIN:VEVENT\nUID:dentist\n" in text
    (shown,) = there.json("show", item)
    assert "Clash" not in shown["facts"]

    there.imap.deliver(invitation(method="CANCEL", sequence=1, extra="STATUS:CANCELLED\n"))
    there.run("sync")
    (row,) = there.json("list")
    assert row["state"] == "cancelled"
    there.run("calendars", "remove", item)
    text = mine.read_text(encoding="utf-8")
    assert "kovin-1" not in text
    assert "UID:dentist" in text
    again = there.run("calendars", "remove", item, status=1)
    assert "nothing to take out" in again.stderr


def test_yes_alone_files_nothing_and_a_question_is_asked_otherwise(there, tmp_path):
    mine, item = tmp_path / "mine.ics", one(there)
    there.run("calendars", "rule", "mine", "always")
    (done,) = there.json("reply", item, "--strategy", "accept", "--yes")
    assert (done["state"], done["filed"]) == ("sent", None)
    assert mine.read_bytes() == DENTIST
    there.run("calendars", "rule", "mine", "ask")
    asked = there.run("reply", item, "--strategy", "accept", input="y\nn\n")
    assert "File the meeting in your calendar “mine” as well" in asked.stderr
    assert mine.read_bytes() == DENTIST
    there.run("calendars", "file", item)
    assert b"kovin-1" in mine.read_bytes()
    no = there.run("reply", item, "--strategy", "decline", input="y\ny\n")
    assert "Your calendar “mine” holds it. Take it out" in no.stderr
    assert b"BEGIN:VEVENT\nUID:kovin-1" not in mine.read_bytes()
    (state,) = there.json("calendars", "list")
    assert (state["calendar"], state["writable"], state["rule"], state["waiting"]) == ("mine", True, "ask", [])


def test_a_read_only_calendar_costs_one_line_and_is_filed_later(there, tmp_path):
    mine, item = tmp_path / "mine.ics", one(there)
    mine.chmod(0o444)
    done = there.run("reply", item, "--strategy", "accept", "--file", "mine", "--yes", status=1)
    assert done.stdout.startswith("sent: Accepted: Logo colours")
    assert len(done.stderr.splitlines()) == 1
    assert "Sent, but not filed in “mine”" in done.stderr
    assert "read-only. Make it writable" in done.stderr
    assert len(there.smtp.wait_for(1)) == 1
    assert mine.read_bytes() == DENTIST
    assert "read-only" in there.run("calendars", "list").stdout
    mine.chmod(0o644)
    later = there.run("sync")
    assert "Filed in “mine”: Logo colours." in later.stderr
    assert b"kovin-1" in mine.read_bytes()
    assert len(there.smtp.received) == 1


def test_a_calendar_that_is_not_there_is_named_before_anything_is_sent(there):
    item = one(there)
    wrong = there.run("reply", item, "--strategy", "accept", "--file", "yours", "--yes", status=1)
    assert "There is no calendar “yours” in config.toml. Writable ones: mine." in wrong.stderr
    assert there.smtp.received == []
