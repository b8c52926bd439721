"""The face's own words and glyphs: strategies, calendar answers, states; and text made to fit in cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString, NamedTuple

from rich.cells import cell_len, set_cell_size

from regrets.domain.naming import safe_mailbox
from regrets.domain.stored import Method, OutboxState, PartStat, Strategy
from regrets.domain.text import NOTHING, SafeText, own, owned, safe_address, safe_line

if TYPE_CHECKING:
    from regrets.domain.model import Draft, Effect

STRATEGY_TITLES = owned(
    {
        Strategy.ACCEPT: "Say yes",
        Strategy.TIMEBOX: "Yes, with an agenda and a hard end",
        Strategy.INVOLVE: "Yes, and draw them in",
        Strategy.CALL: "A phone call instead of meeting in person",
        Strategy.SHORTEN: "A shorter meeting",
        Strategy.EMAIL: "An e-mail instead, for now",
        Strategy.BOW_OUT: "Leave it to the colleague who leads",
        Strategy.RESCHEDULE: "Another time",
        Strategy.OFFICE_HOURS: "Yes, in working hours",
        Strategy.CHECKPOINT: "Wait for the agreed report",
        Strategy.LIGHTEN: "Let me carry that",
        Strategy.DECLINE: "A polite no",
        Strategy.NO_GUARANTEE: "No to a guarantee",
        Strategy.NOT_A_FIT: "No: not what I do",
        Strategy.ALREADY_HELPED: "No: this was answered before",
        Strategy.FIRST_PERSON: "No: ask them to come themselves",
        Strategy.UNPAID: "No to unpaid work",
        Strategy.RESPECT: "No, and no further contact",
        Strategy.PART_WAYS: "End the engagement",
        Strategy.NONE: "Nothing to answer",
    }
)
STRATEGY_LABELS = owned(
    {
        Strategy.ACCEPT: "Yes",
        Strategy.TIMEBOX: "Yes, timed",
        Strategy.INVOLVE: "Yes, involve",
        Strategy.CALL: "Call",
        Strategy.SHORTEN: "Shorter",
        Strategy.EMAIL: "E-mail",
        Strategy.BOW_OUT: "Bow out",
        Strategy.RESCHEDULE: "Other time",
        Strategy.OFFICE_HOURS: "In hours",
        Strategy.CHECKPOINT: "Report",
        Strategy.LIGHTEN: "I carry it",
        Strategy.DECLINE: "No",
        Strategy.NO_GUARANTEE: "No promise",
        Strategy.NOT_A_FIT: "Not a fit",
        Strategy.ALREADY_HELPED: "Settled",
        Strategy.FIRST_PERSON: "Themselves",
        Strategy.UNPAID: "Not unpaid",
        Strategy.RESPECT: "No contact",
        Strategy.PART_WAYS: "Part ways",
        Strategy.NONE: "No answer",
    }
)
ALL_STRATEGIES = tuple(strategy for strategy in Strategy if strategy is not Strategy.NONE)
LANGUAGES = owned(
    {
        "en": "English",
        "nb": "Norwegian",
        "sl": "Slovenian",
        "tr": "Turkish",
        "lv": "Latvian",
        "fi": "Finnish",
    }
)
PARTSTAT_WORDS = owned(
    {
        PartStat.ACCEPTED: "accepted",
        PartStat.DECLINED: "declined",
        PartStat.TENTATIVE: "tentative",
        PartStat.DELEGATED: "delegated",
        PartStat.NEEDS_ACTION: "no answer",
    }
)
OUTBOX_WORDS = owned(
    {
        OutboxState.HELD: "leaves soon",
        OutboxState.KEPT: "waits",
        OutboxState.ORPHANED: "asks: send?",
        OutboxState.SENDING: "sending",
        OutboxState.SENT: "sent",
        OutboxState.FAILED: "failed",
        OutboxState.UNKNOWN: "uncertain",
        OutboxState.CANCELLED: "taken back",
    }
)


class Glyphs(NamedTuple):
    """The few signs that are no letters; meaning never hangs on them alone."""

    cursor: SafeText = own("▌")
    suggested: SafeText = own("▸")
    series: SafeText = own("↻")
    alert: SafeText = own("!")
    dot: SafeText = own("·")
    rule: SafeText = own("─")
    more: SafeText = own("…")
    dash: SafeText = own("–")
    yes: SafeText = own("●")
    no: SafeText = own("·")
    up: SafeText = own("↑")
    good: SafeText = own("✓")
    bad: SafeText = own("✗")
    before: SafeText = own("‹")
    after: SafeText = own("›")
    edge: SafeText = own("│")


UNICODE = Glyphs()
ASCII = Glyphs(
    *(own(">"), own(">"), own("@"), own("!"), own("-"), own("-"), own("~"), own("-"), own("*"), own(".")),
    *(own("^"), own("+"), own("x"), own("<"), own(">"), own("|")),
)


def glyphs(symbols: str) -> Glyphs:
    """The glyphs of [ui] symbols."""
    return ASCII if symbols == "ascii" else UNICODE


def effect_words(effect: Effect) -> SafeText:
    """What the organiser's calendar is told, e.g. "tentative, with another time"."""
    if effect.method is None or effect.partstat in (None, PartStat.NEEDS_ACTION):
        return own("no answer")
    words = PARTSTAT_WORDS[effect.partstat]
    return own("{}, another time", words) if effect.method is Method.COUNTER else words


def language_word(code: str) -> SafeText:
    """The English name of a language code."""
    return LANGUAGES.get(code, safe_line(code, 12))


def strategy_of(text: str) -> Strategy | None:
    """The strategy of a stored id; None for '' and what is no id."""
    return Strategy(text) if text in Strategy._value2member_map_ else None


def recipients_line(draft: Draft) -> SafeText:
    """Who gets the reply, from which address, and of a series how much it answers, e.g. "anna@acme.example, from
    me@firma.example. This answers all 12 meetings until 3 March 2027."."""
    people = [safe_address(person.address) for person in (*draft.to, *draft.cc)]
    shown = ", ".join(people)
    covers = f". {draft.covers}" if draft.covers else ""
    what = "the invitation with a brief" if draft.delegate else "a brief"
    brief = f", and {what} to {brief_to(draft.brief)}" if draft.brief and draft.brief.body.strip() else ""
    return safe_line(f"{shown or 'nobody'}, from {draft.from_.address}{brief}{covers}", 100_000)


def brief_to(brief: Draft) -> SafeText:
    """`Ben Kos <ben@studio.example>`."""
    return safe_mailbox(brief.to[0].name, brief.to[0].address)


def fit(text: SafeText, width: int, more: SafeText = UNICODE.more) -> SafeText:
    """`text` in exactly `width` cells: padded, or cropped with an ellipsis. Counts cells, never characters."""
    if width <= 0:
        return NOTHING
    if cell_len(text) <= width:
        return SafeText(set_cell_size(text, width))
    return SafeText(set_cell_size(text, width - 1) + more if width > 1 else set_cell_size(text, width))


def plural(count: int, one: LiteralString, many: LiteralString = "") -> SafeText:
    """`1 reply`, `2 replies`."""
    return SafeText(f"{count} {one if count == 1 else many or one + 's'}")
