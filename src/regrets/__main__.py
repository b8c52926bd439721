"""`regrets` and `python -m regrets`."""

from __future__ import annotations


def main() -> None:
    """The console script."""
    from regrets.cli.main import run

    run()


if __name__ == "__main__":
    main()
