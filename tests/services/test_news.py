"""What is said of an item that was dealt with before."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from regrets.domain.cases import Glance
from regrets.domain.imip import read
from regrets.domain.model import Invitation, PartStat
from regrets.domain.ports import FoundMail
from regrets.domain.rows import row_of
from regrets.services.news import news_of
from tests.services.test_statistics import ANSWER
from tests.support.world import invitation


def test_a_meeting_that_was_answered_and_then_called_off_says_so() -> None:
    mail = invitation(method="CANCEL", sequence=1)
    item = read(mail)
    assert isinstance(item, Invitation)
    row = row_of("work", "INBOX", FoundMail(1, dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC), mail), item)
    yes = replace(ANSWER, partstat=PartStat.ACCEPTED)
    news = news_of(row, item, "ana@studio.example", [], [yes], yes, dt.UTC)
    assert news.glances == (Glance("Answered", "You said yes on 22 November; it is called off since.", True),)
    assert news_of(row, item, "ana@studio.example", [], [], None, dt.UTC).glances == ()
