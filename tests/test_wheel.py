"""The wheel works by itself: built from the checkout, installed into a fresh venv, started there."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.wheel

INVITE = """BEGIN:VCALENDAR
PRODID:-//Example//EN
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
UID:wheel@example.com
DTSTAMP:20261101T080000Z
DTSTART:20261124T090000Z
DTEND:20261124T103000Z
SUMMARY:Logo colours
ORGANIZER;CN=Marko:mailto:marko@kovin.example
ATTENDEE;RSVP=TRUE:mailto:ana@studio.example
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A venv with the wheel alone; the dependencies are seen through a path file, so no network is needed."""
    venv = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    python = venv / "bin" / "python"
    site = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    )
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)], check=True)
    return venv / "bin" / "regrets"


def run(command, *arguments, home, **kwargs):
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
    return subprocess.run(
        [str(command), *arguments], capture_output=True, text=True, env=environment, timeout=60, check=False, **kwargs
    )


def test_the_wheel_ships_letters_themes_styles_and_migrations(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "regrets/letters/en/accept.md",
        "regrets/themes/regrets-dark.toml",
        "regrets/themes/regrets-light.toml",
        "regrets/py.typed",
    ):
        assert wanted in names
    for ending in (".tcss", ".sql"):
        assert any(name.startswith("regrets/") and name.endswith(ending) for name in names), ending


def test_the_demo_prints_its_inbox_and_leaves_nothing_behind(installed, tmp_path):
    done = run(installed, "demo", "--once", home=tmp_path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "Quarterly review with Kovin" in lines[0]
    assert len(lines) >= 25
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_judged_without_a_mailbox(installed, tmp_path):
    invite = tmp_path / "invite.ics"
    invite.write_text(INVITE)
    done = run(installed, "suggest", str(invite), "--now", "2026-11-22T09:00:00+00:00", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Logo colours" in done.stdout
    assert "Suggestion:" in done.stdout
