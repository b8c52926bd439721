"""HTML bodies as plain text, and the links in them. Nothing is fetched, nothing is run."""

from __future__ import annotations

import html
import re

MOST_HTML = 256 * 1024
MOST_TAGS = 20_000
_HREF = re.compile(r"<a\b[^<>]{0,300}?\bhref\s*=\s*(?:\"([^\"]{1,4000})\"|'([^']{1,4000})')", re.IGNORECASE)
_TAG = re.compile(r"/?([A-Za-z][A-Za-z0-9]{0,15})")
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "hr", "pre"}
)
_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript"})


def hrefs(markup: str) -> list[str]:
    """Where the links of an HTML text lead, in order."""
    return [html.unescape(hit[1] or hit[2]) for hit in _HREF.finditer(markup[:MOST_HTML])]


def text_of_html(markup: str) -> str:
    """The readable text. Deeply nested HTML, of which inscriptis makes nothing, is stripped of its tags instead."""
    markup = markup[:MOST_HTML].replace("\x00", "")
    text = ""
    if markup.count("<") < MOST_TAGS:
        from inscriptis import get_text

        try:
            text = get_text(markup)
        except (ValueError, TypeError, AttributeError, RecursionError, AssertionError):
            text = ""
    if not text.strip():
        text = _stripped(markup)
    lines = (line.strip() for line in text.replace("\u00a0", " ").splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _stripped(markup: str) -> str:
    """Without its tags, a line end for each that begins or ends a block. Linear, and depth costs nothing."""
    first, *rest = markup.split("<")
    pieces, hidden = [first], ""
    for piece in rest:
        tag, _, text = piece.partition(">")
        name = _TAG.match(tag)
        word = name[1].lower() if name else ""
        if word in _HIDDEN:
            hidden = word if not hidden and not tag.startswith("/") else "" if word == hidden else hidden
        if not hidden:
            pieces.append(("\n" if word in _BLOCKS else "") + text)
    return html.unescape("".join(pieces))
