"""Two ways to feed a target: a plain loop, and atheris, which sees which lines an input reaches."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tests.fuzz.mutator import Mutator
from tests.fuzz.seeds import TOKENS, seeds

CPU_SECONDS = 5.0  # of one input, all that the program does with it; what is promised of one bad mail
SMALLER_SECONDS = 10.0  # for making a finding small
_SEEN = ("regrets", "icalendar", "email", "html", "quopri", "dateutil", "inscriptis")


class TooSlow(BaseException):
    """Not an Exception: the boundary that is tried catches those."""


class Findings:
    """What a target raised: the first input for each place, made small."""

    def __init__(self, name: str, target: Callable[[bytes], None], into: Path) -> None:
        self.name, self._target, self._into = name, target, into
        self.found: dict[str, Path] = {}
        self.count = 0

    def attempt(self, data: bytes) -> None:
        """Runs the target once."""
        self.count += 1
        where = self._fault(data)
        if where and where not in self.found:
            small = self._smaller(data, where)
            self._into.mkdir(parents=True, exist_ok=True)
            self.found[where] = self._into / f"{self.name}-{len(self.found)}"
            self.found[where].write_bytes(small)
            print(f"{self.name}: {where}\n  {self.found[where]}: {small[:300]!r}", flush=True)

    def _fault(self, data: bytes) -> str:
        """Where it failed, in words; '' where it did not."""
        try:
            with _limited():
                self._target(data)
        except (Exception, TooSlow) as error:
            if isinstance(error, TooSlow):
                return "more than CPU_SECONDS"
            frame = traceback.extract_tb(error.__traceback__)[-1]
            words = str(error).partition(":")[0][:60] if isinstance(error, AssertionError) else ""
            return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno} {words!a}"
        return ""

    def _smaller(self, data: bytes, where: str) -> bytes:
        """Leaves out lines, then bytes, as long as it fails in the same place."""
        end = time.monotonic() + SMALLER_SECONDS
        for mark in (b"\n", b""):
            pieces = data.split(mark) if mark else [data[at : at + 1] for at in range(len(data))]
            size = max(1, len(pieces) // 2)
            while size and time.monotonic() < end:
                at = 0
                while at < len(pieces) and time.monotonic() < end:
                    fewer = pieces[:at] + pieces[at + size :]
                    if self._fault(mark.join(fewer)) == where:
                        pieces = fewer
                    else:
                        at += size
                size //= 2
            data = mark.join(pieces)
        return data


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """CPU time, not the clock's: a machine that does other things finds nothing."""
    former = signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)


def _too_slow(number: int, frame: FrameType | None) -> NoReturn:
    raise TooSlow


def plain(name: str, seconds: float, seed: int, into: Path) -> Findings:
    """Seeds as they are, then damaged ones; whatever did something new is not known here."""
    from tests.fuzz.targets import TARGETS

    findings, start = Findings(name, TARGETS[name], into), seeds()
    mutator = Mutator(start, TOKENS, seed)
    end = time.monotonic() + seconds
    for data in start:
        findings.attempt(data)
    while time.monotonic() < end:
        findings.attempt(mutator.fresh())
    return findings


def guided(name: str, seconds: float, seed: int, into: Path, ended: Callable[[Findings], NoReturn]) -> NoReturn:
    """libFuzzer chooses what to damage further; it never returns, so `ended` is called when the time is over."""
    import atheris

    with atheris.instrument_imports(include=list(_SEEN), enable_loader_override=False):
        from tests.fuzz.targets import TARGETS
    findings, start = Findings(name, TARGETS[name], into), seeds()
    mutator, luck = Mutator(start, TOKENS, seed), random.Random(seed)
    end = time.monotonic() + seconds

    def one(data: bytes) -> None:
        if time.monotonic() > end:
            ended(findings)
        findings.attempt(data)

    def mutate(data: bytes, most: int, luck_: int) -> bytes:
        way = luck.random()
        changed = (
            atheris.Mutate(data, most) if way < 0.15 else mutator.fresh() if way < 0.3 else mutator.damaged(data)
        )
        return bytes(changed[:most])

    with tempfile.TemporaryDirectory(prefix="regrets-fuzz-") as corpus:
        for number, data in enumerate(start):
            (Path(corpus) / str(number)).write_bytes(data)
        os.chdir(into if into.is_dir() else corpus)
        options = [
            "-max_len=65536",
            f"-seed={seed or 1}",
            "-verbosity=0",
            "-rss_limit_mb=3072",
            "-print_final_stats=0",
        ]
        atheris.Setup(["fuzz", *options, corpus], one, custom_mutator=mutate)
        atheris.Fuzz()
    raise AssertionError("libFuzzer came back")
