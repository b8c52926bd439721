"""What must hold for any bytes. Each target takes bytes and raises where it does not hold."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import re
import unicodedata
import zlib
from collections.abc import Callable
from email import message_from_bytes, policy
from functools import lru_cache

from regrets.adapters.calendars import Calendars
from regrets.adapters.reader import TOO_COSTLY, Reader
from regrets.cli import output
from regrets.cli.commands.listing import show_rows
from regrets.cli.commands.show import case_json, show_case
from regrets.domain.cases import Choice
from regrets.domain.clients import ClientBook
from regrets.domain.errors import CannotAnswer
from regrets.domain.imip import read
from regrets.domain.itip import answer_calendar
from regrets.domain.lint import faults
from regrets.domain.model import Invitation, Strategy, Unreadable
from regrets.domain.naming import safe_mailbox, safe_name
from regrets.domain.recipients import recipients, reply_from
from regrets.domain.settings import Me, Settings
from regrets.domain.text import safe_address, safe_block, safe_line
from regrets.domain.wire import from_wire, to_wire
from regrets.services.compose import Compose
from regrets.services.files import Files
from regrets.services.triage import Triage
from regrets.services.views import draft_json, row_json
from tests.support.answers import ACCEPT, DECLINE, TENTATIVE, counter
from tests.support.invitations import START, ZONE
from tests.support.labelled import FixedClock
from tests.support.mails import alternative, calendar

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
MINE = ("ana@studio.example",)
STRATEGIES = [each for each in Strategy if each is not Strategy.NONE]
LANGUAGES = ("en", "nb", "sl", "tr", "lv", "fi", "xx", None)
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_HEADERS = {"from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"}
_OF_THE_BODY = {"content-type", "mime-version", "content-transfer-encoding"}


def reading(data: bytes) -> None:
    """The boundary answers with one of its two values, and that survives the wire."""
    item = read(data)
    assert isinstance(item, Invitation | Unreadable)
    again = from_wire(json.loads(json.dumps(to_wire(item))))
    assert repr(again) == repr(item)


def answering(data: bytes) -> None:
    """Every answer to whatever was read passes the lint."""
    item = read(data)
    for one in (item, *item.also) if isinstance(item, Invitation) else ():
        for effect in (ACCEPT, DECLINE, TENTATIVE, counter(START)):
            with contextlib.suppress(CannotAnswer):
                me = reply_from(one, MINE, "Ana Novak").address
                recipients(one, MINE)
                made = answer_calendar(one, effect, me, dtstamp=NOW, comment="Sorry,\nno.")
                found = faults(one, made)
                assert not found, f"{sorted({fault.partition(':')[0] for fault in found})}: {effect} {found}"


def letters(data: bytes) -> None:
    """A letter of any kind goes to the addresses that were shown, with no header more, and all that is shown of the
    invitation is harmless."""
    service = _files()
    (case,) = service.cases([("mail.eml", data)]).values()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        show_case(case, ladder=True)
        show_rows([case.row], ZONE, everything=True)
        output.as_json(case_json(case) | row_json(case.row) | {"draft": draft_json(case.draft)})
    _harmless(printed.getvalue())
    if case.suggestion is None:
        return
    luck = zlib.crc32(data)
    strategy, language = STRATEGIES[luck % len(STRATEGIES)], LANGUAGES[luck // 64 % len(LANGUAGES)]
    for choice in (Choice(), Choice(strategy=strategy, language=language, reason=bool(luck & 32768))):
        with contextlib.suppress(CannotAnswer):
            for message in service.messages(case, choice):
                _as_shown(message.data, message.recipients)


def _as_shown(data: bytes, shown: tuple[str, ...]) -> None:
    message = message_from_bytes(data, policy=policy.default)
    names = [name.casefold() for name in message]
    assert set(names) <= _HEADERS | _OF_THE_BODY, names
    assert len(names) == len(set(names)), names
    sent_to = [
        box.addr_spec for name in ("To", "Cc") for field in message.get_all(name, []) for box in field.addresses
    ]
    assert sorted(set(sent_to)) == sorted(shown)
    body = message.get_body(("plain",))
    assert body is not None
    _harmless(
        body.get_content().replace("\r\n", "\n"), "\u200b\u200d\u202e\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d"
    )


def _harmless(text: str, but: str = "") -> None:
    found = next((found for found in _UNSAFE.finditer(text) if found[0] not in but), None)
    assert found is None, f"U+{ord(found[0]):04X}: {text[max(0, found.start() - 40) : found.end() + 40]!a}"


def gate(data: bytes) -> None:
    """No text gets through the gate with anything that a terminal or a reader takes for something else."""
    data = data[:40_000]  # what is longer is cut, and cut again
    for text in (
        data.decode("utf-8", "surrogateescape"),
        data.decode("latin-1"),
        data.decode("utf-16-le", "replace"),
    ):
        local, _, domain = text.partition(":")
        line, block = safe_line(text), safe_block(text)
        address = f"{local}@{domain}"
        people = (safe_mailbox(local, domain), safe_name(local, domain, 18), safe_address(address))
        for shown in (line, *people, *block.split("\n")):
            assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown), ascii(
                shown[:200]
            )
            _harmless(shown)
        assert safe_line(line) == line
        assert safe_block(block) == block


def worker(data: bytes) -> None:
    """The reading process answers or is replaced; the next mail is read as if nothing had been."""
    reader, harmless, expected = _reader()
    item = reader(data)
    assert isinstance(item, Invitation | Unreadable)
    if item.code != TOO_COSTLY.code if isinstance(item, Unreadable) else True:
        assert repr(item) == repr(read(data))
    assert repr(reader(harmless)) == expected


@lru_cache(maxsize=1)
def _reader() -> tuple[Reader, bytes, str]:
    harmless = alternative(calendar())
    return Reader(), harmless, repr(read(harmless))


@lru_cache(maxsize=1)
def _files() -> Files:
    me = Me(
        name="Ana Novak",
        addresses=MINE,
        timezone="Europe/Ljubljana",
        company_domains=("studio.example",),
        phone="+386 1 555 000",
        services=("branding",),
    )
    settings, clock, book = Settings(me=me), FixedClock(NOW), ClientBook(())
    triage = Triage(settings, book, Calendars(), None, clock)
    return Files(read, triage, Compose(settings, book), settings, clock)


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (reading, answering, letters, gate, worker)
}
