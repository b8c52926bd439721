"""The gate fails where a test that can run here was skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import check_report

CASE = '<testcase classname="tests.e2e.test_no_room" name="test_one">{}</testcase>'
ROOT, NAMESPACE = "only root can mount a small disk", "no mount namespace here"


def report(path: Path, *reasons: str) -> str:
    cases = "".join(CASE.format(f'<skipped message="{reason}" />' if reason else "") for reason in reasons)
    (path / "report.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    return str(path / "report.xml")


@pytest.mark.parametrize("reason", [ROOT, NAMESPACE])
def test_the_read_only_disk_must_have_been_tried_where_it_can_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reason: str
) -> None:
    monkeypatch.setattr(check_report, "no_small_disk", lambda: "")
    assert check_report.main(report(tmp_path, "")) == 0
    assert "nothing is known" not in capsys.readouterr().out
    assert check_report.main(report(tmp_path, "", reason)) == 1
    assert f"must have run: tests.e2e.test_no_room.test_one: {reason}" in capsys.readouterr().out


def test_where_it_can_not_be_had_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_report, "no_small_disk", lambda: "only root can mount one")
    assert check_report.main(report(tmp_path, "", ROOT)) == 0
    said = capsys.readouterr().out
    assert "nothing is known of a disk that is full or read-only: only root can mount one" in said


@pytest.mark.parametrize("reason", ["no strace here", "Dovecot is absent", "no consumers"])
def test_what_the_gate_installs_must_have_run(tmp_path: Path, reason: str) -> None:
    assert check_report.main(report(tmp_path, reason)) == 1


def test_none_at_all_is_a_failure(tmp_path: Path) -> None:
    assert check_report.main(report(tmp_path)) == 1
