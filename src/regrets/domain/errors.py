"""One tree of errors. Each says what happened and what the user can do about it.

    RegretsError
    ├── ConfigError         a user's file is wrong (all faults of all files at once)
    ├── MailboxError        the IMAP side
    │   ├── Unreachable     no connection: try later
    │   │   └── LineBroken  it ended or fell silent amidst
    │   └── LoginRefused    never retried by itself
    ├── SendError           the SMTP side, before the final dot: nothing was sent
    ├── SecretError         no password to be had
    ├── StoreError          a database can't be read or written
    │   └── ClaimLost       another instance has taken over what this one was sending
    ├── UnsafeMessage       the finished message is not what was shown; it is not queued
    ├── CannotAnswer        this invitation can't be answered in that way
    ├── LetterError         a letter can't be found, read or filled
    ├── CalendarError       the user's own calendar can't be read or changed
    └── NotFound            no such item

Faces print `str(error)`: the message, then the cure, on one line.
"""

from __future__ import annotations

NO_ACCOUNT = "No account is set up. `regrets setup` adds one, `regrets demo` needs none."
_ENDS = (".", "!", "?", ":", "…", ";")


class RegretsError(Exception):
    """Base of all expected failures: `message` names what happened, `cure` the next step."""

    def __init__(self, message: str, cure: str = "") -> None:
        self.message = message
        self.cure = cure
        super().__init__(message, cure)

    def __str__(self) -> str:
        """Two sentences on one line: what others said may come without its full stop."""
        stop = "" if not self.cure or self.message.endswith(_ENDS) or not self.message else "."
        return f"{self.message}{stop} {self.cure}".strip()


class ConfigError(RegretsError):
    """Users' files are wrong; `faults` holds one line a fault, each with file and key."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


class MailboxError(RegretsError):
    """The mailbox can't be read or changed."""


class Unreachable(MailboxError):
    """No connection, a broken one, a silent one, or a server that can't just now: trying again later may help,
    after `wait` seconds at the earliest if it named them."""

    def __init__(self, message: str, cure: str = "", *, wait: float = 0.0) -> None:
        super().__init__(message, cure)
        self.wait = wait


class LineBroken(Unreachable):
    """A connection that ended or fell silent without a word about why."""


class LoginRefused(MailboxError):
    """The server refused user or password; never retried without the user."""


class SendError(RegretsError):
    """A message did not leave; it is certain that the server doesn't have it."""


class SecretError(RegretsError):
    """The password of an account can't be had."""


class StoreError(RegretsError):
    """A database can't be opened, read or written."""


class ClaimLost(StoreError):
    """What this instance was sending is another's by now: nothing more of it may go out from here."""


class UnsafeMessage(RegretsError):
    """A message would go out other than it was shown."""


class CannotAnswer(RegretsError):
    """The invitation can't be answered in the wanted way."""


class LetterError(RegretsError):
    """A letter can't be found, read or filled."""


class CalendarError(RegretsError):
    """An event can't be filed in one of the user's own calendars, or taken out of it."""


class NotFound(RegretsError):
    """There is no such item."""
