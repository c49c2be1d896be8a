"""compose: never distorts, never crops, one calm area; for every screen and every creative."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import LayoutConfig, Rect, Size
from renderer.layout import Layout, LayoutRules, PanelOffer, compose, grid_unit

WEATHER = PanelOffer("weather", Size(260, 180), Size(624, 520))
SCORES = PanelOffer("scores", Size(260, 180), Size(624, 520))
CLOCK = PanelOffer("clock", Size(160, 80), Size(624, 180))
OFFERS = (WEATHER, SCORES, CLOCK)
BANNERS = ("300x250", "728x90", "160x600", "300x600", "320x50", "970x250", "1080x1920", "1920x1080")
SCREENS = ("1920x1080", "1080x1920", "1400x400", "3840x2160", "400x1400", "1280x720", "1024x1024")

sides = st.integers(1, 10_000)
sizes = st.builds(Size, sides, sides)
offer = st.builds(PanelOffer, st.sampled_from(["weather", "scores", "clock"]), sizes, sizes)


def scaled(screen: Size) -> tuple[PanelOffer, ...]:
    k = min(screen.w, screen.h) / 1080
    return tuple(
        PanelOffer(
            o.kind, Size(round(o.min.w * k), round(o.min.h * k)), Size(round(o.ideal.w * k), round(o.ideal.h * k))
        )
        for o in OFFERS
    )


def check(layout: Layout, creative: Size | None, rules: LayoutRules) -> None:
    """What holds for every layout."""
    screen = layout.screen
    across = min(rules.safe_margin, (screen.w - 1) // 2)
    down = min(rules.safe_margin, (screen.h - 1) // 2)
    room = Rect(across, down, screen.w - 2 * across, screen.h - 2 * down)
    rects = [p.rect for p in layout.panels]
    if layout.panel_area is not None:
        assert layout.panel_area.inside(room)
        assert all(r.inside(layout.panel_area) for r in rects)
    if creative is not None:
        rect = layout.creative
        assert rect is not None
        rects.append(rect)
        scale = min(Fraction(room.w, creative.w), Fraction(room.h, creative.h))
        if not rules.scalable:
            scale = min(scale, Fraction(rules.max_upscale))
        for got, side in ((rect.w, creative.w), (rect.h, creative.h)):
            assert abs(got - side * scale) <= Fraction(1, 2) or got == 1
        assert layout.scale == pytest.approx(float(scale))
    assert all(r.inside(room) and r.w > 0 and r.h > 0 for r in rects)
    assert not any(a.overlaps(b) for i, a in enumerate(rects) for b in rects[:i])
    assert layout.coverage == pytest.approx(sum(r.w * r.h for r in rects) / screen.pixels)
    assert 0 <= layout.coverage <= 1


@settings(max_examples=300, deadline=None)
@given(
    screen=sizes,
    creative=st.none() | sizes,
    offers=st.lists(offer, max_size=4),
    max_upscale=st.floats(1, 20),
    safe_margin=st.integers(0, 400),
    scalable=st.booleans(),
)
def test_any_screen_and_creative_has_a_layout(
    screen: Size, creative: Size | None, offers: list[PanelOffer], max_upscale: float, safe_margin: int, scalable: bool
) -> None:
    rules = LayoutRules(max_upscale, safe_margin, scalable)
    layout = compose(screen, creative, offers, rules)
    check(layout, creative, rules)
    assert layout == compose(screen, creative, offers, rules)
    for panel in layout.panels:
        least = min((o.min for o in offers if o.kind == panel.kind), key=lambda s: (s.w, s.h))
        assert panel.rect.w >= least.w or panel.rect.h >= least.h


@pytest.mark.parametrize("screen_text", SCREENS)
@pytest.mark.parametrize("creative_text", BANNERS)
def test_common_banners_on_common_screens(screen_text: str, creative_text: str) -> None:
    screen, creative = Size.parse(screen_text), Size.parse(creative_text)
    offers = scaled(screen)
    layout = compose(screen, creative, offers, LayoutRules())
    check(layout, creative, LayoutRules())
    unit = grid_unit(screen)
    assert [p.kind for p in layout.panels] == [o.kind for o in offers if o.kind in {p.kind for p in layout.panels}]
    for panel in layout.panels:
        asked = next(o for o in offers if o.kind == panel.kind)
        assert panel.rect.w >= asked.min.w
        assert panel.rect.h >= asked.min.h
    if not layout.panels:
        assert layout.template == "alone"
        return
    assert layout.creative is not None
    assert layout.panel_area is not None
    first = layout.panels[0].rect.size.pixels
    assert all(p.rect.size.pixels <= first * 1.05 for p in layout.panels), "the first panel is the largest"
    for one in layout.panels:
        for other in layout.panels:
            if one is not other:
                assert _gap(one.rect, other.rect) >= unit, "tiles are one unit apart"
    if layout.template == "column":
        assert layout.panel_area.x - layout.creative.right >= unit
        assert layout.panel_area.right == screen.w - unit
    else:
        assert layout.panel_area.y - layout.creative.bottom >= unit
        assert layout.panel_area.bottom == screen.h - unit


def _gap(one: Rect, other: Rect) -> int:
    across = max(one.x - other.right, other.x - one.right)
    down = max(one.y - other.bottom, other.y - one.bottom)
    return max(across, down)


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
        ("1920x1080", "320x50", (160, 72, 1600, 250), "band"),
        ("3840x2160", "300x250", (144, 455, 1500, 1250), "column"),
    ],
)
def test_where_the_creative_stands(screen: str, creative: str, rect: tuple[int, int, int, int], template: str) -> None:
    size = Size.parse(screen)
    layout = compose(size, Size.parse(creative), scaled(size), LayoutRules())
    assert layout.creative == Rect(*rect)
    assert layout.template == template


def test_a_rest_too_small_for_any_panel_is_shared_by_both_sides() -> None:
    layout = compose(Size(1000, 1000), Size(950, 1000), OFFERS, LayoutRules())
    assert layout.creative == Rect(25, 0, 950, 1000)
    assert layout.panel_area is None


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
    layout = compose(Size(1920, 1080), Size(300, 250), OFFERS, LayoutRules(safe_margin=40))
    assert layout.creative == Rect(40, 40, 1200, 1000)
    assert layout.panel_area == Rect(1264, 40, 616, 1000)


def test_full_screen_content_fills_the_screen_but_a_margin() -> None:
    layout = compose(Size(1920, 1080), None, OFFERS, LayoutRules())
    assert layout.creative is None
    assert layout.template == "content"
    assert layout.panel_area == Rect(48, 48, 1824, 984)
    assert [p.kind for p in layout.panels] == ["weather", "scores", "clock"]


def test_a_side_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="under one pixel"):
        compose(Size(1920, 1080), Size(0, 10), OFFERS, LayoutRules())


def test_the_rules_come_from_the_config() -> None:
    assert LayoutRules.of(LayoutConfig(max_upscale=3.5, safe_margin=7)) == LayoutRules(3.5, 7, scalable=False)
