"""A pass over the folders: what is new, what is gone, what was interrupted; on a fake mailbox and on Dovecot."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from regrets.adapters.imap.connection import ImapSource
from regrets.adapters.imap.line import Line
from regrets.adapters.store.cache import SqliteCache
from regrets.domain.errors import LineBroken, LoginRefused, MailboxError, StoreError, Unreachable
from regrets.domain.events import AccountFailed, Event, ItemsChanged, Reconnecting, SyncFinished, SyncProgress
from regrets.domain.imip import read
from regrets.domain.model import State, Warn
from regrets.domain.ports import FolderScan, FolderStatus, FoundMail
from regrets.domain.settings import Account, Login, Server
from regrets.services.casebook import Casebook
from regrets.services.sync import Sync
from tests.support.dovecot import PASSWORD, Dovecot, dovecot
from tests.support.mails import alternative, calendar, ordinary, shapes

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
LOOPBACK = Server("127.0.0.1", 1, "none")
ACCOUNT = Account("work", "ana@studio.example", LOOPBACK, LOOPBACK, Login("ana"))
CLOCK = SimpleNamespace(now=lambda: NOW, monotonic=lambda: 0.0)


class FakeMailbox:
    """ports.MailSource and MailSession: folders of UID to mail; None is a mail without an invitation."""

    def __init__(self, **folders: dict[int, bytes | None]) -> None:
        self.folders, self.uidvalidity, self.next = folders, 7, 1
        self.looked: list[int] = []
        self.fault: Exception | None = None
        self.before: Callable[[int], None] = lambda uid: None
        self.after: Callable[[int], None] = lambda uid: None

    def connect(self, account: Account) -> FakeMailbox:
        if self.fault:
            raise self.fault
        return self

    def open(self, folder: str) -> FolderStatus:
        if folder not in self.folders:
            raise MailboxError(f"The folder {folder} can't be opened.")
        self.mails = self.folders[folder]
        self.next = max([self.next, *(uid + 1 for uid in self.mails)])
        return FolderStatus(self.uidvalidity, self.next, len(self.mails))

    def uids(self, low: int, high: int | None, since: dt.date | None = None) -> list[int]:
        chosen = [uid for uid in self.mails if uid >= low and (high is None or uid <= high)]
        return sorted(uid for uid in chosen if since is None or received(uid).date() >= since)

    def present(self, uids: Sequence[int]) -> set[int]:
        return set(uids) & set(self.mails)

    def find_invitations(self, uids: Sequence[int]) -> Iterator[FoundMail]:
        for uid in sorted(uids, reverse=True):
            self.before(uid)
            self.looked.append(uid)
            data = self.mails[uid]
            if data is not None:
                yield FoundMail(uid, received(uid), data)
            self.after(uid)

    def close(self) -> None:
        """Nothing to close."""


def received(uid: int) -> dt.datetime:
    """A mail a minute; the first 1,000 lie a year back."""
    return NOW - dt.timedelta(days=365 if uid < 1000 else 1) + dt.timedelta(minutes=uid)


def invitation(number: int = 1, **changes: object) -> bytes:
    return alternative(calendar(f"q{number}@kovin.example", **changes), number=number)  # type: ignore[arg-type]


class Bench:
    """A cache, a mailbox and the passes over it."""

    def __init__(self, path: Path, mailbox: object, reconnects: Sequence[float] = ()) -> None:
        self.cache, self.events = SqliteCache(path / "data" / "cache.db"), list[Event]()
        self.answered: list[str] = []
        own = SimpleNamespace(answers=lambda: [SimpleNamespace(item_id=each) for each in self.answered])
        self.sync = Sync(mailbox, self.cache, own, read, CLOCK, reconnects=reconnects)  # type: ignore[arg-type]
        self.stop = threading.Event()

    def run(self, account: Account = ACCOUNT) -> SyncFinished:
        return self.sync.run(account, self.events.append, self.stop)

    def summaries(self) -> list[str]:
        return [row.summary for row in self.cache.rows()]


def test_a_second_pass_looks_at_new_mails_only(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={1: invitation(1), 2: None, 3: invitation(2)})
    bench = Bench(tmp_path, mailbox)
    first = bench.run()
    assert (first.new, first.changed, first.gone, first.errors) == (2, 0, 0, ())
    assert mailbox.looked == [3, 2, 1]
    assert [type(event) for event in bench.events] == [ItemsChanged, SyncProgress, SyncFinished]
    mailbox.folders["INBOX"][5] = invitation(3)
    assert bench.run().new == 1
    assert mailbox.looked == [3, 2, 1, 5]
    assert (bench.run().new, mailbox.looked) == (0, [3, 2, 1, 5])


def test_an_interrupted_scan_goes_on_where_it_stopped(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={uid: invitation(uid) if uid % 50 == 0 else None for uid in range(1, 501)})
    bench = Bench(tmp_path, mailbox)
    mailbox.after = lambda uid: bench.stop.set() if uid == 150 else None
    bench.run()
    assert bench.cache.folder_scan("work", "INBOX") == FolderScan(7, 301, 501)
    assert min(mailbox.looked) >= 100
    mailbox.looked.clear()
    bench.stop.clear()
    mailbox.after = lambda uid: None
    mailbox.folders["INBOX"][501] = invitation(501)
    bench.run()
    assert mailbox.looked == [501, *range(300, 0, -1)]
    assert len(bench.cache.rows()) == 11
    assert bench.cache.folder_scan("work", "INBOX") == FolderScan(7, 1, 502)


def test_another_uidvalidity_starts_the_folder_over(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={1: invitation(1), 2: invitation(2)})
    bench = Bench(tmp_path, mailbox)
    bench.run()
    bench.answered = [next(row.id for row in bench.cache.rows() if row.uid.startswith("q2"))]
    mailbox.uidvalidity, mailbox.folders["INBOX"] = 8, {1: invitation(3)}
    finished = bench.run()
    assert (finished.new, finished.gone) == (1, 1)
    assert {row.uid[:2] for row in bench.cache.rows()} == {"q2", "q3"}
    assert bench.cache.location(bench.answered[0]) is None


def test_a_backup_that_was_put_back_starts_the_folder_over(tmp_path: Path) -> None:
    """The server gives UIDs away a second time; without starting over, those mails would never be seen."""
    mailbox = FakeMailbox(INBOX={uid: invitation(uid) for uid in range(1, 10)})
    bench = Bench(tmp_path, mailbox)
    bench.run()
    mailbox.folders["INBOX"], mailbox.next = {**{uid: invitation(uid) for uid in range(1, 6)}, 6: invitation(99)}, 1
    bench.run()
    assert {row.uid.partition("@")[0] for row in bench.cache.rows()} == {"q1", "q2", "q3", "q4", "q5", "q99"}


def test_a_server_that_says_no_uidnext_starts_nothing_over(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={uid: invitation(uid) for uid in range(1, 4)})
    opened = mailbox.open
    mailbox.open = lambda folder: dataclasses.replace(  # type: ignore[method-assign]
        opened(folder), uidnext=max(mailbox.mails) + 1, says_uidnext=False
    )
    bench = Bench(tmp_path, mailbox)
    bench.run()
    del mailbox.folders["INBOX"][3]
    finished = bench.run()
    assert (finished.new, finished.gone, mailbox.looked) == (0, 1, [3, 2, 1])


def test_what_vanishes_from_the_folder_vanishes_here_unless_answered(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={1: invitation(1), 2: invitation(2)})
    bench = Bench(tmp_path, mailbox)
    bench.run()
    bench.answered = [bench.cache.rows()[0].id]
    mailbox.folders["INBOX"].clear()
    assert bench.run().gone == 1
    assert [row.id for row in bench.cache.rows()] == bench.answered


def test_since_days_leaves_old_mails_until_it_is_lifted(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={500: invitation(1), 1000: invitation(2)})
    bench = Bench(tmp_path, mailbox)
    assert bench.run(dataclasses.replace(ACCOUNT, since_days=30)).new == 1
    assert mailbox.looked == [1000]
    bench.run()
    assert mailbox.looked == [1000, 500]


def test_a_bad_mail_costs_one_row(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeMailbox(INBOX={1: invitation(1), 2: b"explode", 3: invitation(3)}))

    def fragile(data: bytes) -> object:
        if data == b"explode":
            raise RecursionError
        return read(data)

    bench.sync._read = fragile  # type: ignore[assignment]
    assert bench.run().new == 3
    states = [row.state for row in bench.cache.rows()]
    assert states == [State.OPEN, State.UNREADABLE, State.OPEN]
    assert bench.cache.rows()[1].error_code == "broken-mail"


def test_invitations_without_a_uid_stay_apart(tmp_path: Path) -> None:
    bare = calendar().replace("UID:q1@kovin.example\n", "")
    bench = Bench(tmp_path, FakeMailbox(INBOX={uid: alternative(bare, number=uid) for uid in (1, 2)}))
    assert bench.run().new == 2


def test_only_the_organiser_changes_an_event(tmp_path: Path) -> None:
    spoofed = alternative(calendar(sequence=2, summary="Pay here"), sender="evil@phish.example")
    mailbox = FakeMailbox(INBOX={1: alternative(calendar()), 2: spoofed})
    bench = Bench(tmp_path, mailbox)
    bench.run()
    evil, good = bench.cache.rows()
    assert (good.summary, good.state, good.warnings) == ("Quarterly review", State.OPEN, ())
    assert (evil.summary, evil.warnings) == ("Pay here", (str(Warn.SPOOFED_UPDATE),))
    mailbox.folders["INBOX"][3] = alternative(calendar(sequence=1, method="CANCEL"))
    finished = bench.run()
    assert (finished.new, finished.changed) == (0, 1)
    assert {row.id: row.state for row in bench.cache.rows()} == {evil.id: State.OPEN, good.id: State.CANCELLED}


@pytest.mark.parametrize("fault", [Unreachable("No line.", "Later."), LoginRefused("No.", "Password?")])
def test_an_account_that_fails_says_so_and_raises_nothing(tmp_path: Path, fault: Exception) -> None:
    mailbox = FakeMailbox(INBOX={})
    mailbox.fault = fault
    bench = Bench(tmp_path, mailbox)
    assert bench.run().errors == (str(fault),)
    assert bench.events[0] == AccountFailed("work", str(fault))


class Broken:
    """A line over which so many mails come, in turn; then it breaks. After the last one it is well."""

    def __init__(self, mailbox: FakeMailbox, *mails: int, error: MailboxError | None = None) -> None:
        self.rest, self.mailbox, self.connections = list(mails), mailbox, 0
        self.error = error or Unreachable("The line broke.")
        mailbox.before = self
        connect = mailbox.connect
        mailbox.connect = lambda account: self.count() or connect(account)  # type: ignore[method-assign]

    def count(self) -> None:
        self.connections += 1
        self.left = self.rest.pop(0) if self.rest else None

    def __call__(self, uid: int) -> None:
        if self.left == 0:
            raise self.error
        self.left = None if self.left is None else self.left - 1


def test_a_line_that_breaks_is_connected_anew_and_the_pass_goes_on(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={uid: invitation(uid) for uid in range(1, 7)}, Other={1: invitation(9)})
    line = Broken(mailbox, 2, 0, 0, 3)
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.01, 0.02))
    finished = bench.run(dataclasses.replace(ACCOUNT, folders=("Other", "INBOX")))
    assert (finished.new, finished.changed, finished.errors, finished.again) == (7, 0, (), None)
    assert mailbox.looked == [1, 6, 5, 4, 3, 2, 1]  # none is fetched twice, and no folder either
    waits = [event.wait for event in bench.events if isinstance(event, Reconnecting)]
    assert waits == [0.0, 0.01, 0.02, 0.0]  # from the first one again once something came
    assert line.connections == 5


class Stumbling:
    """A server that breaks off whenever it is asked for one of these mails, before it gives any of what was asked."""

    def __init__(self, mailbox: FakeMailbox, *uids: int) -> None:
        self.uids, self.asked = set(uids), list[list[int]]()
        self.connections = 0
        connect, find = mailbox.connect, mailbox.find_invitations

        def find_invitations(uids: Sequence[int]) -> Iterator[FoundMail]:
            self.asked.append(list(uids))
            if self.uids.intersection(uids):
                raise LineBroken("The line broke.")
            return find(uids)

        def connecting(account: Account) -> FakeMailbox:
            self.connections += 1
            return connect(account)

        mailbox.connect, mailbox.find_invitations = connecting, find_invitations  # type: ignore[method-assign]


@pytest.mark.parametrize("uids", [(1,), (30,), (77,)])
def test_a_mail_at_which_the_line_breaks_each_time_is_found_and_the_others_come_in(
    tmp_path: Path, uids: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = FakeMailbox(INBOX={uid: invitation(uid) if uid % 7 == 0 else None for uid in range(1, 78)})
    server = Stumbling(mailbox, *uids)
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    finished = bench.run()
    bad = [row for row in bench.cache.rows() if row.state is State.UNREADABLE]
    assert sorted(bench.cache.location(row.id) or () for row in bad) == [("INBOX", 7, uid) for uid in uids]
    assert (finished.errors, finished.new) == ((), 11 + (77 not in uids))
    assert server.connections <= 20
    cases = Casebook(bench.cache, None, CLOCK, read, None)  # type: ignore[arg-type]
    monkeypatch.setattr(cases, "row", bench.cache.row)
    assert [cases.case(row.id).invitation.message for row in bad] == [row.error for row in bad]  # type: ignore[union-attr]
    twice = {uid for uid in mailbox.looked if mailbox.looked.count(uid) > 1}
    assert len(twice) <= 1  # it showed that the line is a good one
    asked = len(server.asked)
    assert (bench.run().errors, len(server.asked)) == ((), asked)  # a later pass of the day leaves it alone


def test_a_new_mail_at_which_the_line_breaks_holds_back_nothing(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={1: invitation(1)})
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    bench.run()
    mailbox.folders["INBOX"][2] = invitation(2)
    server = Stumbling(mailbox, 2)
    assert (bench.run().errors, server.asked) == ((), [[2], [2], [2], [1], [2], [1], [2]])
    mailbox.folders["INBOX"][3] = invitation(3)
    assert (bench.run().new, server.asked[7:]) == (1, [[3]])


def test_in_a_large_folder_it_is_found_within_the_connections_of_a_pass(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX=dict.fromkeys(range(1, 6001)))
    server = Stumbling(mailbox, 2345)
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    assert (bench.run().errors, server.connections <= 12) == ((), True)
    assert bench.cache.folder_scan("work", "INBOX") == FolderScan(7, 1, 6001)


def test_several_such_mails_cost_a_few_passes(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={uid: invitation(uid) for uid in range(1, 201)})
    server = Stumbling(mailbox, 1, 20, 21, 150, 200)
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    assert [bool(bench.run().errors) for _ in range(5)][-2:] == [False, False]
    assert [row.state for row in bench.cache.rows()].count(State.UNREADABLE) == 5
    assert (len(bench.cache.rows()), server.connections <= 100) == (200, True)


def test_what_broke_the_line_is_asked_for_again_another_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = FakeMailbox(INBOX={1: invitation(1), 2: invitation(2), 3: None, 4: None})
    server = Stumbling(mailbox, 2, 3)
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    assert bench.run().new == 3
    monkeypatch.setattr(bench.sync, "_clock", SimpleNamespace(now=lambda: NOW + dt.timedelta(days=1)))
    assert (bench.run().errors, len(bench.cache.rows())) == ((), 3)
    server.uids.clear()
    monkeypatch.setattr(bench.sync, "_clock", SimpleNamespace(now=lambda: NOW + dt.timedelta(days=2)))
    finished = bench.run()
    assert (finished.new, finished.gone, [row.state for row in bench.cache.rows()]) == (1, 2, [State.OPEN] * 2)


def on_day(bench: Bench, day: int) -> SyncFinished:
    bench.sync._clock = SimpleNamespace(now=lambda: NOW + dt.timedelta(days=day))  # type: ignore[assignment]
    return bench.run()


def unfetched(bench: Bench) -> list[str]:
    return [row.summary for row in bench.cache.rows() if row.error_code == "unfetched"]


@pytest.mark.parametrize("step", ["save_mail", "place"])
def test_what_comes_at_last_is_not_lost_where_the_disk_errs(
    tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As little as where the program is killed before that step."""
    mailbox = FakeMailbox(INBOX={uid: invitation(uid) for uid in range(1, 6)})
    server = Stumbling(mailbox, 3)
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    bench.run()
    server.uids.clear()

    def full(*args: object, **options: object) -> None:
        raise StoreError("The disk is full.", "Make room.")

    with monkeypatch.context() as patched:
        patched.setattr(bench.cache, step, full)
        with pytest.raises(StoreError):
            on_day(bench, 1)
    assert unfetched(bench) == ["Mail 3 of INBOX"]
    finished = on_day(bench, 2)
    assert (finished.new, finished.gone, unfetched(bench), len(bench.cache.rows())) == (1, 1, [], 5)


