"""`regrets` alone: the inbox in a terminal, the list in a pipe, the set-up on the first run."""

from __future__ import annotations

import sys
from contextlib import closing

import click

from regrets.cli import output
from regrets.cli.commands.listing import name_faults, name_read_only, show_rows, why_empty
from regrets.cli.context import Program, no_terminal
from regrets.domain.model import State
from regrets.domain.text import own, safe_line


def open_inbox(context: click.Context, program: Program) -> None:
    """Decides by what it runs in."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        name_faults(program)
        with closing(program.desk()) as desk:
            name_read_only(desk)
            rows = [row for row in desk.rows() if row.state in (State.OPEN, State.UNREADABLE)]
            show_rows(rows, program.zone(), empty=why_empty(program))
        return
    if not program.has_account():
        _first_run(context, program)
    elif problem := no_terminal():
        output.say(safe_line(f"{problem} `regrets list` and `regrets reply` work here."))
        context.exit(1)
    else:
        context.exit(program.run_tui())


def _first_run(context: click.Context, program: Program) -> None:
    """A screen where there can be one; then the inbox, at once."""
    if no_terminal():
        _ask_in_lines(context, program)
        return
    outcome = program.run_setup()
    if outcome.told:
        output.line(safe_line(outcome.told))
    if outcome.end == "demo":
        from regrets.cli.commands.demo import DEFAULT

        context.exit(program.run_demo(once=False, as_json=False, scenario=DEFAULT))
    context.exit(program.run_tui() if outcome.end == "kept" else outcome.status)


def _ask_in_lines(context: click.Context, program: Program) -> None:
    output.line(own("Welcome to regrets. No account is set up yet."))
    output.line(own("  d  print the demo's inbox: made-up invitations, nothing leaves this machine"))
    output.line(own("  a  add your mailbox"))
    output.line(own("  q  quit"))
    answer = output.ask(own("Your choice"), type=click.Choice(["d", "a", "q"]), default="d", show_choices=False)
    if answer == "d":
        from regrets.cli.commands.demo import DEFAULT

        context.exit(program.run_demo(once=True, as_json=False, scenario=DEFAULT))
    if answer == "a":
        from regrets.cli.commands.setup import set_up

        context.exit(set_up(program))
