"""What the agent's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import FakeClock
from tests.player.agent.rig import Rig, rig_in


@pytest.fixture
def rig(tmp_path: Path, clock: FakeClock) -> Iterator[Rig]:
    with rig_in(tmp_path / "state", clock) as it:
        yield it
