"""Which form of address an invitation uses, so that the answer can use the same one: du or De, ti or vi, sen or siz.

The words by which it is known stand in each language's address.toml. What is mixed or unclear is not guessed at.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from regrets.domain.letters.library import base
from regrets.domain.model import Invitation
from regrets.domain.settings import is_mine
from regrets.domain.written import written

# Words in quotation marks are somebody else's: a slogan, a title.
_QUOTED = re.compile(r"«[^»\n]*»|»[^«\n]*«|„[^”“\n]*[”“]|[“”][^”\n]*”|\"[^\"\n]*\"")
_GREETING = re.compile(r"[^\n,!.:]{1,60}")


@dataclass(frozen=True, slots=True)
class Cues:
    """One language's patterns; None where it has none of a kind. The greetings' are for the first words of a text."""

    plain: re.Pattern[str] | None
    polite: re.Pattern[str] | None
    neither: re.Pattern[str] | None  # words that only look like one
    plain_greeting: re.Pattern[str] | None
    polite_greeting: re.Pattern[str] | None


def address_of(invitation: Invitation, language: str, mine: tuple[str, ...]) -> bool | None:
    """True where the writer uses the formal address, False where the plain one; None where the text doesn't show it.

    `language` is the one in which it is written, `mine` are my addresses. To several people the plural is no
    courtesy: there only a greeting shows it.
    """
    cues = _cues(base(language))
    if cues is None:
        return None
    text = _QUOTED.sub(" … ", written(invitation)).replace("İ", "i")
    opening = _GREETING.match(text.lstrip())
    greeting = opening[0] if opening else ""
    rest = cues.neither.sub(" … ", text) if cues.neither else text
    plain = _found(cues.plain, rest) or _found(cues.plain_greeting, greeting)
    plural = _found(cues.polite, rest)
    polite = _found(cues.polite_greeting, greeting) or (plural and _alone(invitation, mine))
    if plain:
        return None if plural or polite else False
    return True if polite else None


def _found(pattern: re.Pattern[str] | None, text: str) -> bool:
    return bool(pattern and pattern.search(text))


def _alone(invitation: Invitation, mine: tuple[str, ...]) -> bool:
    """Whether nobody but me is written to."""
    organizer = invitation.organizer.key if invitation.organizer else ""
    people = [each.mailbox for each in invitation.attendees if each.cutype not in ("ROOM", "RESOURCE")]
    people += [*invitation.mail.to, *invitation.mail.cc]
    return all(one.key == organizer or is_mine(one.address, mine) for one in people)


@lru_cache(maxsize=16)
def _cues(language: str) -> Cues | None:
    """The cues of a language; None where it has one form of address, or no letters."""
    file = resources.files("regrets") / "letters" / language / "address.toml"
    if not language.isalpha() or not file.is_file():
        return None
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return Cues(
        *(
            _compiled(data.get(name, ()))
            for name in ("plain", "polite", "neither", "plain_greeting", "polite_greeting")
        )
    )


def _compiled(rows: list[str]) -> re.Pattern[str] | None:
    """Whole words; a row may give case a meaning with (?-i:…)."""
    return re.compile(rf"\b(?:{'|'.join(rows)})\b", re.IGNORECASE) if rows else None
