"""`regrets paths` and `regrets themes`."""

from __future__ import annotations

import click

from regrets.cli import output
from regrets.cli.context import Program, global_options
from regrets.domain.text import safe_line


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@global_options
def paths(program: Program, as_json: bool) -> None:
    """Says where everything lies."""
    for what, where in program.paths():
        if as_json:
            output.as_json({"what": what, "path": where})
        else:
            output.columns([(safe_line(what), 20), (safe_line(where), 0)])


@click.command()
@global_options
def themes(program: Program) -> None:
    """Lists the themes: the built-in ones and your own."""
    for name, where in program.themes():
        output.columns([(safe_line(name), 24), (safe_line(where), 0)])
