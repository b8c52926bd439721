"""The main job on real servers: an invitation in a mailbox, one command or key, the right answer at the organiser."""

from __future__ import annotations

import contextlib
import datetime as dt
import email
import email.policy
import re
import shlex

import pytest

from regrets.bootstrap import Program
from regrets.domain.cases import Choice
from regrets.domain.events import ignore
from regrets.domain.stored import Strategy, Undone
from tests.support import canary
from tests.support.outbox import FakeClock
from tests.support.scripted_smtp import DROP, scripted_smtp
from tests.support.world import NOW, invitation, newsletter, world

pytestmark = pytest.mark.dovecot


@pytest.fixture
def there(tmp_path):
    with world(tmp_path) as running:
        yield running


def only_message(there):
    received = there.smtp.wait_for(1)
    assert len(received) == 1
    return received[0], email.message_from_bytes(received[0].data, policy=email.policy.default)


def calendar_of(message):
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    return part, part.get_content().replace("\r\n ", "").replace("\n ", "")


def test_sync_list_show_reply(there):
    uid = there.imap.deliver(invitation())
    there.imap.deliver(newsletter())
    (synced,) = there.json("sync")
    assert (synced["account"], synced["new"], synced["errors"]) == ("work", 1, [])
    (row,) = there.json("list")
    assert row["summary"] == "Logo colours"
    assert row["state"] == "open"
    assert row["start"] == "2026-11-24T10:00:00+01:00"
    assert row["strategy"] == "shorten"
    (shown,) = there.json("show", row["id"])
    assert shown["draft"]["to"] == ["Marko@Kovin.example"]
    assert shown["draft"]["from"] == "Ana@Studio.example"
    there.run("reply", row["id"], "--strategy", "decline", "--yes")

    envelope, message = only_message(there)
    assert envelope.mail_from.casefold() == "ana@studio.example"
    assert [address.casefold() for address in envelope.rcpt_tos] == ["marko@kovin.example"]
    assert message["Subject"] == "Declined: Logo colours"
    assert message["In-Reply-To"] == "<kovin-1.kovin.example.0@mail.kovin.example>"
    assert message.get_content_type() == "multipart/alternative"
    part, calendar = calendar_of(message)
    assert part["Content-Type"].params["method"] == "REPLY"
    for line in (
        "METHOD:REPLY",
        "UID:kovin-1@kovin.example",
        'ORGANIZER;CN="Kovač, Marko":mailto:Marko@Kovin.example',
        "SEQUENCE:0",
    ):
        assert line in calendar.splitlines()
    attendees = [line for line in calendar.splitlines() if line.startswith("ATTENDEE")]
    assert len(attendees) == 1
    assert "PARTSTAT=DECLINED" in attendees[0]
    assert attendees[0].endswith("mailto:Ana@Studio.example")

    assert there.imap.flags(uid) == {b"\\Answered"}
    (copy,) = there.imap.messages("Sent")
    assert message["Message-ID"].encode() in copy
    assert there.json("list") == []
    (answered,) = there.json("list", "--answered")
    assert answered["state"] == "answered"


def test_a_second_reply_is_not_sent_while_none_was_asked_for(there):
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    there.run("reply", row["id"], input="n\n", status=1)
    assert there.smtp.received == []
    assert [entry["state"] for entry in there.json("outbox")] == []


def test_reading_changes_nothing_in_the_mailbox(there):
    uid = there.imap.deliver(invitation())
    there.run("sync")
    there.run("list")
    (row,) = there.json("list")
    there.run("show", row["id"])
    assert there.imap.flags(uid) == set()
    assert there.imap.uids() == [uid]


def test_a_counter_proposes_the_shorter_meeting(there):
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    there.run("reply", row["id"], "--strategy", "shorten", "--minutes", "25", "--yes")
    _, message = only_message(there)
    _, calendar = calendar_of(message)
    lines = calendar.splitlines()
    assert "METHOD:COUNTER" in lines
    assert "DTEND;TZID=Europe/Ljubljana:20261124T102500" in lines
    assert any(line.startswith("X-MS-OLK-ORIGINALEND") for line in lines)
    assert "25 minutes" in message.get_body(("plain",)).get_content()


