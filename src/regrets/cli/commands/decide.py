"""`regrets dismiss`, `regrets snooze` and `regrets undo`."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from typing import TYPE_CHECKING

import click

from regrets.cli import output
from regrets.cli.context import Program, global_options
from regrets.domain.own_calendar import FilingKind
from regrets.domain.stored import State
from regrets.domain.text import own, safe_line

if TYPE_CHECKING:
    from regrets.services.desk_api import DeskApi


@click.command()
@click.argument("item_id", metavar="[ID]", required=False)
@click.option("--done", is_flag=True, help="All that need no answer: over, called off, not for you.")
@global_options
def dismiss(program: Program, item_id: str | None, done: bool) -> None:
    """Says that an invitation needs no reply; nothing is sent."""
    if done is (item_id is not None):
        raise click.UsageError("Give the ID of one invitation, or --done for all that need no answer.")
    with closing(program.desk()) as desk:
        if item_id is None:
            desk.refresh()
            count = desk.clear()
            undo_hint = " `regrets undo` brings them back." if count else ""
            output.line(safe_line(f"{count or 'None'} dismissed.{undo_hint}"))
            for row in desk.rows():
                if row.state is State.CANCELLED:
                    _tell_still_filed(desk, row.id)
            return
        desk.dismiss(item_id)
        output.line(safe_line(f"{item_id} is dismissed. `regrets undo` brings it back."))
        _tell_still_filed(desk, item_id)


def _tell_still_filed(desk: DeskApi, item_id: str) -> None:
    """What is called off may still be in the user's own calendar."""
    offer = desk.own_calendar().standing_offer(item_id)
    if offer is not None and offer.kind is FilingKind.REMOVE:
        cure = f"`regrets calendars remove {item_id}`"
        output.say(safe_line(f"{item_id} is called off, but still in “{offer.calendar}”: {cure}."))


@click.command()
@click.argument("item_id", metavar="ID")
@click.argument("when")
@global_options
def snooze(program: Program, item_id: str, when: str) -> None:
    """Hides an invitation until WHEN: 2026-11-30, 2026-11-30T08:00, 3h, 2d or tomorrow."""
    until = _moment(when, program.now(), program.settings().me.timezone)
    with closing(program.desk()) as desk:
        desk.snooze(item_id, until)
    output.line(safe_line(f"{item_id} comes back on {until:%Y-%m-%d %H:%M}."))


@click.command()
@global_options
def undo(program: Program) -> int:
    """Takes the last decision back: a reply in its undo window, a dismissal, a snooze."""
    with closing(program.desk()) as desk:
        undone = desk.undo()
    if undone is None:
        output.say(own("There is nothing left to undo."))
        return 1
    output.line(safe_line(f"{undone.item_id} is open again."))
    return 0


def _moment(text: str, now: dt.datetime, zone: str) -> dt.datetime:
    from zoneinfo import ZoneInfo

    local = now.astimezone(ZoneInfo(zone))
    if text == "tomorrow":
        return (local + dt.timedelta(days=1)).replace(hour=8, minute=0, second=0)
    if text[:-1].isdigit() and text[-1] in "hd" and len(text) <= 5:
        count = int(text[:-1])
        return local + (dt.timedelta(hours=count) if text[-1] == "h" else dt.timedelta(days=count))
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("give 2026-11-30, 2026-11-30T08:00, 3h, 2d or tomorrow", param_hint="WHEN") from None
    if len(text) == 10:
        moment = moment.replace(hour=8)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
