"""The client book at work: an edit counts at once, and disturbs nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from regrets.adapters.store.cache import SqliteCache
from regrets.bootstrap import Program
from regrets.domain.imip import read
from regrets.domain.model import Strategy, Suggestion
from regrets.domain.ports import FoundMail
from regrets.domain.rows import row_of
from regrets.domain.settings import Fit
from regrets.services.glance import fit_lines
from tests.support.invitations import make_invitation
from tests.support.world import NOW, invitation

CONFIG = '[me]\nname = "Ana"\naddresses = ["ana@studio.example"]\ntimezone = "Europe/Ljubljana"\n'
CALENDAR = """[[calendar]]
name = "mine"
path = "mine.ics"
"""
MEETING = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//EN
BEGIN:VEVENT
UID:1
DTSTAMP:20261101T080000Z
DTSTART:20261110T080000Z
DTEND:20261110T100000Z
ORGANIZER:mailto:marko@kovin.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@studio.example
END:VEVENT
END:VCALENDAR
"""


def test_an_edit_counts_at_once_and_keeps_comments(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG + CALENDAR)
    (tmp_path / "mine.ics").write_text(MEETING.replace("\n", "\r\n"))
    (tmp_path / "clients.toml").write_text('# mine\n[[client]]\nname = "Other"\nmatch = ["other.example"]\n')
    cache, mail = SqliteCache(tmp_path / "cache.db"), invitation()
    moment = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
    found = FoundMail(1, moment, mail)
    cache.save_mail(row_of("work", "INBOX", found, read(mail)), found, 1, current=True)
    cache.close()
    desk = Program(str(tmp_path), str(tmp_path), NOW).desk()
    desk.refresh()
    (row,) = desk.rows()
    assert row.strategy != "respect"
    desk.add_client("Kovin", ["kovin.example"], {})
    entries = desk.clients()
    assert [(entry.client.name, entry.share, entry.crowding) for entry in entries] == [
        ("Other", 0.0, False),
        ("Kovin", 1.0, True),
    ]
    desk.change_client("Kovin", {"status": "blocked"})
    assert desk.rows()[0].strategy == "respect"
    assert desk.case(row.id).suggestion.strategy is Strategy.RESPECT
    desk.note_sign("Kovin", "crowding_out", "")
    assert [entry.crowding for entry in desk.clients()] == [False, False]
    assert (tmp_path / "clients.toml").read_text().startswith('# mine\n[[client]]\nname = "Other"\n')
    assert desk.statistics() == []
    desk.close()


def test_the_users_own_words_stand_beside_a_strangers_request() -> None:
    fit = Fit(("design studios",), ("casinos", "MLM"))
    stranger = Suggestion(Strategy.SHORTEN, "11", (), (), relation="stranger")
    (glance,) = fit_lines(make_invitation(summary="A site for casinos"), stranger, fit)
    assert (glance.label, glance.alert) == ("Fit", True)
    assert glance.text == "wanted: design studios · unwanted: casinos, MLM · it names casinos"
    assert not fit_lines(make_invitation(summary="A chair"), stranger, fit)[0].alert
    assert fit_lines(make_invitation(), Suggestion(Strategy.SHORTEN, "11", (), (), relation="colleague"), fit) == []
    assert fit_lines(make_invitation(), stranger, Fit()) == []
