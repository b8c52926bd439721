"""The things that an invitation wants talked about, in the organiser's own words."""

from __future__ import annotations

import re

from regrets.domain.conference import is_join_link, links_in
from regrets.domain.letters.names import one_line
from regrets.domain.model import Invitation
from regrets.domain.strategy.cues.lexicon import lexicons
from regrets.domain.strategy.cues.patterns import joined
from regrets.domain.written import written

# An item goes on in a line that is indented or begins in lower case.
_GOES_ON = r"(?:\n(?:[ \t]+(?![-*•–·▪(\d])|(?=[a-zæøåäöčšžıüğşçāēīūģķļņ](?!\))))\S.*)*"
_ITEM = re.compile(rf"^\s*(?:[-*•–·▪]|\(?\d{{1,2}}[.)]|[a-h]\))\s+(\S.*{_GOES_ON})$", re.MULTILINE)
_INLINE = re.compile(r"(?:^|\s)\(?\d{1,2}[.)]\s+(?=\w)")
_AFTER_COLON = re.compile(r":[ \t]+([^:\n.?!]{8,}),\s*([^:\n.?!]{3,})(?=[.!\n]|\Z)")  # to the end of its sentence
_SENTENCE = re.compile(r"[^.?!\n]+[.?!\n]?")  # whole ones: looking for the ? alone is slow where none comes
_MOST = 6
_LONGEST = 160
_LONGEST_POINT = 6  # words of one point of a row in a sentence; what is longer is a statement with commas in it


def topics(invitation: Invitation, language: str | None = None) -> tuple[str, ...]:
    """Points of its list, else its questions, each whole; up to six, () where it names none. What is too long to
    stand whole is left out. `language`: in which it is written."""
    text = written(invitation)
    found = _listed(text) or _questions(text, language)
    return tuple(dict.fromkeys(one_line(each) for each in found if 0 < len(one_line(each, 1000)) <= _LONGEST))[:_MOST]


def links(invitation: Invitation) -> tuple[str, ...]:
    """Links in what was written, without those to join by; up to four."""
    joins = set(invitation.conference_links)
    found = [link for link in links_in(written(invitation)) if link not in joins and not is_join_link(link)]
    return tuple(dict.fromkeys(found))[:4]


def _listed(text: str) -> list[str]:
    items = [match[1] for match in _ITEM.finditer(text)]
    if len(items) > 1:
        return [_bare(item) for item in items]
    inline = _INLINE.split(text)
    if len(inline) > 2:
        return [_bare(part.strip().split("\n")[0]) for part in inline[1:]]
    for match in _AFTER_COLON.finditer(text):
        points = [part for part in re.split(r"[,;]", f"{match[1]},{match[2]}") if part.strip()]
        if all(len(point.split()) <= _LONGEST_POINT for point in points):
            return [_bare(point) for point in points]
    return []


def _questions(text: str, language: str | None) -> list[str]:
    """Those that want an answer of their own, and don't only look for a time."""
    known = lexicons(language)
    asked = [match[0].strip() for match in _SENTENCE.finditer(text) if match[0].endswith("?")]
    return [
        each
        for each in asked
        if len(each.split()) > 2 and not any(lexicon.cue("scheduling")(joined(each)) for lexicon in known)
    ]


def _bare(point: str) -> str:
    return point.strip().rstrip(".,;")
