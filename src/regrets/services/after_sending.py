"""What the mailbox has to do with an answer once it may have left: a look into Sent, then the filing."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from regrets.domain.events import Emit, OutboxChanged
from regrets.domain.model import OutboxEntry, OutboxState
from regrets.domain.outbox import lookup_delay
from regrets.domain.ports import Clock, MailSource, OwnStore
from regrets.domain.settings import Account
from regrets.services.filing import file_answers, was_sent

_LOG = logging.getLogger("regrets")
_NEVER = float("inf")
_MAILBOX_IS_AWAY = 300.0  # seconds until Sent is looked into again


class AfterSending:
    """For one sending pass at a time, but for `look_up`, which any thread may ask for. All block on the network, save
    for `expect` and `wait`."""

    def __init__(self, own: OwnStore, source: MailSource, accounts: Mapping[str, Account], clock: Clock) -> None:
        self._own, self._source, self._accounts, self._clock = own, source, accounts, clock
        self._looks: dict[str, tuple[int, float]] = {}  # outbox id, looks at Sent so far and time of the next

    def expect(self, outbox_id: str) -> None:
        """It may just have left: servers take a moment until a mail is in Sent."""
        self._looks[outbox_id] = (0, self._clock.monotonic() + (lookup_delay(0) or 0.0))

    def wait(self, outbox_id: str) -> float:
        """Seconds until the next look at an uncertain one; infinite after the last."""
        now = self._clock.monotonic()
        return self._looks.get(outbox_id, (0, now))[1] - now

    def resolve(self, emit: Emit) -> None:
        """Uncertain ones are looked for in Sent, a few times; found there, they are sent."""
        for entry in self._own.unfinished():
            if entry.state is OutboxState.UNKNOWN and self.wait(entry.id) <= 0:
                looks, _ = self._looks.get(entry.id, (0, 0.0))
                found = self.look_up(entry, emit)
                if not found:
                    done = looks + (found is not None)  # a mailbox that can't be asked was not looked into
                    delay = lookup_delay(done) if found is not None else _MAILBOX_IS_AWAY
                    next_look = self._clock.monotonic() + delay if delay is not None else _NEVER
                    self._looks[entry.id] = (done, next_look)

    def look_up(self, entry: OutboxEntry, emit: Emit) -> bool | None:
        """Whether it is in Sent, and so sent; None where that can't be looked into."""
        account = self._accounts.get(entry.account)
        found = was_sent(self._source, account, entry.message_id) if account is not None else False
        if not found:
            return found
        self._own.finish(entry, OutboxState.SENT)
        tell(emit, self._own.entry(entry.id) or entry)
        return True

    def file(self, emit: Emit) -> None:
        """What was sent and not yet filed, also by an earlier run, an account at a time."""
        sent = [entry for entry in self._own.unfinished() if entry.state is OutboxState.SENT]
        for name in dict.fromkeys(entry.account for entry in sent):
            mine = [entry for entry in sent if entry.account == name]
            account = self._accounts.get(name)
            if account is None:
                for entry in mine:
                    self._own.note_filed(entry.id, sent_copy="skipped", answered_flag="skipped")
                continue
            problems = file_answers(self._source, self._own, account, mine, self._clock.now())
            for entry in mine:
                if problems[entry.id]:
                    emit(OutboxChanged(entry.id, entry.item_id, entry.state, problems[entry.id]))


def tell(emit: Emit, entry: OutboxEntry) -> None:
    """How an entry stands now."""
    try:
        emit(OutboxChanged(entry.id, entry.item_id, entry.state, entry.error))
    except Exception:  # a face that is going away must not stop a delivery half way
        _LOG.warning("a face could not be told", exc_info=True)
