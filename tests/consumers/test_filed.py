"""What is filed, read from the calendar file by a parser of somebody else's (vobject, Radicale's)."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

from regrets.domain.calendar_splice import with_event
from regrets.domain.imip import read
from regrets.domain.model import Invitation, PartStat
from regrets.domain.own_event import event_to_file
from tests.consumers.judges import BUILT, HERE, needed
from tests.domain.test_calendar_splice import OTHER, mine

pytestmark = needed
NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
READER = """
import sys, vobject
for name in sys.argv[1:]:
    found = vobject.readOne(open(name, encoding="utf-8").read())
    found.validate(raiseException=True)
    events = found.vevent_list
    stats = {a.params["PARTSTAT"][0] for e in events for a in e.contents.get("attendee", []) if "ME" in a.params}
    print(hasattr(found, "method"), len(events), sorted({e.uid.value for e in events}), sorted(stats), sep="|")
"""


def test_everybodys_requests_are_read_where_they_are_filed(tmp_path: Path) -> None:
    expected, names = [], []
    for request in sorted((HERE / "requests").glob("*.ics")):
        invitation = read(request.read_bytes())
        assert isinstance(invitation, Invitation)
        organizer = invitation.organizer.key if invitation.organizer else ""
        me = next(each.mailbox.address for each in invitation.attendees if each.mailbox.key != organizer)
        new = event_to_file(invitation, PartStat.TENTATIVE, me, NOW).replace(
            b"PARTSTAT=TENTATIVE", b"ME=1;PARTSTAT=TENTATIVE"
        )
        path = tmp_path / request.name
        path.write_bytes(with_event(mine(OTHER), new))
        names.append(str(path))
        events = 2 + sum(each.uid == invitation.uid for each in invitation.also)
        expected.append(f"False|{events}|{sorted(['dentist', invitation.uid])}|['TENTATIVE']")
    python = BUILT / "venv" / "bin" / "python"
    done = subprocess.run([python, "-c", READER, *names], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == expected, done.stderr
