"""`regrets` alone: the inbox in a terminal, the list in a pipe, the set-up on the first run."""

from __future__ import annotations

import sys
from contextlib import closing

import click

from regrets.cli import output
from regrets.cli.commands.listing import name_faults, name_read_only, show_rows
from regrets.cli.context import Program, no_terminal
from regrets.domain.model import State
from regrets.domain.text import own, safe_line


def open_inbox(context: click.Context, program: Program) -> None:
    """Decides by what it runs in."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        name_faults(program)
        with closing(program.desk()) as desk:
            name_read_only(desk)
            show_rows([row for row in desk.rows() if row.state in (State.OPEN, State.UNREADABLE)], program.zone())
        return
    if problem := no_terminal():
        output.say(safe_line(f"{problem} `regrets list` and `regrets reply` work here."))
        context.exit(1)
    if not program.has_account():
        _first_run(context, program)
        return
    context.exit(program.run_tui())


def _first_run(context: click.Context, program: Program) -> None:
    output.line(own("Welcome to regrets. No account is set up yet."))
    output.line(own("  d  try the demo: made-up invitations, nothing leaves this machine"))
    output.line(own("  a  add your mailbox"))
    output.line(own("  q  quit"))
    answer = output.ask(own("Your choice"), type=click.Choice(["d", "a", "q"]), default="d", show_choices=False)
    if answer == "d":
        from regrets.cli.commands.demo import DEFAULT

        context.exit(program.run_demo(once=False, as_json=False, scenario=DEFAULT))
    if answer == "a":
        from regrets.cli.commands.setup import set_up

        context.exit(set_up(program))
