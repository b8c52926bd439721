"""SECURITY.md names tests; each of them is there."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_test_that_is_named_exists() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) > 60
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text("utf-8")]
    assert missing == []


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    names = {re.split(r"[\[<>=~!; ]", one)[0].casefold().replace("_", "-") for one in wanted} - {"regrets"}
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0].casefold().replace("_", "-") for line in lines if "==" in line}
    assert names - pinned == set()


def test_every_pinned_version_has_its_hashes() -> None:
    """constraints.txt and requirements.lock agree, but for what only other systems or the long fuzzer need."""
    locked = dict(_pins("requirements.lock"))
    for name, version in _pins("constraints.txt"):
        assert locked.pop(name, "" if name == "atheris" else None) in (version, ""), name
    assert set(locked) <= {"colorama", "pywin32-ctypes"}
    entries = re.split(r"\n(?=[A-Za-z])", (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert [entry for entry in entries if "==" in entry and not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []


def _pins(file: str) -> list[tuple[str, str]]:
    text = (ROOT / file).read_text(encoding="utf-8")
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", text, re.MULTILINE)
    return [(re.sub("[-_.]+", "-", name).casefold(), version) for name, version in found]


def test_every_promise_and_threat_has_a_line() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    spoken_of = {f"{kind}{number}" for kind, number in re.findall(r"\b([PT])(\d+)", text)}
    for first, last in re.findall(r"\bT(\d+)-T(\d+)", text):
        spoken_of |= {f"T{number}" for number in range(int(first), int(last) + 1)}
    assert {*(f"P{number}" for number in range(1, 15)), *(f"T{number}" for number in range(1, 29))} <= spoken_of
