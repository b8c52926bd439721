"""`regrets prep`: what to have at hand in today's meetings."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from regrets.cli import output
from regrets.cli.commands.listing import name_read_only
from regrets.cli.context import Program, global_options
from regrets.domain.text import own, safe_line

if TYPE_CHECKING:
    from regrets.domain.prep import PrepCard


@click.command()
@click.argument("item_id", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each card.")
@global_options
def prep(program: Program, item_id: str | None, as_json: bool) -> None:
    """The prep cards of today's meetings, or of one: agenda, time box, and lines that keep the talk on course.

    \b
    regrets prep
    regrets prep k3f9q2wx7a
    """
    with closing(program.desk()) as desk:
        name_read_only(desk)
        cards = [(item_id, desk.prep(item_id))] if item_id else [(row.id, card) for row, card in desk.prep_today()]
    for number, (card_id, card) in enumerate(cards):
        if as_json:
            output.as_json(_json(card_id, card))
        else:
            _show(card, first=not number)
    if not cards and not as_json:
        output.say(own("No meeting of today has a prep card; `regrets prep ID` makes one for any."))


def _show(card: PrepCard, *, first: bool) -> None:
    if not first:
        output.line()
    output.line(safe_line(card.title or "(no title)"))
    output.line(safe_line(card.when))
    for section in card.sections:
        output.line()
        output.line(safe_line(section.label))
        for line in section.lines:
            output.line(safe_line(f"  - {line}"))


def _json(item_id: str, card: PrepCard) -> dict[str, Any]:
    return {
        "id": item_id,
        "summary": card.title or None,
        "when": card.when,
        "language": card.language,
        "sections": [{"id": each.id, "label": each.label, "lines": list(each.lines)} for each in card.sections],
    }
