"""Trying the account of a form, and keeping it. What is kept is exactly what was tried; a change begins anew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from functools import partial
from typing import NamedTuple, Protocol

from textual.message import Message

from regrets.domain.errors import SecretError
from regrets.domain.settings import Account
from regrets.services.doctor import Check
from regrets.services.setting_up import ASK_EACH_TIME, Accounts, Outcome, attempt, here
from regrets.tui.bridge import Lanes

QUESTION = "try"


class State(StrEnum):
    """Where one stands."""

    FRESH = "fresh"
    TRYING = "trying"
    FAILED = "failed"
    KEEPING = "keeping"
    UNKEPT = "unkept"  # no keyring keeps the password


class Mailbox(NamedTuple):
    """What is to be kept."""

    account: Account
    your_name: str
    password: str | None


class Checked(Message):
    """One check of an attempt is done."""

    def __init__(self, number: int, check: Check) -> None:
        self.number, self.check = number, check
        super().__init__()


class Shows(Protocol):
    """What the controller needs of its screen."""

    def show(self) -> None:
        """Paints what has changed."""
        ...

    def refused(self) -> None:
        """A check has failed."""
        ...

    def asked(self) -> None:
        """A question stands there: the first button is the answer."""
        ...

    def end(self, outcome: Outcome) -> None:
        """All is done."""
        ...


class Trying:
    """`start`, then `keep` by itself where all is well; on the UI thread."""

    def __init__(self, lanes: Lanes[Accounts], screen: Shows) -> None:
        self._lanes, self._screen = lanes, screen
        self._number = 0
        self._mailbox: Mailbox | None = None
        self.state, self.checks, self.said, self.asked = State.FRESH, list[Check](), "", ""

    def start(self, mailbox: Mailbox) -> None:
        """Each attempt has a lane of its own: a server that doesn't answer holds up no second one."""
        self._begin(State.TRYING, mailbox)
        number = self._number

        def run(accounts: Accounts) -> bool:
            fine = True
            for check in attempt(accounts, mailbox.account, mailbox.password):
                if number != self._number:
                    return False
                self._lanes.tell(Checked(number, check))
                fine = fine and check.ok
            return fine

        self._lanes.ask(f"try-{number}", run, partial(self._tried, mailbox), self._failed, QUESTION)

    def keep(self, mailbox: Mailbox) -> None:
        """Account and password, tried or not."""
        self._begin(State.KEEPING, mailbox, self.checks)
        self._lanes.ask("keep", partial(_kept, mailbox), self._keeping_done, self._failed, QUESTION)

    def keep_without(self) -> None:
        """The account alone: the password is used in this run, and asked for in others."""
        if self._mailbox is None:
            return
        work = partial(_kept_without, self._mailbox)
        self.state = State.KEEPING
        self._screen.show()
        self._lanes.ask("keep", work, self._keeping_done, self._failed, QUESTION)

    def forget(self, parts: Collection[str]) -> None:
        """Something was changed: what was tried is no longer what stands there. What was found of other `parts` than
        these stays told, unless the attempt is not over."""
        left = [check for check in self.checks if check.part not in parts and self.state is not State.TRYING]
        if self.state is not State.KEEPING and (self.state is not State.FRESH or left != self.checks):
            self._begin(State.FRESH, None, left)

    def checked(self, event: Checked) -> None:
        """One more line."""
        if event.number == self._number:
            self.checks.append(event.check)
            self._screen.show()

    def _begin(self, state: State, mailbox: Mailbox | None, checks: Sequence[Check] = ()) -> None:
        self._number += 1
        self._lanes.forget(QUESTION)
        self.state, self._mailbox, self.checks, self.said, self.asked = state, mailbox, [*checks], "", ""
        self._screen.show()

    def _tried(self, mailbox: Mailbox, fine: bool) -> None:
        if fine:
            self.keep(mailbox)
        else:
            self.state = State.FAILED
            self._screen.show()
            self._screen.refused()

    def _keeping_done(self, outcome: Outcome | str) -> None:
        if isinstance(outcome, Outcome):
            self._screen.end(outcome)
        else:
            self.state, self.said, self.asked = State.UNKEPT, outcome, ASK_EACH_TIME
            self._screen.show()
            self._screen.asked()

    def _failed(self, error: str) -> None:
        self.state, self.said = State.FAILED, error
        self._screen.show()


def _kept(mailbox: Mailbox, accounts: Accounts) -> Outcome | str:
    """Or why no keyring keeps the password."""
    try:
        return Outcome("kept", accounts.save_account(*mailbox))
    except SecretError as error:
        return here(str(error))


def _kept_without(mailbox: Mailbox, accounts: Accounts) -> Outcome:
    told = accounts.save_account(mailbox.account, mailbox.your_name, None)
    if mailbox.password:
        accounts.use_password(mailbox.account, mailbox.password)
    return Outcome("kept", told)
