"""The README, the command line and the registry of actions must agree.

usage: python tests/check_docs.py
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TWO_COMMANDS = (
    "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/regrets demo",
    "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest",
)


def faults() -> list[str]:
    """What the documents say wrongly or don't say."""
    from regrets.cli.main import LazyGroup
    from regrets.domain.actions import ACTIONS

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first_screen = "\n".join(readme.splitlines()[:40])
    found = [f"README: {command!r} is not at the top" for command in TWO_COMMANDS if command not in first_screen]
    found += [
        f"README: `regrets {name}` is not named" for name in LazyGroup.COMMANDS if f"regrets {name}" not in readme
    ]
    keys = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")
    found += [
        f"docs/keys.md: the action {action.id} is missing" for action in ACTIONS if f"`{action.id}`" not in keys
    ]
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                found.append(f"{page.name}: {target} does not exist")
    return found


if __name__ == "__main__":
    wrong = faults()
    print("\n".join(wrong) or "The documents agree with the program.")
    sys.exit(1 if wrong else 0)
