"""Short texts of which each says, or only seems to say, one thing that the ladder asks about.

`<language>.toml` holds a table for each question of QUESTIONS, with `yes` and `no`: texts to which the answer is that
one. A text may begin with a subject, ended by ` || `. Under `[asks_for."phrase of not_offered"]` stand texts that ask
for that work in whatever words (`yes`), and such that only mention it (`no`).

Every other text is for developing, the rest only measures. `python -m tests.cases.phrases [--language xx] [--show]
[--measure]` prints the share of right answers.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from regrets.domain.strategy.cues.reading import Reading

HERE = Path(__file__).parent
QUESTIONS: dict[str, Callable[[Reading], bool]] = {
    "abuse": lambda reading: reading.abusive,
    "third_person": lambda reading: reading.third_person,
    "guarantee": lambda reading: reading.guarantee,
    "unpaid": lambda reading: reading.unpaid,
    "unrealistic": lambda reading: reading.unrealistic,
    "reopens": lambda reading: reading.reopens,
    "asks_status": lambda reading: reading.asks_status,
    "work": lambda reading: reading.about_the_work,
    "pitch": lambda reading: reading.pitches,
    "only_informs": lambda reading: reading.informs and not reading.decides and not reading.serious,
    "serious": lambda reading: reading.serious,
    "agenda": lambda reading: reading.agenda,
    "three_topics": lambda reading: reading.topics > 2,
    "their_place": lambda reading: reading.at_their_place,
}


@dataclass(frozen=True)
class Phrase:
    """One text with its answer."""

    language: str
    question: str
    subject: str
    text: str
    wanted: bool
    develop: bool
    work: str = ""  # the phrase of not_offered, for `asks_for`

    @property
    def right(self) -> bool:
        """Whether the engine says the same."""
        reading = Reading(self.subject, self.text, self.language)
        if self.work:
            return bool(reading.offered_not((self.work,))) is self.wanted
        return QUESTIONS[self.question](reading) is self.wanted


def phrases(language: str) -> Iterator[Phrase]:
    """All of one language; none where it has no file."""
    path = HERE / f"{language}.toml"
    if not path.exists():
        return
    tables = tomllib.loads(path.read_text("utf-8"))
    works = tables.pop("asks_for", {})
    for question, table in tables.items():
        assert question in QUESTIONS, question
        yield from _texts(language, question, table)
    for number, (work, table) in enumerate(works.items()):
        yield from _texts(language, "asks_for", table, work, number)


def _texts(
    language: str, question: str, table: dict[str, list[str]], work: str = "", shift: int = 0
) -> Iterator[Phrase]:
    for answer in ("yes", "no"):
        for number, written in enumerate(table.get(answer, ())):
            subject, separator, text = written.partition(" || ")
            develop = (number + shift) % 2 == 0
            subject, text = (subject, text) if separator else ("", written)
            yield Phrase(language, question, subject, text, answer == "yes", develop, work)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--language", action="append")
    options.add_argument(
        "--show", action="store_true", help="the texts of the develop half that are answered wrongly"
    )
    options.add_argument("--measure", action="store_true", help="the figures of the other half too")
    chosen = options.parse_args()
    for language in chosen.language or sorted(path.stem for path in HERE.glob("*.toml")):
        found = [(phrase, phrase.right) for phrase in phrases(language)]
        for question in dict.fromkeys(phrase.question for phrase, _ in found):
            for wanted in (True, False):
                cells = [_cell(found, question, wanted, develop) for develop in (True, False)[: 1 + chosen.measure]]
                print(f"{language} {question:14s}{'yes' if wanted else 'no':4s}", *cells)
        if chosen.show:
            for phrase, right in found:
                if phrase.develop and not right:
                    print(f"  {phrase.question} {phrase.work} {'yes' if phrase.wanted else 'no'}: {phrase.text}")


def _cell(found: list[tuple[Phrase, bool]], question: str, wanted: bool, develop: bool) -> str:
    right = [
        right
        for phrase, right in found
        if (phrase.question, phrase.wanted, phrase.develop) == (question, wanted, develop)
    ]
    share = 100 * sum(right) / (len(right) or 1)
    return f"{'develop' if develop else 'measure'} {sum(right):3d} of {len(right):3d} {share:5.1f} %"
