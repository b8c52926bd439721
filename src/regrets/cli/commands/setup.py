"""`regrets setup`: adds or changes an account, and tests it before it is kept."""

from __future__ import annotations

import sys
from typing import Any

import click

from regrets.cli import output
from regrets.cli.commands.doctor import show_checks
from regrets.cli.context import Program, global_options
from regrets.domain.errors import CannotAnswer, SecretError
from regrets.domain.new_account import SECURITIES, Answers, account_of, checked_address, guess
from regrets.domain.settings import Account, Server
from regrets.domain.text import own, safe_line
from regrets.services.setting_up import ASK_EACH_TIME, TRYING, attempt

SECURITY = click.Choice(SECURITIES)


@click.command()
@click.option("--address", help="Your e-mail address.")
@click.option("--name", help="What to call the account.")
@click.option("--your-name", help="Your name, as it stands under letters.")
@click.option("--imap-host")
@click.option("--imap-port", type=click.IntRange(1, 65535))
@click.option("--imap-security", type=SECURITY)
@click.option("--smtp-host")
@click.option("--smtp-port", type=click.IntRange(1, 65535))
@click.option("--smtp-security", type=SECURITY)
@click.option("--user", help="The user name for signing in, if it is not the address.")
@click.option("--password-command", metavar="COMMAND", help="A command that prints the password.")
@click.option("--no-test", is_flag=True, help="Keeps it without trying to sign in.")
@global_options
def setup(program: Program, **given: Any) -> int:
    """Adds or changes a mailbox. The password goes into the system's keyring, never into a file.

    \b
    regrets setup
    regrets setup --address ana@studio.example --password-command "pass show mail/work"
    """
    return set_up(program, **given)


def set_up(program: Program, **given: Any) -> int:
    """Asks for what is not given, tests it and keeps it."""
    address = checked_address(given.get("address") or output.ask(own("Your e-mail address")))
    guessed = guess(address)
    if guessed.note:
        output.say(safe_line(guessed.note))
    name = given.get("name") or output.ask(own("Call this account"), default=safe_line(guessed.name))
    account = account_of(
        Answers(
            address,
            name=name,
            **_server("imap", guessed.imap, given),
            **_server("smtp", guessed.smtp, given),
            user=given.get("user") or "",
            password_command=given.get("password_command") or "",
        )
    )
    your_name = given.get("your_name") or program.settings().me.name or output.ask(own("Your name"), default="")
    password = None
    if account.login.auth == "password":
        password = output.ask(own("Password (an app password where the provider has them)"), hide_input=True)
    if not given.get("no_test"):
        output.say(safe_line(TRYING))
        if not show_checks(attempt(program, account, password)):
            raise CannotAnswer("The account was not kept: a check failed.", "Mend it, or add --no-test.")
    output.line(safe_line(_kept(program, account, your_name, password)))
    output.line(own("`regrets` opens the inbox."))
    return 0


def _kept(program: Program, account: Account, your_name: str, password: str | None) -> str:
    try:
        return program.save_account(account, your_name, password)
    except SecretError as error:
        if not sys.stdin.isatty():
            raise
        output.say(safe_line(error))
        output.confirm(safe_line(ASK_EACH_TIME), abort=True)
        return program.save_account(account, your_name, None)


def _server(kind: str, guessed: Server, given: dict[str, Any]) -> dict[str, str]:
    """Its answers; host and port are asked where the address was."""

    def answer(option: str, called: str, guess: str | int) -> str:
        if found := given.get(option):
            return str(found)
        asked = given.get("address") is None
        return str(output.ask(safe_line(f"{kind.upper()} {called}"), default=guess)) if asked else ""

    return {
        f"{kind}_host": answer(f"{kind}_host", "server", guessed.host),
        f"{kind}_port": answer(f"{kind}_port", "port", guessed.port),
        f"{kind}_security": given.get(f"{kind}_security") or "",
    }
