"""What is drawn, looked at as pixels: sizes, corners, what is inside, what is kept clear."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from config import PanelKind, Size
from renderer.panels import PanelStyle, Theme, draw
from renderer.panels._forecast import Day, degrees_text
from renderer.panels._outlook import Columns
from renderer.panels._tile import Box
from renderer.panels._type import Face, width
from tests.renderer.panels.samples import (
    BRAND,
    KINDS,
    NOW,
    SHAPES,
    UTC_SETTINGS,
    game,
    ground,
    scores,
    snapshot_of,
    weather,
)

SAID = replace(UTC_SETTINGS, brand=BRAND)
THEMES: tuple[Theme, ...] = ("dark", "light")
BACKDROP = (200, 90, 40)


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[Image.Image, str], str]:
    """Writes a picture that a test is not happy with, and says where."""

    def write(picture: Image.Image, name: str) -> str:
        folder = tmp_path / "out"
        folder.mkdir(exist_ok=True)
        picture.save(folder / f"{name}.png")
        return f"see {folder / name}.png"

    return write


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SHAPES, ids=str)
def test_a_tile_is_exactly_its_size_with_soft_corners_and_a_clear_margin(
    kind: PanelKind, theme: Theme, size: Size, keep: Callable[[Image.Image, str], str]
) -> None:
    tile = draw(kind, size, snapshot_of(kind), SAID, PanelStyle(theme), NOW, ground(size, BACKDROP))
    said = keep(tile, f"{kind}-{theme}-{size}")
    assert (tile.mode, tile.size) == ("RGB", (size.w, size.h))
    for corner in ((0, 0), (size.w - 1, 0), (0, size.h - 1), (size.w - 1, size.h - 1)):
        assert tile.getpixel(corner) == BACKDROP, said
    empty = draw("weather", size, None, UTC_SETTINGS, PanelStyle(theme), NOW, None)
    assert ImageStat.Stat(ImageChops.difference(tile, empty)).sum[0] > 0
    assert not _ink_in_margin(tile, theme), said


def _ink_in_margin(tile: Image.Image, theme: Theme) -> bool:
    """True when a strip inside the left, upper or right edge holds anything but glass."""
    inset, thick = 3, 4
    w, h = tile.size
    for box in (
        (inset, h // 4, inset + thick, h * 3 // 4),
        (w - inset - thick, h // 4, w - inset, h * 3 // 4),
        (w // 4, inset, w * 3 // 4, inset + thick),
    ):
        for low, high in tile.crop(box).getextrema():  # type: ignore[misc]
            if high - low > 40 or (high > 200) != (theme == "light"):
                return True
    return False


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("backdrop", [(255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 255, 80), (250, 220, 30)])
def test_the_figures_stand_out_from_the_glass_over_any_creative(
    theme: Theme, backdrop: tuple[int, int, int], keep: Callable[[Image.Image, str], str]
) -> None:
    size = Size(624, 520)
    for kind in KINDS:
        tile = draw(kind, size, snapshot_of(kind), SAID, PanelStyle(theme), NOW, ground(size, backdrop))
        grey = tile.convert("L").crop((30, 30, 594, 490))
        low, high = grey.getextrema()
        glass = int(ImageStat.Stat(grey).median[0])
        far = high - glass if theme == "dark" else glass - low  # type: ignore[operator]
        assert far > 150, keep(tile, f"{kind}-{theme}-{backdrop}")


def test_the_same_in_is_the_same_out() -> None:
    size = Size(624, 520)
    one, other = (
        draw("weather", size, weather(), UTC_SETTINGS, PanelStyle(), NOW, ground(size, BACKDROP)) for _ in range(2)
    )
    assert one.tobytes() == other.tobytes()


def test_the_backdrop_is_not_drawn_upon() -> None:
    behind = ground(Size(300, 200), BACKDROP)
    draw("clock", Size(300, 200), None, UTC_SETTINGS, PanelStyle(), NOW, behind)
    assert behind.getcolors() == [(60_000, BACKDROP)]


def test_without_a_backdrop_the_corners_are_the_brand_colour() -> None:
    tile = draw("clock", Size(300, 200), None, UTC_SETTINGS, PanelStyle(brand_colour="#336699"), NOW, None)
    assert tile.getpixel((0, 0)) == (0x33, 0x66, 0x99)


def test_a_team_colour_is_on_the_tile() -> None:
    tile = draw("scores", Size(624, 520), scores(game()), UTC_SETTINGS, PanelStyle(), NOW, None)
    for colour in ((0x0B, 0x5F, 0xFF), (0xC8, 0x10, 0x2E)):
        assert sum(n for n, c in tile.getcolors(1 << 20) or [] if c == colour) > 500


def _ink_rows(tile: Image.Image, columns: tuple[int, int]) -> list[int]:
    """The rows of a tile that hold ink between two columns."""
    part = tile.convert("L").crop((columns[0], 0, columns[1], tile.height))
    spans = (part.crop((0, y, part.width, y + 1)).getextrema() for y in range(part.height))
    return [y for y, (low, high) in enumerate(spans) if high - low > 60]  # type: ignore[operator]


@pytest.mark.parametrize(("size", "unit"), [(Size(1872, 537), 24.0), (Size(1182, 382), 12.5)])
def test_a_wide_high_weather_tile_leaves_no_half_of_it_empty(size: Size, unit: float) -> None:
    """In a band this high the temperature alone took two thirds, and nothing stood on the right."""
    tile = draw("weather", size, weather(), UTC_SETTINGS, PanelStyle(unit=unit), NOW, None)
    right = _ink_rows(tile, (size.w * 3 // 4, size.w - 20))
    assert len(right) > size.h * 0.25


@pytest.mark.parametrize(("size", "unit"), [(Size(587, 249), 12.5), (Size(924, 409), 24.0), (Size(407, 177), 9.7)])
def test_games_fill_the_height_rather_than_float_in_it(size: Size, unit: float) -> None:
    tile = draw("scores", size, scores(), UTC_SETTINGS, PanelStyle(unit=unit), NOW, None)
    rows = _ink_rows(tile, (10, size.w // 2))
    gaps = [after - before for before, after in itertools.pairwise(rows)]
    assert max(gaps) < size.h * 0.14
    assert rows[-1] > size.h * 0.8


@pytest.mark.parametrize("wide", [230, 280, 330, 380, 430, 480, 560, 700])
@pytest.mark.parametrize(("low", "high"), [(4, 9), (-28, -12), (88, 104)])
def test_the_days_figures_stand_clear_of_their_icons_at_any_width(wide: int, low: float, high: float) -> None:
    days = [Day(NOW.date(), low, high, None, None)] * 5
    columns = Columns.of(Box(0, 0, wide, 400), 24, days)
    figures = width(degrees_text(low), Face.TEXT, columns.unit * 1.12)
    assert columns.icon + columns.unit * 1.75 <= columns.low_right - figures + 1
    assert columns.low_right <= wide - width(degrees_text(high), Face.STRONG, columns.unit * 1.12)
    assert columns.bar is None or columns.bar[1] - columns.bar[0] >= columns.unit * 2


def test_a_reading_that_differs_makes_a_picture_that_differs() -> None:
    size = Size(624, 520)
    pictures = {
        draw(
            "weather",
            size,
            weather(now={"temperature": t, "code": c, "is_day": d}),
            UTC_SETTINGS,
            PanelStyle(),
            NOW,
            None,
        ).tobytes()
        for t, c, d in ((21, 2, True), (22, 2, True), (21, 61, True), (21, 2, False))
    }
    assert len(pictures) == 4


def test_the_clock_moves_with_the_minute_only() -> None:
    size = Size(300, 200)

    def at(minute: int, second: int) -> bytes:
        moment = NOW.replace(minute=minute, second=second)
        return draw("clock", size, None, UTC_SETTINGS, PanelStyle(), moment, None).tobytes()

    assert at(47, 0) == at(47, 59)
    assert at(47, 59) != at(48, 0)


@pytest.mark.parametrize("size", SHAPES, ids=str)
def test_the_clocks_figures_keep_their_height_all_day(size: Size) -> None:
    """11:11 is narrower than 14:41 in a display cut; it must not be set larger for that."""

    def top(hour: int, minute: int) -> int:
        moment = NOW.replace(hour=hour, minute=minute)
        tile = draw("clock", size, None, UTC_SETTINGS, PanelStyle(brand_colour="#000000"), moment, None)
        box = tile.convert("L").point([255 if v > 128 else 0 for v in range(256)]).getbbox()
        assert box is not None
        return box[1]

    assert abs(top(11, 11) - top(14, 41)) <= 1