def test_what_comes_at_last_and_belongs_to_no_event_takes_the_place_of_its_row(tmp_path: Path) -> None:
    bare = calendar().replace("UID:q1@kovin.example\n", "")
    mailbox = FakeMailbox(INBOX={1: invitation(1), 2: alternative(bare, number=2), 3: invitation(3)})
    server = Stumbling(mailbox, 2)
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    bench.run()
    assert unfetched(bench) == ["Mail 2 of INBOX"]
    server.uids.clear()
    assert on_day(bench, 1).new == 1
    assert [row.state for row in bench.cache.rows()] == [State.OPEN] * 3


def test_a_mail_that_is_here_stays_though_the_line_breaks_at_it_later(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={1: invitation(1)})
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    bench.run()
    mailbox.folders["INBOX"] |= {uid: invitation(uid) for uid in (2, 3, 4)}
    mailbox.before = lambda uid: bench.stop.set() if uid == 3 else None
    bench.run()
    bench.stop.clear()
    mailbox.before = lambda uid: None
    item = next(row.id for row in bench.cache.rows() if row.uid.startswith("q3"))
    Stumbling(mailbox, 2, 3)
    assert (bench.run().errors, unfetched(bench), len(bench.cache.rows())) == ((), ["Mail 2 of INBOX"], 4)
    assert (bench.cache.mail(item), bench.cache.location(item)) == (mailbox.folders["INBOX"][3], ("INBOX", 7, 3))


