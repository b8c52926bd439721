"""Calendars on disk are changed in one step, and nothing that somebody else wrote is lost."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from regrets.adapters.calendars import Calendars, WritableCalendars
from regrets.adapters.lock import locked
from regrets.domain.calendar_splice import with_event, without_event
from regrets.domain.errors import CalendarError
from regrets.domain.imip import read
from regrets.domain.model import Invitation, PartStat
from regrets.domain.own_event import event_to_file, event_to_remove
from regrets.domain.settings import CalendarSource
from tests.adapters.calendars.test_calendars import END, ME, START, calendar, event
from tests.support.world import invitation

UID = "kovin-1@kovin.example"


def mail(**parts: str) -> Invitation:
    found = read(invitation(**parts))
    assert isinstance(found, Invitation)
    return found


NEW = event_to_file(mail(), PartStat.ACCEPTED, "Ana@Studio.example", START)
GONE = event_to_remove(mail())


def file(data: bytes) -> bytes:
    return with_event(data, NEW)


def remove(data: bytes) -> bytes:
    return without_event(data, GONE)


@pytest.fixture
def calendars(tmp_path: Path) -> WritableCalendars:
    (tmp_path / "state").mkdir()
    return WritableCalendars(tmp_path / "state" / "calendars.lock")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.ics"
    path.write_bytes(calendar(event("dentist")))
    return path


def source(path: Path) -> CalendarSource:
    return CalendarSource("mine", str(path), writable=True)


def uids(path: Path) -> list[str]:
    entries, faults = Calendars().busy([source(path)], START, END, ME, ZoneInfo("Europe/Ljubljana"))
    assert faults == []
    return [entry.uid for entry in entries]


# --- a file ----------------------------------------------------------------------------------------------------


def test_a_file_is_replaced_with_its_mode_and_nothing_is_left_beside_it(calendars, mine) -> None:
    mine.chmod(0o640)
    before = mine.stat()
    data = mine.read_bytes()
    assert calendars.content(source(mine), UID) == data
    assert calendars.edit(source(mine), UID, file) == (data, mine.read_bytes())
    assert uids(mine) == ["dentist", UID]
    assert stat.S_IMODE(mine.stat().st_mode) == 0o640
    assert (mine.stat().st_uid, mine.stat().st_gid) == (before.st_uid, before.st_gid)
    assert mine.stat().st_mtime_ns > before.st_mtime_ns
    calendars.edit(source(mine), UID, remove)
    assert uids(mine) == ["dentist"]
    assert [each.name for each in mine.parent.iterdir() if each.is_file()] == ["mine.ics"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_stays(calendars, mine) -> None:
    os.chown(mine, 4242, 4243)
    calendars.edit(source(mine), UID, file)
    assert (mine.stat().st_uid, mine.stat().st_gid) == (4242, 4243)


def test_a_link_stays_a_link_and_what_is_no_file_is_refused(calendars, mine, tmp_path) -> None:
    link, dangling, fifo = tmp_path / "link.ics", tmp_path / "dangling.ics", tmp_path / "fifo.ics"
    link.symlink_to(mine)
    dangling.symlink_to(tmp_path / "nowhere.ics")
    os.mkfifo(fifo)
    calendars.edit(source(link), UID, file)
    assert link.is_symlink()
    assert uids(mine) == ["dentist", UID]
    for path, reason in ((dangling, "is not there"), (fifo, "is no file"), (tmp_path / "typo.ics", "is not there")):
        with pytest.raises(CalendarError, match=reason):
            calendars.edit(source(path), UID, file)
    assert not (tmp_path / "nowhere.ics").exists()
    assert not (tmp_path / "typo.ics").exists()


def test_a_read_only_or_unsound_file_is_left_alone(calendars, mine) -> None:
    data = mine.read_bytes()
    mine.chmod(0o444)
    with pytest.raises(CalendarError, match=r"read-only\. Make it writable"):
        calendars.edit(source(mine), UID, file)
    mine.chmod(0o644)
    mine.write_bytes(data[:-20])
    with pytest.raises(CalendarError, match="isn't sound"):
        calendars.edit(source(mine), UID, file)
    assert mine.read_bytes() == data[:-20]


def test_what_another_program_writes_meanwhile_is_kept(calendars, mine) -> None:
    looks = []

    def slowly(data: bytes) -> bytes:
        looks.append(data)
        if len(looks) == 1:
            mine.write_bytes(calendar(event("dentist"), event("lunch")))
        return file(data)

    calendars.edit(source(mine), UID, slowly)
    assert sorted(uids(mine)) == ["dentist", UID, "lunch"]
    assert len(looks) == 2

    def always(data: bytes) -> bytes:
        mine.write_bytes(data + b"\r\n" * len(looks))
        looks.append(data)
        return remove(data)

    with pytest.raises(CalendarError, match="keeps changing"):
        calendars.edit(source(mine), UID, always)
    assert UID in uids(mine)


def test_two_programs_that_file_at_once_lose_nothing(calendars, mine, tmp_path) -> None:
    def filing(number: int) -> None:
        made = event_to_file(mail(uid=f"uid-{number}"), PartStat.ACCEPTED, "", START)
        own = WritableCalendars(tmp_path / "state" / "calendars.lock")
        own.edit(source(mine), f"uid-{number}", lambda data: with_event(data, made))

    threads = [threading.Thread(target=filing, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(uids(mine)) == ["dentist", "uid-0", "uid-1", "uid-2", "uid-3"]


def test_a_disk_without_room_leaves_the_file_as_it_was(calendars, mine, monkeypatch) -> None:
    data = mine.read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CalendarError, match="No space left"):
        calendars.edit(source(mine), UID, file)
    assert mine.read_bytes() == data
    assert [each.name for each in mine.parent.iterdir() if each.is_file()] == ["mine.ics"]


def test_whether_it_could_be_changed_is_known_beforehand(calendars, mine, tmp_path) -> None:
    calendars.check(source(mine))
    (tmp_path / "vdir").mkdir()
    calendars.check(source(tmp_path / "vdir"))
    mine.chmod(0o444)
    with pytest.raises(CalendarError, match="read-only"):
        calendars.check(source(mine))
    mine.chmod(0o644)
    mine.write_bytes(b"BEGIN:VCALENDAR\n")
    for path, reason in ((mine, "isn't sound"), (tmp_path / "typo.ics", "not there")):
        with pytest.raises(CalendarError, match=reason):
            calendars.check(source(path))


# --- a folder --------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "vdir"
    path.mkdir()
    (path / "color").write_text("#FF0000")
    (path / "dentist.ics").write_bytes(calendar(event("dentist")))
    return path


def test_a_folder_gets_a_file_named_by_the_uid_and_loses_it_again(calendars, folder) -> None:
    assert calendars.content(source(folder), UID) == b""
    calendars.edit(source(folder), UID, file)
    assert sorted(each.name for each in folder.iterdir()) == ["color", "dentist.ics", f"{UID}.ics"]
    assert (folder / f"{UID}.ics").read_bytes() == NEW
    assert uids(folder) == ["dentist", UID]
    assert calendars.edit(source(folder), UID, remove) == (NEW, b"")
    assert sorted(each.name for each in folder.iterdir()) == ["color", "dentist.ics"]


def test_an_event_is_found_whatever_its_file_is_called_and_keeps_that_name(calendars, folder) -> None:
    (folder / "A81F.ics").write_bytes(NEW)
    (folder / ".hidden.ics").write_bytes(NEW)
    (folder / "broken.ics").write_bytes(b"BEGIN:VCALENDAR\n")
    os.mkfifo(folder / "a-fifo.ics")
    moved = event_to_file(
        mail(sequence=1, start="20261125T100000", end="20261125T110000"), PartStat.ACCEPTED, "", END
    )
    calendars.edit(source(folder), UID, lambda data: with_event(data, moved))
    assert b"20261125T100000" in (folder / "A81F.ics").read_bytes()
    assert not (folder / f"{UID}.ics").exists()
    (folder / "A81F.ics").rename(folder / "B.ics")  # by a sync program
    assert b"20261125T100000" in calendars.content(source(folder), UID)
    assert (folder / ".hidden.ics").read_bytes() == NEW
    assert (folder / "broken.ics").read_bytes() == b"BEGIN:VCALENDAR\n"


@pytest.mark.parametrize(
    "uid", ["../../evil", "/etc/passwd", ".hidden", "a/b", "x" * 400, "Ž: <1>", "con\x00", "-rf"]
)
def test_no_uid_gets_out_of_the_folder(calendars, folder, uid) -> None:
    new = with_event(b"", NEW.replace(UID.encode(), b"other"))
    before = {each for each in folder.parent.rglob("*") if each.parent.name != "state"}
    calendars.edit(source(folder), uid, lambda _: new)
    (made,) = {each for each in folder.parent.rglob("*") if each.parent.name != "state"} - before
    assert made.parent == folder
    assert made.suffix == ".ics"
    assert made.name[0] not in ".-"


def test_a_name_that_is_taken_is_not_overwritten(calendars, folder) -> None:
    (folder / f"{UID}.ics").write_bytes(calendar(event("somebody-elses")))
    calendars.edit(source(folder), UID, file)
    assert sorted(uids(folder)) == ["dentist", UID, "somebody-elses"]
    assert b"somebody-elses" in (folder / f"{UID}.ics").read_bytes()


def test_a_link_in_a_folder_is_not_followed_to_somewhere_else(calendars, folder, tmp_path) -> None:
    elsewhere = tmp_path / "elsewhere.ics"
    elsewhere.write_bytes(NEW)
    (folder / "a.ics").symlink_to(elsewhere)
    with pytest.raises(CalendarError, match="a link to another place"):
        calendars.edit(source(folder), UID, remove)
    assert elsewhere.read_bytes() == NEW
    assert (folder / "a.ics").is_symlink()


def test_a_folder_of_calendars_is_asked_to_be_named_exactly(calendars, folder) -> None:
    with pytest.raises(CalendarError, match="several calendars"):
        calendars.edit(source(folder.parent), UID, file)
    calendars.edit(source(folder), UID, file)
    calendars.edit(source(folder.parent), UID, remove)  # what is there is found in whichever it lies
    assert uids(folder) == ["dentist"]


def test_another_regrets_that_writes_is_waited_for_a_while(calendars, mine, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("regrets.adapters.calendars.writable._PATIENCE", 0.1)
    other = locked(tmp_path / "state" / "calendars.lock")
    assert other is not None
    with pytest.raises(CalendarError, match="Another regrets"):
        calendars.edit(source(mine), UID, file)
    other.release()
    calendars.edit(source(mine), UID, file)
    assert UID in uids(mine)
