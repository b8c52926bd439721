"""`regrets away DAY`: says that one is not there, and suggests anew for everything in that time."""

from __future__ import annotations

import datetime as dt
from contextlib import closing

import click

from regrets.cli import output
from regrets.cli.commands.listing import name_read_only, when
from regrets.cli.context import Program, global_options
from regrets.domain.model import Row, State
from regrets.domain.text import own, safe_line


@click.command()
@click.argument("day")
@click.option("--until", metavar="DAY", help="The last day away; default: the same day.")
@click.option("--reason", default="", help="Named in a letter only where you turn reasons on.")
@global_options
def away(program: Program, day: str, until: str | None, reason: str) -> None:
    """Notes that you are away on DAY (2026-12-01, today or tomorrow), and shows what that changes.

    Accepted meetings in that time are named too: `regrets reply ID` takes the acceptance back.

    \b
    regrets away today --reason ill
    regrets away 2026-12-24 --until 2027-01-02
    """
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(program.settings().me.timezone)
    first = _day(day, program, zone)
    last = _day(until, program, zone) if until else first
    if last < first:
        raise click.BadParameter("it lies before the first day", param_hint="--until")
    start = dt.datetime.combine(first, dt.time(), zone)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
    program.add_away(start, end, reason)
    output.line(safe_line(f"Away from {first} to {last}." if last > first else f"Away on {first}."))
    with closing(program.desk()) as desk:
        name_read_only(desk)
        rows = [row for row in desk.rows() if row.state in (State.OPEN, State.ANSWERED) and _touches(row, start, end)]
        for row in rows:
            case = desk.case(row.id)
            strategy = case.suggestion.strategy if case.suggestion else "-"
            state = "accepted" if row.state is State.ANSWERED else "open"
            cells = [(row.id, 10), (state, 9), (when(row, zone), 22), (strategy, 14), (row.summary, 0)]
            output.columns((safe_line(text), width) for text, width in cells)
        output.faults(desk.faults())
    if not rows:
        output.say(own("No meeting that you were asked to lies in that time."))


def _day(text: str, program: Program, zone: dt.tzinfo) -> dt.date:
    today = program.now().astimezone(zone).date()
    if text in ("today", "tomorrow"):
        return today + dt.timedelta(days=text == "tomorrow")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("give a day such as 2026-12-01, today or tomorrow", param_hint="DAY") from None


def _touches(row: Row, start: dt.datetime, end: dt.datetime) -> bool:
    """Whether the meeting has begun before the time ends and ends after it begins; a series counts by its start."""
    try:
        first, last = (
            dt.datetime.fromisoformat(row.start or ""),
            dt.datetime.fromisoformat(row.end or row.start or ""),
        )
    except ValueError:
        return False
    first, last = (moment if moment.tzinfo else moment.replace(tzinfo=start.tzinfo) for moment in (first, last))
    return first < end and last > start
