"""`regrets suggest FILE...`: what to answer to files, with no mailbox and no network."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from regrets.cli import output
from regrets.cli.commands.show import show_case
from regrets.cli.context import Program, global_options
from regrets.domain.cases import Case
from regrets.domain.model import Unreadable
from regrets.domain.text import safe_line
from regrets.services.views import draft_json, invitation_json

MOST_BYTES = 64 * 1024 * 1024


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each file.")
@global_options
def suggest(program: Program, files: tuple[str, ...], as_json: bool) -> int:
    """Suggests an answer to .eml and .ics files; `-` is standard input.

    \b
    regrets suggest invite.eml
    regrets suggest --json *.ics | jq .strategy
    """
    contents: list[tuple[str, bytes | str]] = [(name, _content(name)) for name in files]
    cases = program.suggest_files([(name, data) for name, data in contents if isinstance(data, bytes)])
    output.faults(program.file_faults())
    failed = False
    for name, data in contents:
        case = cases.get(name)
        if isinstance(data, str) or case is None:
            error = {"code": "no-file", "message": str(data)}
        elif isinstance(case.invitation, Unreadable):
            error = {"code": case.invitation.code, "message": case.invitation.message}
        else:
            _show(name, case, as_json)
            continue
        failed = True
        if as_json:
            output.as_json({"file": name, "error": error})
        else:
            output.say(safe_line(f"regrets: {name}: {error['message']}"))
    return 1 if failed else 0


def _content(name: str) -> bytes | str:
    """The bytes, or in words why there are none."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(MOST_BYTES)
        with Path(name).open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError as error:
        return f"can't be opened: {error.strerror or error}"


def _show(name: str, case: Case, as_json: bool) -> None:
    if not as_json:
        output.line(safe_line(name))
        show_case(case)
        output.line()
        return
    fields = {"file": name, **invitation_json(case.row), "draft": draft_json(case.draft)}
    if not isinstance(case.invitation, Unreadable) and case.invitation.also:
        fields["also"] = [
            {"uid": other.uid, "recurrence_id": other.recurrence_id, "summary": other.summary}
            for other in case.invitation.also
        ]
    output.as_json(fields)
