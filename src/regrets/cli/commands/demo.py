"""`regrets demo`: the inbox on made-up mail, with servers that live in this program."""

from __future__ import annotations

import click

from regrets.cli.context import Program, global_options, no_terminal
from regrets.domain.errors import CannotAnswer

DEFAULT = "six"


@click.command()
@click.option("--once", is_flag=True, help="Prints the list and exits.")
@click.option("--json", "as_json", is_flag=True, help="With --once: one JSON object a line.")
@click.option(
    "--scenario", metavar="NAME", default=DEFAULT, show_default=True, help="Which inbox: six (languages) or english."
)
@global_options
def demo(program: Program, once: bool, as_json: bool, scenario: str) -> int:
    """Tries it out: no account, no network, nothing leaves this machine, nothing is left behind."""
    if not once and (problem := no_terminal()):
        raise CannotAnswer(problem, "`regrets demo --once` prints the demo's list.")
    return program.run_demo(once=once, as_json=as_json, scenario=scenario)
