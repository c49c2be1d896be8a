"""When there is something to show, and when it will look different."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cache import FeedSnapshot
from config import PanelKind, Size
from renderer.panels import PanelSettings, PanelStyle, available, draw, next_change
from tests.renderer.panels.samples import NOW, UTC_SETTINGS, aged, game, scores, weather


def test_the_clock_is_always_available() -> None:
    assert available("clock", None, NOW)


@pytest.mark.parametrize(
    ("kind", "snapshot", "expected"),
    [
        ("weather", weather(), True),
        ("weather", None, False),
        ("weather", scores(), False),
        ("weather", aged(weather(), 3 * 3600 + 1), False),
        ("weather", aged(weather(), -3 * 3600 - 1), False),
        ("weather", weather(now={}), False),
        ("scores", scores(), True),
        ("scores", aged(scores(), 601), False),
        ("scores", scores(games=[]), False),
    ],
)
def test_available_means_fresh_and_readable(kind: PanelKind, snapshot: FeedSnapshot | None, *, expected: bool) -> None:
    assert available(kind, snapshot, NOW) is expected


@pytest.mark.parametrize(
    ("kind", "snapshot", "settings", "expected"),
    [
        ("clock", None, UTC_SETTINGS, NOW.replace(minute=48)),
        ("weather", weather(), UTC_SETTINGS, NOW.replace(hour=13, minute=0)),
        ("weather", weather(utc_offset_seconds=19_800), UTC_SETTINGS, NOW.replace(hour=13, minute=30)),
        ("weather", aged(weather(), 3 * 3600 - 60), UTC_SETTINGS, NOW + timedelta(seconds=60)),
        ("scores", scores(), UTC_SETTINGS, NOW + timedelta(seconds=180)),
        ("scores", scores(game("next", None, 3)), UTC_SETTINGS, NOW + timedelta(seconds=600)),
        ("scores", aged(scores(), 900), UTC_SETTINGS, NOW.replace(day=23, hour=0, minute=0)),
        ("scores", None, UTC_SETTINGS, None),
    ],
)
def test_next_change(kind: PanelKind, snapshot: Any, settings: PanelSettings, expected: datetime | None) -> None:
    assert next_change(kind, snapshot, settings, NOW) == expected


@pytest.mark.parametrize("kind", ["weather", "scores", "clock"])
def test_the_picture_stays_until_then(kind: PanelKind) -> None:
    """Drawn now and one second before the change it says: the same pixels."""
    snapshot = {"weather": weather(), "scores": scores(), "clock": None}[kind]
    size, style = Size(624, 520), PanelStyle()
    change = next_change(kind, snapshot, UTC_SETTINGS, NOW, size, style)
    assert change is not None

    def at(when: datetime) -> bytes:
        return draw(kind, size, snapshot, UTC_SETTINGS, style, when, None).tobytes()

    assert at(NOW) == at(change - timedelta(seconds=1))
    assert change.tzinfo is UTC
