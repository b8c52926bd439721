"""Real invitations of many products, judged by the table beside them; and inputs made to break a reader."""

import base64
import csv
import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from regrets.domain.describe import describe
from regrets.domain.imip import read
from regrets.domain.model import Invitation

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("REGRETS_SHARED", ROOT.parent / "shared"))
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"no shared material at {SHARED}; set REGRETS_SHARED"),
]


def test_no_real_invitation_is_read_wrong(tmp_path):
    corpus = SHARED / "corpus"
    output = tmp_path / "read.jsonl"
    with (corpus / "truth.tsv").open(encoding="utf-8") as table, output.open("w", encoding="utf-8") as lines:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            described = describe(row["file"], read((corpus / row["file"]).read_bytes()))
            lines.write(json.dumps(described) + "\n")
    judged = subprocess.run(
        [sys.executable, corpus / "compare.py", output, corpus / "truth.tsv"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout
    assert ", 0 wrong" in judged.stdout


def truth() -> list[str]:
    if not SHARED.is_dir():
        return []
    with (SHARED / "corpus" / "truth.tsv").open(encoding="utf-8") as table:
        return [row["file"] for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)]


@pytest.fixture(scope="module")
def compare():
    spec = importlib.util.spec_from_file_location("compare", SHARED / "corpus" / "compare.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("file", truth())
def test_each_real_invitation_is_read_right_or_refused_with_a_reason(file, compare, tmp_path, capsys):
    described = describe(file, read((SHARED / "corpus" / file).read_bytes()))
    assert described.get("error", {"message": "."})["message"].endswith(".")
    output = tmp_path / "read.jsonl"
    output.write_text(json.dumps(described), "utf-8")
    status = compare.main(["--partial", str(output), str(SHARED / "corpus" / "truth.tsv")])
    assert status == 0, capsys.readouterr().out


def refolded(text):
    return "\r\n".join("\r\n\t".join(textwrap(line)) for line in unfolded(text))


def textwrap(line):
    return [line[at : at + 20] for at in range(0, max(1, len(line)), 20)]


def unfolded(text):
    return re.sub(r"\r?\n[ \t]", "", text).splitlines()


def in_a_mail(text):
    body = base64.encodebytes(text.encode()).decode()
    head = "Content-Type: text/calendar\nContent-Transfer-Encoding: base64"
    return f'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nHello\n--b\n{head}\n\n{body}\n--b--\n'


def backwards(text):
    """The properties of events without parts of their own in the opposite order."""
    flat = "\r\n".join(unfolded(text))
    event = re.compile(r"(?<=BEGIN:VEVENT\r\n)((?:(?!BEGIN:|END:).*\r\n)*)(?=END:VEVENT)")
    return event.sub(lambda hit: "".join(reversed(hit[1].splitlines(keepends=True))), flat)


def with_zones_of_no_name(text):
    """What is left of a zone where only its definition tells."""
    flat = "\r\n".join(unfolded(text))
    for tzid in set(re.findall(r"(?m)^TZID[^:\r\n]*:(.*?)\r?$", flat)):
        flat = flat.replace(f":{tzid}\r\n", f":Nowhere {len(tzid)}\r\n")
        flat = re.sub(rf'TZID="?{re.escape(tzid)}"?(?=[:;])', f"TZID=Nowhere {len(tzid)}", flat)
    return flat


@pytest.mark.parametrize("change", [refolded, in_a_mail, backwards, with_zones_of_no_name])
def test_a_real_invitation_says_the_same_in_another_dress(change):
    same = 0
    for path in sorted((SHARED / "corpus").rglob("*.ics")):
        data = path.read_bytes()
        item = read(data)
        if not isinstance(item, Invitation) or not _is_text(data) or "timezone-differs" in item.warnings:
            continue
        again = read(change(data.decode()).encode())
        assert isinstance(again, Invitation), path.name
        assert (again.start, again.end, again.uid, again.sequence, again.organizer, again.recurrence_id) == (
            item.start, item.end, item.uid, item.sequence, item.organizer, item.recurrence_id,
        ), path.name  # fmt: skip
        same += 1
    assert same >= 60


def _is_text(data):
    try:
        return bool(data.decode())
    except UnicodeDecodeError:
        return False


READ_ONE = """
import sys
from regrets.domain.describe import describe
from regrets.domain.imip import read
from regrets.domain.model import Invitation
from regrets.domain.model import Invitation
from regrets.domain.recurrence import in_words, next_occurrence, series_over
from regrets.domain.written import written
import datetime as dt
item = read(open(sys.argv[1], "rb").read())
describe("x", item)
if isinstance(item, Invitation):
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    next_occurrence(item, now, dt.UTC), series_over(item, now, dt.UTC), written(item), hash(item.start)
    in_words(item.recurrence or "", item.start)
"""


@pytest.mark.parametrize(
    "file", sorted((SHARED / "hostile").glob("*")) if SHARED.is_dir() else [], ids=lambda file: file.name
)
def test_a_hostile_file_costs_little_and_raises_nothing(file):
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", READ_ONE, file], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - began < 5
