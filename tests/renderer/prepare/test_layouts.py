"""What a layout leaves in a plate: its areas, the operator's templates, the backdrop."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from config import Config, LayoutConfig, PanelKind, PrepareConfig, Rect, Size, TemplateConfig
from renderer.layout import LayoutRules, PanelArea, compose
from renderer.plate import PlateFile
from renderer.prepare import Geometry, Prepared, plate_key, prepare_file

KINDS: tuple[PanelKind, ...] = ("weather", "scores", "clock")
SIDE = TemplateConfig(
    name="side",
    for_screens=("landscape",),
    creative="0 0 60% 100%",
    anchor="top-left",
    panels=("clock: 60% 0 40% 50%", "weather: 60% 50% 40% 50%"),
)


@pytest.fixture
def banner(tmp_path: Path) -> Path:
    path = tmp_path / "banner.png"
    Image.new("RGB", (60, 50), "#d04010").save(path)
    return path


def made(banner: Path, geometry: Geometry, out: Path) -> Prepared:
    return prepare_file(banner, geometry, PrepareConfig(), out)


def test_an_l_bar_keeps_both_its_arms(banner: Path, tmp_path: Path) -> None:
    geometry = Geometry(Size(1280, 720), max_upscale=8.0, panels=KINDS)
    layout = compose(geometry.screen, Size(60, 50), geometry.offers(), LayoutRules(8.0))
    assert layout.template == "l-bar"
    prepared = made(banner, geometry, tmp_path)
    with PlateFile.open(prepared.file) as file:
        assert file.plate_fields.areas == layout.areas
        assert len(layout.areas) == 2
    assert prepared.plate.creative_rect == layout.creative
    assert prepared.plate.panel_area == max((a.rect for a in layout.areas), key=lambda rect: rect.size.pixels)


def test_a_template_decides_where_everything_stands(banner: Path, tmp_path: Path) -> None:
    prepared = made(banner, Geometry(Size(1000, 500), max_upscale=6.0, panels=KINDS, templates=(SIDE,)), tmp_path)
    assert prepared.plate.creative_rect == Rect(0, 0, 360, 300)
    with PlateFile.open(prepared.file) as file:
        assert file.plate_fields.areas == (
            PanelArea(Rect(600, 0, 400, 250), ("clock",)),
            PanelArea(Rect(600, 250, 400, 250), ("weather",)),
        )


def test_a_changed_zone_is_another_plate() -> None:
    geometry = Geometry(Size(1000, 500), templates=(SIDE,))
    keys = {
        plate_key("aa" * 32, one)
        for one in (
            geometry,
            replace(geometry, templates=()),
            replace(geometry, templates=(replace(SIDE, creative="0 0 59% 100%"),)),
            replace(geometry, templates=(replace(SIDE, anchor="left"),)),
            replace(geometry, templates=(replace(SIDE, for_creatives=("4:3",)),)),
            replace(geometry, backdrop="black"),
        )
    }
    assert len(keys) == 6


def test_templates_for_other_screens_do_not_touch_this_screens_plates() -> None:
    config = Config(layout=LayoutConfig(template=(SIDE,)))
    assert Geometry.of(config, Size(1000, 500)).templates == (SIDE,)
    assert Geometry.of(config, Size(500, 1000)) == Geometry.of(Config(), Size(500, 1000))


def test_black_is_asked_for(banner: Path, tmp_path: Path) -> None:
    prepared = made(banner, Geometry(Size(320, 90), panels=(), backdrop="black"), tmp_path)
    with PlateFile.open(prepared.file) as file:
        screen = Image.frombytes("RGB", (320, 90), file.base, "raw", "BGRX")
    place = prepared.plate.creative_rect
    assert place == Rect(106, 0, 108, 90)
    assert screen.crop((0, 0, place.x, 90)).getcolors() == [(place.x * 90, (0, 0, 0))]
    assert screen.getpixel((160, 45)) != (0, 0, 0)
