"""One pass over an account's folders: finds what is new, keeps the cache true, and costs nobody their other mail."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from regrets.domain.backoff import RECONNECTS, backoff
from regrets.domain.errors import LineBroken, LoginRefused, MailboxError, RegretsError, SecretError, Unreachable
from regrets.domain.events import AccountFailed, Emit, ItemsChanged, Reconnecting, SyncFinished, SyncProgress
from regrets.domain.model import Invitation, MailFacts, Row, Unreadable
from regrets.domain.ports import Cache, Clock, FolderScan, FolderStatus, FoundMail, MailSession, MailSource, OwnStore
from regrets.domain.rows import row_of, unreadable_id
from regrets.domain.settings import Account
from regrets.domain.versions import arrange
from regrets.services.narrowing import Narrowing

MOST_CONNECTIONS = 20  # a pass
MOST_ASKED_AGAIN = 2  # mails a pass, each of which may break a line
FIRST_WINDOW, WINDOW = 200, 4000  # mails; the newest are on the screen before the rest is looked at

Read = Callable[[bytes], Invitation | Unreadable]

_UNFETCHED = "unfetched"  # error_code of a row whose mail never came


class Sync:
    """Looks through mailboxes. Sets no flag and moves nothing. `reconnects`: the seconds before each attempt to go
    on with a pass whose line broke."""

    def __init__(
        self,
        source: MailSource,
        cache: Cache,
        own: OwnStore,
        read: Read,
        clock: Clock,
        *,
        reconnects: Sequence[float] = RECONNECTS,
    ) -> None:
        self._source, self._cache, self._own, self._read, self._clock = source, cache, own, read, clock
        self._reconnects = reconnects
        self._asked_again: dict[str, dt.date] = {}  # by account

    def run(self, account: Account, emit: Emit, stop: threading.Event) -> SyncFinished:
        """All folders of one account, newest mails first. A line that breaks amidst is connected anew, with a longer
        wait each time until something new comes over it. Never raises for what servers do: that is emitted as
        AccountFailed and named in the result. Stops soon after `stop` is set; the next pass goes on from there."""
        tally = _Tally(account.name, emit)
        unfetched = self._unfetched(account)
        waits: Iterator[float] = iter(())  # a first connection that fails is not repeated: somebody is waiting
        while (broken := self._attempt(account, tally, stop)) is not None:
            if tally.moved_on():
                waits = iter(self._reconnects)
            wait = next(waits, None)
            if wait is None or broken.wait > wait or stop.is_set() or tally.connections >= MOST_CONNECTIONS:
                tally.failed(broken)
                break
            emit(Reconnecting(account.name, str(broken), wait))
            if stop.wait(wait):
                break
        self._ask_again(account, unfetched, tally, stop)
        finished = tally.finished(self._cache)
        emit(finished)
        return finished

    def _attempt(self, account: Account, tally: _Tally, stop: threading.Event) -> Unreachable | None:
        """Looks through the folders that this pass has not finished, over a connection of its own. What broke it off
        and may pass; anything else that is wrong is told to the tally."""
        try:
            session = self._source.connect(account)
        except Unreachable as error:
            return error
        except RegretsError as error:
            tally.failed(error)
            tally.no_password = isinstance(error, SecretError) and account.login.auth == "password"
            return None
        tally.connections += 1
        try:
            return self._folders(session, account, tally, stop)
        finally:
            session.close()

    def _folders(
        self, session: MailSession, account: Account, tally: _Tally, stop: threading.Event
    ) -> Unreachable | None:
        for name in sorted(account.folders, key=tally.broken.__contains__):  # one that breaks holds back no other
            if stop.is_set():
                return None
            if name in tally.folders:
                continue
            try:
                _Folder(self, session, account, name, tally, stop).sync()
            except Unreachable as error:
                tally.broken.add(name)
                return error
            except (LoginRefused, SecretError) as error:
                tally.failed(error)
                return None
            except MailboxError as error:
                tally.failed(error)
            tally.folders.add(name)
        return None

    def _unfetched(self, account: Account) -> list[str]:
        """Items whose mail broke the line in an earlier pass: once a day it is tried of a few whether they come by
        now, in turn. A process of its own knows of no other's tries."""
        today = self._clock.now().date()
        if self._asked_again.get(account.name) == today:
            return []
        self._asked_again[account.name] = today
        items = [row.id for row in self._cache.rows() if row.account == account.name and _is_unfetched(row)]
        turn = today.toordinal() * MOST_ASKED_AGAIN % max(len(items), 1)
        return [*items[turn:], *items[:turn]][:MOST_ASKED_AGAIN]

    def _ask_again(self, account: Account, items: Sequence[str], tally: _Tally, stop: threading.Event) -> None:
        """Each over a connection of its own, when all else is done: what breaks the line again stays as it is."""
        if not tally.folders.issuperset(account.folders):
            return
        for item_id in items:
            if tally.connections >= MOST_CONNECTIONS or stop.is_set():
                return
            if (place := self._cache.location(item_id)) is None:
                continue
            with contextlib.suppress(MailboxError, SecretError):
                session = self._source.connect(account)
                tally.connections += 1
                try:
                    self._fetch_at_last(session, account, item_id, place, tally)
                finally:
                    session.close()

    def _fetch_at_last(
        self, session: MailSession, account: Account, item_id: str, place: tuple[str, int, int], tally: _Tally
    ) -> None:
        folder, uidvalidity, uid = place
        if session.open(folder).uidvalidity != uidvalidity:
            return
        found = list(session.find_invitations([uid]))
        if not found:
            tally.gone_items(self._cache.forget_mails(account.name, folder, [uid], self.answered()))
            return
        for mail in found:
            tally.touched(self.store(account, folder, mail, uidvalidity))  # in the place of the item
        if self._cache.row(item_id) is None:
            tally.gone_items([item_id])

    def answered(self) -> set[str]:
        """Items that stay although their mail is gone."""
        return {answer.item_id for answer in self._own.answers()}

    def since(self, account: Account) -> dt.date | None:
        """The first day that counts, by since_days."""
        if account.since_days <= 0:
            return None
        return (self._clock.now() - dt.timedelta(days=account.since_days)).date()

    def store(self, account: Account, folder: str, found: FoundMail, uidvalidity: int) -> dict[str, bool]:
        """One mail into the cache: the ids of items that are new or changed, and whether they are new."""
        row = row_of(account.name, folder, found, self._readable(found.data))
        if not row.uid:
            return self._store_alone(row, found, uidvalidity)
        self._cache.save_mail(row, found, uidvalidity, current=False)
        placed = arrange(self._cache.versions(account.name, row.uid))
        known = {one.row.id for one in placed if self._cache.row(one.row.id) is not None}
        return {item_id: item_id not in known for item_id in self._cache.place(placed)}

    def store_unfetched(self, account: Account, folder: str, uid: int, uidvalidity: int) -> dict[str, bool]:
        """A row for a mail at which the server breaks off, dated today: when it came is not known."""
        why = Unreadable(
            _UNFETCHED,
            "The connection breaks each time that this mail is asked for. It is tried again another day;"
            " meanwhile look for it in your mail program.",
            MailFacts(subject=f"Mail {uid} of {folder}"),
        )
        found = FoundMail(uid, self._clock.now(), b"")
        return self._store_alone(row_of(account.name, folder, found, why), found, uidvalidity)

    def _store_alone(self, row: Row, found: FoundMail, uidvalidity: int) -> dict[str, bool]:
        """A mail that belongs to no event that others belong to."""
        is_new = self._cache.row(row.id) is None
        self._cache.save_mail(row, found, uidvalidity, current=True)
        return {row.id: is_new}

    def _readable(self, data: bytes) -> Invitation | Unreadable:
        """A reader's fault costs one row, not the pass."""
        try:
            return self._read(data)
        except (Exception, RecursionError, MemoryError):
            return Unreadable("broken-mail", "The mail can't be read. Open it in your mail program.")

    @property
    def cache(self) -> Cache:
        """The store that is kept true."""
        return self._cache


