"""Runs the consumers that judge answers: programs of others, built by `tests/consumers/install DIR`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
BUILT = Path(os.environ.get("REGRETS_CONSUMERS", "/nonexistent"))
COMMANDS = {
    "libical": [str(BUILT / "libical_judge")],
    "ical.js": ["node", str(BUILT / "icaljs_judge.mjs")],
    "kcalendarcore": [str(BUILT / "kcal_judge")],
    "vobject": [str(BUILT / "venv" / "bin" / "python"), str(HERE / "vobject_judge.py")],
}
needed = [
    pytest.mark.consumers,
    pytest.mark.skipif(
        not BUILT.is_dir(), reason="no calendar consumers: tests/consumers/install DIR, then REGRETS_CONSUMERS=DIR"
    ),
]


@dataclass(frozen=True)
class Reading:
    """What one consumer read in an answer, as texts (moments as seconds since 1970), and what it would refuse."""

    judge: str
    facts: dict[str, str]
    faults: tuple[str, ...]


def readings(pairs: Iterable[tuple[bytes, bytes]], folder: Path) -> Iterator[list[Reading]]:
    """For each (request, answer) as iCalendar bytes: what every consumer makes of the answer."""
    names: list[str] = []
    for index, texts in enumerate(pairs):
        for kind, text in zip(("request", "answer"), texts, strict=True):
            path = folder / f"{index}-{kind}.ics"
            path.write_bytes(text)
            names.append(str(path))
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda command: _run(command, names), COMMANDS.values()))
    assert all(len(lines) == len(names) // 2 for lines in found)
    for lines in zip(*found, strict=True):
        yield [_reading(line) for line in lines]


def _run(command: list[str], names: list[str]) -> list[str]:
    done = subprocess.run([*command, *names], capture_output=True, timeout=120, check=True)
    return done.stdout.decode("utf-8", "replace").splitlines()


def _reading(line: str) -> Reading:
    fields = [field.partition("=") for field in line.split("\t")]
    facts = {key: value for key, _, value in fields if key != "fault"}
    return Reading(facts.pop("judge"), facts, tuple(value for key, _, value in fields if key == "fault"))