def test_a_folder_whose_only_mail_breaks_the_line_holds_back_no_other(tmp_path: Path) -> None:
    mailbox = FakeMailbox(Invites={9: invitation(9)}, INBOX={uid: invitation(uid) for uid in (1, 2, 3)})
    Stumbling(mailbox, 9)
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    finished = bench.run(dataclasses.replace(ACCOUNT, folders=("Invites", "INBOX")))
    assert (finished.new, finished.errors, unfetched(bench)) == (4, (), ["Mail 9 of Invites"])


def test_a_folder_that_breaks_the_line_without_proof_holds_back_no_other(tmp_path: Path) -> None:
    mailbox = FakeMailbox(Invites={8: invitation(8), 9: invitation(9)}, INBOX={1: invitation(1)})
    Stumbling(mailbox, 8, 9)
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    finished = bench.run(dataclasses.replace(ACCOUNT, folders=("Invites", "INBOX")))
    assert (finished.new, finished.errors, unfetched(bench)) == (1, ("The line broke.",), [])


def test_a_pass_asks_for_two_of_such_mails_again_and_in_the_end_for_each(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={uid: invitation(uid) for uid in range(1, 41)})
    server = Stumbling(mailbox, 3, 9, 15, 22, 30)
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    while bench.run().errors:
        pass
    assert len(unfetched(bench)) == 5
    asked: set[int] = set()
    for day in range(1, 6):
        server.asked.clear()
        on_day(bench, day)
        assert len(server.asked) == 2
        asked.update(uid for uids in server.asked for uid in uids)
    assert asked == server.uids


