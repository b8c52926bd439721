"""Conference links, and the join-the-meeting blocks that conference services add to an invitation.

Blocks are known by their structure (a join link among phone numbers, meeting ids and rulers), so that their
language does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MOST_LINKS = 10
MOST_LINES = 5000
MOST_LINE = 3000
_LINK = re.compile(r"https?://[^\s<>\"'\]\[{}|\\^`\x00-\x20\x7f]{4,2000}", re.IGNORECASE)
_TRAILING = ".,;:!?)*_>"
_JOIN = re.compile(
    r"""https?://(?:[a-z0-9.-]+\.)?(?:
      teams\.(?:microsoft|live)\.com/(?:l/meetup-join/|meet/|dl/launcher/)
    | teams\.microsoft\.us/l/meetup-join/
    | (?:meet|join)\.(?:lync|skype)\.com/.
    | zoom(?:gov)?\.(?:us|com|com\.cn)/(?:j|w|my|s|wc|webinar)/
    | meet\.google\.com/[a-z]
    | webex\.com/(?:[\w.-]+/)?(?:j\.php|meet/|join/|m/|wbxmjs/|[\w.-]+/j\.php|webappng|weblink)
    | (?:meet\.jit\.si|8x8\.vc|whereby\.com|app\.gather\.town|chime\.aws|kmeet\.infomaniak\.com|doxy\.me
        |fairmeeting\.net|meet\.ffmuc\.net|video\.(?:arnes|uninett|sikt)\.\w+|meet\.sikt\.no|join\.nhn\.no)/.
    | (?:global\.)?(?:gotomeeting|gotomeet|goto)\.(?:com|me)/.
    | (?:bluejeans\.com|v\.ringcentral\.com|meetings\.ringcentral\.com|telemost\.yandex\.\w+|vc\.chime\.aws)/.
    | (?:meet|jitsi|bbb|conf|konferenca|video|call|vc)\.[a-z0-9.-]+/.
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_PRODUCT = re.compile(
    r"\b(?:Microsoft Teams|Teams|Zoom|Google Meet|Meet|Webex|Jitsi|Whereby|GoToMeeting|BlueJeans|Skype)\b",
    re.IGNORECASE,
)
_SERVICE_LINK = re.compile(
    r"https?://(?:[a-z0-9.-]+\.)?(?:aka\.ms/|dialin\.teams|teams\.microsoft|teams\.live|zoom\.|zoomgov\.|tel\.meet|"
    r"support\.google\.com/a/users|meet\.google|g\.co/meet|webex\.|gotomeet|support\.zoom)|\btel:|\bsip:",
    re.IGNORECASE,
)
_RULER = re.compile(r"[\W_]{3,}")
_LONG_RULER = re.compile(r"[_=.\-~:*\u2500-\u257f\u22c5\u00b7\u2026 ]{16,}")
_GOOGLE_RULER = re.compile(r"-::~:~::~[:~]+::-")
_PHONE = re.compile(r"[\W_]*(?:\([A-Z]{2}\) ?)?\+?\d[\d ().\-/\u00a0]{6,}")
_CODE = re.compile(r"[^:\uff1a]{1,50}[:\uff1a]\s*(?:[\d][\d \u00a0-]{4,}#?|\S{3,40})")
_DIGITS_END = re.compile(r".{0,80}\d[\d \u00a0]{2,}#")
_SIP = re.compile(r"\S{1,60}@\S{0,60}(?:zoomcrc|webex|vc|plcm|teams|sip)", re.IGNORECASE)


def links_in(text: str) -> list[str]:
    """All http and https links of a text, without the punctuation behind them."""
    return [hit[0].rstrip(_TRAILING) for hit in _LINK.finditer(text)]


def is_join_link(link: str) -> bool:
    """Whether a link leads into a meeting of a known conference service, or of a host that is named like one."""
    return _JOIN.match(link) is not None