def test_an_update_opens_an_answered_item_again_and_a_cancellation_closes_it(there):
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    there.run("reply", row["id"], "--strategy", "accept", "--yes")
    there.imap.deliver(invitation(sequence=1, start="20261125T100000", end="20261125T110000"))
    there.run("sync")
    (again,) = there.json("list")
    assert (again["id"], again["start"]) == (row["id"], "2026-11-25T10:00:00+01:00")
    there.imap.deliver(invitation(sequence=2, method="CANCEL", extra="STATUS:CANCELLED\n"))
    there.run("sync")
    assert there.json("list") == []
    (gone,) = there.json("list", "--all")
    assert gone["state"] == "cancelled"


def test_an_answer_that_may_have_left_outlives_an_update_and_is_asked_about(there):
    """It is neither taken back in silence nor said to be unsent, and the server gets no second one by itself."""
    config = there.config_dir / "config.toml"
    before = config.read_text()
    with scripted_smtp({"dot": DROP}) as broken:
        line = f'smtp = {{ host = "127.0.0.1", port = {broken.port}, security = "none" }}'
        config.write_text(re.sub(r"smtp = \{.*\}", line, before))
        there.imap.deliver(invitation())
        there.run("sync")
        (row,) = there.json("list")
        told = there.run("reply", row["id"], "--strategy", "decline", "--yes", status=1).stderr
        assert "may have arrived" in told
        there.imap.deliver(invitation(sequence=1))
        there.run("sync")
        (entry,) = there.json("outbox")
        assert (entry["state"], len(broken.accepted)) == ("unknown", 1)
        assert f"`regrets outbox retry {entry['id']}` sends it again." in told
        assert "regrets outbox" not in entry["error"]  # each face names its own way
    config.write_text(before)
    assert "may have arrived" in there.run("outbox", "cancel", entry["id"]).stdout
    assert there.smtp.received == []


def test_a_reply_that_waits_is_withdrawn_by_a_sync_that_brings_a_change(there):
    config = there.config_dir / "config.toml"
    before = config.read_text()
    config.write_text(re.sub(r"smtp = \{.*\}", 'smtp = { host = "127.0.0.1", port = 9, security = "none" }', before))
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    there.run("reply", row["id"], "--strategy", "decline", "--yes", status=1)
    there.imap.deliver(invitation(sequence=1, start="20261125T100000", end="20261125T110000"))
    config.write_text(before)
    assert "was changed while your reply waited: it was not sent." in there.run("sync").stderr
    assert there.smtp.received == []


def test_one_bad_mail_costs_no_other(there):
    broken = (
        b"From: x@y.example\r\nTo: ana@studio.example\r\nSubject: Broken\r\nMessage-ID: <1@y.example>\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEV"
    )
    there.imap.deliver(broken)
    there.imap.deliver(invitation())
    there.run("sync")
    rows = there.json("list")
    assert [row["summary"] for row in rows if row.get("strategy")] == ["Logo colours"]
    (unreadable,) = [row for row in rows if row["state"] == "unreadable"]
    assert unreadable["error"]["code"] == "broken-calendar"
    assert unreadable["error"]["message"]


def test_the_cache_can_be_deleted_and_the_answers_stay(there):
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    there.run("reply", row["id"], "--strategy", "decline", "--yes")
    for file in there.data_dir.glob("cache.db*"):
        file.unlink()
    there.run("sync")
    assert there.json("list") == []
    assert [entry["state"] for entry in there.json("outbox")] == ["sent"]


def test_dry_run_prints_the_message_and_sends_nothing(there):
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    printed = there.run("reply", row["id"], "--dry-run").stdout
    assert "method=COUNTER" in printed or "method=REPLY" in printed
    assert there.smtp.received == []


def test_dismiss_and_undo(there):
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    there.run("dismiss", row["id"])
    assert there.json("list") == []
    there.run("undo")
    assert [entry["id"] for entry in there.json("list")] == [row["id"]]
    there.run("snooze", row["id"], "2d")
    assert there.json("list") == []
    assert there.json("list", "--all")[0]["state"] == "snoozed"


