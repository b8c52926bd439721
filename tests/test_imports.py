"""What a command needs is what it loads: start-up is not paid for by things of other commands."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import pytest

from regrets.adapters.store.cache import SqliteCache
from regrets.domain.model import Effect, Method, PartStat, Row, State
from regrets.domain.ports import FoundMail

HEAVY = {
    "textual",
    "imapclient",
    "icalendar",
    "pydantic",
    "jinja2",
    "babel",
    "keyring",
    "py3langid",
    "holidays",
    "pymap",
}


def loaded(tmp_path, *arguments):
    code = (
        "import sys\n"
        "from regrets.bootstrap import Program\n"
        "from regrets.cli.main import status_of\n"
        f"status = status_of(Program, {list(arguments)!r})\n"
        "print(status, *sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "REGRETS_CONFIG_DIR": str(tmp_path / "config"),
        "REGRETS_DATA_DIR": str(tmp_path / "data"),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60, check=True
    )
    status, *modules = done.stderr.splitlines()[-1].split()
    assert status == "0", done.stderr
    return set(modules)


@pytest.mark.parametrize("arguments", [("--help",), ("list",), ("list", "--json"), ("paths",), ("outbox",)])
def test_the_quick_commands_load_nothing_heavy(tmp_path, arguments):
    assert not loaded(tmp_path, *arguments) & HEAVY


FIRST_PAINT = {
    *("__main__", "bootstrap", "adapters", "adapters.clock", "adapters.log", "adapters.paths"),
    *("adapters.own_file", "adapters.quick_config"),
    *("cli", "cli.failures"),
    *("adapters.store", "adapters.store.cache", "adapters.store.database", "adapters.store.files"),
    "adapters.store.upgrade",  # a first start makes the databases
    *("adapters.store.own", "adapters.store.row_columns"),
    *("domain", "domain.actions", "domain.errors", "domain.naming", "domain.outbox", "domain.stored", "domain.text"),
    "domain.characters",
    *("services", "services.desk", "services.desk_api", "services.standing"),
    *(
        "tui",
        "tui.app",
        "tui.bridge",
        "tui.content",
        "tui.controllers",
        "tui.controllers.listing",
        "tui.dates",
        "tui.keymap",
    ),
    *(
        "tui.face",
        "tui.layout",
        "tui.preferences",
        "tui.screens",
        "tui.screens.inbox",
        "tui.textual_mends",
        "tui.turns",
        "tui.theming",
        "tui.unix_driver",
        "tui.words",
    ),
    *("tui.widgets", "tui.widgets.footer", "tui.widgets.invite_list", "tui.widgets.line_list"),
    *("tui.widgets.plain", "tui.widgets.status"),
}
"""All that may be loaded of regrets when the list is painted first; what it costs is told in `regrets.tui`."""

LOADED_LATER = {"click", "tomlkit", "filelock", "tzlocal", "inscriptis", "smtplib", "imaplib", "email"}

PAINTED_FIRST = """
import sys
import regrets.__main__
from regrets.bootstrap import Program
from regrets.tui.app import RegretsApp
from regrets.tui.screens.inbox import InboxScreen

async def complete(inbox):  # what follows the first paint
    found.update(sys.modules)
    inbox.app.exit()

found = set()
InboxScreen._complete = complete
program = Program()
assert program.can_open_at_once()
RegretsApp(program.desk, program.preferences()).run(headless=True, size=(100, 30))
print(*sorted(found))
"""


def test_the_first_paint_loads_what_it_needs_alone(tmp_path):
    (tmp_path / "config.toml").write_text('[me]\ntimezone = "Europe/Ljubljana"\n[[account]]\nname = "work"\n')
    store_one_invitation(tmp_path / "cache.db")
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "PYTHONPATH": os.pathsep.join(sys.path)}
    environment |= {"REGRETS_CONFIG_DIR": str(tmp_path), "REGRETS_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", PAINTED_FIRST], capture_output=True, text=True, env=environment, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found = set(done.stdout.split())
    assert "regrets.tui.screens.inbox" in found
    ours = {name.removeprefix("regrets.") for name in found if name.startswith("regrets.")}
    assert ours <= FIRST_PAINT
    assert not {name.partition(".")[0] for name in found} & {*HEAVY - {"textual"}, *LOADED_LATER}
    assert "textual.widgets._text_area" not in found


def store_one_invitation(path):
    cache = SqliteCache(path)
    moment = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
    row = Row(
        "item000001", "work", "INBOX", moment, State.OPEN, "REQUEST", "1@x.example", None, 0, "Review", "Ana",
        "ana@x.example", "2026-11-24T10:00:00+01:00", "2026-11-24T11:00:00+01:00", False, None, "", "accept", "13",
        ("Why not.",), ("decline",), (), "en", None,
        effect=Effect(Method.REPLY, PartStat.ACCEPTED),
    )  # fmt: skip
    cache.save_mail(row, FoundMail(1, moment, b"mail"), 1, current=True)
    cache.close()
