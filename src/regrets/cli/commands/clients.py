"""`regrets clients`: the client book."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from regrets.cli import output
from regrets.cli.context import Program, global_options
from regrets.cli.groups import ListingGroup
from regrets.domain.clients import SIGNS, STATUSES, TIERS, TRAITS, Client
from regrets.domain.errors import NotFound
from regrets.domain.text import own, safe_line


@click.group(cls=ListingGroup)
def clients() -> None:
    """The client book: who they are to you. Nothing of it ever enters a message.

    \b
    regrets clients
    regrets clients add "Kovin d.d." --match kovin.example --tier key
    regrets clients edit "Kovin d.d." --trait chatty
    regrets clients sign "Kovin d.d." scope_creep --note "a fourth page, same fee"
    """


def _fields(command: Any) -> Any:
    options = [
        click.option("--tier", type=click.Choice(TIERS)),
        click.option("--status", type=click.Choice(STATUSES)),
        click.option("--trait", "traits", type=click.Choice(TRAITS), multiple=True, help="Replaces the traits."),
        click.option("--contact", help="The colleague who is their direct contact."),
        click.option("--language", metavar="CODE", help="Of replies to them."),
        click.option("--formal/--informal", default=None),
        click.option("--salutation", help="A greeting line, used as it stands."),
        click.option("--helped-with", multiple=True, help="A settled question; replaces the list."),
        click.option("--next-report", help="For `checkpoint`: when the next report comes."),
        click.option("--notice-days", type=click.IntRange(0)),
        click.option("--pays/--does-not-pay", default=None),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _given(options: dict[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in options.items() if value not in (None, ())}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in given.items()}


@clients.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@global_options
def list_clients(program: Program, as_json: bool) -> None:
    """Every client, one a line."""
    book = program.clients()
    for client in book.clients:
        if as_json:
            output.as_json(_json(client))
        else:
            words = safe_line(", ".join([client.tier, client.status, *client.traits]))
            output.columns([(safe_line(client.name), 26), (words, 34), (safe_line(", ".join(client.match)), 0)])
    if not book.clients and not as_json:
        output.say(own('No clients yet. `regrets clients add "Kovin d.d." --match kovin.example` adds one.'))


@clients.command()
@click.argument("who", metavar="NAME|ADDRESS")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@global_options
def show(program: Program, who: str, as_json: bool) -> None:
    """One client, by name or by an address of theirs."""
    book = program.clients()
    client = next((c for c in book.clients if c.name.casefold() == who.casefold()), None) or book.of(who)
    if client is None:
        raise NotFound(f"No client matches {who}.", "`regrets clients` lists them.")
    if as_json:
        output.as_json(_json(client))
        return
    for key, value in _json(client).items():
        if value not in (None, "", []):
            shown = ", ".join(map(str, value)) if isinstance(value, list) and key != "signs" else value
            if key != "signs":
                output.columns([(safe_line(key.replace("_", " ")), 14), (safe_line(shown), 0)])
    for sign in client.signs:
        output.columns([(own("sign"), 14), (safe_line(f"{sign.date} {sign.sign} {sign.note}"), 0)])


@clients.command()
@click.argument("name")
@click.option("--match", multiple=True, required=True, help="A domain or an address of theirs.")
@_fields
@global_options
def add(program: Program, name: str, match: tuple[str, ...], **options: Any) -> None:
    """Adds a client."""
    program.add_client(name, match, _given(options))
    output.line(safe_line(f"{name} is in the client book."))


@clients.command()
@click.argument("name")
@click.option("--match", multiple=True, help="A domain or an address of theirs; replaces the list.")
@_fields
@global_options
def edit(program: Program, name: str, **options: Any) -> None:
    """Changes a client; your comments and order in clients.toml stay."""
    given = _given(options)
    if not given:
        raise click.UsageError("Say what to change, e.g. --tier key.")
    program.change_client(name, given)
    output.line(safe_line(f"{name} is changed."))


@clients.command()
@click.argument("name")
@click.argument("what", metavar="SIGN", type=click.Choice(SIGNS))
@click.option("--note", default="", help="One line for yourself.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="Default: today.")
@global_options
def sign(program: Program, name: str, what: str, note: str, date: dt.datetime | None) -> None:
    """Notes a warning sign."""
    program.note_sign(name, date.date() if date else program.now().date(), what, note)
    output.line(safe_line(f"Noted: {name}, {what}."))


def _json(client: Client) -> dict[str, Any]:
    return {
        "name": client.name,
        "match": list(client.match),
        "tier": client.tier,
        "status": client.status,
        "traits": list(client.traits),
        "contact": client.contact or None,
        "language": client.language or None,
        "formal": client.formal,
        "salutation": client.salutation or None,
        "since": client.since.isoformat() if client.since else None,
        "helped_with": list(client.helped_with),
        "next_report": client.next_report or None,
        "notice_days": client.notice_days,
        "pays": client.pays,
        "signs": [{"date": s.date.isoformat(), "sign": s.sign, "note": s.note or None} for s in client.signs],
    }
