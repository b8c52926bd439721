"""CPU time that suggesting takes for one invitation once warm, over the labelled invitations.

`python -m benchmarks.suggest` prints the median, the 95th percentile and the slowest, in milliseconds, for those of
tests/cases and those of the shared material. Reading the mail is not counted; 3 ms for the median is the limit.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median, quantiles

from regrets.adapters.calendars import Calendars
from regrets.adapters.config_file import load
from regrets.domain.imip import read
from regrets.domain.model import Invitation
from regrets.domain.strategy.facts import Facts
from regrets.domain.strategy.ladder import suggest
from regrets.services.triage import Triage
from tests.cases.build import mail, write_config
from tests.cases.labels import BOOKS, book
from tests.support.labelled import CASES, FixedClock, results

ROUNDS = 5
LIMIT = 3.0  # milliseconds


def own_facts() -> list[Facts]:
    """The facts of the labelled invitations of this repository."""
    found = []
    for name in BOOKS:
        of = book(name)
        with tempfile.TemporaryDirectory() as directory:
            write_config(of, Path(directory))
            settings, clients = load(Path(directory))
            engine = Triage(settings, clients, Calendars(), None, FixedClock(of.now))
            for label in of.labels:
                invitation = read(mail(label, of))
                if isinstance(invitation, Invitation):
                    found.append(engine.suggest(invitation)[0])
    return found


def milliseconds(facts: Iterable[Facts]) -> list[float]:
    """The least CPU time of some rounds for each, nothing remembered from one to the next."""
    spent = []
    for each in facts:
        best = float("inf")
        for _ in range(ROUNDS):
            fresh = Facts(**{name: getattr(each, name) for name in Facts.__dataclass_fields__})
            begin = time.process_time()
            suggest(fresh)
            best = min(best, time.process_time() - begin)
        spent.append(best * 1000)
    return spent


def main() -> None:
    sets = {"tests/cases": own_facts()}
    if CASES.exists():
        sets["shared"] = [result.facts for result in results()]
    for name, facts in sets.items():
        spent = milliseconds(facts)
        high = quantiles(spent, n=20)[-1]
        middle = median(spent)
        print(
            f"{name:12s} {len(spent):3d} invitations: median {middle:.2f}, 95 % {high:.2f}, most {max(spent):.2f} ms"
        )
        if middle > LIMIT:
            raise SystemExit(f"over the limit of {LIMIT} ms")


if __name__ == "__main__":
    main()
