"""Checks everything that the program rests on, one line each, with the cure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from regrets.domain.clients import ClientBook
from regrets.domain.errors import CalendarError, ConfigError, RegretsError, SendError
from regrets.domain.ports import BusySource, CalendarFiles, Clock, MailSource, Secrets
from regrets.domain.settings import Account, CalendarSource, Server, Settings

SmtpLogin = Callable[[Account], str]
"""Signs in at the SMTP server of an account and sends nothing: '' or what is wrong, with the cure."""

PARTS = SECRET, IMAP, SMTP = "secret", "IMAP", "SMTP"
"""What is checked of an account, in this order."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `doctor`."""

    check: str
    ok: bool
    detail: str
    cure: str = ""

    @property
    def part(self) -> str:
        """Of an account's checks: which of `PARTS`."""
        return self.check.rpartition(": ")[2]

    @property
    def sentences(self) -> str:
        """What was found, and the cure."""
        if not self.cure:
            return self.detail
        return f"{self.detail if self.detail.endswith(('.', '!', '?')) else self.detail + '.'} {self.cure}"


class Doctor:
    """Runs the checks; each is independent of the others."""

    def __init__(
        self,
        secrets: Secrets,
        source: MailSource,
        smtp_login: SmtpLogin,
        calendars: BusySource,
        files: CalendarFiles,
        clock: Clock,
        pin: Callable[[Server], str] = lambda server: "",
    ) -> None:
        self._secrets = secrets
        self._source = source
        self._smtp_login = smtp_login
        self._calendars, self._files = calendars, files
        self._clock = clock
        self._pin = pin  # SHA-256 of the certificate that was pinned for a bridge on this machine

    def examine(self, load: Callable[[], tuple[Settings, ClientBook]]) -> Iterator[Check]:
        """All checks, as they are done."""
        try:
            settings, book = load()
        except ConfigError as error:
            for fault in error.faults:
                yield Check("config", False, fault, "Mend it in an editor.")
            return
        yield Check("config", True, "config.toml and clients.toml are fine")
        yield from self._me(settings)
        yield self._clients(book)
        yield self._time(settings)
        if not settings.accounts:
            yield Check("account", False, "No account is set up.", "Run `regrets setup`.")
        for account in settings.accounts:
            yield from self.account(account)
        yield from self._busy(settings)

    def account(self, account: Account) -> Iterator[Check]:
        """Secret, IMAP with its folders, SMTP."""
        secret = _checked(f"{account.name}: {SECRET}", lambda: self._secret(account))
        yield secret
        if not secret.ok:
            return
        yield _checked(f"{account.name}: {IMAP}", lambda: self._imap(account))
        yield _checked(f"{account.name}: {SMTP}", lambda: self._smtp(account))

    def _secret(self, account: Account) -> str:
        self._secrets.password(account)
        return {"command": "the command gives one", "oauth2": "there is a token"}.get(account.login.auth, "found")

    def _imap(self, account: Account) -> str:
        session = self._source.connect(account)
        try:
            counts = [f"{folder}: {session.open(folder).exists} mails" for folder in account.folders]
        finally:
            session.close()
        return f"signed in at {account.imap.host}{self._pinned(account.imap)}; {', '.join(counts)}"

    def _smtp(self, account: Account) -> str:
        problem = self._smtp_login(account)
        if problem:
            raise SendError(problem, f"Check smtp and login of {account.name} in config.toml.")
        return f"signed in at {account.smtp.host}{self._pinned(account.smtp)}; nothing was sent"

    def _pinned(self, server: Server) -> str:
        pin = self._pin(server)
        return f", whose certificate is pinned (SHA-256 {pin[:16]}…)" if pin else ""

    def _me(self, settings: Settings) -> Iterator[Check]:
        named = bool(settings.me.name and settings.me.addresses)
        detail = f"{settings.me.name or 'no name'}, {', '.join(settings.me.addresses) or 'no address'}"
        yield Check("you", named, detail, "" if named else "Set name and addresses under [me] in config.toml.")

    def _clients(self, book: ClientBook) -> Check:
        doubles = book.doubles()
        detail = doubles[0] if doubles else f"{len(book.clients)} in the book"
        return Check("clients", not doubles, detail, "Take it from one of them in clients.toml." if doubles else "")

    def _time(self, settings: Settings) -> Check:
        from zoneinfo import ZoneInfo

        now = self._clock.now().astimezone(ZoneInfo(settings.me.timezone))
        sane = now.year >= 2024
        cure = "" if sane else "Set the machine's clock."
        return Check("clock", sane, f"{now:%Y-%m-%d %H:%M} in {settings.me.timezone}", cure)

    def _busy(self, settings: Settings) -> Iterator[Check]:
        from zoneinfo import ZoneInfo

        now, me = self._clock.now(), settings.me
        for source in settings.calendars:
            entries, faults = self._calendars.busy(
                [source], now, now + dt.timedelta(days=30), me.addresses, ZoneInfo(me.timezone)
            )
            detail = faults[0] if faults else f"{len(entries)} entries in the next 30 days"
            yield Check(f"calendar {source.name}", not faults, detail)
            if source.writable:
                yield _checked(f"filing in {source.name}", partial(self._filing, source))
        if not settings.calendars:
            yield Check("calendar", True, "none is set up, so clashes can't be seen")

    def _filing(self, source: CalendarSource) -> str:
        if not source.path:
            raise CalendarError("Nothing can be filed in a feed.", "Set writable = false, or give a path.")
        self._files.check(source)
        return "meetings can be filed in it"


def _checked(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, True, check())
    except RegretsError as error:
        return Check(name, False, error.message, error.cure)
