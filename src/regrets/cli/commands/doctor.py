"""`regrets doctor`: checks everything that the program rests on, one line each, with the cure."""

from __future__ import annotations

from collections.abc import Iterable

import click

from regrets.cli import output
from regrets.cli.context import Program, global_options
from regrets.domain.text import own, safe_line
from regrets.services.doctor import Check


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@global_options
def doctor(program: Program, as_json: bool) -> int:
    """Checks config, keyring, servers, login, folders, calendars, clock and time zone."""
    return 0 if show_checks(program.doctor(), as_json) else 1


def show_checks(checks: Iterable[Check], as_json: bool = False) -> bool:
    """Prints checks as they come in; whether all are fine."""
    fine = True
    for check in checks:
        fine = fine and check.ok
        if as_json:
            output.as_json({"check": check.check, "ok": check.ok, "detail": check.detail, "cure": check.cure or None})
        else:
            fine_or_not = own("ok  ") if check.ok else own("FAIL")
            output.columns([(fine_or_not, 4), (safe_line(check.check), 22), (safe_line(check.sentences), 0)])
    return fine
