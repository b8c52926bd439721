"""Filing in the user's own calendar with `regrets reply`: only where a calendar is named, or a question answered."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from regrets.cli import output
from regrets.domain.own_calendar import FilingKind, Offer
from regrets.domain.text import safe_line

if TYPE_CHECKING:
    from regrets.domain.model import Draft
    from regrets.services.desk_api import DeskApi

_QUESTIONS = {
    FilingKind.FILE: "File the meeting in your calendar “{}” as well, once this is sent?",
    FilingKind.REMOVE: "Your calendar “{}” holds it. Take it out, once this is sent?",
}


def possible_filing(desk: DeskApi, item_id: str, draft: Draft, calendar: str, *, yes: bool) -> Offer | None:
    """What can be filed with an answer. `--yes` alone files nothing, whatever was said about the calendar."""
    if yes and not calendar:
        return None
    offer = desk.own_calendar().offer(item_id, draft, calendar)
    if calendar and offer is None:
        output.say(safe_line(f"Nothing changes in “{calendar}”: it is as this answer says."))
    return offer


def agreed_filing(offer: Offer | None) -> Offer | None:
    """Asks, where that was not settled once and for all. A script that answered only “Send this?” files nothing."""
    if offer is None or not offer.asks:
        return offer
    try:
        agreed = output.confirm(safe_line(_QUESTIONS[offer.kind].format(offer.calendar)))
    except click.Abort:
        if sys.stdin.isatty():
            raise
        agreed = False
    return offer if agreed else None


def filed_json(desk: DeskApi, outbox_id: str, offer: Offer | None) -> dict[str, str] | None:
    """What became of it: {"calendar", "kind", "state": done | waiting | failed, "error"}; None for nothing."""
    if offer is None:
        return None
    waiting = desk.own_calendar().waiting(outbox_id)
    error = offer.problem or (waiting.error if waiting else "")
    state = "failed" if error else "waiting" if waiting else "done"
    return {"calendar": offer.calendar, "kind": str(offer.kind), "state": state, "error": error}


def tell_filed(filed: dict[str, str] | None, *, as_json: bool) -> int:
    """Says it to people; the exit status."""
    if filed is None:
        return 0
    if filed["state"] == "failed":
        output.say(safe_line(f"regrets: {filed['error']}"))
        return 1
    if not as_json:
        did = "filed in" if filed["kind"] == FilingKind.FILE else "taken out of"
        later = " once the answer is sent" if filed["state"] == "waiting" else ""
        output.line(safe_line(f"{did} “{filed['calendar']}”{later}"))
    return 0