def test_such_a_mail_is_asked_for_again_though_a_folder_is_missing(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={uid: invitation(uid) for uid in range(1, 6)})
    server = Stumbling(mailbox, 3)
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    account = dataclasses.replace(ACCOUNT, folders=("INBOX", "Gone"))
    bench.run(account)
    server.uids.clear()
    bench.sync._asked_again.clear()
    assert (bench.run(account).new, unfetched(bench)) == (1, [])


def test_a_line_over_which_no_mail_comes_makes_none_unreadable(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={uid: invitation(uid) for uid in range(1, 31)})
    server = Stumbling(mailbox, *range(1, 31))
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    finished = bench.run()
    assert (finished.new, finished.errors, bench.cache.rows()) == (0, ("The line broke.",), [])
    assert server.connections < 20


@pytest.mark.parametrize("mails", range(1, 12))
def test_a_line_that_breaks_anywhere_makes_no_mail_unreadable(tmp_path: Path, mails: int) -> None:
    """After so many mails, whichever they are; and now and then before the first."""
    mailbox = FakeMailbox(INBOX={uid: invitation(uid) for uid in range(1, 31)})
    Broken(mailbox, *([mails, 0] * 3), *([0, 0, mails] * 3), error=LineBroken("The line broke."))
    bench = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0, 0.0))
    finished = bench.run()
    assert (finished.new, finished.errors) == (30, ())
    assert {row.state for row in bench.cache.rows()} == {State.OPEN}