def test_doctor_signs_in_and_names_what_fails(there):
    assert all(check["ok"] for check in there.json("doctor"))
    config = there.config_dir / "config.toml"
    config.write_text(config.read_text().replace("print(", "print('wrong' + "))
    checks = there.json("doctor", status=1)
    failed = [check for check in checks if not check["ok"]]
    assert {check["check"] for check in failed} == {"work: IMAP", "work: SMTP"}
    assert all(check["cure"] for check in failed)


def test_an_unreachable_server_gives_one_line_and_the_list_stays(there):
    there.imap.deliver(invitation())
    there.run("sync")
    config = there.config_dir / "config.toml"
    config.write_text(config.read_text().replace(str(there.imap.tls_port), "9"))
    done = there.run("sync", status=1)
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert len(there.json("list")) == 1


def test_setup_tests_the_login_and_keeps_the_account_without_its_password(there, tmp_path):
    (there.config_dir / "config.toml").unlink()
    secret = shlex.join(canary.command_that_prints())
    servers = ["--imap-host", "localhost", "--imap-port", str(there.imap.tls_port)]
    servers += ["--smtp-host", "localhost", "--smtp-port", str(there.smtp.port), "--user", "ana"]
    you = ["--address", "ana@studio.example", "--name", "work", "--your-name", "Ana Novak"]

    refused = there.run(
        "setup", *you, *servers, "--password-command", secret.replace("print(", "print(1, "), status=1
    )
    assert "was not kept" in refused.stderr
    assert not (there.config_dir / "config.toml").exists()

    done = there.run("setup", *you, *servers, "--password-command", secret)
    assert "ok" in done.stdout
    assert (
        canary.SECRET[::-1] in (there.config_dir / "config.toml").read_text()
    )  # the command, which is the user's own
    there.imap.deliver(invitation())
    assert there.json("sync")[0]["new"] == 1
    assert "ana@studio.example" in there.run("account", "list").stdout
    there.run("account", "remove", "work")
    assert "No account" in there.run("account", "list").stderr


def test_a_password_needs_a_keyring_that_keeps_it(there):
    (there.config_dir / "config.toml").unlink()
    there.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    servers = ["--imap-host", "localhost", "--imap-port", str(there.imap.tls_port)]
    servers += ["--smtp-host", "localhost", "--smtp-port", str(there.smtp.port), "--user", "ana"]
    you = ["--address", "ana@studio.example", "--name", "work", "--your-name", "Ana Novak"]
    done = there.run("setup", *you, *servers, input=f"{canary.SECRET}\n", status=1)
    assert "No keyring that keeps passwords safely was found" in done.stderr
    assert "command" in done.stderr
    assert not (there.config_dir / "config.toml").exists()


def test_setup_keeps_no_account_whose_address_is_none(there):
    before = (there.config_dir / "config.toml").read_text()
    said = there.run("setup", "--address", "ana", "--password-command", "true", "--no-test", status=1).stderr
    assert "ana is no e-mail address. Give one such as" in said
    assert (there.config_dir / "config.toml").read_text() == before


def test_wrong_password_stops_at_once_and_names_the_cure(there):
    config = there.config_dir / "config.toml"
    config.write_text(config.read_text().replace("print(", "print('wrong' + "))
    done = there.run("sync", status=1)
    assert "refused the login" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_unknown_zone_is_shown_as_such_and_asked_about(there):
    there.imap.deliver(invitation(zone="Mars/Olympus"))
    there.run("sync")
    (row,) = there.json("list")
    assert row["start"] == "2026-11-24T10:00:00"
    assert "unknown-timezone" in row["warnings"]
    refused = there.run("reply", row["id"], "--strategy", "accept", "--yes", status=1)
    assert "--confirm unknown-timezone" in refused.stderr
    assert there.smtp.received == []
    there.run("reply", row["id"], "--strategy", "accept", "--confirm", "unknown-timezone", "--yes")
    _, message = only_message(there)
    assert "DTSTART" not in calendar_of(message)[1]


