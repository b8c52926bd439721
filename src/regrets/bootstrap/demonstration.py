"""The demo: the whole program on embedded servers and directories of its own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from regrets.cli import output
from regrets.demo.world import demo_world, summary
from regrets.domain.text import own, safe_line

if TYPE_CHECKING:
    from regrets.bootstrap import Program
    from regrets.domain.ports import Clock


def demonstrate(make: type[Program], clock: Clock, scenario: str, *, once: bool, as_json: bool) -> int:
    """The inbox, or (`once`) what its list prints after a sync; the exit status. Nothing is left behind."""
    with demo_world(clock.now(), scenario) as world:
        inside = make(str(world.config_dir), str(world.data_dir), clock=clock)
        if once:
            return _list_once(inside, as_json)
        from regrets.tui.app import run

        status = run(inside.desk, inside.preferences(), banner=own("demo"))
        for line in summary(world.sent()):
            output.line(safe_line(line))
        return status


def _list_once(program: Program, as_json: bool) -> int:
    from regrets.cli.commands.listing import show_rows
    from regrets.domain.events import ignore

    desk = program.desk()
    try:
        results = desk.sync(ignore, threading.Event())
        show_rows(desk.rows(), program.zone(), as_json=as_json, everything=True)
    finally:
        desk.close()
    errors = [error for result in results for error in result.errors]
    for error in errors:
        output.say(safe_line(f"regrets: {error}"))
    return 1 if errors else 0
