"""`regrets` and `python -m regrets`."""

from __future__ import annotations


def main() -> None:
    """The console script."""
    from regrets.bootstrap import Program
    from regrets.cli.main import run

    run(Program)


if __name__ == "__main__":
    main()
