"""The command line: finds the command, loads only that one, turns what it says into an exit status."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, ClassVar

import click

from regrets.cli import output
from regrets.cli.context import Options, Program
from regrets.cli.failures import guarded
from regrets.domain.text import own, safe_line


class LazyGroup(click.Group):
    """Each command lives in a module of its own, imported when it is called or listed."""

    COMMANDS: ClassVar[dict[str, str]] = {
        "demo": "demo",
        "setup": "setup",
        "account": "account",
        "doctor": "doctor",
        "sync": "sync",
        "list": "listing",
        "show": "show",
        "suggest": "suggest",
        "reply": "reply",
        "dismiss": "decide",
        "snooze": "decide",
        "undo": "decide",
        "outbox": "outbox",
        "away": "away",
        "clients": "clients",
        "calendars": "calendars",
        "letters": "letters",
        "prep": "prep",
        "learn": "learn",
        "stats": "stats",
        "forget": "forget",
        "paths": "paths",
        "themes": "paths",
        "completion": "completion",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which people meet them."""
        return list(self.COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None; click then suggests the nearest."""
        if cmd_name not in self.COMMANDS:
            return None
        module = importlib.import_module(f"regrets.cli.commands.{self.COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, "list_" if cmd_name == "list" else cmd_name)
        return command


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--config-dir", metavar="DIR", help="Where config.toml and clients.toml lie.")
@click.option("--data-dir", metavar="DIR", help="Where the databases lie.")
@click.option("--now", metavar="ISO-DATETIME", help="Judge and show as if it were then.")
@click.version_option(package_name="regrets", message="%(prog)s %(version)s")
@click.pass_context
def regrets(context: click.Context, config_dir: str | None, data_dir: str | None, now: str | None) -> None:
    """A terminal inbox for meeting invitations: one key sends the right answer.

    Without a command it opens the inbox; in a pipe it lists the open invitations.

    \b
    regrets demo                     try it: no account, nothing leaves this machine
    regrets setup                    add your mailbox
    regrets                          the inbox
    regrets list --json              for scripts
    regrets suggest invite.eml       one file, no mailbox
    """
    options: Options = context.obj
    options.config_dir, options.data_dir, options.now = config_dir, data_dir, now
    if context.invoked_subcommand is None:
        from regrets.cli.commands.inbox import open_inbox

        open_inbox(context, options.program())


def status_of(
    make: Callable[[str | None, str | None, str | None], Program], arguments: list[str] | None = None
) -> int:
    """Runs the command line; the exit status: 0 done, 1 something failed, 2 the command line is wrong."""
    return guarded(lambda: _clicked(make, arguments))


def _clicked(make: Callable[[str | None, str | None, str | None], Program], arguments: list[str] | None) -> int:
    try:
        result: Any = regrets.main(arguments, prog_name="regrets", obj=Options(make), standalone_mode=False)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort as stopped:
        output.say(own("Stopped."))
        for note in getattr(stopped.__cause__, "__notes__", ()):
            output.say(safe_line(note))
        return 1
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "regrets"
        output.say(safe_line(f"regrets: {error.format_message()} See `{where} --help`."))
        return 2
    return result if isinstance(result, int) else 0
