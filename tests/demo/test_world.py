"""The demo's world: what stands in it on any day, and that nothing of it stays."""

from __future__ import annotations

import datetime as dt
import smtplib
import stat
import subprocess
import sys
import threading
import tomllib
from collections import Counter
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from regrets.demo.mails import build
from regrets.demo.scenario import Scenario, scenarios, working_day
from regrets.demo.servers import LOOPBACK
from regrets.demo.world import World, demo_world, summary
from regrets.domain.errors import NotFound
from regrets.domain.model import Strategy

HOME = ZoneInfo("Europe/Ljubljana")
NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=HOME)
MOMENTS = [
    pytest.param(NOW, id="a friday"),
    pytest.param(dt.datetime(2026, 12, 31, 23, 40, tzinfo=HOME), id="new year's eve"),
    pytest.param(dt.datetime(2027, 3, 27, 3, 0, tzinfo=HOME), id="before the clocks go forward"),
    pytest.param(dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), id="the hour the clocks go back"),
    pytest.param(dt.datetime(2027, 5, 1, 12, 0, tzinfo=dt.UTC), id="a holiday on a saturday"),
]
SCENARIOS = pytest.mark.parametrize("scenario", scenarios())
REPLY = (
    b"From: ana@studio.example\r\nTo: marko@kovin.example\r\nSubject: Accepted: Review\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="a"\r\n\r\n'
    b"--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nWith pleasure.\r\n"
    b"--a\r\nContent-Type: text/calendar; charset=utf-8; method=REPLY\r\n\r\n"
    b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nATTENDEE;CN=Ana;PART\r\n STAT=ACCEPTED:mailto:ana@studio.example\r\n"
    b"END:VCALENDAR\r\n--a--\r\n"
)


def send(world: World, data: bytes) -> None:
    with smtplib.SMTP(LOOPBACK, world.servers.smtp_port) as smtp:
        smtp.login(world.servers.user, world.servers.password)
        smtp.sendmail("ana@studio.example", ["marko@kovin.example"], data)


def test_working_days_leave_out_weekends_and_holidays() -> None:
    eve = dt.date(2026, 12, 31)  # 1 and 2 January are holidays in Slovenia, 2 to 3 a weekend
    assert working_day(eve, 1) == dt.date(2027, 1, 4)
    assert working_day(dt.date(2027, 1, 4), -1) == eve
    assert working_day(dt.date(2026, 11, 22), 0) == dt.date(2026, 11, 22)


@SCENARIOS
@pytest.mark.parametrize("now", MOMENTS)
def test_the_inbox_makes_sense_on_any_day(now: dt.datetime, scenario: str) -> None:
    mails = Scenario(scenario, now).mails()
    invitations = [mail for mail in mails if mail.event]
    assert invitations[-1].subject == "Quarterly review with Kovin" == mails[-1].subject
    assert len({mail.event_id for mail in invitations}) == 25
    assert {mail.intended for mail in invitations} == {*Strategy, "unreadable"}
    for mail in invitations:
        assert mail.received <= now
        assert mail.event is not None
        first = mail.event.start
        day = first.astimezone(HOME).date() if isinstance(first, dt.datetime) else first
        assert day > now.astimezone(HOME).date()
        if isinstance(first, dt.datetime) and mail.intended != "office_hours":
            assert isinstance(mail.event.end, dt.datetime)
            hours = first.astimezone(HOME).hour, mail.event.end.astimezone(HOME) - dt.timedelta(minutes=1)
            assert hours[0] >= 9
            assert hours[1].hour < 17


@pytest.mark.parametrize(
    ("scenario", "organizer"), [("english", "Marko Kovač"), ("six", "Fiona Clarke")], ids=["english", "six"]
)
def test_mails_are_in_the_shapes_of_real_programs(scenario: str, organizer: str) -> None:
    built = {mail.id: message_from_bytes(build(mail), policy=default) for mail in Scenario(scenario, NOW).mails()}
    kinds = Counter(part.get_content_type() for mail in built.values() for part in mail.walk())
    assert kinds["text/calendar"] == 27
    assert kinds["application/ics"] > 3
    assert built["quarterly-review"]["From"].addresses[0].display_name == organizer
    assert "TZID=Central Europe Standard Time:20261125T100000" in calendar(built["quarterly-review"])
    for mail in built.values():
        assert all(not part.defects for part in mail.walk())