def test_a_line_over_which_nothing_comes_is_given_up_until_the_next_pass(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={uid: invitation(uid) for uid in range(1, 7)})
    line = Broken(mailbox, 2, *[0] * 9)
    finished = (bench := Bench(tmp_path, mailbox, reconnects=(0.0, 0.0))).run()
    assert (finished.new, finished.errors, finished.again, line.connections) == (2, ("The line broke.",), 15, 3)
    assert [type(event) for event in bench.events].count(AccountFailed) == 1


def test_a_server_that_breaks_off_for_ever_is_not_connected_to_for_ever(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={uid: invitation(uid) for uid in range(1, 31)})
    line = Broken(mailbox, *[1] * 99)
    finished = Bench(tmp_path, mailbox, reconnects=(0.0,)).run()
    assert (finished.new, len(finished.errors), line.connections) == (20, 1, 20)


def test_who_asks_to_wait_longer_is_left_alone_until_then(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={1: invitation(1)})
    line = Broken(mailbox, 0, error=Unreachable("Throttled.", wait=300))
    finished = Bench(tmp_path, mailbox, reconnects=(1.0, 4.0)).run()
    assert (finished.again, line.connections) == (300, 1)


def test_a_login_that_is_refused_amidst_is_not_tried_again(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={1: invitation(1)})
    line = Broken(mailbox, 0)

    def refuse(uid: int) -> None:
        mailbox.fault = LoginRefused("No.", "Password?")
        line(uid)

    mailbox.before = refuse
    finished = Bench(tmp_path, mailbox, reconnects=(0.0, 0.0)).run()
    assert (finished.errors, finished.again, line.connections) == (("No. Password?",), None, 2)


