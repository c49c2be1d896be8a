"""Fixtures of the dialects' tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import FakeClock
from tests.player.agent.rig import Rig, rig_in


@pytest.fixture
def rig(tmp_path: Path, clock: FakeClock) -> Iterator[Rig]:
    """A journal and a cache in a folder."""
    with rig_in(tmp_path, clock) as found:
        yield found
