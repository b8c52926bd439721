"""The labelled cases of the shared material, run through reading and suggesting without the command line.

`python -m tests.support.labelled [CASE...]` prints the misses; with case ids, the whole trace of each.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from regrets.adapters.calendars import Calendars
from regrets.adapters.config_file import load
from regrets.domain.imip import read
from regrets.domain.model import Invitation, Suggestion
from regrets.domain.strategy.facts import Facts
from regrets.services.triage import Triage

CASES = Path(os.environ.get("REGRETS_SHARED", Path(__file__).parents[2].parent / "shared")) / "cases"


class FixedClock:
    """ports.Clock that stands still."""

    def __init__(self, now: dt.datetime) -> None:
        self._now = now

    def now(self) -> dt.datetime:
        return self._now

    def monotonic(self) -> float:
        return 0.0


@dataclass(frozen=True)
class Result:
    """A label and what came of it."""

    label: dict[str, str]
    facts: Facts
    suggestion: Suggestion

    @property
    def right(self) -> bool:
        return self.suggestion.strategy == self.label["strategy"]

    @property
    def rule_right(self) -> bool:
        return self.right and self.suggestion.rule == self.label["rule"]


def results(wanted: set[str] | None = None) -> list[Result]:
    """All cases, or those wanted."""
    labels = [json.loads(line) for line in (CASES / "cases.jsonl").read_text("utf-8").splitlines() if line]
    engines: dict[tuple[str, str], Triage] = {}
    found = []
    for label in labels:
        if wanted and label["id"] not in wanted:
            continue
        key = label["config"], label["now"]
        if key not in engines:
            settings, book = load(CASES / label["config"])
            clock = FixedClock(dt.datetime.fromisoformat(label["now"]))
            engines[key] = Triage(settings, book, Calendars(), None, clock)
        invitation = read((CASES / label["file"]).read_bytes())
        assert isinstance(invitation, Invitation), (label["id"], invitation)
        found.append(Result(label, *engines[key].suggest(invitation)))
    return found


def main() -> None:
    wanted = set(sys.argv[1:])
    done = results(wanted)
    for result in done:
        label, suggestion = result.label, result.suggestion
        if wanted or not result.rule_right:
            print(
                f"{label['id']}: {suggestion.strategy} ({suggestion.rule}), wanted {label['strategy']} "
                f"({label['rule']}): {' '.join(suggestion.reasons)} -- {label['why']}"
            )
        if wanted:
            print(f"    [{result.facts.language}] {result.facts.invitation.summary} / {result.facts.text}")
            for verdict in suggestion.trace:
                print(f"    {'*' if verdict.holds else ' '} {verdict.rule:3} {verdict.strategy:14} {verdict.reason}")
            print("   ", suggestion.alternatives, suggestion.proposals, suggestion.minutes_won)
    languages = [
        result for result in done if result.label["language"] and result.facts.language != result.label["textlang"]
    ]
    print(f"{sum(r.right for r in done)} of {len(done)}, rule {sum(r.rule_right for r in done)}")
    print("language:", [(r.label["id"], r.facts.language, r.label["textlang"]) for r in languages])


if __name__ == "__main__":
    main()
