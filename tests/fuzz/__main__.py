"""`python -m tests.fuzz --seconds 60`: all targets, as many at once as there are processors.

The plain engine tries ten times as many inputs; atheris chooses them by what they reach, and pays in a long run.
Ends with status 1 where anything was found; each finding, made small, is a file in --into. `--target T --file F`
runs one input again and shows the traceback.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

from tests.fuzz.engines import Findings, guided, plain

NAMES = ("reading", "answering", "letters", "gate", "worker")
UNGUIDED = ("worker",)  # what it runs is in another process


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="in all")
    parser.add_argument("--seed", type=int, default=0, help="0: another one each day")
    parser.add_argument(
        "--into", type=Path, default=Path(tempfile.gettempdir()) / "regrets-fuzz", help="for findings"
    )
    parser.add_argument("--engine", choices=("atheris", "plain"), default="plain")
    parser.add_argument("--target", choices=NAMES, help="only this one, in this process")
    parser.add_argument("--file", type=Path, help="only this input")
    wanted = parser.parse_args()
    seed = wanted.seed or int(time.time() // 86400)
    if wanted.file:
        from tests.fuzz.targets import TARGETS

        TARGETS[wanted.target](wanted.file.read_bytes())
        return 0
    if wanted.target:
        return _one(wanted.target, wanted.engine, wanted.seconds, seed, wanted.into.absolute())
    return _all(wanted.engine, wanted.seconds, seed, wanted.into.absolute())


def _one(name: str, engine: str, seconds: float, seed: int, into: Path) -> int:
    if engine == "atheris" and name not in UNGUIDED:
        guided(name, seconds, seed, into, _leave)
    return _report(plain(name, seconds, seed, into))


def _leave(findings: Findings) -> NoReturn:
    os._exit(_report(findings))


def _report(findings: Findings) -> int:
    print(f"{findings.name}: {findings.count} inputs, {len(findings.found)} findings", flush=True)
    return 1 if findings.found or findings.count < 20 else 0  # a fuzzer that did nothing has found nothing


def _all(engine: str, seconds: float, seed: int, into: Path) -> int:
    workers = os.cpu_count() or 1
    print(f"Engine {engine}, seed {seed}, {seconds:.0f} seconds", flush=True)
    each = [*("--engine", engine), *("--seconds", str(seconds * workers / len(NAMES))), *("--seed", str(seed))]

    def run(name: str) -> int:
        command = [sys.executable, "-m", "tests.fuzz", "--target", name, *each, "--into", str(into)]
        return subprocess.run(command, check=False).returncode

    with ThreadPoolExecutor(workers) as pool:
        return max(map(abs, pool.map(run, NAMES)))


if __name__ == "__main__":
    sys.exit(main())
