"""For programs under test (tests/support/canary.py): notes every command line and environment that they start."""

import contextlib
import os
import sys

_STARTS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system")
_FILE = os.environ.get("REGRETS_TEST_ARGV", "")


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event in _STARTS:
        with contextlib.suppress(OSError), open(_FILE, "a", encoding="utf-8", errors="replace") as log:  # noqa: PTH123
            log.write(f"{event} {arguments!r}\n")


if _FILE:
    sys.addaudithook(_note)
