"""What follows once an answer is sent: the Answered flag, the copy in Sent, the move. Failures change nothing about
`sent` and send nothing again; they are noted and shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from regrets.domain.errors import MailboxError, RegretsError
from regrets.domain.model import OutboxEntry
from regrets.domain.outbox import server_files_copy
from regrets.domain.ports import MailSession, MailSource, OwnStore
from regrets.domain.settings import Account


def file_answers(
    source: MailSource, own: OwnStore, account: Account, entries: Iterable[OutboxEntry], now: dt.datetime
) -> dict[str, str]:
    """Files sent entries of one account over one connection; outbox ids to what went wrong ('' for nothing)."""
    entries = list(entries)
    if not any(_needs_mailbox(account, entry) for entry in entries):
        for entry in entries:
            own.note_filed(entry.id, sent_copy="skipped", answered_flag="skipped")
        return {entry.id: "" for entry in entries}
    try:
        session = source.connect(account)
    except RegretsError as error:
        for entry in entries:
            own.note_filed(entry.id, sent_copy=_copy_without_mailbox(account), answered_flag="failed")
        return {entry.id: f"Sent, but not marked as answered: {error}" for entry in entries}
    try:
        return {entry.id: _file(session, own, account, entry, now) for entry in entries}
    finally:
        session.close()


def was_sent(source: MailSource, account: Account, message_id: str) -> bool | None:
    """Whether Sent holds the message; None where the mailbox can't be asked. Absence proves nothing."""
    try:
        session = source.connect(account)
        try:
            return session.in_sent(message_id)
        finally:
            session.close()
    except RegretsError:
        return None


def _file(session: MailSession, own: OwnStore, account: Account, entry: OutboxEntry, now: dt.datetime) -> str:
    flag, flag_problem = _mark(session, entry)
    copy, copy_problem = _copy(session, account, entry, now)
    own.note_filed(entry.id, sent_copy=copy, answered_flag=flag)
    return " ".join(filter(None, (flag_problem, copy_problem, _move(session, account, entry))))


def _mark(session: MailSession, entry: OutboxEntry) -> tuple[str, str]:
    if not entry.folder or not entry.uid:
        return "skipped", ""
    try:
        marked = session.mark_answered(entry.folder, entry.uidvalidity, entry.uid)
    except MailboxError as error:
        return "failed", f"Sent, but the invitation is not marked as answered: {error}"
    return ("done" if marked else "skipped"), ""  # gone from the folder: handled elsewhere, no error


def _copy(session: MailSession, account: Account, entry: OutboxEntry, now: dt.datetime) -> tuple[str, str]:
    if not _wants_copy(account):
        return "skipped", ""
    try:
        return session.save_sent(entry.data, entry.message_id, now), ""
    except MailboxError as error:
        return "failed", f"Sent, but no copy was filed: {error}"


def _move(session: MailSession, account: Account, entry: OutboxEntry) -> str:
    target = account.after_reply.move_to
    if not target or not entry.folder or not entry.uid or entry.folder == target:
        return ""
    try:
        session.move(entry.folder, entry.uidvalidity, entry.uid, target)
    except MailboxError as error:
        return f"Sent, but the invitation is not moved to {target}: {error}"
    return ""


def _needs_mailbox(account: Account, entry: OutboxEntry) -> bool:
    return bool(entry.folder and entry.uid) or _wants_copy(account)


def _wants_copy(account: Account) -> bool:
    wish = account.after_reply.save_sent
    return wish == "yes" or (wish == "auto" and not server_files_copy(account.smtp.host))


def _copy_without_mailbox(account: Account) -> str:
    return "failed" if _wants_copy(account) else "skipped"
