"""The iCalendar COMMENT of an answer: one sentence of the letter (letters.md, 3.1)."""

from __future__ import annotations

import re

_LONGEST = 300  # characters
_LONGEST_GREETING = 60
_ABBREVIATIONS = frozenset(
    re.split(
        r"\s", "mr mrs ms dr prof st nr št str kl plkst tel tlf puh tālr ca t.i oz npr itd dipl mag ga d.d d.o.o e.g"
    )
)
_END = re.compile(r"[.!?…]+[\"”»“’')\]]*(?=\s+\S)")


def comment_of(body: str) -> str:
    """The first sentence after the greeting of the sent text, on one line; '' where there is none."""
    paragraphs = [" ".join(part.split()) for part in _paragraphs(body)]
    return _shortened(_first_sentence(paragraphs[0])) if paragraphs else ""


def _paragraphs(body: str) -> list[str]:
    """The text after the greeting, cut at empty lines and after a line that ends in a colon."""
    text = body.replace("\r\n", "\n").strip()
    first, _, rest = text.partition("\n")
    if rest.strip() and _is_greeting(first.strip()):
        text = rest.strip()
    return [part for part in re.split(r"\n\s*\n|(?<=:)\n", text) if part.strip()]


def _is_greeting(line: str) -> bool:
    """A short first line that isn't a sentence: it ends in a comma, an exclamation mark or nothing."""
    return len(line) <= _LONGEST_GREETING and len(line.split()) <= 7 and line[-1:] not in (".", "?", ":", ";")


def _first_sentence(paragraph: str) -> str:
    for match in _END.finditer(paragraph):
        word = paragraph[: match.start()].rpartition(" ")[2].lstrip("(„“\"'").casefold()
        following = paragraph[match.end() :].lstrip()[:1]
        ordinal = match[0] == "." and (word.isdigit() or word in _ABBREVIATIONS or len(word) == 1)
        if not ordinal and not following.islower():
            return paragraph[: match.end()]
    return paragraph


def _shortened(sentence: str) -> str:
    if len(sentence) <= _LONGEST:
        return sentence
    return sentence[: _LONGEST - 1].rpartition(" ")[0].rstrip(",;:") + "…"
