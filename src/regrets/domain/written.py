"""What the person wrote: the invitation's text without everything that programs and templates added to it."""

from __future__ import annotations

import re

from regrets.domain.conference import without_join_block
from regrets.domain.footers import is_footer, signers_of, without_what_follows
from regrets.domain.model import Invitation

MOST = 100_000  # characters
MOST_OF_A_LETTER = 12_000  # characters; nobody writes more into an invitation, and all of it is searched for cues
_SIGNATURE = re.compile(r"^--[ \u00a0]?$", re.MULTILINE)
_OUTLOOK_RULER = re.compile(r"^[ \t]*(?:\*~){4,}\*?[ \t]*$", re.MULTILINE)
_GOOGLE_END = re.compile(r"^[ \t]*~~//~~[ \t]*$", re.MULTILINE)
_ORIGINAL = re.compile(r"^[ \t]*(?:-{3,8}|_{3,8}) ?[^-_\n]{4,40} ?(?:-{3,8}|_{3,8})[ \t]*$", re.MULTILINE)
_QUOTE_INTRO = re.compile(r"^[^\n]{1,300}:[ \t]*\n+(?=>)", re.MULTILINE)
_QUOTED_HEADER = re.compile(r"(?:^[*]?[^\W\d][\w ]{1,20}:[*]?[ \t]+[^\n]*\n){3,6}", re.MULTILINE)
_PHONE = re.compile(r"\+?\d[\d ()./-]{6,}\d")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n+")


def written(invitation: Invitation) -> str:
    """The letter in an invitation: from DESCRIPTION and the mail's text, whichever says more, nothing twice.

    Left out: join-the-meeting blocks, the head and foot that calendar services write, signatures, legal footers and
    quoted mails. '' where nobody wrote anything.
    """
    known, signers = _known(invitation), _signers(invitation)
    description = _letter(invitation.description, known, signers)
    mail = _letter(invitation.mail.text, known, signers)
    plain_description, plain_mail = _plain(description), _plain(mail)
    if plain_mail in plain_description:
        return description
    if plain_description in plain_mail:
        return mail
    extra = [part for part in _PARAGRAPHS.split(mail) if _plain(part) not in plain_description]
    return "\n\n".join([description, *extra])


def whole_text(invitation: Invitation) -> str:
    """All that came as text, for reading it whole: DESCRIPTION and the mail's text, what says the same only once."""
    description, mail = invitation.description[:MOST].strip(), invitation.mail.text[:MOST].strip()
    plain_description, plain_mail = _plain(description), _plain(mail)
    if plain_mail in plain_description:
        return description
    if plain_description in plain_mail:
        return mail
    told = _plain(written(invitation)) in plain_description  # the mail adds only what services write
    return description if told else f"{description}\n\n{mail}"


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _known(invitation: Invitation) -> frozenset[str]:
    """Lines that only repeat the invitation itself."""
    organizer = [invitation.organizer] if invitation.organizer else []
    people = [*organizer, *(attendee.mailbox for attendee in invitation.attendees[:50])]
    lines = [invitation.summary, invitation.location, *invitation.conference_links]
    lines += [person.address for person in people] + [person.name for person in people]
    return frozenset(line.strip().casefold() for line in lines if line.strip())


def _signers(invitation: Invitation) -> frozenset[str]:
    """The names with which the letter may be signed: the organiser's and the sender's."""
    people = [box for box in (invitation.organizer, invitation.mail.from_) if box]
    return signers_of([box.name for box in people], [box.address for box in people])


def _letter(text: str, known: frozenset[str], signers: frozenset[str]) -> str:
    text = text[:MOST].replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    text = _without_quotes(_without_frame(text))
    text = without_join_block(text)
    signature = _SIGNATURE.search(text)
    if signature and text[: signature.start()].strip():
        text = text[: signature.start()]
    paragraphs = [part.strip("\n") for part in _PARAGRAPHS.split(text) if part.strip()]
    paragraphs = without_what_follows(paragraphs, signers)
    last = len(paragraphs) - 1
    kept = [
        part
        for number, part in enumerate(paragraphs)
        if not _repeats(part, known)
        and not (number and (is_footer(part, last=number == last) or _is_signature(part, known)))
    ]
    return "\n\n".join(kept).strip()[:MOST_OF_A_LETTER]


def _without_frame(text: str) -> str:
    """Without Outlook's `When: Where:` head and Google Calendar's foot."""
    ruler = _OUTLOOK_RULER.search(text[:4000])
    if ruler:
        head = [line for line in text[: ruler.start()].split("\n") if line.strip()]
        if len(head) <= 6 and all(":" in line for line in head):
            text = text[ruler.end() :]
    foot = _GOOGLE_END.search(text)
    return text[: foot.start()] if foot else text


def _without_quotes(text: str) -> str:
    """Without mails that are quoted or attached below, as long as something stands above them."""
    for cut in (_ORIGINAL, _QUOTED_HEADER):
        for hit in cut.finditer(text):
            whole_header = cut is _ORIGINAL or "@" in hit[0]
            below = text[hit.end() : hit.end() + 400]
            if whole_header and text[: hit.start()].strip() and (cut is not _ORIGINAL or "@" in below):
                text = text[: hit.start()]
                break
    text = _QUOTE_INTRO.sub("", text)
    return "\n".join(line for line in text.split("\n") if not line.startswith(">"))


def _repeats(paragraph: str, known: frozenset[str]) -> bool:
    """Whether a paragraph only says again what the invitation's properties say, perhaps under a short label."""
    lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
    again = [line for line in lines if line.casefold() in known or "\u22c5" in line]
    rest = [line for line in lines if line not in again]
    if len(lines) == 1 or not again:
        return False
    return len(rest) <= 1 and all(len(line.split()) <= 5 for line in rest)


def _is_signature(paragraph: str, known: frozenset[str]) -> bool:
    """Name, company, street, telephone: short lines that begin with a known name or hold a number to call."""
    lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
    if len(lines) < 2 or any(len(line) > 70 or line.endswith(("?", "!", ":", ",")) for line in lines):
        return False
    return lines[0].casefold() in known or (len(lines) >= 3 and any(_PHONE.search(line) for line in lines[1:]))
