"""`regrets list`: one invitation a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import click

from regrets.cli import output
from regrets.cli.context import Program, global_options
from regrets.domain.errors import NO_ACCOUNT
from regrets.domain.model import Row, State
from regrets.domain.naming import safe_mailbox, safe_name
from regrets.domain.text import SafeText, own, safe_line
from regrets.services.views import row_json

if TYPE_CHECKING:
    from regrets.services.desk_api import DeskApi

_WHO = 22  # cells
NO_INVITATIONS = own("No invitations to answer.")


@click.command("list")
@click.option("--all", "everything", is_flag=True, help="Answered, dismissed and cancelled ones too.")
@click.option("--due", is_flag=True, help="Those to answer today: they begin within two days.")
@click.option("--answered", is_flag=True, help="The answered ones that lie ahead.")
@click.option("--plain", is_flag=True, help="Words only, one field after another; for screen readers.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@global_options
def list_(program: Program, everything: bool, due: bool, answered: bool, plain: bool, as_json: bool) -> None:
    """Lists the open invitations, newest first.

    \b
    regrets list
    regrets list --json | jq -r 'select(.strategy == "email") | .id'
    """
    name_faults(program)
    with closing(program.desk()) as desk:
        name_read_only(desk)
        rows = [row for row in desk.rows() if _wanted(everything, due, answered, program.now())(row)]
    show_rows(rows, program.zone(), as_json=as_json, plain=plain, everything=everything, empty=why_empty(program))


def name_faults(program: Program) -> None:
    """A list can be shown without a sound config, but its times may then be in another zone: that is said."""
    for fault in program.config_faults():
        output.say(safe_line(f"regrets: {fault}"))
    if program.zone() is None and program.config_faults():
        output.say(own("regrets: until that is mended, times are shown in this machine's time zone."))


def why_empty(program: Program) -> SafeText:
    """Why a list is empty."""
    return safe_line(NO_ACCOUNT) if program.lacks_account() else NO_INVITATIONS


def name_read_only(desk: DeskApi) -> None:
    """What is shown may be old where nothing can be written: that is said."""
    if desk.read_only:
        output.say(safe_line(f"regrets: {desk.read_only}"))


def show_rows(
    rows: list[Row],
    zone: dt.tzinfo | None,
    *,
    as_json: bool = False,
    plain: bool = False,
    everything: bool = False,
    empty: SafeText = NO_INVITATIONS,
) -> None:
    """Prints rows in one of the three ways; for people the times are in `zone` (None: the machine's), and `empty`
    says why there are none."""
    for row in rows:
        if as_json:
            output.as_json(row_json(row))
        elif plain:
            output.line(safe_line(_sentence(row, zone)))
        else:
            output.columns((safe_line(text), width) for text, width in _cells(row, everything, zone))
    if not rows and not as_json:
        output.say(empty)


def _wanted(everything: bool, due: bool, answered: bool, now: dt.datetime) -> Callable[[Row], bool]:
    if answered:
        return lambda row: row.state is State.ANSWERED and _starts(row) > now
    if everything:
        return lambda row: True
    if due:
        soon = now + dt.timedelta(days=2)
        return lambda row: row.state is State.OPEN and _starts(row) <= soon
    return lambda row: row.state in (State.OPEN, State.UNREADABLE)


def _starts(row: Row) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(row.start or "")
    except ValueError:
        return dt.datetime.max.replace(tzinfo=dt.UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def when(row: Row, zone: dt.tzinfo | None) -> str:
    """Start and end in the user's time: 2026-11-24 10:00-11:30; a time without a zone as it stands."""
    try:
        start, end = dt.datetime.fromisoformat(row.start or ""), dt.datetime.fromisoformat(row.end or "")
    except ValueError:
        return (row.start or "no time")[:16].replace("T", " ")
    if row.all_day:
        return f"{start:%Y-%m-%d}"
    if start.tzinfo and end.tzinfo:
        start, end = start.astimezone(zone), end.astimezone(zone)
    last = f"-{end:%H:%M}" if end.date() == start.date() else f" to {end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M}{last}"


def _cells(row: Row, with_state: bool, zone: dt.tzinfo | None) -> list[tuple[str, int]]:
    who = safe_name(row.organizer_name, row.organizer_address, _WHO, namesake=row.namesake) or "?"
    first = [(row.id, 10)] + ([(str(row.state), 10)] if with_state else [])
    if row.error_code:
        return [*first, ("could not be read", 22), (f"{row.summary}: {row.error}", 0)]
    return [*first, (when(row, zone), 22), (who, _WHO), (row.strategy or "-", 14), (row.summary or "(no title)", 0)]


def _sentence(row: Row, zone: dt.tzinfo | None) -> str:
    who = safe_mailbox(row.organizer_name, row.organizer_address) or "unknown"
    if row.error_code:
        return f"{row.id}. Could not be read: “{row.summary}”. {row.error}"
    again = ", repeats" if row.recurrence else ""
    return (
        f"{row.id}. {row.summary or 'No title'}, from {who}, {when(row, zone)}{again}. {row.state}. "
        f"Suggestion: {row.strategy or 'none yet'}. {' '.join(row.reasons)}"
    )
