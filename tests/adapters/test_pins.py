"""A bridge on this machine whose certificate nobody has signed: pinned when it is first met, and only there."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from regrets.adapters.imap.connection import ImapSource
from regrets.adapters.pins import Pins
from regrets.adapters.smtp.sender import SmtpSender
from regrets.domain.errors import MailboxError, StoreError
from regrets.domain.model import OutboxState
from regrets.domain.settings import Login, Server
from tests.support.dovecot import PASSWORD, dovecot
from tests.support.outbox import FakeSecrets, account, entry
from tests.support.smtp import smtp_server

USER = "ana@studio.example"
ANOTHER = "0" * 64


def send(pins: Pins | None, server: Server) -> tuple[OutboxState, str]:
    sender = SmtpSender(FakeSecrets("s3cret"), timeout=2, deadline=4, pins=pins)
    outcome = sender.send(account(smtp=server), entry(), lambda phase: None)
    return outcome.state, outcome.error


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_first_certificate_is_pinned_and_no_other_taken_after_it(tmp_path: Path, security: str) -> None:
    path = tmp_path / "data" / "pins.json"
    with smtp_server(tls=security == "tls", starttls=security != "tls", auth=(USER, "s3cret")) as bridge:
        server = Server("127.0.0.1", bridge.port, security)
        assert send(None, server)[0] is OutboxState.FAILED
        assert send(Pins(path), server)[0] is OutboxState.SENT
        assert send(Pins(path), server)[0] is OutboxState.SENT
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        logins = len(bridge.logins)
        path.write_text(json.dumps({f"127.0.0.1:{bridge.port}": ANOTHER}))
        state, error = send(Pins(path), server)
        assert (state, len(bridge.logins)) == (OutboxState.FAILED, logins)
        assert "not the one that was pinned" in error
        assert json.loads(path.read_text()) == {f"127.0.0.1:{bridge.port}": ANOTHER}


def test_under_any_name_or_with_a_good_certificate_nothing_is_pinned(tmp_path: Path) -> None:
    pins = Pins(tmp_path / "pins.json")
    with smtp_server(auth=(USER, "s3cret")) as bridge:
        assert send(pins, Server("localhost", bridge.port, "tls"))[0] is OutboxState.FAILED
        sender = SmtpSender(FakeSecrets("s3cret"), ca_file=Path(bridge.ca_file), timeout=2, deadline=4, pins=pins)
        good = account(smtp=Server("127.0.0.1", bridge.port, "tls"))
        assert sender.send(good, entry(), lambda phase: None).state is OutboxState.SENT
    assert not (tmp_path / "pins.json").exists()


def test_a_broken_file_of_pins_is_no_leave_to_pin_anew(tmp_path: Path) -> None:
    path = tmp_path / "pins.json"
    path.write_text("[]")
    with smtp_server(auth=(USER, "s3cret")) as bridge:
        state, error = send(Pins(path), Server("127.0.0.1", bridge.port, "tls"))
        assert (state, bridge.logins) == (OutboxState.FAILED, [])
    assert "Move it away" in error
    with pytest.raises(StoreError):
        Pins(path).of(Server("127.0.0.1", 1, "tls"))


@pytest.mark.dovecot
def test_mailboxes_too(tmp_path: Path) -> None:
    pins, secrets = Pins(tmp_path / "pins.json"), SimpleNamespace(password=lambda account: PASSWORD)
    with dovecot() as running:
        server = Server("127.0.0.1", running.tls_port, "tls")
        theirs = account(imap=server, login=Login("ana"))
        with pytest.raises(MailboxError, match="Proton"):
            ImapSource(secrets).connect(theirs)  # type: ignore[arg-type]
        for _ in range(2):
            ImapSource(secrets, pins=pins).connect(theirs).close()  # type: ignore[arg-type]
        assert len(pins.of(server)) == 64
        pins.remember(server, ANOTHER)
        with pytest.raises(MailboxError, match="not the one that was pinned"):
            ImapSource(secrets, pins=pins).connect(theirs)  # type: ignore[arg-type]
