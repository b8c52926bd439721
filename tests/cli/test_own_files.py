"""What is wrong in the user's own files costs one clear line each; the invitations are still answered."""

from __future__ import annotations

import json
import socket
import threading

import pytest

from regrets.bootstrap import Program
from regrets.cli.main import status_of
from tests.support.world import NOW, invitation

CONFIG = '[me]\nname = "Ana Novak"\naddresses = ["ana@studio.example"]\ntimezone = "Europe/Ljubljana"\n'
DECADE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:own\r\nBEGIN:VEVENT\r\nUID:decade\r\nDTSTAMP:20200101T000000Z\r\n"
    "DTSTART:20200101T000000Z\r\nDTEND:20300101T000000Z\r\nSUMMARY:Sabbatical\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def suggest(tmp_path, capsys, monkeypatch):
    """`suggest(*calendars, clients=...)`: (status, the answer, what was said on stderr)."""
    monkeypatch.delenv("REGRETS_NOW", raising=False)
    config = tmp_path / "config"
    config.mkdir()
    (tmp_path / "invitation.eml").write_bytes(invitation())

    def run(*calendars: str, clients: str = "", letter: str = ""):
        tables = [f'[[calendar]]\nname = "c{number}"\n{each}\n' for number, each in enumerate(calendars)]
        (config / "config.toml").write_text(CONFIG + "".join(tables))
        (config / "clients.toml").write_text(clients)
        if letter:
            (config / "letters" / "en").mkdir(parents=True, exist_ok=True)
            (config / "letters" / "en" / "shorten.md").write_text("+++\n+++\n" + letter)
        places = ["--config-dir", str(config), "--data-dir", str(tmp_path / "data"), "--now", NOW]
        status = status_of(Program, ["suggest", "--json", str(tmp_path / "invitation.eml"), *places])
        captured = capsys.readouterr()
        return status, json.loads(captured.out), captured.err

    run.config = config
    return run


def test_a_calendar_that_cannot_be_read(suggest):
    (suggest.config / "garbage.ics").write_text("garbage\n")
    status, answer, said = suggest('path = "lost.ics"', 'path = "garbage.ics"')
    assert (status, answer["strategy"]) == (0, "shorten")
    assert said.splitlines() == [
        "regrets: Calendar “c0”: can't be read: No such file or directory. Check its path in config.toml.",
        "regrets: Calendar “c1”: is no calendar that can be read. Export it again, or take it out of config.toml.",
    ]


def test_an_event_of_ten_years(suggest):
    (suggest.config / "long.ics").write_text(DECADE, newline="")
    status, answer, said = suggest('path = "long.ics"')
    assert (status, said, answer["strategy"]) == (0, "", "reschedule")
    assert answer["reasons"] == ["It clashes with Sabbatical, Wed 1 Jan 2020 01:00 to Tue 1 Jan 2030 01:00."]


def test_a_feed_that_hangs(suggest, monkeypatch):
    monkeypatch.setattr("regrets.adapters.calendars.feed.DEADLINE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(5)
        threading.Thread(target=lambda: silent.accept()[0].recv(4096), daemon=True).start()
        status, answer, said = suggest(f'url = "http://127.0.0.1:{silent.getsockname()[1]}/feed.ics"')
    assert (status, answer["strategy"]) == (0, "shorten")
    assert said.count("\n") == 1
    assert "Calendar “c0”" in said


def test_two_clients_who_match_one_address(suggest):
    first = '[[client]]\nname = "A"\nmatch = ["kovin.example"]\ntier = "key"\n'
    clients = first + '[[client]]\nname = "B"\nmatch = ["Kovin.example"]\n'
    status, answer, said = suggest(clients=clients)
    assert (status, answer["rule"]) == (0, "7")
    assert said == (
        "regrets: clients.toml: kovin.example belongs to two clients, A and B: it counts as the first one's until "
        "you take it from one of them.\n"
    )


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        ("Hi {{ nobody }}", "nobody"),
        ("Hi {% if title %}", "line 3"),
        ('{{ "a" * 1000000000 }}', "Mul"),
    ],
    ids=["unknown slot", "syntax", "a gigabyte"],
)
def test_an_own_letter_that_cannot_be_used(suggest, capsys, letter, said):
    status, answer, _ = suggest(letter=letter)
    assert (status, answer["strategy"], answer["draft"]) == (0, "shorten", None)
    places = ["--config-dir", str(suggest.config), "--now", NOW]
    assert status_of(Program, ["letters", "check", *places]) == 1
    lines = [line for line in "".join(capsys.readouterr()).splitlines() if "shorten" in line]
    assert lines
    assert all(said in line for line in lines), lines
