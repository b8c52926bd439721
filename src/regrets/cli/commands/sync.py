"""`regrets sync`: one pass over all accounts."""

from __future__ import annotations

import sys
import threading

import click

from regrets.cli import output
from regrets.cli.context import Program, global_options
from regrets.cli.stopping import told_when_stopped
from regrets.domain.events import CalendarChanged, Event, OutboxChanged, Reconnecting, SyncFinished, SyncProgress
from regrets.domain.stored import OutboxState
from regrets.domain.text import safe_line
from regrets.services.views import waiting_notes


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each account.")
@global_options
def sync(program: Program, as_json: bool) -> int:
    """Fetches new invitations and sends what is due in the outbox."""
    desk = program.desk()
    stop = threading.Event()
    shown = sys.stderr.isatty() and not as_json

    def emit(event: Event) -> None:
        if shown and isinstance(event, SyncProgress):
            output.progress(safe_line(f"{event.folder}: {event.done} of {event.total}"))
        elif shown and isinstance(event, Reconnecting):
            output.progress()
            output.say(safe_line(f"{event.account}: {event.message} Connecting again."))
        elif isinstance(event, OutboxChanged) and event.state == OutboxState.CANCELLED:
            output.say(safe_line(f"regrets: {event.error}"))
        elif isinstance(event, CalendarChanged):
            output.say(safe_line(f"regrets: {event.told}" if event.failed else event.told))

    failed = False
    try:
        with told_when_stopped(desk):
            results = desk.sync(emit, stop)
        if shown:
            output.progress()
        for result in results:
            failed = failed or bool(result.errors)
            _report(result, as_json)
        output.faults(desk.faults())
        for note in waiting_notes(desk.outbox()):
            output.say(safe_line(note))
    finally:
        stop.set()
        desk.close()
    return 1 if failed else 0


def _report(result: SyncFinished, as_json: bool) -> None:
    if as_json:
        output.as_json(
            {
                "account": result.account,
                "new": result.new,
                "changed": result.changed,
                "gone": result.gone,
                "sent": result.sent,
                "errors": list(result.errors),
            }
        )
        return
    counts = f"{result.new} new, {result.changed} changed, {result.gone} gone, {result.sent} sent"
    output.line(safe_line(f"{result.account}: {counts}"))
    for error in result.errors:
        output.say(safe_line(f"regrets: {result.account}: {error}"))
