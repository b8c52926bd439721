"""Settings and client book: defaults, every fault at once, the nearest spelling."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from regrets.adapters.config_file import load
from regrets.domain.errors import ConfigError

ACCOUNT = """
[[account]]
name = "work"
address = "ana@studio.example"
imap = { host = "imap.example", port = 993 }
smtp = { host = "smtp.example", port = 465, security = "tls" }
login = { user = "ana" }
"""


def faults_of(directory: Path, config: str, clients: str = "") -> list[str]:
    (directory / "config.toml").write_text(config, encoding="utf-8")
    (directory / "clients.toml").write_text(clients, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(directory)
    return caught.value.faults


def test_no_files_give_the_defaults(tmp_path):
    settings, book = load(tmp_path)
    assert settings.accounts == ()
    assert settings.hours.start == dt.time(9)
    assert settings.hours.meeting_limit == 360
    assert settings.ui.undo_seconds == 10
    assert settings.me.timezone  # the machine's own
    assert book.clients == ()


def test_units_zones_and_paths_are_resolved(tmp_path):
    (tmp_path / "config.toml").write_text(
        ACCOUNT
        + """
[me]
name = "Ana Novak"
addresses = ["Ana@Studio.example"]
timezone = "Europe/Ljubljana"
reply_within = "3d"
[hours]
meeting_limit = "1h30m"
[[away]]
start = 2026-12-01T00:00:00
end = 2026-12-03T00:00:00
[[calendar]]
name = "mine"
path = "ana.ics"
[keys]
send = "ctrl+y"
"""
    )
    settings, _ = load(tmp_path)
    assert settings.me.reply_within == 3
    assert settings.me.signature == "Ana Novak"
    assert settings.me.addresses == ("Ana@Studio.example",)  # the account's is the same one
    assert settings.hours.meeting_limit == 90
    assert settings.away[0].start == dt.datetime(2026, 12, 1, tzinfo=ZoneInfo("Europe/Ljubljana"))
    assert settings.calendars[0].path == str(tmp_path / "ana.ics")
    assert settings.accounts[0].imap.security == "tls"
    assert settings.keys == (("send", "ctrl+y"),)


def test_all_faults_of_both_files_come_at_once_with_their_place(tmp_path):
    faults = faults_of(
        tmp_path,
        """
[me]
adresses = ["x"]
timezone = "Mars/Olympus"
[hours]
days = ["mon", "tues"]
start = "25:00"
""",
        '[[client]]\nname = "K"\ntier = "gold"\n',
    )
    text = "\n".join(faults)
    assert "config.toml: me.adresses: unknown key; did you mean 'addresses'?" in faults
    assert "me.timezone: found 'Mars/Olympus'" in text
    assert "hours.days[2]: found 'tues', allowed is one of 'mon'" in text
    assert "hours.start: found '25:00'" in text
    assert "clients.toml: client[1].tier: found 'gold', allowed is one of 'key', 'regular', 'minor'" in faults
    assert len(faults) == 5


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("[me\n", "not valid TOML"),
        (ACCOUNT.replace('security = "tls"', 'security = "none"'), "for this machine only"),
        (ACCOUNT.replace('user = "ana"', 'user = "ana", auth = "command"'), 'needs command = ["program"'),
        (ACCOUNT + ACCOUNT, "two accounts are called 'work'"),
        (ACCOUNT.replace("993", '"99x3"'), "account[1].imap.port: found '99x3', allowed is a whole number"),
        (ACCOUNT.replace('"ana@studio.example"', '"ana@x, eve@y"'), "one e-mail address"),
        ('[hours]\nstart = "17:00"\nend = "09:00"\n', "start must be before end"),
        ('[[calendar]]\nname = "x"\n', "give either path or url"),
    ],
)
def test_a_wrong_value_says_what_is_allowed(tmp_path, config, said):
    assert said in "\n".join(faults_of(tmp_path, config))


def test_plain_text_is_allowed_on_loopback(tmp_path):
    local = ACCOUNT.replace("imap.example", "127.0.0.1").replace("993", '143, security = "none"')
    (tmp_path / "config.toml").write_text(local)
    assert load(tmp_path)[0].accounts[0].imap.security == "none"


def test_clients_match_by_address_before_domain(tmp_path):
    (tmp_path / "clients.toml").write_text(
        """
[[client]]
name = "Kovin"
match = ["kovin.example"]
[[client]]
formal = true
name = "Marko himself"
match = ["marko@kovin.example"]
signs = [{ date = 2026-10-01, sign = "dragging" }]
"""
    )
    _, book = load(tmp_path)
    assert [client.formal for client in book.clients] == [None, True]
    named = {
        a: getattr(book.of(a), "name", None)
        for a in ("Marko@Kovin.example", "x@kovin.example", "x@mail.kovin.example")
    }
    assert named == {
        "Marko@Kovin.example": "Marko himself",
        "x@kovin.example": "Kovin",
        "x@mail.kovin.example": "Kovin",
    }
    assert book.of("x@notkovin.example") is None
    assert book.clients[1].signs[0].date == dt.date(2026, 10, 1)
