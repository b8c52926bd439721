"""`regrets stats`: time won back."""

from __future__ import annotations

import click

from regrets.cli import output
from regrets.cli.context import Program, global_options
from regrets.domain.text import own, safe_line


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each week, strategy and client.")
@global_options
def stats(program: Program, as_json: bool) -> None:
    """Time won back, by week, strategy and client."""
    from regrets.services.statistics import hours

    rows = program.statistics()
    output.faults(program.history_faults())
    for row in rows:
        if as_json:
            output.as_json(
                {
                    "week": row.week,
                    "strategy": row.strategy,
                    "client": row.client or None,
                    "answers": row.answers,
                    "minutes": row.minutes,
                }
            )
        else:
            cells = [(row.week, 9), (row.strategy, 15), (row.client or "others", 24), (f"{row.answers}x", 5)]
            cells.append((hours(row.minutes), 0))
            output.columns((safe_line(text), width) for text, width in cells)
    if not as_json and (rows or not program.history_faults()):
        answers, minutes = sum(row.answers for row in rows), sum(row.minutes for row in rows)
        won = safe_line(f"{answers} answers, {hours(minutes)} won back.")
        output.say(won if rows else own("Nothing answered yet."))
