"""Reads pytest's JUnit report: fails where tests that must have run were skipped, or none ran.

usage: python tests/check_report.py REPORT.xml
"""

from __future__ import annotations

import os
import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def main(report: str) -> int:
    """0 if everything that can run here did run."""
    cases = list(ET.parse(report).getroot().iter("testcase"))
    skipped = [(case, case.find("skipped")) for case in cases if case.find("skipped") is not None]
    shared = Path(os.environ.get("REGRETS_SHARED", "../shared")).is_dir()
    wrong = []
    for case, skip in skipped:
        reason = skip.get("message", "") if skip is not None else ""
        name = f"{case.get('classname')}.{case.get('name')}: {reason}"
        needed = any(word in reason for word in ("Dovecot", "strace", "consumers"))
        if needed or ("shared" in reason.casefold() and shared):
            wrong.append(name)
        else:
            print("skipped:", name)
    for name in wrong:
        print("must have run:", name)
    print(f"{len(cases)} tests, {len(skipped)} skipped, {len(wrong)} of these must have run")
    return 1 if wrong or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
