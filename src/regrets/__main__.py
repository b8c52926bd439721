"""`regrets` and `python -m regrets`."""

from __future__ import annotations

import atexit
import gc
import sys


def main() -> None:
    """The console script. Without arguments in a terminal the inbox opens without loading the command line."""
    atexit.register(gc.freeze)  # Python would look through all its objects once more at the end: half a second
    from regrets.cli.failures import guarded

    sys.exit(guarded(_run))


def _run() -> int:
    from regrets.bootstrap import Program

    if len(sys.argv) == 1 and sys.stdin.isatty() and sys.stdout.isatty():
        program = Program()
        if program.can_open_at_once():
            return program.run_tui()
    from regrets.cli.main import status_of

    return status_of(Program)


if __name__ == "__main__":
    main()
