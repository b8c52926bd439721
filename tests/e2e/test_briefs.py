"""Leaving a meeting to a colleague, and the card for the meeting itself, on real servers."""

from __future__ import annotations

import email
import email.policy
import json
import subprocess
import sys

import pytest

from tests.support.world import invitation, world

pytestmark = pytest.mark.dovecot


@pytest.fixture
def there(tmp_path):
    with world(tmp_path) as running:
        config = running.config_dir / "config.toml"
        told = config.read_text().replace("[me]\n", '[me]\ncompany_domains = ["studio.example"]\n')
        config.write_text(told)
        yield running


def delivered(there, contact: str) -> str:
    (there.config_dir / "clients.toml").write_text(
        f'[[client]]\nname = "Kovin"\nmatch = ["kovin.example"]\ncontact = "{contact}"\n'
        'signs = [{ date = 2026-11-01, sign = "scope_creep", note = "canary" }]\n'
    )
    there.imap.deliver(invitation(text="Hello Ana,\n\n1. Colours of the logo\n2. Paper\n\nMarko"))
    there.run("sync")
    (row,) = there.json("list")
    return row["id"]


def test_the_answer_and_the_brief_go_out_one_after_the_other(there):
    item = delivered(there, "liga@studio.example")
    dry = there.run("reply", item, "--strategy", "bow_out", "--dry-run").stdout
    assert sum(line.startswith("From Ana@Studio.example ") for line in dry.splitlines()) == 2
    (told,) = there.json("reply", item, "--strategy", "bow_out", "--yes")
    assert told["state"] == "sent"
    assert told["to"] == ["Marko@Kovin.example", "liga@studio.example"]
    assert len(told["message_ids"]) == 2
    answer, brief = (
        email.message_from_bytes(each.data, policy=email.policy.default) for each in there.smtp.wait_for(2)
    )
    assert "text/calendar" in [part.get_content_type() for part in answer.walk()]
    assert brief.get_content_type() == "text/plain"
    assert "Likely questions: Colours of the logo; Paper" in brief.get_content()
    assert "canary" not in answer.as_string() + brief.as_string()
    assert [row["state"] for row in there.json("list", "--answered")] == ["answered"]
    assert sorted(entry["state"] for entry in there.json("outbox")) == ["sent", "sent"]


def test_a_meeting_is_handed_over_in_two_mails_that_go_together(there):
    item = delivered(there, "")
    dry = there.run("reply", item, "--delegate", "Liga <liga@studio.example>", "--dry-run").stdout
    assert sum(line.startswith("From Ana@Studio.example ") for line in dry.splitlines()) == 2
    (told,) = there.json("reply", item, "--delegate", "Liga <liga@studio.example>", "--yes")
    assert (told["state"], told["to"]) == ("sent", ["Marko@Kovin.example", "liga@studio.example"])
    answer, brief = (
        email.message_from_bytes(each.data, policy=email.policy.default) for each in there.smtp.wait_for(2)
    )
    methods = [
        part.get_param("method") for mail in (answer, brief) for part in mail.walk() if part.get_param("method")
    ]
    assert methods == ["REPLY", "REQUEST"]
    assert len(there.smtp.received) == 2  # the invitation and the brief are one mail
    assert "Thank you for taking" in brief.get_body(("plain",)).get_content()
    (row,) = there.json("list", "--answered")
    (shown,) = there.json("show", row["id"])
    assert any("left it to a colleague" in reason for reason in shown["reasons"])
    refused = there.run("reply", item, "--delegate", "Marko@Kovin.example", "--yes", status=1)
    assert "organises this meeting" in refused.stderr
    there.run("reply", item, "--strategy", "decline", "--delegate", "liga@studio.example", "--yes", status=2)
    asked = there.run("reply", item, "--strategy", "accept", "--yes", status=1).stderr
    assert "your colleague's calendar is not told" in asked
    assert "--confirm delegated" in asked


def test_an_address_outside_the_company_has_to_be_named(there):
    item = delivered(there, "liga@elsewhere.example")
    refused = there.run("reply", item, "--strategy", "bow_out", "--yes", status=1)
    assert "liga@elsewhere.example, outside your company" in refused.stderr
    assert "--confirm outside-colleague" in refused.stderr
    assert there.smtp.received == []
    there.run("reply", item, "--strategy", "bow_out", "--yes", "--confirm", "outside-colleague")
    assert [each.rcpt_tos for each in there.smtp.wait_for(2)][1] == ("liga@elsewhere.example",)


def test_the_prep_card_goes_by_the_time_box_that_was_promised(there):
    item = delivered(there, "")
    there.run("reply", item, "--strategy", "timebox", "--minutes", "30", "--yes")
    (card,) = there.json("prep", item)
    lines = {section["id"]: section["lines"] for section in card["sections"]}
    assert lines["agenda"] == ["Colours of the logo", "Paper"]
    assert lines["box"] == ["30 minutes, until 10:30"]
    assert "The invitation said an hour and a half; I've set aside 30 minutes." in lines["why"][0]
    assert there.json("prep") == []  # not today
    places = ["--config-dir", str(there.config_dir), "--data-dir", str(there.data_dir)]
    command = [sys.executable, "-m", "regrets", "prep", "--json", *places, "--now", "2026-11-24T08:00:00+01:00"]
    done = subprocess.run(command, env=there.environment, capture_output=True, text=True, timeout=60, check=True)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [item]
