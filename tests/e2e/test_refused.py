"""A reply that a server refuses for good comes back to the inbox as the user wrote it, in a later run too."""

from __future__ import annotations

import contextlib
import email
import email.policy
import re

import pytest

from regrets.bootstrap import Program
from regrets.domain.cases import Choice, Range
from regrets.domain.events import ignore
from regrets.domain.stored import OutboxState, PartStat, Strategy
from tests.support.scripted_smtp import scripted_smtp
from tests.support.terminal import Terminal
from tests.support.world import NOW, invitation, world

pytestmark = pytest.mark.dovecot
WORDS = "Hello Marko,\n\nthese are words of my own.\n\nAna\n"


@pytest.fixture
def there(tmp_path):
    with world(tmp_path) as running:
        yield running


@contextlib.contextmanager
def a_server_that_refuses(there):
    """In place of the one that takes the mail."""
    config = there.config_dir / "config.toml"
    before = config.read_text()
    with scripted_smtp({"dot": b"554 5.7.1 not from you\r\n"}, connections=9) as refusing:
        line = f'smtp = {{ host = "127.0.0.1", port = {refusing.port}, security = "none" }}'
        config.write_text(re.sub(r"smtp = \{.*\}", line, before))
        yield
    config.write_text(before)


def received_text(there):
    message = email.message_from_bytes(there.smtp.wait_for(1, seconds=20)[0].data, policy=email.policy.default)
    return message["Subject"], message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def synced(there, **parts):
    there.imap.deliver(invitation(**parts))
    there.run("sync")
    return there.json("list")[0]["id"]


def refused(there, item):
    with a_server_that_refuses(there):
        there.run("reply", item, "--strategy", "decline", "--text-file", "-", "--yes", input=WORDS, status=1)
    (entry,) = there.json("outbox")
    assert (entry["state"], "554" in entry["error"]) == ("failed", True)


def test_the_row_shows_what_was_refused_and_s_sends_it(there):
    refused(there, synced(there))
    with Terminal(there.arguments(), there.environment, 100, 40) as terminal:
        terminal.wait_for("these are words of my own")
        terminal.wait_for("Reply goes to")
        terminal.settle()
        terminal.type("s")
        assert received_text(there) == ("Declined: Logo colours", WORDS)
        terminal.wait_for("decided")
        terminal.type("q")
        assert terminal.wait_for_end() == 0
    assert [entry["state"] for entry in there.json("outbox")] == ["sent", "cancelled"]


def test_the_shell_shows_and_sends_it_too(there):
    item = synced(there)
    refused(there, item)
    (shown,) = there.json("show", item)
    assert (shown["strategy"], shown["draft"]["body"]) == ("shorten", WORDS)
    there.run("reply", item, "--yes")
    assert received_text(there) == ("Declined: Logo colours", WORDS)
    assert there.json("list") == []


def test_it_is_drafted_anew_where_the_meeting_has_changed_since(there):
    item = synced(there)
    refused(there, item)
    synced(there, sequence=1, start="20261125T100000", end="20261125T113000")
    assert there.json("show", item)[0]["draft"]["body"] != WORDS


def test_it_is_drafted_anew_where_it_was_taken_out_of_the_outbox(there):
    item = synced(there)
    refused(there, item)
    there.run("outbox", "cancel", there.json("outbox")[0]["id"])
    assert there.json("show", item)[0]["draft"]["body"] != WORDS


@pytest.mark.parametrize(
    "chosen",
    [
        Choice(strategy=Strategy.DECLINE, language="nb", formal=True, range_=Range.THIS, body=WORDS),
        Choice(strategy=Strategy.ACCEPT, range_=Range.FOLLOWING, partstat=PartStat.TENTATIVE, body=WORDS),
        Choice(strategy=Strategy.SHORTEN, minutes=15, range_=Range.ALL),
        Choice(
            strategy=Strategy.BOW_OUT,
            partstat=PartStat.DELEGATED,
            delegate='"Kos, \\"Ben\\"" <ben@studio.example>',
            brief_body="Ben, take it.\n",
            body=WORDS,
        ),
        Choice(strategy=Strategy.BOW_OUT, partstat=PartStat.NEEDS_ACTION, brief_body="", body=WORDS),
    ],
)
def test_all_that_was_chosen_comes_back_with_it(there, monkeypatch, chosen):
    monkeypatch.setenv("SSL_CERT_FILE", there.environment["SSL_CERT_FILE"])
    item = synced(there, extra="RRULE:FREQ=WEEKLY;COUNT=6\n")
    with a_server_that_refuses(there), contextlib.closing(program(there).desk()) as desk:
        sent = desk.draft(item, chosen)
        assert desk.send_now(item, sent, ignore).state is OutboxState.FAILED
    with contextlib.closing(program(there).desk()) as desk:
        assert desk.case(item).draft == sent


def program(there):
    return Program(str(there.config_dir), str(there.data_dir), NOW)
