"""`regrets account list|remove NAME`."""

from __future__ import annotations

import click

from regrets.cli import output
from regrets.cli.context import Program, global_options
from regrets.domain.errors import NO_ACCOUNT
from regrets.domain.text import own, safe_line


@click.command()
@click.argument("action", type=click.Choice(["list", "remove"]), default="list")
@click.argument("name", required=False)
@global_options
def account(program: Program, action: str, name: str | None) -> None:
    """Lists the accounts, or removes one with its password."""
    if action == "remove":
        if not name:
            raise click.UsageError("`account remove` needs the NAME of an account; `regrets account` lists them.")
        forgotten = program.remove_account(name)
        output.line(safe_line(f"Account {name} is removed. Your answers and the outbox are kept."))
        if not forgotten:
            output.say(own("Its password may still be in the keyring, which can't be asked: remove “regrets” there."))
        return
    accounts = program.settings().accounts
    for item in accounts:
        where = safe_line(f"{item.imap.host}:{item.imap.port}")
        output.columns([(safe_line(item.name), 16), (safe_line(item.address), 32), (where, 0)])
    if not accounts:
        output.say(safe_line(NO_ACCOUNT))
