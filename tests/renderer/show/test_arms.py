"""An L-bar on the screen: panels come and go in both arms, and the creative between them is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config import Rect
from renderer.layout import PanelArea
from renderer.show import Stager
from renderer.show.stage import apply, redraw
from tests.renderer.show.test_stage import NOW, RED, SETTINGS, SIZE, choice, colours, scores
from tests.renderer.show.warm import WarmCache

CREATIVE, COLUMN, BAND = Rect(10, 10, 250, 150), Rect(270, 10, 360, 150), Rect(10, 170, 620, 180)


@pytest.fixture
def warm(tmp_path: Path) -> Iterator[WarmCache]:
    made = WarmCache.at(tmp_path, SIZE)
    yield made
    made.journal.close()
    made.cache.close()


def test_both_arms_are_tiled_anew_and_the_creative_stays(warm: WarmCache) -> None:
    stage = Stager(warm.cache.store).stage(SETTINGS, choice(warm.plate("a", RED)), {}, NOW)
    stage.areas = (PanelArea(COLUMN), PanelArea(BAND))
    later = NOW + timedelta(seconds=1)
    settings = replace(SETTINGS, panels=("scores", "clock"))
    first = apply(stage, redraw(settings, stage, {"scores": scores(7)}, NOW))
    assert set(first) == {COLUMN, BAND}
    places = {tile.kind: tile.rect for tile in stage.tiles}
    assert places["scores"].inside(COLUMN)
    assert places["clock"].inside(BAND)
    stage.frame.paste(CREATIVE, bytes([9, 99, 9, 0]) * CREATIVE.size.pixels)  # a later frame of the creative

    assert set(apply(stage, redraw(settings, stage, {}, later))) == {COLUMN, BAND}
    assert [tile.kind for tile in stage.tiles] == ["clock"]
    assert set(zip(*[iter(colours(stage.frame.read(CREATIVE)))] * 3, strict=True)) == {(9, 99, 9)}
    idle = BAND if stage.tiles[0].rect.inside(COLUMN) else COLUMN
    assert colours(stage.frame.read(idle)) == colours(stage.behind(idle)), "no trace of the panel that went"
    stage.close()
