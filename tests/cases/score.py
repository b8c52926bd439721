"""Scores the suggestions against the labelled cases.

`python -m tests.cases.score [--split develop|measure|all] [--language xx] [--show]`. The misses of the measure
split are figures only unless `--show` is given: whoever tunes the rules must not see what they are measured by.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from regrets.bootstrap import Program
from tests.cases.build import mail, shape_of, write_config
from tests.cases.labels import BOOKS, LANGUAGES, Label, book

SECOND_BOOKS_FROM = 101  # their numbers; written by others than the first ones


@dataclass(frozen=True)
class Result:
    """A label and what was suggested."""

    label: Label
    strategy: str
    rule: str

    @property
    def right(self) -> bool:
        return self.strategy in self.label.accepted

    @property
    def rule_right(self) -> bool:
        return self.strategy == self.label.strategy and self.rule == self.label.rule


def run(name: str, directory: Path) -> list[Result]:
    """All cases of a book, judged in one run as `regrets suggest` does."""
    of = book(name)
    config, data = directory / name / "config", directory / name / "data"
    write_config(of, config)
    data.mkdir()
    program = Program(str(config), str(data), of.now.isoformat())
    answers = program.suggest_files([(label.id, mail(label, of)) for label in of.labels])
    results = []
    for label in of.labels:
        suggestion = answers[label.id].suggestion
        if suggestion is None:
            results.append(Result(label, "unreadable", ""))
        else:
            results.append(Result(label, str(suggestion.strategy.value), str(suggestion.rule)))
    return results


def _share(results: Iterable[Result]) -> str:
    all_of_them = list(results)
    right = sum(result.right for result in all_of_them)
    rules = sum(result.rule_right for result in all_of_them)
    count = len(all_of_them) or 1
    return (
        f"{right:4d} of {len(all_of_them):3d}  {100 * right / count:5.1f} %   rule too {100 * rules / count:5.1f} %"
    )


def _table(title: str, groups: dict[str, list[Result]]) -> None:
    print(f"\n{title}")
    for name, results in sorted(groups.items()):
        print(f"  {name:22s}{_share(results)}")


def report(results: list[Result], show: bool) -> None:
    """The figures by split, language, strategy, shape; then the misses."""
    by: dict[str, dict[str, list[Result]]] = defaultdict(lambda: defaultdict(list))
    for result in results:
        label = result.label
        users = "first users" if label.number < SECOND_BOOKS_FROM else "second users"
        by["by split"][f"{users}, {label.split}"].append(result)
        by[f"{users}, by language and split"][f"{label.language} {label.split}"].append(result)
        by["by strategy"][label.strategy].append(result)
        by["by shape"][shape_of(label)].append(result)
        by["near-misses"]["near-miss" if label.data.get("near_miss") else "others"].append(result)
    for title, groups in by.items():
        _table(title, groups)
    misses = [result for result in results if not result.right]
    print("\nexpected -> suggested")
    for (expected, got), count in Counter((miss.label.strategy, miss.strategy) for miss in misses).most_common():
        print(f"  {expected} -> {got}: {count}")
    print("\nmisses")
    for miss in misses:
        label = miss.label
        if label.split == "measure" and not show:
            continue
        print(f"  {label.id} {label.strategy} ({label.rule}), got {miss.strategy} ({miss.rule}): {label.data['why']}")
    hidden = sum(miss.label.split == "measure" for miss in misses)
    if hidden and not show:
        print(f"  and {hidden} of the measure split, not shown")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--split", default="all", choices=("develop", "measure", "all"))
    options.add_argument("--language", choices=tuple(LANGUAGES), action="append")
    options.add_argument("--show", action="store_true", help="name the misses of the measure split too")
    chosen = options.parse_args()
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as directory:
        for name in BOOKS:
            if not chosen.language or name[:2] in chosen.language:
                results += run(name, Path(directory))
    report([each for each in results if chosen.split in ("all", each.label.split)], chosen.show)


if __name__ == "__main__":
    main()
