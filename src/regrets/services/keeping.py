"""How long things are kept, and forgetting: what is removed stays away, and time won back stays."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from regrets.domain.clients import ClientBook
from regrets.domain.errors import CannotAnswer, StoreError
from regrets.domain.ports import Cache, Clock, Kept, KeptItem, OwnStore
from regrets.domain.registrable import registrable
from regrets.domain.settings import Settings
from regrets.domain.stored import AnswerRecord, State, Won
from regrets.domain.versions import secondhand
from regrets.services.standing import Standing
from regrets.services.statistics import totals

_log = logging.getLogger(__name__)
_OVER = (State.ANSWERED, State.DISMISSED, State.CANCELLED, State.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Plan:
    """What forgetting would remove, and what stays."""

    address: str  # '' for old items
    before: dt.datetime | None
    items: tuple[KeptItem, ...]
    unanswered: int  # of them: invitations that still wait for an answer
    live: tuple[str, ...]  # items that stay because an answer is on its way
    others: tuple[str, ...]  # open invitations of somebody else that name the address, and stay


@dataclass(slots=True)
class Removed:
    """What forgetting has removed."""

    items: list[str] = field(default_factory=list)
    mails: int = 0
    answers: int = 0
    choices: int = 0
    confirmations: int = 0
    log_lines: int = 0
    files: list[str] = field(default_factory=list)
    wiped: bool = True  # False: another program holds a database open, which keeps the removed text in its journal


class Keeping:
    """All methods raise StoreError; none touches the network."""

    def __init__(
        self, kept: Kept, cache: Cache, own: OwnStore, settings: Settings, book: ClientBook, clock: Clock
    ) -> None:
        self._kept, self._cache, self._own = kept, cache, own
        self._settings, self._book, self._clock = settings, book, clock

    def expire(self) -> list[str]:
        """Removes what is older than `items_days`, in the log as well: the items that went. What is live stays."""
        before = self._clock.now() - dt.timedelta(days=self._settings.keep_items_days)
        self._kept.remove_files(before)
        self._kept.remove_log_lines("", before)
        items = [item for item in self._judged(self._kept.items(before)) if not item.live and not _waits(item)]
        if not items:
            return []
        gone, _, _ = self._kept.remove(items, self._named)
        self._kept.wipe()
        return [item.id for item in gone]

    def expire_quietly(self) -> list[str]:
        """For a sync, which a fault of housekeeping must not stop: it is tried again with the next."""
        try:
            return self.expire()
        except StoreError as error:
            _log.warning("old items could not be removed: %s", error)
            return []

    def plan(self, address: str = "", days: int = 0) -> Plan:
        """What is kept about somebody, or is older than so many days. Raises CannotAnswer for one's own address."""
        if address:
            self._check(address)
            before, found = None, self._kept.naming(address)
        else:
            before = self._clock.now() - dt.timedelta(days=days)
            older = {item.id: item for item in (*self._kept.mails_before(before), *self._kept.items(before))}
            found = [item for item in older.values() if not self._newer(item, before)]
        items = self._judged(found)
        free = [item for item in items if not item.live]
        others = tuple(item.id for item in free if not item.theirs and not item.settled)
        going = tuple(replace(item, whole=True) for item in free if item.id not in others)
        live = tuple(item.id for item in items if item.live)
        return Plan(address, before, going, sum(not item.settled for item in going), live, others)

    def forget(self, plan: Plan) -> Removed:
        """Carries it out; what an answer is on its way to by now stays."""
        gone, mails, answers = self._kept.remove(plan.items, self._nameless if plan.address else self._named)
        removed = Removed([item.id for item in gone], mails, answers)
        if plan.address:
            domain = registrable(plan.address.rpartition("@")[2])
            client = self._book.of(plan.address)
            name = client.name if client else ""
            removed.choices, removed.confirmations = self._kept.remove_traces(plan.address, domain, name)
        removed.files = self._kept.remove_files(plan.before)
        removed.log_lines = self._kept.remove_log_lines(plan.address, plan.before)
        removed.wiped = self._kept.wipe()
        return removed

    def client_named(self, address: str) -> str:
        """The client of the client book to whom the address belongs, or ''."""
        client = self._book.of(address)
        return client.name if client else ""

    def close(self) -> None:
        """Both stores."""
        self._cache.close()
        self._own.close()

    def _check(self, address: str) -> None:
        mine = (*self._settings.me.addresses, *(account.address for account in self._settings.accounts))
        if address.strip().casefold() in {each.casefold() for each in mine}:
            raise CannotAnswer("That is your own address: everything names it.", "See `regrets forget --older-than`.")

    def _newer(self, item: KeptItem, before: dt.datetime) -> bool:
        """Whether anything of it, its meeting included, is of that moment or later."""
        row = self._cache.row(item.id)
        if row is None:
            return False
        with contextlib.suppress(ValueError):
            end = dt.datetime.fromisoformat(row.end or row.start or "")
            zone = ZoneInfo(self._settings.me.timezone or "UTC")
            if (end if end.tzinfo else end.replace(tzinfo=zone)) >= before:
                return True
        return row.received >= before

    def _judged(self, found: Iterable[KeptItem]) -> list[KeptItem]:
        """With what the list says of them."""
        standing = Standing.of(self._own, self._clock.now())
        judged = []
        for item in found:
            row = self._cache.row(item.id)
            decision = standing.decisions.get(item.id)
            settled = item.stands or (decision is not None and decision.kind != "snoozed")
            over = standing.apply(row).state in _OVER if row else settled
            item = replace(item, settled=over, whole=over or not row)
            judged.append(replace(item, sequence=row.sequence, secondhand=secondhand(row)) if row else item)
        return judged

    def _named(self, answers: Sequence[AnswerRecord]) -> list[Won]:
        """What stays of them, by client."""
        zone = ZoneInfo(self._settings.me.timezone or "UTC")
        sums = totals(answers, self._book, zone)
        return [Won(each.week, each.strategy, each.client, each.answers, each.minutes) for each in sums]

    def _nameless(self, answers: Sequence[AnswerRecord]) -> list[Won]:
        return [replace(won, client="") for won in self._named(answers)]


def _waits(item: KeptItem) -> bool:
    """Open again since an old answer: the list needs that answer."""
    return not item.settled and item.stands
