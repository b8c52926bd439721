"""`regrets show ID`: one invitation with everything that decides the answer."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from regrets.cli import output
from regrets.cli.commands.listing import name_read_only
from regrets.cli.context import Program, global_options
from regrets.domain.cases import Case
from regrets.domain.model import Draft, Unreadable
from regrets.domain.naming import safe_mailbox
from regrets.domain.text import safe_address, safe_block, safe_line
from regrets.services.views import draft_json, row_json


@click.command()
@click.argument("item_id", metavar="ID")
@click.option("--ladder", is_flag=True, help="Every rule: which held, which did not, and why.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@global_options
def show(program: Program, item_id: str, ladder: bool, as_json: bool) -> None:
    """Shows one invitation: its facts, the suggestion with reasons, and the draft."""
    with closing(program.desk()) as desk:
        name_read_only(desk)
        case = desk.case(item_id)
        output.faults(desk.faults())
    if as_json:
        output.as_json(case_json(case) | row_json(case.row) | {"draft": draft_json(case.draft)})
        return
    show_case(case, ladder)


def case_json(case: Case) -> dict[str, Any]:
    """What `show` adds to `list`: facts in words."""
    return {
        "facts": {glance.label: glance.text for glance in case.glances},
        "changes": [{"what": each.what, "from": each.before, "to": each.after} for each in case.changes],
        "answer_stands": case.answer_stands,
    }


def show_case(case: Case, ladder: bool = False) -> None:
    """Prints one case for people."""
    output.line(safe_line(case.row.summary or "(no title)"))
    if isinstance(case.invitation, Unreadable):
        output.line(safe_line(f"Could not be read: {case.invitation.message}"))
        return
    for glance in case.glances:
        output.columns([(safe_line(glance.label), 14), (safe_line(glance.text), 0)])
    output.line()
    if case.suggestion is not None:
        output.line(safe_line(f"Suggestion: {case.suggestion.strategy}"))
        for reason in case.suggestion.reasons:
            output.line(safe_line(f"  {reason}"))
        if case.suggestion.alternatives:
            output.line(safe_line(f"Or: {', '.join(case.suggestion.alternatives)}"))
        if ladder:
            for verdict in case.suggestion.trace:
                mark = "holds " if verdict.holds else "no    "
                output.line(safe_line(f"  {mark} {verdict.rule:4} {verdict.strategy}: {verdict.reason}"))
    if case.problem:
        output.line(safe_line(case.problem))
    if case.draft is not None:
        output.line()
        show_draft(case.draft)


def show_draft(draft: Draft) -> None:
    """Prints a letter with where it goes and what the calendar is told."""
    output.line(safe_line(f"From:     {draft.from_.address}"))
    to = ", ".join(safe_address(mailbox.address) for mailbox in (*draft.to, *draft.cc))
    output.line(safe_line(f"To:       {to}"))
    output.line(safe_line(f"Subject:  {draft.subject}"))
    told = draft.effect.partstat or "nothing (a plain mail)"
    if draft.delegate is not None:
        told = f"{told} to {safe_address(draft.delegate.address)}"
    if draft.effect.start is not None and draft.effect.end is not None:
        told = f"{told}, proposing {draft.effect.start:%Y-%m-%d %H:%M}-{draft.effect.end:%H:%M}"
    output.line(safe_line(f"Calendar: {told}"))
    if draft.covers:
        output.line(safe_line(f"Covers:   {draft.covers}"))
    output.line()
    output.block(safe_block(draft.body))
    if draft.brief is not None:
        _show_brief(draft.brief)


def _show_brief(brief: Draft) -> None:
    """Prints the second message, to the colleague."""
    if not brief.body.strip():
        output.line(safe_line(f"No brief goes to {brief.to[0].address}."))
        return
    output.line()
    what = "a brief" if brief.effect.method is None else "the invitation, with a brief,"
    output.line(safe_line(f"And {what} to {safe_mailbox(brief.to[0].name, brief.to[0].address)}:"))
    output.line(safe_line(f"To:       {brief.to[0].address}"))
    output.line(safe_line(f"Subject:  {brief.subject}"))
    output.line()
    output.block(safe_block(brief.body))
