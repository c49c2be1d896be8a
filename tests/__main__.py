"""The whole suite, as ``make test`` runs it: two workers; a handful that failed beside others is run once more, alone.

As CPython's own ``regrtest --rerun``: these tests start hundreds of processes, X servers and browsers on machines that
others load. What fails alone too is an error; what passes alone is named last, so that it is seen and mended.
``python -m tests --strict`` runs nothing twice.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

TESTS_FAILED = 1
"""pytest's exit code: tests ran and some failed. Every other one is final."""
MOST_AGAIN = 5
"""More than these have not failed by a busy neighbour."""
_LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")


def main(arguments: Sequence[str]) -> int:
    """Returns pytest's exit code: the first run's, or that of the second."""
    strict = "--strict" in arguments
    wanted = [each for each in arguments if each != "--strict"]
    code = _pytest("-n", "2", "--cache-clear", *wanted)
    if code != TESTS_FAILED or strict:
        return code
    failed = sorted(json.loads(_LAST_FAILED.read_text(encoding="utf-8")))
    if len(failed) > MOST_AGAIN:
        return code
    print(f"\n{len(failed)} failed beside others; once more, alone:", *failed, sep="\n  ", flush=True)
    code = _pytest(*failed)
    if code == 0:
        print("passed only alone:", *failed, sep="\n  ")
    return code


def _pytest(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
