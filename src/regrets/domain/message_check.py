"""Finished bytes against what was meant: the last gate before a message is queued (reliability.md, T4 and T5)."""

from __future__ import annotations

from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage

from regrets.domain.errors import UnsafeMessage

_OF_THE_BODY = ["Content-Type", "MIME-Version"]
_ADDRESSES = ("From", "To", "Cc")


def refuse_differences(
    data: bytes,
    *,
    names: Sequence[str],
    mailboxes: Sequence[str],
    subject: str,
    text: str,
    calendar: bytes | None,
) -> None:
    """Reads `data` as a receiver would and raises UnsafeMessage where it says anything else: the header names (as a
    multiset), the addresses of From, To and Cc in order, the subject, the text, the bytes of the calendar."""
    try:
        different = _differences(data, names, mailboxes, subject, text, calendar)
    except Exception as error:  # the parser raises almost anything; what can't be read must not be sent
        different = f"it can't be read again, {type(error).__name__}"
    if different:
        raise UnsafeMessage(
            f"The finished reply is not what was shown ({different}).",
            "Nothing was sent: change the text, or answer from your mail program.",
        )


def _differences(
    data: bytes,
    names: Sequence[str],
    mailboxes: Sequence[str],
    subject: str,
    text: str,
    calendar: bytes | None,
) -> str:
    head = data.partition(b"\r\n\r\n")[0]
    if any(len(line) > 998 for line in data.split(b"\r\n")) or not data.isascii():
        return "lines"
    if b"\n" in data.replace(b"\r\n", b"") or b"\r" in data.replace(b"\r\n", b"") or b"\x00" in data:
        return "line ends"
    lines = [line for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    wire_names = sorted(line.partition(b":")[0].decode().casefold() for line in lines)
    message = message_from_bytes(data, policy=policy.SMTP)
    own = _OF_THE_BODY + ([] if calendar is not None else ["Content-Transfer-Encoding"])
    wanted = sorted(name.casefold() for name in (*names, *own))
    if wire_names != wanted or sorted(name.casefold() for name in message) != wanted:
        return "headers"
    found = [box.addr_spec for name in _ADDRESSES for field in message.get_all(name, []) for box in field.addresses]
    if found != list(mailboxes):
        return "recipients"
    if message["Subject"] != subject:
        return "subject"
    return _body_differences(message, text, calendar)


def _body_differences(message: EmailMessage, text: str, calendar: bytes | None) -> str:
    types = [part.get_content_type() for part in message.walk()]
    if calendar is None:
        wanted = ["text/plain"]
    else:
        wanted = ["multipart/alternative", "text/plain", "text/html", "text/calendar"]
    if types != wanted:
        return "parts"
    parts = list(message.walk())
    plain = parts[0] if calendar is None else parts[1]
    if plain.get_content().replace("\r\n", "\n") != text:
        return "text"
    if calendar is not None and parts[3].get_payload(decode=True) != calendar:
        return "calendar part"
    return ""
