"""`regrets` and `python -m regrets`."""

from __future__ import annotations

import sys


def main() -> None:
    """The console script. Without arguments in a terminal the inbox opens without loading the command line."""
    from regrets.bootstrap import Program

    if len(sys.argv) == 1 and sys.stdin.isatty() and sys.stdout.isatty():
        program = Program()
        if program.can_open_at_once():
            sys.exit(program.run_tui())
    from regrets.cli.main import run

    run(Program)


if __name__ == "__main__":
    main()
