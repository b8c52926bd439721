"""`regrets reply`: answers one invitation from the shell."""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import closing
from pathlib import Path

import click

from regrets.cli import output
from regrets.cli.commands.show import show_draft
from regrets.cli.context import Program, global_options
from regrets.cli.filing import agreed_filing, filed_json, possible_filing, tell_filed
from regrets.cli.stopping import told_when_stopped
from regrets.domain.cases import Choice, Range
from regrets.domain.errors import CannotAnswer
from regrets.domain.events import ignore
from regrets.domain.model import (
    Draft,
    OutboxEntry,
    OutboxState,
    OutgoingMessage,
    PartStat,
    Slot,
    Strategy,
    Unreadable,
)
from regrets.domain.outbox import ASKS
from regrets.domain.text import own, safe_line

STRATEGIES = [str(strategy) for strategy in Strategy if strategy is not Strategy.NONE]


@click.command()
@click.argument("target", metavar="ID|FILE")
@click.option("--strategy", type=click.Choice(STRATEGIES), help="Another answer than the suggested one.")
@click.option("--language", metavar="CODE", help="Of the letter: en, nb, sl, tr, lv, fi.")
@click.option("--formal/--informal", default=None, help="The form of address, where the language has two.")
@click.option("--reason", is_flag=True, help="Names the reason in the letter.")
@click.option("--minutes", type=click.IntRange(5, 480), help="For shorten and timebox.")
@click.option("--propose", multiple=True, metavar="START/END", help="A time to propose, ISO 8601; up to three.")
@click.option("--range", "range_", type=click.Choice([str(each) for each in Range]), help="How much of a series.")
@click.option(
    "--instance", metavar="RECURRENCE-ID", help="Which meeting of a series: its day or time; else the next."
)
@click.option(
    "--delegate", metavar="ADDR", help="bow_out: who takes part instead; their calendar gets the invitation."
)
@click.option("--text-file", type=click.Path(), help="Your own text in place of the letter; `-` is stdin.")
@click.option("--brief-file", type=click.Path(), help="bow_out: your own text for the colleague; empty sends none.")
@click.option("--confirm", multiple=True, metavar="WARNING", help="Says that you have seen this warning.")
@click.option("--file", "calendar", metavar="CALENDAR", default="", help="Files it in this calendar of yours, too.")
@click.option("--yes", is_flag=True, help="Sends without asking; alone it files nothing.")
@click.option("--dry-run", is_flag=True, help="Prints the exact message and sends nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@global_options
def reply(
    program: Program, target: str, calendar: str, yes: bool, dry_run: bool, as_json: bool, **options: object
) -> int:
    """Answers an invitation. Without --yes it shows the letter and asks.

    \b
    regrets reply k3f9q2wx7a
    regrets reply k3f9q2wx7a --strategy shorten --minutes 25 --yes
    regrets reply k3f9q2wx7a --strategy accept --file mine --yes
    regrets reply k3f9q2wx7a --strategy decline --range this --instance 2026-12-01
    regrets reply k3f9q2wx7a --delegate ben@studio.example
    regrets reply invite.eml --dry-run
    """
    choice = _choice(program, options)
    if _is_file(target):
        if not dry_run:
            raise click.UsageError(
                "A file can only be answered with --dry-run; an ID from `regrets list` can be sent."
            )
        return _preview_file(program, target, choice)
    with closing(program.desk()) as desk:
        draft = desk.draft(target, choice)
        output.faults(desk.faults())
        if dry_run:
            _print_messages(desk.messages(target, draft))
            return 0
        filing = possible_filing(desk, target, draft, calendar, yes=yes)
        confirmed = options["confirm"]
        assert isinstance(confirmed, tuple)
        objections = [(code, text) for code, text in desk.objections(target, draft) if code not in confirmed]
        if yes and objections:
            codes = " ".join(f"--confirm {code}" for code, _ in objections)
            sentences = " ".join(text for _, text in objections)
            raise CannotAnswer(sentences, f"To send all the same, add {codes}.")
        if not yes and not _agreed(draft, objections):
            output.say(own("Nothing was sent."))
            return 1
        for code, _ in desk.objections(target, draft):
            desk.confirm(target, code)  # named with --confirm, or seen just now
        filing = agreed_filing(filing)
        with told_when_stopped(desk):
            entry = desk.send_now(target, draft, ignore, filing)
        sent = [entry, *(each for each in desk.outbox() if each.follows == entry.id)]
        filed = filed_json(desk, entry.id, filing)
    return max(_outcome(target, sent, filed, as_json), tell_filed(filed, as_json=as_json))


def _outcome(target: str, sent: list[OutboxEntry], filed: dict[str, str] | None, as_json: bool) -> int:
    """Says what became of the answer, and of the brief that follows it."""
    if as_json:
        output.as_json(
            {
                "id": target,
                "state": str(sent[0].state),
                "message_ids": [entry.message_id for entry in sent],
                "to": [address for entry in sent for address in entry.recipients],
                "filed": filed,
            }
        )
    for entry in sent:
        if not as_json:
            output.line(safe_line(f"{entry.state}: {entry.subject}, to {', '.join(entry.recipients)}"))
        if entry.state is not OutboxState.SENT:
            what = "brief" if entry.follows else "answer"
            cure = f" `regrets outbox retry {entry.id}` sends it again." if entry.state in ASKS else ""
            output.say(safe_line(f"regrets: {entry.error or f'The {what} waits in the outbox.'}{cure}"))
    return 0 if all(entry.state is OutboxState.SENT for entry in sent) else 1


def _choice(program: Program, options: dict[str, object]) -> Choice:
    strategy, text_file, minutes = options["strategy"], options["text_file"], options["minutes"]
    delegate = options["delegate"]
    if delegate and strategy not in (None, str(Strategy.BOW_OUT)):
        raise click.UsageError(f"--delegate belongs to bow_out, not to {strategy}.")
    brief = _text(str(options["brief_file"]), "--brief-file") if options["brief_file"] else None
    if delegate and brief is not None and not brief.strip():
        raise click.UsageError("A delegate gets the invitation with a brief: --brief-file must not be empty.")
    proposals = tuple(_slot(program, str(text)) for text in options["propose"])  # type: ignore[attr-defined]
    return Choice(
        strategy=Strategy.BOW_OUT if delegate else Strategy(str(strategy)) if strategy else None,
        partstat=PartStat.DELEGATED if delegate else None,
        delegate=str(delegate) if delegate else None,
        language=str(options["language"]) if options["language"] else None,
        formal=None if options["formal"] is None else bool(options["formal"]),
        reason=True if options["reason"] else None,
        minutes=minutes if isinstance(minutes, int) else None,
        proposals=proposals[:3] or None,
        body=_text(str(text_file), "--text-file") if text_file else None,
        brief_body=brief,
        range_=Range(str(options["range_"])) if options["range_"] else None,
        instance=str(options["instance"]) if options["instance"] else None,
    )


def _slot(program: Program, text: str) -> Slot:
    from zoneinfo import ZoneInfo

    try:
        start, end = (dt.datetime.fromisoformat(part) for part in text.split("/"))
    except ValueError:
        raise click.BadParameter(
            "give START/END, e.g. 2026-11-24T10:00/2026-11-24T10:30", param_hint="--propose"
        ) from None
    zone = ZoneInfo(program.settings().me.timezone)
    start, end = (moment if moment.tzinfo else moment.replace(tzinfo=zone) for moment in (start, end))
    if start >= end:
        raise click.BadParameter("the start must be before the end", param_hint="--propose")
    return Slot(start, end)


def _text(name: str, option: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{name} can't be read: {error}", param_hint=option) from None


def _is_file(target: str) -> bool:
    return target.endswith((".eml", ".ics")) or "/" in target or Path(target).is_file()


def _preview_file(program: Program, target: str, choice: Choice) -> int:
    try:
        data = Path(target).read_bytes()
    except OSError as error:
        raise click.BadParameter(f"{target} can't be opened: {error.strerror}", param_hint="FILE") from None
    case = program.suggest_files([(target, data)])[target]
    output.faults(program.file_faults())
    if isinstance(case.invitation, Unreadable):
        raise CannotAnswer(f"{target}: {case.invitation.message}")
    _print_messages(program.messages_file(case, choice))
    return 0


def _print_messages(messages: tuple[OutgoingMessage, ...]) -> None:
    for message in messages:
        if len(messages) > 1:
            output.raw(f"From {message.sender} Thu Jan  1 00:00:00 1970\r\n".encode("ascii", "replace"))
        output.raw(message.data)


def _agreed(draft: Draft, objections: list[tuple[str, str]]) -> bool:
    show_draft(draft)
    for _, text in objections:
        output.say(safe_line(f"! {text}"))
    return output.confirm(own("Send this?"))
