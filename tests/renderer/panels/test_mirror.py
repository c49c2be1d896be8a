"""Right-to-left languages: the tile is mirrored, its figures and pictures are not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageStat

from config import PanelKind, Size
from renderer.panels import PanelStyle, draw
from renderer.panels._tile import Tile
from renderer.panels._type import Face
from tests.renderer.panels.samples import KINDS, NOW, SHAPES, UTC_SETTINGS, game, scores, snapshot_of, weather

ARABIC = replace(UTC_SETTINGS, locale="ar")


def test_a_word_at_the_beginning_of_a_line_stands_at_the_right() -> None:
    style, size = PanelStyle(brand_colour="#000000"), Size(400, 200)
    for rtl in (False, True):
        tile = Tile.on(size, style, None, rtl=rtl)
        before = tile.image.copy()
        tile.write((tile.inner.x, 100), "Name", Face.STRONG, 30, (255, 255, 255))
        box = ImageChops.difference(before, tile.image).getbbox()
        assert box is not None
        assert (box[0] > 200) is rtl


def test_badges_change_sides_and_keep_their_letters() -> None:
    size, snapshot = Size(624, 300), scores(game())

    def blue(tile: Image.Image) -> tuple[int, int]:
        columns = [x for x in range(tile.width) for y in (130, 150) if tile.getpixel((x, y)) == (0x0B, 0x5F, 0xFF)]
        return min(columns), max(columns)

    left = blue(draw("scores", size, snapshot, UTC_SETTINGS, PanelStyle(unit=24), NOW, None))
    right = blue(draw("scores", size, snapshot, ARABIC, PanelStyle(unit=24), NOW, None))
    assert left[1] < 312 < right[0]
    assert left[1] - left[0] == right[1] - right[0]


def test_a_temperature_below_zero_keeps_its_sign_on_the_left() -> None:
    size = Size(300, 200)
    snapshot = weather(now={"temperature": -8.0}, days=[], hours=[], place="")
    plain, mirrored = (
        draw("weather", size, snapshot, said, PanelStyle(), NOW, None) for said in (UTC_SETTINGS, ARABIC)
    )
    ink = [tile.convert("L").point([255 if v > 180 else 0 for v in range(256)]) for tile in (plain, mirrored)]
    boxes = [picture.getbbox() for picture in ink]
    assert boxes[0] is not None
    assert boxes[1] is not None
    shift = boxes[1][0] - boxes[0][0]
    assert shift > 5
    moved = ImageChops.offset(plain.convert("L"), shift, 0).crop(boxes[1])
    assert ImageStat.Stat(ImageChops.difference(moved, mirrored.convert("L").crop(boxes[1]))).mean[0] < 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", SHAPES, ids=str)
def test_every_tile_has_a_mirrored_form_with_as_much_on_it(kind: PanelKind, size: Size) -> None:
    said = replace(ARABIC, brand=replace(UTC_SETTINGS.brand, title="Harbour", line="Lunch"))
    tile = draw(kind, size, snapshot_of(kind), said, PanelStyle(unit=24), NOW, None)
    assert ImageStat.Stat(tile.convert("L")).extrema[0][1] > 150
