"""Which adapters the services get; loaded when the first of them is needed, after the list is painted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from regrets.adapters.calendars import Calendars, WritableCalendars
from regrets.adapters.pins import Pins
from regrets.domain.clients import ClientBook
from regrets.domain.settings import Settings
from regrets.services.compose import Compose
from regrets.services.triage import Triage

if TYPE_CHECKING:
    from regrets.adapters.imap.connection import ImapSource
    from regrets.adapters.paths import Paths
    from regrets.adapters.secrets import SystemSecrets
    from regrets.adapters.smtp.sender import SmtpSender
    from regrets.adapters.store.cache import SqliteCache
    from regrets.adapters.store.own import SqliteOwnStore
    from regrets.domain.ports import Clock, OwnStore
    from regrets.services.casebook import Engine, Read
    from regrets.services.doctor import Doctor
    from regrets.services.files import Files
    from regrets.services.keeping import Keeping


class Assembly:
    """Services on the adapters of one pair of directories. `own_letter`: the user's own text of a letter."""

    def __init__(self, paths: Paths, clock: Clock, own_letter: Callable[[str, str], str | None]) -> None:
        self._paths, self._clock, self._own_letter = paths, clock, own_letter

    @cached_property
    def _pins(self) -> Pins:
        return Pins(self._paths.pins_file)

    @cached_property
    def _calendar_files(self) -> WritableCalendars:
        return WritableCalendars(self._paths.data_dir / "calendars.lock")

    def _servers(self, secrets: SystemSecrets) -> tuple[ImapSource, SmtpSender]:
        from regrets.adapters.imap.connection import ImapSource
        from regrets.adapters.smtp.sender import SmtpSender

        return ImapSource(secrets, pins=self._pins), SmtpSender(secrets, pins=self._pins)

    def engine(
        self,
        settings: Settings,
        book: ClientBook,
        cache: SqliteCache,
        own: SqliteOwnStore,
        read: Read,
        secrets: SystemSecrets,
    ) -> Engine:
        """Everything that the desk needs beyond its databases."""
        from regrets.adapters.client_file import ClientFile
        from regrets.adapters.lock import FileSenderLock, FileSignOfLife
        from regrets.adapters.store.filings import SqliteFilings
        from regrets.services.casebook import Engine
        from regrets.services.deliver import Delivery
        from regrets.services.sync import Sync

        source, sender = self._servers(secrets)
        lock, life = FileSenderLock(self._paths.lock_file), FileSignOfLife(self._paths.data_dir)
        return Engine(
            settings=settings,
            triage=Triage(settings, book, Calendars(), own, self._clock),
            compose=Compose(settings, book, self._own_letter),
            delivery=Delivery(own, sender, source, settings.accounts, self._clock, lock, life),
            sync=Sync(source, cache, own, read, self._clock),
            type_password=secrets.remember,
            keeping=self.keeping(settings, book, cache, own),
            clients=ClientFile(self._paths.config_dir, self._paths.clients_file),
            calendar_files=self._calendar_files,
            filings=SqliteFilings(own),
        )

    def keeping(self, settings: Settings, book: ClientBook, cache: SqliteCache, own: SqliteOwnStore) -> Keeping:
        """What is kept, and forgetting."""
        from regrets.adapters.store.kept import SqliteKept
        from regrets.services.keeping import Keeping

        return Keeping(SqliteKept(cache, own, self._paths.data_dir), cache, own, settings, book, self._clock)

    def files(self, settings: Settings, book: ClientBook, history: OwnStore | None, read: Read) -> Files:
        """Suggestions and answers for files, with no mailbox and no network."""
        from regrets.services.files import Files

        triage = Triage(settings, book, Calendars(), history, self._clock)
        return Files(read, triage, Compose(settings, book, self._own_letter), settings, self._clock)

    def doctor(self, secrets: SystemSecrets) -> Doctor:
        """The checks of `doctor` and `setup`."""
        from regrets.services.doctor import Doctor

        source, sender = self._servers(secrets)
        return Doctor(secrets, source, sender.check, Calendars(), self._calendar_files, self._clock, self._pins.of)
