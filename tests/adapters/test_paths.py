"""Directories are made closed to others; what is there already is nobody's to change."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from regrets.adapters.paths import make_private
from regrets.domain.errors import StoreError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_what_is_made_is_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there").chmod(0o755)
    made = tmp_path / "there" / "share" / "regrets"
    for _ in range(2):
        make_private(made, "--data-dir")
    assert [mode(each) for each in (made, made.parent, made.parent.parent)] == [0o700, 0o700, 0o755]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_what_belongs_to_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    os.chown(tmp_path / "theirs", 12345, 12345)
    with pytest.raises(StoreError, match=r"belongs to somebody else\. Choose another with --config-dir"):
        make_private(tmp_path / "theirs", "--config-dir")


@pytest.mark.parametrize("place", ["file", "file/below", "dangling"])
def test_what_is_no_directory_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    with pytest.raises(StoreError, match=r"can't be used: .*Choose another with --data-dir"):
        make_private(tmp_path / place, "--data-dir")