def test_a_first_connection_that_fails_is_told_at_once(tmp_path: Path) -> None:
    mailbox = FakeMailbox()
    mailbox.fault = Unreachable("No line.")
    bench = Bench(tmp_path, mailbox, reconnects=(0.0,))
    assert (bench.run().again, [type(event) for event in bench.events]) == (15, [AccountFailed, SyncFinished])


def test_stopping_does_not_wait_for_the_next_attempt(tmp_path: Path) -> None:
    mailbox = FakeMailbox(INBOX={1: invitation(1)})
    line = Broken(mailbox, 0)
    bench = Bench(tmp_path, mailbox, reconnects=(3600.0,))
    threading.Timer(0.05, bench.stop.set).start()
    assert (bench.run().new, line.connections) == (0, 1)


def test_a_folder_that_fails_costs_no_other(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeMailbox(INBOX={1: invitation(1)}))
    finished = bench.run(dataclasses.replace(ACCOUNT, folders=("Nothing", "INBOX")))
    assert (finished.new, len(finished.errors)) == (1, 1)


# --- on a real server --------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def on_dovecot(path: Path, server: Dovecot) -> Bench:
    secrets = SimpleNamespace(password=lambda account: PASSWORD)
    return Bench(path, ImapSource(secrets, ca_file=server.ca_file))  # type: ignore[arg-type]


