"""What the first paint needs of config.toml, without loading the full checker (70 ms).

Wrong values count as defaults here; the full reader reports them a moment later.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from regrets.adapters.own_file import read_text

_UI: dict[str, type] = {"theme": str, "undo_seconds": int, "symbols": str, "motion": bool, "mouse": bool}


def quick_tables(config_file: Path) -> tuple[dict[str, Any], dict[str, str], dt.tzinfo | None]:
    """(What [ui] says of the screen, [keys], the zone of [me] or None for the machine's)."""
    try:
        data = tomllib.loads(read_text(config_file))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}, {}, None
    wanted = _table(data, "ui")
    fields = {name: wanted[name] for name, kind in _UI.items() if type(wanted.get(name)) is kind}
    keys = {action: key for action, key in _table(data, "keys").items() if isinstance(key, str)}
    return fields, keys, _zone(_table(data, "me").get("timezone"))


def names_an_account(config_file: Path) -> bool:
    """Whether the file can be parsed and has an [[account]]."""
    try:
        return bool(tomllib.loads(read_text(config_file)).get("account"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False


def lacks_account(config_file: Path) -> bool:
    """Whether there is no file, or one that can be parsed and has no [[account]]."""
    try:
        return not tomllib.loads(read_text(config_file)).get("account")
    except FileNotFoundError:
        return True
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    table = data.get(name)
    return table if isinstance(table, dict) else {}


def _zone(name: object) -> dt.tzinfo | None:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name) if isinstance(name, str) and name else None
    except (KeyError, ValueError, OSError):
        return None
