"""compose: where the creative stands on real screens, and that its panels make one calm shape."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from config import LayoutConfig, Rect, Size
from renderer.layout import LayoutRules, PanelOffer, PanelRect, compose, grid_unit
from tests.renderer.layout.offers import check, offered, room_of

CREATIVES = (
    "300x250",
    "336x280",
    "728x90",
    "970x250",
    "160x600",
    "300x600",
    "320x50",
    "468x60",
    "200x200",
    "640x480",
    "1080x1920",
    "1920x1080",
)
SCREENS = (
    "1920x1080",
    "1080x1920",
    "3840x2160",
    "1400x400",
    "400x1400",
    "840x400",
    "1024x768",
    "1024x1024",
    "1280x720",
    "128x64",
)


@pytest.mark.parametrize("screen_text", SCREENS)
@pytest.mark.parametrize("creative_text", CREATIVES)
def test_common_creatives_on_common_screens(screen_text: str, creative_text: str) -> None:
    screen, creative = Size.parse(screen_text), Size.parse(creative_text)
    asked = offered(screen)
    layout = compose(screen, creative, asked, LayoutRules())
    check(layout, creative, room_of(screen, 0), asked, LayoutRules())
    assert layout.creative is not None
    unit = grid_unit(screen)
    if layout.template == "alone":
        assert not layout.panels
        assert not layout.areas
        assert abs(layout.creative.x - (screen.w - layout.creative.right)) <= 1
        assert abs(layout.creative.y - (screen.h - layout.creative.bottom)) <= 1
        return
    assert all(_distance(p.rect, layout.creative) >= unit for p in layout.panels)
    assert _in_one_grid([p.rect for p in layout.panels], unit)
    first = layout.panels[0].rect.size.pixels
    if len(layout.areas) == 1:
        assert all(p.rect.size.pixels <= first * 1.1 for p in layout.panels), "the first panel is the largest"
    else:
        assert all(_used(area.rect, layout.panels) for area in layout.areas), "an L-bar has panels in both arms"


def _distance(one: Rect, other: Rect) -> int:
    return max(one.x - other.right, other.x - one.right, one.y - other.bottom, other.y - one.bottom)


def _in_one_grid(rects: Sequence[Rect], unit: int) -> bool:
    return all(_distance(a, b) >= unit for i, a in enumerate(rects) for b in rects[:i])


def _used(area: Rect, panels: Sequence[PanelRect]) -> bool:
    return any(panel.rect.inside(area) for panel in panels)


@pytest.mark.parametrize(
    ("screen", "creative", "rect", "template"),
    [
        ("1920x1080", "300x250", (0, 0, 1296, 1080), "column"),
        ("1920x1080", "160x600", (0, 0, 288, 1080), "column"),
        ("1920x1080", "728x90", (0, 0, 1920, 237), "band"),
        ("1080x1920", "300x250", (0, 0, 1080, 900), "band"),
        ("1080x1920", "1920x1080", (0, 0, 1080, 608), "band"),
        ("1920x1080", "1920x1080", (0, 0, 1920, 1080), "alone"),
        ("1400x400", "970x250", (0, 19, 1400, 361), "alone"),
        ("1080x1920", "300x600", (60, 0, 960, 1920), "alone"),
        ("1920x1080", "1280x800", (96, 0, 1728, 1080), "alone"),
        # limited: nearly as high as the screen, the same air all round
        ("1920x1080", "200x200", (40, 40, 1000, 1000), "column"),
        # limited: a banner over a band, in the middle
        ("1920x1080", "320x50", (160, 24, 1600, 250), "band"),
        ("3840x2160", "728x90", (100, 100, 3640, 450), "band"),
        # limited on both sides: one more tile of the grid
        ("3840x2160", "300x250", (48, 48, 1500, 1250), "l-bar"),
        ("3840x2160", "320x50", (48, 48, 1600, 250), "l-bar"),
    ],
)
def test_where_the_creative_stands(screen: str, creative: str, rect: tuple[int, int, int, int], template: str) -> None:
    size = Size.parse(screen)
    layout = compose(size, Size.parse(creative), offered(size), LayoutRules())
    assert layout.creative == Rect(*rect)
    assert layout.template == template


def test_the_panels_of_a_limited_creative_keep_to_its_edges() -> None:
    layout = compose(Size(1920, 1080), Size(200, 200), offered(Size(1920, 1080)), LayoutRules())
    assert layout.panel_area == Rect(1064, 40, 816, 1000)
    assert max(p.rect.right for p in layout.panels) == 1880


def test_an_l_bar_covers_more_than_a_column_or_a_band() -> None:
    screen = Size(3840, 2160)
    layout = compose(screen, Size(300, 250), offered(screen), LayoutRules())
    assert [area.rect for area in layout.areas] == [Rect(1596, 48, 2196, 1250), Rect(48, 1346, 3744, 766)]
    assert layout.coverage > 0.88


@pytest.mark.parametrize("creative", ["300x250", "336x280"])
def test_the_arms_of_an_l_bar_line_up_with_the_creative(creative: str) -> None:
    """The column begins where a panel of the band does."""
    screen = Size(3840, 2160)
    layout = compose(screen, Size.parse(creative), offered(screen), LayoutRules())
    column, band = (area.rect for area in layout.areas)
    assert column.x in {p.rect.x for p in layout.panels if p.rect.inside(band)}


def test_one_panel_is_no_l_bar() -> None:
    screen = Size(3840, 2160)
    layout = compose(screen, Size(300, 250), offered(screen, ("weather",)), LayoutRules())
    assert layout.template in ("column", "band")
    assert len(layout.areas) == 1


def test_a_rest_too_small_for_any_panel_is_shared_by_both_sides() -> None:
    layout = compose(Size(1000, 1000), Size(950, 1000), offered(Size(1000, 1000)), LayoutRules())
    assert layout.creative == Rect(25, 0, 950, 1000)
    assert layout.panel_area is None


def test_a_column_too_narrow_to_be_one_is_a_scrap() -> None:
    """226 px hold a clock, which would stand there like a mistake."""
    clock = PanelOffer("clock", Size(100, 50), Size(600, 200))
    layout = compose(Size(1920, 1080), Size(1670, 1080), (clock,), LayoutRules())
    assert layout.template == "alone"


def test_without_panels_the_creative_is_centred() -> None:
    layout = compose(Size(1920, 1080), Size(300, 250), (), LayoutRules())
    assert layout.creative == Rect(312, 0, 1296, 1080)


def test_a_scalable_creative_is_not_bound_by_the_upscale_limit() -> None:
    bound = compose(Size(3840, 2160), Size(300, 250), (), LayoutRules(max_upscale=2))
    free = compose(Size(3840, 2160), Size(300, 250), (), LayoutRules(max_upscale=2, scalable=True))
    assert bound.creative is not None
    assert free.creative is not None
    assert bound.creative.size == Size(600, 500)
    assert free.creative.size == Size(2592, 2160)


def test_a_safe_margin_stays_free_and_replaces_the_outer_margin() -> None:
    layout = compose(Size(1920, 1080), Size(300, 250), offered(Size(1920, 1080)), LayoutRules(safe_margin=40))
    assert layout.creative == Rect(40, 40, 1200, 1000)
    assert layout.panel_area == Rect(1264, 40, 616, 1000)


def test_full_screen_content_fills_the_screen_but_a_margin() -> None:
    layout = compose(Size(1920, 1080), None, offered(Size(1920, 1080)), LayoutRules())
    assert layout.creative is None
    assert layout.template == "content"
    assert layout.panel_area == Rect(48, 48, 1824, 984)
    assert len(layout.panels) == 5


def test_a_screen_without_anything_to_say_is_empty() -> None:
    layout = compose(Size(1920, 1080), None, (), LayoutRules())
    assert (layout.template, layout.panels, layout.coverage) == ("empty", (), 0)


def test_the_rules_come_from_the_config() -> None:
    assert LayoutRules.of(LayoutConfig(max_upscale=3.5, safe_margin=7)) == LayoutRules(3.5, 7, scalable=False)