def _is_unfetched(row: Row | None) -> bool:
    """Whether it stands for a mail that never came."""
    return row is not None and row.error_code == _UNFETCHED


def _fell(status: FolderStatus, scan: FolderScan) -> bool:
    """Whether a backup was put back, so that UIDs are given away a second time."""
    return status.says_uidnext and status.uidnext < scan.next


def _middle(uids: Sequence[int]) -> int:
    return uids[len(uids) // 2]


@dataclass(slots=True)
class _Folder:
    """One folder in one pass."""

    sync_: Sync
    session: MailSession
    account: Account
    name: str
    tally: _Tally
    stop: threading.Event
    done: int = 0
    total: int = 0
    came: bool = False  # anything over this connection

    def sync(self) -> None:
        """Forgets what is gone, then looks at what is new, then at what an interrupted pass has left."""
        cache, account = self.sync_.cache, self.account.name
        status = self.session.open(self.name)
        scan = cache.folder_scan(account, self.name)
        if scan and (scan.uidvalidity != status.uidvalidity or _fell(status, scan)):
            self.tally.gone_items(cache.drop_folder(account, self.name, self.sync_.answered()))
            scan = None
        if scan is None:
            scan = FolderScan(status.uidvalidity, status.uidnext, status.uidnext)
            cache.save_folder_scan(account, self.name, scan)
        self._forget_gone()
        since = self.sync_.since(self.account)
        new = self.session.uids(scan.next, None, since) if status.uidnext > scan.next else []
        old = self.session.uids(1, scan.low - 1, since) if scan.low > 1 else []
        self.total = len(new) + len(old)
        self.narrowing(status.uidvalidity).done |= self._unfetched([*old, *new])
        self._try_suspect([*old, *new], status.uidvalidity)
        if self._look(new, status.uidvalidity, None):
            scan = FolderScan(scan.uidvalidity, scan.low, max([status.uidnext, *(uid + 1 for uid in new[-1:])]))
            cache.save_folder_scan(account, self.name, scan)
            if self._look(old, status.uidvalidity, scan) and since is None:
                cache.save_folder_scan(account, self.name, FolderScan(scan.uidvalidity, 1, scan.next))

    def _forget_gone(self) -> None:
        cache, account = self.sync_.cache, self.account.name
        known = cache.known_uids(account, self.name)
        missing = set(known) - self.session.present(known) if known else set()
        if missing:
            self.tally.gone_items(cache.forget_mails(account, self.name, sorted(missing), self.sync_.answered()))

    def _unfetched(self, uids: Sequence[int]) -> set[int]:
        """Those that have a row instead of a mail: a pass that ended early has not got past them."""
        known = self.sync_.cache.known_uids(self.account.name, self.name)
        return set(uids).intersection(known).difference(self._came_from(self.name, uids))

    def _came_from(self, folder: str, uids: Sequence[int] | None = None) -> list[int]:
        """The UIDs of its mails that are here, ascending; of `uids` only."""
        cache, account = self.sync_.cache, self.account.name
        known = cache.known_uids(account, folder)
        chosen = known if uids is None else sorted(set(uids).intersection(known))
        return [uid for uid in chosen if not _is_unfetched(cache.row(unreadable_id(account, folder, uid)))]

    def _look(self, uids: Sequence[int], uidvalidity: int, scan: FolderScan | None) -> bool:
        """Newest first, in windows; with a `scan`, its lowest UID follows. False if it was stopped."""
        rest, size = list(uids), FIRST_WINDOW
        while rest:
            if self.stop.is_set():
                return False
            window = rest[-size:]
            del rest[-size:]
            size = WINDOW
            while piece := self.narrowing(uidvalidity).next_piece(window):
                if not self._look_at(piece, uidvalidity):
                    return False
            if scan:
                low = window[0]
                self.sync_.cache.save_folder_scan(
                    self.account.name, self.name, FolderScan(scan.uidvalidity, low, scan.next)
                )
            self.done += len(window)
            self.tally.progress(self.name, self.done, self.total)
        return True

    def _look_at(self, piece: Sequence[int], uidvalidity: int) -> bool:
        """False if it was stopped."""
        narrowing, first, brought = self.narrowing(uidvalidity), not self.came, False
        try:
            for found in self.session.find_invitations(piece):
                brought = self.came = True
                self.tally.touched(self.sync_.store(self.account, self.name, found, uidvalidity))
                narrowing.done.add(found.uid)
                if self.stop.is_set():
                    return False
        except LineBroken:
            at_fault = narrowing.broke(piece, brought=brought, first=first)
            if at_fault is not None and not self._came_from(self.name, [at_fault]):
                self.tally.touched(self.sync_.store_unfetched(self.account, self.name, at_fault, uidvalidity))
            raise
        self.came = True
        narrowing.done.update(piece)
        return True

    def _try_suspect(self, uids: Sequence[int], uidvalidity: int) -> None:
        """Another mail first, rather one that came before: it shows whether the line is a good one."""
        narrowing = self.narrowing(uidvalidity)
        if (suspect := narrowing.suspect) is None:
            return
        seen = {*self._came_from(self.name), *narrowing.done.intersection(uids)} - self._unfetched(uids)
        others = sorted((seen or set(uids)) - {suspect} - narrowing.at_fault)
        try:
            if others:
                list(self.session.find_invitations([_middle(others)]))  # it is here, or will be
            self.came = bool(others) or self._another_folder_brings()
        except LineBroken:
            narrowing.acquit()
            raise
        if suspect in uids and self.came:
            self._look_at([suspect], uidvalidity)
        narrowing.acquit()

    def _another_folder_brings(self) -> bool:
        """A mail of one that this pass is done with: for a suspect that is alone in its own."""
        for (folder, _), narrowing in self.tally.narrowings.items():
            uids = [uid for uid in self._came_from(folder) if uid not in narrowing.at_fault]
            if uids and folder in self.tally.folders:
                self.session.open(folder)
                brought = list(self.session.find_invitations([_middle(uids)]))
                self.session.open(self.name)
                return bool(brought)
        return False

    def narrowing(self, uidvalidity: int) -> Narrowing:
        """What this pass knows of the folder."""
        return self.tally.narrowings.setdefault((self.name, uidvalidity), Narrowing())


@dataclass(slots=True)
class _Tally:
    """What a pass has done, and who is told."""

    account: str
    emit: Emit
    new: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    gone: int = 0
    errors: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    connections: int = 0
    folders: set[str] = field(default_factory=set)  # those that this pass is done with
    broken: set[str] = field(default_factory=set)  # those amidst which a line broke
    narrowings: dict[tuple[str, int], Narrowing] = field(default_factory=dict)  # by folder and UIDVALIDITY
    again: float | None = None
    no_password: bool = False
    refused: bool = False
    _steps: int = 0

    def moved_on(self) -> bool:
        """Whether anything came since this was asked last. What is looked at twice doesn't count."""
        before = self._steps
        looked = sum(len(each.done) + each.steps for each in self.narrowings.values())
        self._steps = bool(self.connections) + len(self.folders) + looked
        return self._steps > before

    def touched(self, items: Mapping[str, bool]) -> None:
        """Items that are new (True) or changed."""
        self.new.update(item_id for item_id, is_new in items.items() if is_new)
        self.changed.update(items)
        self.waiting += items

    def gone_items(self, ids: Sequence[str]) -> None:
        """Items that vanished."""
        self.gone += len(ids)
        self.waiting += ids

    def progress(self, folder: str, done: int, total: int) -> None:
        """After each window."""
        self._tell()
        self.emit(SyncProgress(self.account, folder, done, total))

    def failed(self, error: RegretsError) -> None:
        """The account or one of its folders."""
        self.errors.append(str(error))
        self.refused = self.refused or isinstance(error, LoginRefused)
        if isinstance(error, Unreachable):
            self.again = max(error.wait, backoff(1))
        self.emit(AccountFailed(self.account, str(error)))

    def finished(self, cache: Cache) -> SyncFinished:
        """The end of the pass. An item that was filed anew within it counts once."""
        self._tell()
        new = sum(cache.row(item_id) is not None for item_id in self.new)
        changed = len(self.changed - self.new)
        why = (self.again, self.no_password, self.refused)
        return SyncFinished(self.account, new, changed, self.gone, 0, tuple(self.errors), *why)

    def _tell(self) -> None:
        if self.waiting:
            self.emit(ItemsChanged(self.account, tuple(dict.fromkeys(self.waiting))))
            self.waiting = []
