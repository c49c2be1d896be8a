"""Staging: plates and panels become one frame, and change only where they must."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cache import FeedSnapshot, HouseAd, Plate
from config import Code, Config, OohError, Rect, Size
from renderer.show import Choice, LoopState, ShowSettings, Staged, Stager
from renderer.show._tiles import changes_at, has_content
from renderer.show.stage import apply, read_rect, redraw
from tests.renderer.show.shapes import SET_UP
from tests.renderer.show.warm import WarmCache

SIZE = Size(640, 360)
PANELS = Rect(420, 10, 210, 340)
RED = (200, 30, 30)
NOW = datetime(2026, 11, 22, 12, 30, 20, tzinfo=UTC)
SETTINGS = ShowSettings.of(SET_UP, SIZE)


def scores(points: int, at: datetime = NOW) -> FeedSnapshot:
    team: dict[str, Any] = {"name": "Harbour City", "short": "HAR", "score": points, "colour": "#0a58ff", "record": ""}
    game = {"state": "live", "starts_at": None, "detail": "Q3 4:12", "home": team, "away": {**team, "short": "RED"}}
    return FeedSnapshot("scores", at, 60_000, "", {"league": "Metro League", "games": [game]})


def choice(plate: Plate) -> Choice:
    return Choice("house", 1000, "cut", LoopState(), house=HouseAd("a.png", plate))


def staged(warm: WarmCache, plate: Plate, **snapshots: FeedSnapshot) -> Staged:
    return Stager(warm.cache.store).stage(SETTINGS, choice(plate), snapshots, NOW)  # type: ignore[arg-type]


def colours(bgrx: bytes) -> bytes:
    """Without the padding byte."""
    return bytes(value for index, value in enumerate(bgrx) if index % 4 != 3)


def test_panels_are_painted_over_the_plate_and_never_over_the_creative(warm: WarmCache) -> None:
    stage = staged(warm, warm.plate("a", RED, panels=PANELS), scores=scores(7))
    assert stage.layout.creative == (0, 0, PANELS.x, SIZE.h)
    assert set(stage.layout.panels) == {"scores", "clock"}
    creative = Rect(0, 0, PANELS.x, SIZE.h)
    assert colours(stage.frame.read(creative)) == colours(stage.behind(creative))
    assert colours(stage.frame.read(PANELS)) != colours(stage.behind(PANELS))
    assert all(tile.rect.inside(PANELS) for tile in stage.tiles)
    stage.close()


def test_nothing_changes_while_all_is_true(warm: WarmCache) -> None:
    stage = staged(warm, warm.plate("a", RED, panels=PANELS))
    assert apply(stage, redraw(SETTINGS, stage, {}, NOW + timedelta(seconds=30))) == ()
    stage.close()


def test_the_next_minute_redraws_the_clock_alone(warm: WarmCache) -> None:
    snapshots: Any = {"scores": scores(7, NOW + timedelta(seconds=30))}
    stage = Stager(warm.cache.store).stage(SETTINGS, choice(warm.plate("a", RED, panels=PANELS)), snapshots, NOW)
    due = changes_at(stage.tiles)
    assert due == NOW + timedelta(seconds=40)
    before = stage.frame.read(PANELS)
    (dirty,) = apply(stage, redraw(SETTINGS, stage, snapshots, due))
    assert dirty == next(tile.rect for tile in stage.tiles if tile.kind == "clock")
    assert stage.frame.read(PANELS) != before
    stage.close()


def test_new_scores_redraw_the_scores_alone(warm: WarmCache) -> None:
    stage = staged(warm, warm.plate("a", RED, panels=PANELS), scores=scores(7))
    (dirty,) = apply(stage, redraw(SETTINGS, stage, {"scores": scores(9)}, NOW))
    assert dirty == next(tile.rect for tile in stage.tiles if tile.kind == "scores")
    stage.close()


def test_when_a_feed_goes_stale_the_area_is_tiled_anew(warm: WarmCache) -> None:
    plate = warm.plate("a", RED, panels=PANELS)
    stage = staged(warm, plate, scores=scores(7))
    later = NOW + timedelta(minutes=5)
    assert apply(stage, redraw(SETTINGS, stage, {"scores": scores(7)}, later)) == (PANELS,)
    assert [tile.kind for tile in stage.tiles] == ["clock"]
    fresh = Stager(warm.cache.store).stage(SETTINGS, choice(plate), {}, later)
    assert stage.frame.read(Rect(0, 0, 640, 360)) == fresh.frame.read(Rect(0, 0, 640, 360))
    stage.close()
    fresh.close()


def test_a_plate_is_hashed_on_first_use_and_damage_is_found(warm: WarmCache) -> None:
    plate = warm.plate("a", RED)
    path = warm.cache.store.path(plate.plate_sha256)
    assert path is not None
    with path.open("r+b") as file:
        file.seek(9000)
        file.write(b"x")
    with pytest.raises(OohError) as caught:
        staged(warm, plate)
    assert caught.value.code is Code.PLATE_CORRUPT


def test_a_plate_that_is_evicted_after_its_first_use_is_reported(warm: WarmCache) -> None:
    plate, stager = warm.plate("a", RED), Stager(warm.cache.store)
    stager.stage(SETTINGS, choice(plate), {}, NOW).close()
    warm.remove_plate(plate)
    with pytest.raises(OohError, match="gone"):
        stager.stage(SETTINGS, choice(plate), {}, NOW)


def test_a_plate_of_another_size_is_refused(warm: WarmCache) -> None:
    plate = warm.plate("a", RED)
    with pytest.raises(OohError, match="640x360"):
        Stager(warm.cache.store).stage(ShowSettings.of(SET_UP, Size(800, 600)), choice(plate), {}, NOW)


def test_the_slate_and_content_need_no_plate(warm: WarmCache) -> None:
    stager = Stager(warm.cache.store)
    slate = stager.stage(SETTINGS, Choice("slate", 1000, "cut", LoopState()), {}, NOW)
    content = stager.stage(SETTINGS, Choice("content", 1000, "cut", LoopState()), {"scores": scores(3)}, NOW)
    assert slate.tiles == ()
    assert slate.areas == ()
    assert set(content.layout.panels) == {"scores", "clock"}
    assert content.layout.creative is None
    assert redraw(SETTINGS, slate, {}, NOW).tiles == ()


def test_content_is_worth_a_slot_when_a_feed_has_data() -> None:
    clock_only = replace(SETTINGS, panels=("clock",))
    assert has_content(SETTINGS, {"scores": scores(1)}, NOW)
    assert not has_content(SETTINGS, {}, NOW)
    assert has_content(clock_only, {}, NOW)
    assert not has_content(replace(SETTINGS, panels=()), {}, NOW)


def test_a_rectangle_is_read_row_by_row() -> None:
    pixels = memoryview(bytes(range(4 * 3 * 2)))
    assert read_rect(pixels, Size(3, 2), Rect(1, 0, 1, 2)) == bytes([4, 5, 6, 7, 16, 17, 18, 19])


def test_an_unconfigured_screen_has_a_clock_to_show() -> None:
    settings = ShowSettings.of(Config(), SIZE)
    assert settings.panels == ("clock",)
    assert has_content(settings, {}, NOW)
