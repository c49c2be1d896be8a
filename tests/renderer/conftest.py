"""What the tests of the screen share: a cache to play from, an X server to look at. Each of its module's ``SIZE``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.renderer.screen_process import Screen
from tests.renderer.show.warm import WarmCache
from tests.renderer.window.xserver import XServer


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[XServer]:
    running = XServer(tmp_path, request.module.SIZE)
    yield running
    running.stop()


@pytest.fixture
def warm(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WarmCache]:
    made = WarmCache.at(tmp_path, request.module.SIZE)
    yield made
    Screen.kill_all()
    made.journal.close()
    made.cache.close()
