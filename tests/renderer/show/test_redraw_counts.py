"""A panel is drawn when what it says has changed, and not before: a day of them, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cache import FeedSnapshot, HouseAd
from config import Config, PanelKind, Rect, Size
from renderer.layout import PanelRect
from renderer.panels import PanelSettings
from renderer.show import Choice, LoopState, Stager, _tiles
from renderer.show._settings import ShowSettings
from renderer.show._tiles import Tile, changes_at, draw_tiles
from tests.renderer.panels import samples
from tests.renderer.show.warm import WarmCache

RED, BLUE = (200, 30, 30), (30, 30, 200)
DAWN = datetime(2026, 11, 22, tzinfo=UTC)
PLACES = (
    PanelRect("weather", Rect(0, 0, 624, 520)),
    PanelRect("scores", Rect(0, 520, 624, 520)),
    PanelRect("clock", Rect(624, 0, 624, 200)),
)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Counter[PanelKind]:
    counted: Counter[PanelKind] = Counter()

    def draw(kind: PanelKind, size: Size, *_: Any) -> Image.Image:
        counted[kind] += 1
        return Image.new("RGB", (size.w, size.h))

    monkeypatch.setattr(_tiles, "draw", draw)
    return counted


def settings() -> ShowSettings:
    base = ShowSettings.of(Config(), Size(1920, 1080))
    return replace(base, panels=("weather", "scores", "clock"), said=PanelSettings(timezone="UTC"))


def weather_at(now: datetime) -> FeedSnapshot:
    """Asked every 15 minutes; the source computes anew each hour."""
    hour = now.replace(minute=0, second=0)
    data = samples.weather().data | {
        "now": {"temperature": 10.0 + hour.hour, "code": 2, "is_day": True},
        "hours": [{"time": (hour + timedelta(hours=i)).isoformat(), "temperature": 9.0, "code": 3} for i in range(8)],
        "days": [{"date": hour.date().isoformat(), "low": 1.0, "high": 30.0, "code": 2}],
    }
    return FeedSnapshot("weather", now, 10_800_000, "", data)


def scores_at(now: datetime) -> FeedSnapshot:
    """Asked every minute; one game from 18:00 to 20:00, its score changes every 5 minutes."""
    played = (now - now.replace(hour=18, minute=0, second=0)).total_seconds() / 60
    state = "next" if played < 0 else "final" if played >= 120 else "live"
    score = None if state == "next" else int(min(played, 120) // 5)
    row = samples.game(state, None if state == "next" else f"Q{score}", home=samples.team("Harbour", "HAR", score))
    return FeedSnapshot(
        "scores", now, 600_000, "", {"league": "Metro", "games": [row | {"starts_at": "2026-11-22T18:00Z"}]}
    )


def behind(rect: Rect) -> bytes:
    return bytes(4 * rect.w * rect.h)


def test_a_day_of_clock_weather_and_scores(drawn: Counter[PanelKind]) -> None:
    """Feeds answer 96 and 1,440 times; only what changed is drawn."""
    said, now = settings(), DAWN
    tiles: tuple[Tile, ...] = ()
    snapshots: dict[PanelKind, FeedSnapshot] = {}
    end = DAWN + timedelta(days=1)
    while now < end:
        if (now - DAWN).total_seconds() % 900 == 0:
            snapshots["weather"] = weather_at(now)
        if now.second == 0:
            snapshots["scores"] = scores_at(now)
        tiles = draw_tiles(said, PLACES, behind, snapshots, now, tiles)
        turn = changes_at(tiles)
        asked = now.replace(second=0) + timedelta(minutes=1)
        assert turn is not None
        assert turn > now
        now = min(turn, asked)
    assert drawn == {"clock": 1440, "weather": 24, "scores": 1 + 24 + 1}


def test_an_answer_that_says_the_same_costs_nothing_and_keeps_the_pixels(drawn: Counter[PanelKind]) -> None:
    said, places = settings(), PLACES[:1]

    def tiles_at(minutes: int, before: Any = ()) -> Any:
        now = samples.NOW + timedelta(minutes=minutes)
        answer = replace(samples.weather(), fetched_at=now)
        return draw_tiles(said, places, behind, {"weather": answer}, now, before)

    first = tiles_at(0)
    again = tiles_at(10, first)
    assert drawn["weather"] == 1
    assert again[0].pixels is first[0].pixels


def test_a_plate_that_comes_again_within_the_minute_is_not_drawn_over_again(
    drawn: Counter[PanelKind], tmp_path: Path
) -> None:
    """By the stager, over a real plate: other plates in between change nothing."""
    said, screen = settings(), Size(1920, 1080)
    warm = WarmCache.at(tmp_path, screen)
    one, other = (warm.plate(key, colour, panels=Rect(1296, 0, 624, 1080)) for key, colour in (("1", RED), ("2", BLUE)))
    stager = Stager(warm.cache.store)
    snapshots: dict[PanelKind, FeedSnapshot] = {"weather": weather_at(DAWN)}
    for second, plate in enumerate((one, other, one, other)):
        choice = Choice("house", 10_000, "cut", LoopState(), house=HouseAd("a.png", plate))
        stager.stage(said, choice, snapshots, DAWN + timedelta(seconds=second)).close()
    assert drawn == {"clock": 2, "weather": 2}
    stager.stage(said, choice, snapshots, DAWN + timedelta(minutes=1)).close()
    assert drawn == {"clock": 3, "weather": 2}
    warm.journal.close()
    warm.cache.close()
