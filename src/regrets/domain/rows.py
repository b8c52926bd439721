"""A mail that was read, as one line of the list."""

from __future__ import annotations

import datetime as dt

from regrets.domain.describe import times
from regrets.domain.identity import item_id
from regrets.domain.model import Invitation, Method, Row, State, Unreadable, Warn
from regrets.domain.ports import FoundMail


def row_of(account: str, folder: str, found: FoundMail, item: Invitation | Unreadable) -> Row:
    """The columns as scanned, without a suggestion. Its place among other versions is for `versions.arrange`."""
    if isinstance(item, Unreadable):
        return _unreadable(account, folder, found, item)
    start, end = times(item)
    organizer, sender = item.organizer, item.mail.from_
    warnings = item.warnings
    if found.truncated and Warn.TRUNCATED not in warnings:
        warnings = (*warnings, str(Warn.TRUNCATED))
    uid = item.uid or item.mail.message_id or f"{folder}/{found.uid}"  # without a UID each mail stands alone
    return Row(
        id=item_id(account, organizer.address if organizer else "", uid, item.recurrence_id),
        account=account,
        folder=folder,
        received=found.received.astimezone(dt.UTC),
        state=State.CANCELLED if _called_off(item) else State.OPEN,
        method=str(item.method) if item.method else None,
        uid=item.uid,
        recurrence_id=item.recurrence_id,
        sequence=item.sequence,
        summary=item.summary or item.mail.subject,
        organizer_name=organizer.name if organizer else "",
        organizer_address=organizer.address if organizer else "",
        start=start,
        end=end,
        all_day=item.all_day,
        recurrence=item.recurrence,
        location=item.location,
        strategy="",
        rule="",
        reasons=(),
        alternatives=(),
        warnings=warnings,
        language=None,
        attendee=None,
        dtstamp=item.dtstamp,
        sender=sender.address if sender else "",
        sent_by=item.sent_by.address if item.sent_by else "",
    )


def unreadable_id(account: str, folder: str, uid: int, message_id: str = "") -> str:
    """Of the item that stands for a mail without an invitation; `uid` is the mail's."""
    return item_id(account, "", message_id or f"{folder}/{uid}", None)


def _called_off(item: Invitation) -> bool:
    """METHOD:CANCEL; some calendars say it as a REQUEST with STATUS:CANCELLED."""
    said_by_status = item.method in (None, Method.REQUEST, Method.PUBLISH) and item.status == "CANCELLED"
    return item.method is Method.CANCEL or said_by_status


def _unreadable(account: str, folder: str, found: FoundMail, item: Unreadable) -> Row:
    sender = item.mail.from_
    return Row(
        id=unreadable_id(account, folder, found.uid, item.mail.message_id),
        account=account,
        folder=folder,
        received=found.received.astimezone(dt.UTC),
        state=State.UNREADABLE,
        method=None,
        uid="",
        recurrence_id=None,
        sequence=0,
        summary=item.mail.subject,
        organizer_name=sender.name if sender else "",
        organizer_address=sender.address if sender else "",
        start=None,
        end=None,
        all_day=False,
        recurrence=None,
        location="",
        strategy="",
        rule="",
        reasons=(),
        alternatives=(),
        warnings=(str(Warn.TRUNCATED),) if found.truncated else (),
        language=None,
        attendee=None,
        error_code=item.code,
        error=item.message,
        sender=sender.address if sender else "",
    )
