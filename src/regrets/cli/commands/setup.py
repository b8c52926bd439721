"""`regrets setup`: adds or changes an account, and tests it before it is kept."""

from __future__ import annotations

import shlex
import sys
from typing import Any

import click

from regrets.cli import output
from regrets.cli.commands.doctor import show_checks
from regrets.cli.context import Program, global_options
from regrets.domain.errors import CannotAnswer, SecretError
from regrets.domain.providers import guess_servers
from regrets.domain.recipients import valid_address
from regrets.domain.settings import Account, Login, Server
from regrets.domain.text import own, safe_line

SECURITY = click.Choice(["tls", "starttls", "none"])


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
    address = given.get("address") or output.ask(own("Your e-mail address"))
    if not valid_address(address):
        raise CannotAnswer(f"{address} is no e-mail address.", "Give one such as ana@studio.example.")
    imap, smtp, note = guess_servers(address)
    if note:
        output.say(safe_line(note))
    account = Account(
        name=given.get("name") or output.ask(own("Call this account"), default=safe_line(address.partition("@")[2])),
        address=address,
        imap=_server("IMAP", imap, given, "imap"),
        smtp=_server("SMTP", smtp, given, "smtp"),
        login=_login(address, given),
    )
    your_name = given.get("your_name") or program.settings().me.name or output.ask(own("Your name"), default="")
    password = None
    if account.login.auth == "password":
        password = output.ask(own("Password (an app password where the provider has them)"), hide_input=True)
    if not given.get("no_test"):
        output.say(own("Trying to sign in ..."))
        if not show_checks(program.test_account(account, password)):
            raise CannotAnswer("The account was not kept: a check failed.", "Mend it, or add --no-test.")
    try:
        kept = program.save_account(account, your_name, password)
    except SecretError as error:
        if not sys.stdin.isatty():
            raise
        output.say(safe_line(error))
        output.confirm(own("Keep the account without its password, and ask for it each time?"), abort=True)
        kept = program.save_account(account, your_name, None)
    for line in kept:
        output.line(safe_line(line))
    return 0


def _server(kind: str, guess: Server, given: dict[str, Any], key: str) -> Server:
    asked = given.get("address") is None
    host = given.get(f"{key}_host") or (
        output.ask(safe_line(f"{kind} server"), default=guess.host) if asked else guess.host
    )
    security = given.get(f"{key}_security") or guess.security
    port = given.get(f"{key}_port") or (
        output.ask(safe_line(f"{kind} port"), default=guess.port) if asked else guess.port
    )
    return Server(host, int(port), security)


def _login(address: str, given: dict[str, Any]) -> Login:
    user = given.get("user") or address
    if command := given.get("password_command"):
        return Login(user, "command", tuple(shlex.split(command)))
    return Login(user)
