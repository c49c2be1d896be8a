"""docs/feeds.md cannot drift: its examples are read and drawn, its keys are the ones that panels read."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cache import FeedSnapshot
from config import PanelKind, Size
from renderer.panels import PanelStyle, available, draw
from tests.renderer.panels.samples import UTC_SETTINGS

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
AT = datetime(2026, 6, 12, 11, 30, tzinfo=UTC)


def example(kind: PanelKind) -> FeedSnapshot:
    section = TEXT.split(f"\n## {kind}\n")[1]
    found = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return FeedSnapshot(kind, AT, 600_000, "", json.loads(found[1]))


@pytest.mark.parametrize("kind", ["weather", "scores", "headlines"])
def test_the_example_is_available_and_draws_something(kind: PanelKind) -> None:
    snapshot = example(kind)
    assert available(kind, snapshot, AT)
    size = Size(624, 520)
    shown = draw(kind, size, snapshot, UTC_SETTINGS, PanelStyle(), AT, None)
    nothing = draw(kind, size, None, UTC_SETTINGS, PanelStyle(), AT, None)
    assert shown.tobytes() != nothing.tobytes()


def test_every_key_that_a_panel_reads_is_in_the_document() -> None:
    source = "".join(
        (ROOT / "renderer" / "panels" / name).read_text(encoding="utf-8")
        for name in ("_forecast.py", "_games.py", "_news.py")
    )
    keys = set(re.findall(r'(?:read\.\w+\([\w.]+, |reader\.\w+\(\w+, |\.get\(|self\.degrees\(row, )"(\w+)"', source))
    assert len(keys) > 15
    assert {key for key in keys if f"`{key}`" not in TEXT and f"{key}`" not in TEXT} == set()