def calendar(mail: EmailMessage) -> str:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    return str(part.get_content()).replace("\r\n ", "")


def test_programs_speak_the_language_of_their_users() -> None:
    built = {mail.id: message_from_bytes(build(mail), policy=default) for mail in Scenario("six", NOW).mails()}
    assert built["brosjyren"]["Subject"].startswith("Invitasjon: Er brosjyren i rute? @ ons. 25. nov. 2026 14:00")
    assert built["brosjyren"]["Date"].startswith("Fri, 20 Nov 2026 05:44:00 +0100")
    assert built["izstade"]["Content-Language"] == "lv-LV"
    assert "SUMMARY;LANGUAGE=lv-LV:" in calendar(built["izstade"])
    assert "Pievienoties sapulcei tūlīt" in built["izstade"].get_body(("plain",)).get_content()
    assert "DTSTART;TZID=FLE Standard Time:20261127T120000" in calendar(built["izstade"])


def test_istanbul_has_no_summer_time() -> None:
    built = {mail.id: message_from_bytes(build(mail), policy=default) for mail in Scenario("six", NOW).mails()}
    hotel, dairy = calendar(built["rezervasyon"]), calendar(built["izstade"])
    assert "DTSTART;TZID=Turkey Standard Time:20261130T150000" in hotel
    assert "TZOFFSETTO:+0300" in hotel
    assert "BEGIN:DAYLIGHT" not in hotel
    assert "BEGIN:DAYLIGHT" in dairy


@SCENARIOS
def test_the_files_are_private_and_lead_to_the_servers(scenario: str) -> None:
    with demo_world(NOW, scenario) as world:
        config = tomllib.loads((world.config_dir / "config.toml").read_text("utf-8"))
        clients = tomllib.loads((world.config_dir / "clients.toml").read_text("utf-8"))
        (account,) = config["account"]
        printed = subprocess.run(account["login"]["command"], capture_output=True, text=True, check=True)
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (world.config_dir, world.data_dir)}
        files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in world.config_dir.iterdir()}
    assert printed.stdout.strip() == world.servers.password
    assert account["imap"] == {"host": "127.0.0.1", "port": world.servers.imap_port, "security": "none"}
    assert modes == {0o700}
    assert files == {"config.toml": 0o600, "clients.toml": 0o600, "calendar.ics": 0o600}
    assert clients["client"][-1]["signs"][0]["date"] == NOW.date() - dt.timedelta(days=41)


def test_what_was_sent_is_summed_up() -> None:
    with demo_world(NOW) as world:
        assert "sent nothing" in summary(world.sent())[0]
        send(world, REPLY)
    (sent,) = world.sent()
    assert (sent.recipients, sent.subject) == (("marko@kovin.example",), "Accepted: Review")
    assert (sent.method, sent.partstat, sent.text.strip()) == ("REPLY", "ACCEPTED", "With pleasure.")
    assert "1 message" in summary([sent])[0]
    assert summary([sent])[1] == "- marko@kovin.example: Accepted: Review"


def _write_and_fail(path: Path) -> None:
    path.write_bytes(b"x")
    raise NotFound("It is not there.")


def test_nothing_is_left_after_an_error() -> None:
    before = set(threading.enumerate())
    with pytest.raises(NotFound), demo_world(NOW) as world:
        _write_and_fail(world.data_dir / "cache.db")
    assert not world.config_dir.parent.exists()
    assert set(threading.enumerate()) <= before


def test_nothing_is_left_after_sigterm(tmp_path: Path) -> None:
    """A closed terminal or `kill` ends the demo as `q` does."""
    program = (
        "import datetime as dt, os, signal\n"
        "from regrets.demo.world import demo_world\n"
        "with demo_world(dt.datetime.now(dt.UTC)):\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    signal.pause()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={"TMPDIR": str(tmp_path)}, capture_output=True, timeout=30
    )
    assert done.returncode == 128 + 15
    assert done.stderr == b""
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_scenario_names_those_there_are() -> None:
    with pytest.raises(NotFound, match="english, six"), demo_world(NOW, "klingon"):
        pass