def test_a_pair_of_domains_is_asked_about_once_in_the_shell_too(there):
    for number in (1, 2):
        mail = invitation(
            f"k{number}@kovin.example", start=f"2026112{number + 3}T100000", end=f"2026112{number + 3}T110000"
        )
        there.imap.deliver(mail.replace(b"From: ", b"From: Calendly <invites@calendly.example>\nX-Was: ", 1))
    there.run("sync")
    first, second = sorted(there.json("list"), key=lambda row: row["start"])
    refused = there.run("reply", first["id"], "--strategy", "accept", "--yes", status=1)
    assert "--confirm sender-mismatch" in refused.stderr
    there.run("reply", first["id"], "--strategy", "accept", "--yes", "--confirm", "sender-mismatch")
    there.run("reply", second["id"], "--strategy", "accept", "--yes")
    assert len(there.smtp.received) == 2


def test_being_away_suggests_anew_accepted_meetings_included(there):
    there.imap.deliver(invitation())
    there.imap.deliver(invitation("other@kovin.example", start="20261130T100000", end="20261130T110000"))
    there.run("sync")
    first = next(row for row in there.json("list") if row["start"].startswith("2026-11-24"))
    there.run("reply", first["id"], "--strategy", "accept", "--yes")
    printed = there.run("away", "2026-11-24", "--reason", "ill").stdout.splitlines()
    assert printed[0] == "Away on 2026-11-24."
    assert len(printed) == 2
    assert printed[1].split()[:2] == [first["id"], "accepted"]
    assert "reschedule" in printed[1]
    there.run("reply", first["id"], "--strategy", "reschedule", "--yes")
    _, taken_back = there.smtp.wait_for(2)
    message = email.message_from_bytes(taken_back.data, policy=email.policy.default)
    assert "sorry" in message.get_body(("plain",)).get_content()
    assert "ill" not in message.get_body(("plain",)).get_content().split()


def test_the_same_answer_twice_is_asked_about(there):
    there.imap.deliver(invitation())
    there.run("sync")
    (row,) = there.json("list")
    there.run("reply", row["id"], "--strategy", "decline", "--yes")
    again = there.run("reply", row["id"], "--strategy", "decline", "--yes", status=1)
    assert "You gave this answer already" in again.stderr
    assert "--confirm answered" in again.stderr
    assert len(there.smtp.received) == 1


def test_undo_names_a_later_answer_that_has_left(there, monkeypatch):
    """A final answer is held for longer: what is taken back is not the last one then."""
    monkeypatch.setenv("SSL_CERT_FILE", there.environment["SSL_CERT_FILE"])
    there.imap.deliver(invitation())
    there.imap.deliver(invitation(uid="other@kovin.example", summary="Other colours"))
    there.run("sync")
    items = {row["summary"]: row["id"] for row in there.json("list")}
    clock = FakeClock(moment=dt.datetime.fromisoformat(NOW))
    with contextlib.closing(Program(str(there.config_dir), str(there.data_dir), clock=clock).desk()) as desk:
        first, later = items["Logo colours"], items["Other colours"]
        desk.hold(first, desk.draft(first, Choice(strategy=Strategy.PART_WAYS)))
        entry = desk.hold(later, desk.draft(later, Choice(strategy=Strategy.DECLINE)))
        clock.seconds += desk.seconds_left(entry.id)
        desk.deliver(ignore)
        assert desk.undo() == Undone(first, "Declined: Other colours")
    assert [received.rcpt_tos for received in there.smtp.received] == [("Marko@Kovin.example",)]


def test_setup_keeps_nothing_that_the_config_would_refuse(there):
    before = (there.config_dir / "config.toml").read_text()
    you = ["setup", "--address", "ana@studio.example", "--name", "x", "--your-name", "Ana", "--no-test"]
    said = there.run(*you, "--imap-security", "none", "--password-command", "true", status=1).stderr
    assert "imap.studio.example would get the password in the clear" in said
    said = there.run(*you, "--password-command", "pass 'show", status=1).stderr
    assert "The command can't be read (No closing quotation)" in said
    assert (there.config_dir / "config.toml").read_text() == before
