"""The README, the command line and the registry of actions must agree.

usage: python tests/check_docs.py [--write]     (--write makes docs/keys.md anew)
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


PLACES = {
    "inbox": "In the inbox",
    "editor": "While you edit a reply",
    "find": "While you search",
    "view": "In a page to read (why, help, the exact message)",
    "chooser": "Among all strategies",
    "confirm": "Before a final letter",
    "outbox": "In the outbox",
    "clients": "In the client book",
    "password": "While a password is asked for",
    "note": "While you note a sign",
    "filing": "Asked about your own calendar",
    "quit": "At quit, while replies wait",
    "anywhere": "Anywhere",
}


def keys_page() -> str:
    """docs/keys.md, made from the registry of actions."""
    from regrets.domain.actions import ACTIONS

    lines = [
        "# Keys",
        "",
        'Every action has an id. `[keys]` in config.toml gives it other keys: `send = "ctrl+y"` or `send = "s,f2"`.',
        "An unknown id, an impossible key or a clash is reported when the inbox opens, and the default stays.",
    ]
    for place, title in PLACES.items():
        lines += ["", f"## {title}", "", "| key | does | id | from the shell |", "|---|---|---|---|"]
        for action in ACTIONS:
            if action.place == place:
                keys = " ".join(f"`{_shown(key)}`" for key in action.keys.split(","))
                command = f"`regrets {action.command}`" if action.command else ""
                lines.append(f"| {keys} | {action.title} | `{action.id}` | {command} |".replace("| grep", "\\| grep"))
    return "\n".join(lines) + "\n"


def _shown(key: str) -> str:
    names = {"slash": "/", "question_mark": "?", "colon": ":", "down": "↓", "up": "↑", "left": "←", "right": "→"}
    return names.get(key, key)


def faults() -> list[str]:
    """What the documents say wrongly or don't say."""
    from regrets.cli.main import LazyGroup

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first_screen = "\n".join(readme.splitlines()[:40])
    found = [f"README: {command!r} is not at the top" for command in TWO_COMMANDS if command not in first_screen]
    found += [
        f"README: `regrets {name}` is not named" for name in LazyGroup.COMMANDS if f"regrets {name}" not in readme
    ]
    if (ROOT / "docs" / "keys.md").read_text(encoding="utf-8") != keys_page():
        found.append("docs/keys.md is not what the registry says: python tests/check_docs.py --write")
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                found.append(f"{page.name}: {target} does not exist")
    return found


if __name__ == "__main__":
    if "--write" in sys.argv:
        (ROOT / "docs" / "keys.md").write_text(keys_page(), encoding="utf-8")
    wrong = faults()
    print("\n".join(wrong) or "The documents agree with the program.")
    sys.exit(1 if wrong else 0)