def conference_links(certain: Iterable[str], texts: Iterable[str]) -> tuple[str, ...]:
    """The links by which one joins, best first.

    `certain`: values of CONFERENCE and of the services' own X- properties, where every link counts; `texts`:
    LOCATION, URL, DESCRIPTION, the mail, its hrefs, where only links of conference services do.
    """
    found = dict.fromkeys(link for text in certain for link in links_in(text))
    for text in texts:
        found.update(dict.fromkeys(link for link in links_in(text) if is_join_link(link)))
    return tuple(found)[:MOST_LINKS]


def without_join_block(text: str) -> str:
    """The text without what a conference service put into it. Links inside of sentences stay."""
    if "://" not in text and "-::~" not in text:
        return text
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) > MOST_LINES:
        return text
    gone = [False] * len(lines)
    for first, last in _blocks([line.strip()[:MOST_LINE] for line in lines]):
        gone[first : last + 1] = [True] * (last + 1 - first)
    kept = [line for line, dropped in zip(lines, gone, strict=True) if not dropped]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """First and last line of each block."""
    google = [number for number, line in enumerate(lines) if _GOOGLE_RULER.fullmatch(line)]
    yield from zip(google[::2], google[1::2], strict=False)
    end = -1
    for number, line in enumerate(lines):
        if number > end and _is_anchor(line):
            end = _last_line(lines, number)
            yield _first_line(lines, number), end


def _is_anchor(line: str) -> bool:
    """A join link that stands alone or with a few words of label: no sentence around it."""
    links = links_in(line)
    if not any(is_join_link(link) for link in links):
        return False
    return _is_label(_without_links(line), most=9)


def _without_links(line: str) -> str:
    return re.sub(r"[<>()\[\]]", " ", _LINK.sub(" ", line)).strip()


def _is_label(text: str, most: int = 8) -> bool:
    """A few words that make no sentence."""
    return len(text.split()) <= most and not text.strip().endswith((".", "!", "?", ",")) and text.count(",") < 2


def _is_machine_made(line: str) -> bool:
    """A ruler, a dial-in number, an id, a pass code, a service's own link."""
    if _RULER.fullmatch(line) or _SERVICE_LINK.search(line):
        return len(_without_links(line)) < 120
    if links_in(line):
        return _is_label(_without_links(line))
    return any(form.match(line) for form in (_PHONE, _SIP)) or any(
        form.fullmatch(line) for form in (_CODE, _DIGITS_END)
    )


def _last_line(lines: list[str], anchor: int) -> int:
    """Downwards over machine-made lines, and over labels that introduce one."""
    last = anchor
    number = anchor + 1
    while number < len(lines):
        line = lines[number]
        if line and _is_machine_made(line):
            last = number
        elif line and not (_is_label(line) and _introduces(lines, number)):
            break
        number += 1
    return last


def _introduces(lines: list[str], number: int) -> bool:
    """Whether the next written line is machine-made, and no mere ruler."""
    following = next((line for line in lines[number + 1 : number + 4] if line), "")
    return bool(following) and _is_machine_made(following) and not _RULER.fullmatch(following)


def _first_line(lines: list[str], anchor: int) -> int:
    """Upwards over rulers, service links, and lines that name the service; `Topic:` and `Time:` with them."""
    first = number = anchor
    while number > 0 and anchor - number < 16:
        number -= 1
        line = lines[number]
        if not line:
            continue
        if _LONG_RULER.fullmatch(line):
            first = number
            break
        names = _PRODUCT.search(line) and len(line.split()) <= 14 and not line.endswith(("?", "!"))
        label = number == anchor - 1 and _is_label(line, most=5 if line.endswith(":") else 2)
        if names or label or _SERVICE_LINK.search(line):
            first = number
        elif not re.match(r"[^\s:]{2,20}(?: [^\s:]{1,20})?: .{1,160}$", line):
            break
    return first