@pytest.mark.dovecot
def test_the_whole_of_it_on_dovecot(
    server: Dovecot, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = [
        alternative(calendar(f"{name}@x.example", summary=name), number=number) for number, name in enumerate("ab")
    ]
    mails += ordinary()
    mails += [shapes(calendar(f"{name}@kovin.example", summary=name))[name] for name in shapes("")]
    uids = server.deliver_all(mails)
    bench = on_dovecot(tmp_path_factory.mktemp("store"), server)
    first = bench.run(server.account())
    assert (first.new, first.errors) == (2 + len(shapes("")), ())
    assert set(bench.summaries()) == {"a", "b", *shapes("")}
    assert all(row.state is State.OPEN and row.account == "work" for row in bench.cache.rows())
    assert all(server.flags(uid) == set() for uid in uids)
    assert server.uids() == uids

    said: list[bytes] = []
    real = Line.send
    monkeypatch.setattr(Line, "send", lambda line, data: (said.append(bytes(data)), real(line, data))[1])
    again = bench.run(server.account())
    assert (again.new, again.changed, again.gone) == (0, 0, 0)
    assert not any(b"FETCH" in data for data in said)
    assert any(b"EXAMINE" in data for data in said)

    late = server.deliver(invitation(9, summary="late"))
    server.expunge(uids[0])
    said.clear()
    third = bench.run(server.account())
    assert (third.new, third.gone) == (1, 1)
    assert "late" in bench.summaries()
    assert "a" not in bench.summaries()
    fetches = [line.split(b" ", 1)[1] for data in said for line in data.split(b"\r\n") if b"FETCH" in line]
    assert all(line.startswith(b"UID FETCH %d (" % late) for line in fetches)
    assert len(fetches) == 2


@pytest.mark.dovecot
def test_a_folder_made_anew_on_dovecot(server: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> None:
    account = server.account(folders=("Clients",))
    server.deliver(invitation(1, summary="before"), "Clients")
    bench = on_dovecot(tmp_path_factory.mktemp("store"), server)
    bench.run(account)
    with server.client() as client:
        client.delete_folder("Clients")
    server.deliver(invitation(2, summary="after"), "Clients")
    finished = bench.run(account)
    assert (finished.new, finished.gone, finished.errors) == (1, 1, ())
    assert bench.summaries() == ["after"]
