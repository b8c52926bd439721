"""`regrets calendars`: your own calendars, what is filed in them, and what you said about that."""

from __future__ import annotations

from contextlib import closing

import click

from regrets.cli import output
from regrets.cli.commands.listing import name_read_only
from regrets.cli.context import Program, global_options
from regrets.cli.groups import ListingGroup
from regrets.domain.errors import CalendarError
from regrets.domain.own_calendar import FilingKind, FilingRule, OwnCalendarState
from regrets.domain.text import own, safe_line

_RULES = {
    FilingRule.ASK: "asks with every answer",
    FilingRule.ALWAYS: "kept in step with your answers",
    FilingRule.NEVER: "never filed in",
}


@click.group(cls=ListingGroup)
def calendars() -> None:
    """Your own calendars: what waits to be filed, and whether you are asked.

    A mailed answer informs the organiser; it does not reliably update your own calendar. A [[calendar]] that is an
    .ics file or a folder of them, with `writable = true` in config.toml, can be kept in step with your answers.

    \b
    regrets calendars list
    regrets calendars rule mine always       ask | always | never
    regrets calendars file k3f9q2wx7a        what you said yes to
    regrets calendars remove k3f9q2wx7a      what was called off
    """


@calendars.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@global_options
def list_calendars(program: Program, as_json: bool) -> None:
    """Every [[calendar]], and what could not be filed in it yet."""
    with closing(program.desk()) as desk:
        name_read_only(desk)
        states = desk.own_calendar().states()
    for state in states:
        if as_json:
            output.as_json(_json(state))
            continue
        rule = _RULES[state.rule] if state.writable else "only read"
        output.columns([(safe_line(state.name), 16), (safe_line(rule), 32), (safe_line(state.where), 0)])
        for filing in state.waiting:
            why = filing.error or "waits until the answer is sent."
            output.line(safe_line(f"  {filing.kind} “{safe_line(filing.summary)}”: {why}"))
    if not states and not as_json:
        output.say(own("No calendar is set up; see [[calendar]] in docs/config.md."))


@calendars.command()
@click.argument("name")
@click.argument("rule", type=click.Choice([str(rule) for rule in FilingRule]))
@global_options
def rule(program: Program, name: str, rule: str) -> None:
    """Says once and for all whether meetings that you say yes to are filed in a calendar."""
    with closing(program.desk()) as desk:
        desk.own_calendar().set_rule(name, FilingRule(rule))
    output.line(safe_line(f"{name}: {_RULES[FilingRule(rule)]}."))


@calendars.command("file")
@click.argument("item_id", metavar="ID")
@global_options
def file_meeting(program: Program, item_id: str) -> None:
    """Files a meeting that you said yes to."""
    _act(program, item_id, FilingKind.FILE)


@calendars.command("remove")
@click.argument("item_id", metavar="ID")
@global_options
def remove_meeting(program: Program, item_id: str) -> None:
    """Takes a meeting out that the organiser has called off."""
    _act(program, item_id, FilingKind.REMOVE)


def _act(program: Program, item_id: str, kind: FilingKind) -> None:
    with closing(program.desk()) as desk:
        own = desk.own_calendar()
        offer = own.standing_offer(item_id)
        if offer is None or offer.kind is not kind:
            raise CalendarError(_NOTHING[kind], "`regrets calendars list` shows your calendars.")
        output.line(safe_line(own.act(item_id, offer)))


_NOTHING = {
    FilingKind.FILE: "There is nothing to file: no writable calendar, no yes of yours, or it is filed already.",
    FilingKind.REMOVE: "There is nothing to take out: it isn't called off, or no writable calendar holds it.",
}


def _json(state: OwnCalendarState) -> dict[str, object]:
    waiting = [
        {"id": each.item_id, "kind": str(each.kind), "summary": each.summary, "error": each.error}
        for each in state.waiting
    ]
    return {
        "calendar": state.name,
        "path": state.where,
        "writable": state.writable,
        "rule": str(state.rule),
        "waiting": waiting,
    }
