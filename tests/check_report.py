"""Reads pytest's JUnit report: fails where tests that must have run were skipped, or none ran.

usage: python tests/check_report.py REPORT.xml

The tests on a disk that is small or read-only need root and a mount namespace: where these can be had they must have
run, elsewhere it is said that nothing is known of such a disk.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path


def no_small_disk() -> str:
    """Why no small disk can be mounted here, where nothing else sees it; '' where one can."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "only root can mount one"
    with tempfile.TemporaryDirectory() as place:
        command = ["unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        except OSError as error:
            return f"no mount namespace can be had here ({error})"
    return f"no mount namespace can be had here ({done.stderr.strip()})" if done.returncode else ""


def main(report: str) -> int:
    """0 if everything that can run here did run."""
    cases = list(ET.parse(report).getroot().iter("testcase"))
    skipped = [(case, case.find("skipped")) for case in cases if case.find("skipped") is not None]
    shared = Path(os.environ.get("REGRETS_SHARED", "../shared")).is_dir()
    small_disk = no_small_disk()
    wrong = []
    for case, skip in skipped:
        reason = skip.get("message", "") if skip is not None else ""
        name = f"{case.get('classname')}.{case.get('name')}: {reason}"
        needed = any(word in reason for word in ("Dovecot", "strace", "consumers", "mypy"))
        mounts = "mount" in reason and not small_disk
        if needed or mounts or ("shared" in reason.casefold() and shared):
            wrong.append(name)
        else:
            print("skipped:", name)
    if small_disk:
        print(f"nothing is known of a disk that is full or read-only: {small_disk}")
    for name in wrong:
        print("must have run:", name)
    print(f"{len(cases)} tests, {len(skipped)} skipped, {len(wrong)} of these must have run")
    return 1 if wrong or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
