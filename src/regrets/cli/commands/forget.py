"""`regrets forget`: removes what is kept about somebody, or old items."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import click

from regrets.cli import output
from regrets.cli.context import Program, global_options
from regrets.domain.text import safe_line

if TYPE_CHECKING:
    from regrets.services.keeping import Plan, Removed


@click.command()
@click.argument("address", metavar="[ADDRESS]", required=False)
@click.option("--older-than", metavar="AGE", help="Items older than that: 180d, 26w.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@global_options
def forget(program: Program, address: str | None, older_than: str | None, yes: bool) -> int:
    """Removes what is kept on this machine about somebody, or old items: invitations, letters, log lines, backups.

    Your mailbox, your config and what you have sent stay as they are; time won back stays as a total without names.

    \b
    regrets forget marko@kovin.example
    regrets forget --older-than 180d
    """
    if bool(address) == bool(older_than):
        raise click.UsageError("Give an address, or --older-than 180d.")
    if address and not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise click.BadParameter("give a whole address: marko@kovin.example", param_hint="ADDRESS")
    with closing(program.keeping()) as keeping:
        plan = keeping.plan(address or "", _days(older_than) if older_than else 0)
        for sentence in _stays(plan):
            output.say(safe_line(sentence))
        if not yes:
            output.confirm(safe_line(_question(plan)), abort=True)
        for sentence in _done(keeping.forget(plan)):
            output.line(safe_line(sentence))
        if address and (client := keeping.client_named(address)):
            output.say(safe_line(f"Your client book still has {client}: {dict(program.paths())['clients']}"))
    return 0


def _days(age: str) -> int:
    found = re.fullmatch(r"([1-9]\d{0,4})([dw])", age.strip())
    if not found:
        raise click.BadParameter("give a number of days or weeks: 180d, 26w", param_hint="--older-than")
    return int(found[1]) * (7 if found[2] == "w" else 1)


def _stays(plan: Plan) -> list[str]:
    """What is not removed, and how it could be."""
    said = []
    if plan.live:
        said.append(
            f"{_count(len(plan.live), 'invitation')} with an answer on its way will stay ({', '.join(plan.live)}):"
            " see `regrets outbox`, and forget again once it has gone or is cancelled."
        )
    if plan.others:
        said.append(
            f"{_count(len(plan.others), 'open invitation')} of others that name {plan.address} will stay"
            f" ({', '.join(plan.others)}): answer or dismiss, and forget again."
        )
    return said


def _question(plan: Plan) -> str:
    what = _count(len(plan.items), "item")
    open_ones = f", {plan.unanswered} of them not answered yet" if plan.unanswered else ""
    copies = "all backups" if plan.before is None else "backups and log lines of that age"
    return f"Remove {what}{open_ones}, and {copies}? This can't be taken back."


def _done(removed: Removed) -> list[str]:
    counts = [
        (len(removed.items), "item"),
        (removed.mails, "cached mail"),
        (removed.answers, "answer"),
        (removed.choices, "further choice"),
        (removed.confirmations, "confirmation"),
        (removed.log_lines, "log line"),
        (len(removed.files), "backup"),
    ]
    said = [_count(number, what) for number, what in counts if number]
    lines = [f"Removed: {', '.join(said)}." if said else "Nothing was kept."]
    if removed.answers:
        lines.append("Time won back stays.")
    if not removed.wiped:
        lines.append("Another regrets is open: close it and forget again, so that nothing is left in its files.")
    return lines


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
