"""A real agent against the sandbox's ad server, killed after every play: each is proven, every lease is settled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.leases import run

pytestmark = pytest.mark.e2e


def test_a_killed_agent_proves_every_play(tmp_path: Path) -> None:
    result = run(3, 2, tmp_path)
    assert result.good, result.line()
    assert result.billable == 3
