"""`regrets outbox`: what waits, was sent, failed or is uncertain."""

from __future__ import annotations

from contextlib import closing

import click

from regrets.cli import output
from regrets.cli.commands.listing import name_read_only
from regrets.cli.context import Program, global_options
from regrets.cli.stopping import told_when_stopped
from regrets.domain.events import ignore
from regrets.domain.model import OutboxState
from regrets.domain.text import own, safe_line
from regrets.services.views import outbox_json, waiting_notes


@click.command()
@click.argument("action", type=click.Choice(["list", "retry", "cancel"]), default="list")
@click.argument("outbox_id", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@global_options
def outbox(program: Program, action: str, outbox_id: str | None, as_json: bool) -> int:
    """Lists the outbox; `retry ID` sends again, `cancel ID` takes out what has not left.

    \b
    regrets outbox
    regrets outbox retry k3f9q2
    """
    with closing(program.desk()) as desk:
        if action != "list":
            if not outbox_id:
                raise click.UsageError(f"`outbox {action}` needs the ID of an entry; `regrets outbox` lists them.")
            if action == "cancel":
                uncertain = any(one.id == outbox_id and one.state is OutboxState.UNKNOWN for one in desk.outbox())
                desk.cancel(outbox_id)
                what = "it may have arrived, and is not sent again" if uncertain else "nothing was sent"
                output.line(safe_line(f"{outbox_id} is cancelled; {what}."))
                return 0
            if note := desk.retry(outbox_id):
                output.say(safe_line(note))
            with told_when_stopped(desk):
                desk.deliver(ignore)
            entry = next(entry for entry in desk.outbox() if entry.id == outbox_id)
            output.line(safe_line(f"{entry.id}: {entry.state}. {entry.error}".strip()))
            return 0 if entry.state is OutboxState.SENT else 1
        name_read_only(desk)
        entries = desk.outbox()
    for entry in entries:
        if as_json:
            output.as_json(outbox_json(entry))
        else:
            first = [(safe_line(entry.id), 10), (safe_line(entry.state), 9)]
            to = safe_line(", ".join(entry.recipients))
            output.columns([*first, (to, 28), (safe_line(entry.subject), 0)])
            if entry.error:
                output.line(safe_line(f"            {entry.error}"))
    if not as_json:
        if not entries and not desk.read_only:
            output.say(own("The outbox is empty."))
        for note in waiting_notes(entries):
            output.say(safe_line(note))
    return 0
