"""One signed-in IMAP connection: ports.MailSession. Reading never changes anything."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterator, Sequence

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from regrets.adapters.imap.client import Client, Response
from regrets.adapters.imap.errors import LONG, about_the_account, explained, refused
from regrets.adapters.imap.finder import find
from regrets.adapters.imap.folders import sent_folder
from regrets.adapters.imap.responses import found_uids, sequence_sets
from regrets.domain.errors import MailboxError
from regrets.domain.ports import FolderStatus, FoundMail
from regrets.domain.settings import Account
from regrets.domain.text import safe_line

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OUR_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,120}@[A-Za-z0-9.-]{1,120}>")
_MARGIN = 10_000  # mails that may arrive while a folder is open
_MOST_MAILS = 2_000_000  # in a folder, whatever the server claims


class ImapSession:
    """All methods raise Unreachable where the line breaks and MailboxError where the server refuses."""

    def __init__(self, client: Client, account: Account, secret: str = "") -> None:
        self._client, self._account, self._secret = client, account, secret
        self._exists = 0

    @property
    def traffic(self) -> tuple[int, int]:
        """Bytes sent and received on this connection, as they went over the wire."""
        return self._client.raw.line.sent, self._client.raw.line.received

    def open(self, folder: str) -> FolderStatus:
        """EXAMINE: no flag changes, not even \\Recent."""
        answer = self._select(folder, readonly=True)
        self._exists = int(answer.get(b"EXISTS", 0))
        said = int(answer.get(b"UIDNEXT", 0))
        uidnext = said or max(self.uids(1, None), default=0) + 1
        return FolderStatus(int(answer.get(b"UIDVALIDITY", 0)), uidnext, self._exists, bool(said))

    def uids(self, low: int, high: int | None, since: dt.date | None = None) -> list[int]:
        """The UIDs that exist from `low` to `high` (None: to the end), ascending; only mails since a day."""
        upper = "*" if high is None else str(high)
        criteria = f"UID {low}:{upper}"
        if since:
            criteria += f" SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year:04d}"
        found = self._search([criteria.encode()])
        return sorted(uid for uid in found if uid >= low and (high is None or uid <= high))

    def present(self, uids: Sequence[int]) -> set[int]:
        """Those that are still there."""
        return self._search([b"UID %s" % part for part in sequence_sets(sorted(set(uids)))]) & set(uids)

    def find_invitations(self, uids: Sequence[int]) -> Iterator[FoundMail]:
        """The mails among `uids` that hold an invitation, highest UID first; those gone meanwhile are left out."""
        with explained(self._account, self._secret):
            yield from find(self._client, uids)

    def mark_answered(self, folder: str, uidvalidity: int, uid: int) -> bool:
        """Sets \\Answered; False where the mail is gone or the server keeps no such flag."""
        with explained(self._account, self._secret):
            if not self._select_same(folder, uidvalidity):
                return False
            self._client.add_flags([uid], [b"\\Answered"])
            flags = self._client.fetch([uid], ["FLAGS"]).get(uid, {}).get(b"FLAGS", ())
            return b"\\answered" in {bytes(flag).lower() for flag in flags}

    def move(self, folder: str, uidvalidity: int, uid: int, to: str) -> bool:
        """To another folder (after_reply.move_to); False where the mail is gone or `to` is empty or the same."""
        if not to or to == folder:
            return False
        with explained(self._account, self._secret):
            if not self._select_same(folder, uidvalidity) or uid not in self.present([uid]):
                return False
            try:
                self._move(uid, to)
            except IMAPClientAbortError:
                raise
            except IMAPClientError as error:
                raise MailboxError(
                    f"The mail can't be moved to {safe_line(to, 80)}: {safe_line(error, LONG)}",
                    "Make that folder, or change after_reply.move_to.",
                ) from None
            return True

    def save_sent(self, data: bytes, message_id: str, when: dt.datetime) -> str:
        """Files a copy in Sent unless it is there: 'done' or 'skipped'."""
        with explained(self._account, self._secret):
            folder = sent_folder(self._client)
            if folder is None:
                raise MailboxError(
                    "No folder for sent mail was found.",
                    'Make one called Sent, or set after_reply.save_sent = "no".',
                )
            if self._holds(folder, message_id):
                return "skipped"
            self._client.append(folder, data, (b"\\Seen",), when)
            return "done"

    def in_sent(self, message_id: str) -> bool:
        """Whether Sent holds a message with that Message-ID of ours."""
        with explained(self._account, self._secret):
            folder = sent_folder(self._client)
            return folder is not None and self._holds(folder, message_id)

    def close(self) -> None:
        """Says goodbye and does not wait for the answer."""
        with contextlib.suppress(Exception):
            self._client.raw.line.send(b"bye LOGOUT\r\n")
        with contextlib.suppress(Exception):
            self._client.shutdown()

    def _select(self, folder: str, *, readonly: bool) -> dict[bytes, int]:
        with explained(self._account, self._secret):
            try:
                answer: dict[bytes, int] = self._client.select_folder(folder, readonly=readonly)
            except IMAPClientAbortError:
                raise
            except IMAPClientError as error:
                if about_the_account(error):
                    raise
                raise MailboxError(
                    f"The folder {safe_line(folder, 80)} can't be opened: {safe_line(error, LONG)}",
                    f"Check folders of account {safe_line(self._account.name, 60)} in config.toml.",
                ) from None
            return answer

    def _select_same(self, folder: str, uidvalidity: int) -> bool:
        return int(self._select(folder, readonly=False).get(b"UIDVALIDITY", 0)) == uidvalidity

    def _search(self, criteria: Sequence[bytes]) -> set[int]:
        if not criteria:
            return set()
        most = min(self._exists, _MOST_MAILS) + _MARGIN
        found: set[int] = set()

        def take(response: Response) -> None:
            found.update(found_uids(response, most))

        with explained(self._account, self._secret):
            how = b"UID SEARCH RETURN (ALL) " if self._client.has_capability("ESEARCH") else b"UID SEARCH "
            refusals = self._client.raw.flight([how + part for part in criteria], take)
            reason = next((text for text in refusals if text), None)
            if reason is not None:
                raise refused("search", reason)
        return found

    def _holds(self, folder: str, message_id: str) -> bool:
        if not _OUR_MESSAGE_ID.fullmatch(message_id):  # nothing else may become part of a command
            raise MailboxError("That Message-ID is none of ours.")
        self._client.select_folder(folder, readonly=True)
        return bool(self._client.search(["HEADER", "Message-ID", message_id]))

    def _move(self, uid: int, to: str) -> None:
        if self._client.has_capability("MOVE"):
            self._client.move([uid], to)
            return
        self._client.copy([uid], to)
        self._client.add_flags([uid], [b"\\Deleted"])
        if self._client.has_capability("UIDPLUS"):  # a plain EXPUNGE would take other mails along
            self._client.uid_expunge([uid])
