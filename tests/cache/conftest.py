"""A journal in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cache import Journal
from tests.cache.shapes import opened
from tests.fakes import FakeClock


@pytest.fixture
def journal(tmp_path: Path, clock: FakeClock) -> Iterator[Journal]:
    with opened(tmp_path, clock) as journal:
        yield journal
