"""``python -m tests``: what fails beside others runs once more alone; what fails alone too stays an error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ONLY_BESIDE_OTHERS = 'import os\ndef test_it(): assert "PYTEST_XDIST_WORKER" not in os.environ\n'
ALWAYS = "def test_it(): assert 1 == 2\n"
MANY = "import pytest\n@pytest.mark.parametrize('n', range(6))\ndef test_it(n): assert n < 0\n"


@pytest.mark.parametrize(
    ("body", "arguments", "code", "runs"),
    [
        (ONLY_BESIDE_OTHERS, [], 0, 2),
        (ONLY_BESIDE_OTHERS, ["--strict"], 1, 1),
        (ALWAYS, [], 1, 2),
        (MANY, [], 1, 1),
    ],
    ids=["beside others", "strict", "always", "many"],
)
def test_what_failed_runs_again(tmp_path: Path, body: str, arguments: list[str], code: int, runs: int) -> None:
    (tmp_path / "test_one.py").write_text(body, encoding="utf-8")
    argv = [sys.executable, str(ROOT / "tests" / "__main__.py"), *arguments]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}  # not this run's own
    done = subprocess.run(argv, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stdout.count("test session starts") == runs
    assert ("passed only alone:\n  test_one.py::test_it" in done.stdout) == (code == 0)
