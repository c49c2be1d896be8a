"""The demo against a lease-style ad server: every play is proven to it, every other lease comes back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.e2e.harness import COMMAND, environ, last_json

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_every_lease_is_settled(tmp_path: Path) -> None:
    argv = [str(COMMAND), "demo", "--exchange", "vistar", "--plays", "6", "--headless", "--size", "640x360", "--json"]
    done = subprocess.run(argv, env=environ(tmp_path), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    report = last_json(done.stdout)
    book = report["exchange"]
    assert isinstance(book, dict)
    assert (report["plays"], report["journal"], report["stream"], report["lost"]) == (6, 6, 6, 0)
    assert book["proofs"] == report["billable"] > 0
    assert book["proofs"] + book["expirations"] == book["leased"]
    assert (book["bad_requests"], book["bad_calls"], book["repeated_calls"]) == (0, {}, 0)
