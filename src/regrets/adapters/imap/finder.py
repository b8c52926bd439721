"""Finds the invitations of an open folder: structures in bulk, then only the parts that matter (BODY.PEEK)."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from regrets.adapters.imap.assemble import assemble
from regrets.adapters.imap.client import Client, Response
from regrets.adapters.imap.errors import is_for_now, refused
from regrets.adapters.imap.responses import Value, fetched, sequence_sets
from regrets.adapters.imap.structure import WORTH_PARSING, Choice, choose
from regrets.domain.ports import FoundMail

MOST_AT_ONCE = 4000  # mails in one flight
MOST_PART = 1 << 20  # bytes of a calendar part, and of a mail whose structure is unusable
MOST_TEXT = 1 << 16
MOST_HEADER = 1 << 18
MOST_TNEF = 1 << 13  # enough to see what kind of Outlook item it is
MOST_BATCH = 4 << 20  # bytes of parts in one flight
_FIELDS = (
    b"From Sender Reply-To To Cc Subject Date Message-ID References In-Reply-To List-Id List-Post Auto-Submitted"
    b" Precedence Authentication-Results Content-Language Return-Path"
)
_UID = re.compile(rb"\bUID (\d{1,10})\b", re.IGNORECASE)
_MEETING = re.compile(rb"IPM\.(?:Microsoft )?Schedule|IPM\.Appointment", re.IGNORECASE)
_DATE = "%d-%b-%Y %H:%M:%S %z"

_Items = dict[int, dict[bytes, Value]]  # by UID


@dataclass(frozen=True, slots=True)
class Hit:
    """A mail worth fetching from; without a choice its structure is unusable, and its beginning is taken."""

    uid: int
    choice: Choice | None

    @property
    def size(self) -> int:
        """Bytes to expect."""
        if self.choice is None:
            return MOST_PART
        return sum(min(leaf.size, MOST_PART) for leaf in self.choice.leaves)

    def items(self) -> bytes:
        """What to ask for in FETCH."""
        if self.choice is None:
            return b"BODY.PEEK[]<0.%d>" % MOST_PART
        wanted = [b"BODY.PEEK[HEADER.FIELDS (%s)]<0.%d>" % (_FIELDS, MOST_HEADER)]
        calendar = self.choice.calendar
        if calendar.message:
            wanted.append(
                b"BODY.PEEK[%s.HEADER.FIELDS (%s)]<0.%d>" % (calendar.message.encode(), _FIELDS, MOST_HEADER)
            )
        for leaf in self.choice.leaves:
            most = MOST_TEXT if leaf is not calendar else MOST_PART if leaf.calendar else MOST_TNEF
            wanted.append(b"BODY.PEEK[%s]<0.%d>" % (leaf.section.encode(), most))
        return b" ".join(wanted)


def find(client: Client, uids: Sequence[int]) -> Iterator[FoundMail]:
    """The invitations among `uids` of the selected folder, highest UID first.

    A mail that is gone meanwhile is left out; one whose structure is broken is given with its beginning.
    """
    wanted = sorted(set(uids), reverse=True)
    for start in range(0, len(wanted), MOST_AT_ONCE):
        for batch in _batches(_hits(client, wanted[start : start + MOST_AT_ONCE])):
            yield from _parts(client, batch)


def _hits(client: Client, window: Sequence[int]) -> list[Hit]:
    """Highest UID first."""
    wanted, hits = set(window), dict[int, Hit]()

    def take(response: Response) -> None:
        if WORTH_PARSING.search(response.text) or any(map(WORTH_PARSING.search, response.literals)):
            hit = _hit(response)
            if hit and hit.uid in wanted:
                hits[hit.uid] = hit

    sets = list(sequence_sets(reversed(window)))
    refusals = client.raw.flight([b"UID FETCH %s (UID BODYSTRUCTURE)" % uids for uids in sets], take)
    if any(refusals):
        _one_by_one(client, [b"UID FETCH %d (UID BODYSTRUCTURE)" % uid for uid in window], take)
    return [hits[uid] for uid in sorted(hits, reverse=True)]


def _one_by_one(client: Client, commands: Sequence[bytes], take: Callable[[Response], None]) -> None:
    """A server that stumbles over one mail refuses the whole command: only that mail shall be lost. Raises
    MailboxError where all are refused, or the reason will pass: the next look shall find them."""
    refusals = client.raw.flight(commands, take)
    reasons = [text for text in refusals if text]
    reason = next(filter(is_for_now, reasons), reasons[0] if len(reasons) == len(refusals) else None)
    if reason is not None:
        raise refused("give the mails", reason)


def _hit(response: Response) -> Hit | None:
    try:
        items = fetched(response)
        uid = items.get(b"UID")
        if not isinstance(uid, bytes) or not uid.isdigit():
            return None
        choice = choose(items.get(b"BODYSTRUCTURE"))
        return Hit(int(uid), choice) if choice else None
    except ValueError:
        uid_seen = _UID.search(response.text)
        return Hit(int(uid_seen[1]), None) if uid_seen else None


def _batches(hits: Sequence[Hit]) -> Iterator[list[Hit]]:
    """Bounded in bytes, so that a folder full of huge invitations stays within memory."""
    batch: list[Hit] = []
    size = 0
    for hit in hits:
        if batch and size + hit.size > MOST_BATCH:
            yield batch
            batch, size = [], 0
        batch.append(hit)
        size += hit.size
    if batch:
        yield batch


def _parts(client: Client, batch: Sequence[Hit]) -> Iterator[FoundMail]:
    """Where the line breaks amidst, what came whole before is given first: it needs not come again."""
    found, whole = _Items(), _Items()
    broken: Exception | None = None
    try:
        _fetch(client, batch, found)
    except Exception as error:
        broken = error
    unhelpful = [Hit(hit.uid, None) for hit in batch if hit.uid in found and _is_unhelpful(hit, found[hit.uid])]
    if broken is None and unhelpful:
        _fetch(client, unhelpful, whole)
    for hit in batch:
        chosen = Hit(hit.uid, None) if hit.uid in whole else hit
        bodies = whole.get(hit.uid) or found.get(hit.uid)
        mail = _mail(chosen, bodies) if bodies and (broken is None or not _is_unhelpful(hit, bodies)) else None
        if mail:
            yield mail
    if broken is not None:
        raise broken


def _fetch(client: Client, batch: Sequence[Hit], found: _Items) -> None:
    """Puts the items of each mail into `found`; mails of one shape share a command."""
    by_items: dict[bytes, list[int]] = {}
    wanted = {hit.uid for hit in batch}
    for hit in reversed(batch):
        by_items.setdefault(hit.items(), []).append(hit.uid)

    def take(response: Response) -> None:
        try:
            items = fetched(response)
        except ValueError:
            return
        uid = items.get(b"UID")
        if isinstance(uid, bytes) and uid.isdigit() and int(uid) in wanted:
            found.setdefault(int(uid), {}).update(items)

    commands = [
        b"UID FETCH %s (UID INTERNALDATE %s)" % (uids, items)
        for items, those in by_items.items()
        for uids in sequence_sets(those)
    ]
    if any(client.raw.flight(commands, take)):
        single = b"UID FETCH %d (UID INTERNALDATE %s)"
        _one_by_one(client, [single % (uid, items) for items, those in by_items.items() for uid in those], take)


def _is_unhelpful(hit: Hit, items: dict[bytes, Value]) -> bool:
    """Whether the server gives nothing for a part that has a size: some do within a message/rfc822."""
    if hit.choice is None or not hit.choice.calendar.size:
        return False
    return not _bodies(items).get(hit.choice.calendar.section.encode())


def _bodies(items: dict[bytes, Value]) -> dict[bytes, bytes]:
    """By section."""
    return {
        name[5:].partition(b"]")[0]: value
        for name, value in items.items()
        if name.startswith(b"BODY[") and isinstance(value, bytes)
    }


def _mail(hit: Hit, items: dict[bytes, Value]) -> FoundMail | None:
    """None where it was expunged meanwhile, or is Outlook's wrapping of an ordinary mail."""
    bodies = _bodies(items)
    if not bodies:
        return None
    received = _received(items.get(b"INTERNALDATE"))
    if hit.choice is None:
        data = bodies.get(b"", b"")
        return FoundMail(hit.uid, received, data, truncated=len(data) >= MOST_PART)
    calendar = hit.choice.calendar
    sections = {leaf.section: bodies.get(leaf.section.encode(), b"") for leaf in hit.choice.leaves}
    if not calendar.calendar and not _is_meeting(sections[calendar.section]):
        return None
    header = _starting(bodies, b"HEADER.FIELDS")
    inner = _starting(bodies, calendar.message.encode() + b".HEADER.FIELDS") if calendar.message else b""
    return FoundMail(hit.uid, received, assemble(header, hit.choice, sections, inner), calendar.size > MOST_PART)


def _starting(bodies: dict[bytes, bytes], name: bytes) -> bytes:
    return next((value for key, value in bodies.items() if key.startswith(name)), b"")


def _is_meeting(tnef: bytes) -> bool:
    """Whether the beginning of a winmail.dat names a meeting as its message class (MS-OXTNEF)."""
    plain = re.sub(rb"\s", b"", tnef)
    try:
        decoded = base64.b64decode(plain[: len(plain) // 4 * 4])
    except ValueError:
        decoded = b""
    return bool(_MEETING.search(decoded) or _MEETING.search(tnef))


def _received(value: Value) -> dt.datetime:
    try:
        text = value.decode("ascii").strip() if isinstance(value, bytes) else ""
        return dt.datetime.strptime(text, _DATE).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
