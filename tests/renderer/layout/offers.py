"""What panels ask for, and the checks that every layout must pass."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import strategies as st

from config import PanelKind, Rect, Size
from renderer.layout import Layout, LayoutRules, PanelOffer

ALL_KINDS: tuple[PanelKind, ...] = ("weather", "scores", "headlines", "clock", "brand")
FULL_HD: dict[PanelKind, PanelOffer] = {
    "weather": PanelOffer("weather", Size(280, 160), Size(624, 520), Size(2700, 1250)),
    "scores": PanelOffer("scores", Size(280, 160), Size(624, 520), Size(2700, 1250)),
    "headlines": PanelOffer("headlines", Size(280, 120), Size(624, 320), Size(2700, 1000)),
    "clock": PanelOffer("clock", Size(200, 84), Size(624, 200), Size(1400, 640)),
    "brand": PanelOffer("brand", Size(200, 120), Size(624, 240), Size(1400, 640)),
}
"""At 1920x1080, as the panels had it when these tests were written: layouts are judged by shapes that stay."""

sides = st.integers(1, 10_000)
sizes = st.builds(Size, sides, sides)
limits = st.builds(Size, st.integers(0, 12_000), st.integers(0, 12_000))
offers = st.lists(
    st.builds(PanelOffer, st.sampled_from(ALL_KINDS), limits, limits, st.none() | limits),
    max_size=7,
    unique_by=lambda offer: offer.kind,
)
rules = st.builds(LayoutRules, st.floats(0.01, 40), st.integers(0, 20_000), st.booleans())


def offered(screen: Size, kinds: Sequence[PanelKind] = ALL_KINDS) -> tuple[PanelOffer, ...]:
    """The panels' wishes on this screen, by its short side."""
    k = min(screen.w, screen.h) / 1080

    def scaled(size: Size) -> Size:
        return Size(round(size.w * k), round(size.h * k))

    chosen = [FULL_HD[kind] for kind in kinds]
    return tuple(PanelOffer(o.kind, scaled(o.min), scaled(o.ideal), scaled(o.max or o.ideal)) for o in chosen)


def room_of(screen: Size, safe_margin: int) -> Rect:
    """The screen without its safe margin."""
    across, down = min(safe_margin, (screen.w - 1) // 2), min(safe_margin, (screen.h - 1) // 2)
    return Rect(across, down, screen.w - 2 * across, screen.h - 2 * down)


def check(layout: Layout, creative: Size | None, zone: Rect, asked: Sequence[PanelOffer], by: LayoutRules) -> None:
    """What holds for every layout. ``zone``: what the creative may fill."""
    room = room_of(layout.screen, by.safe_margin)
    rects = [panel.rect for panel in layout.panels]
    check_panels(layout, asked)
    if creative is None:
        assert layout.creative is None
    else:
        assert layout.creative is not None
        check_creative(layout, layout.creative, creative, zone, by)
        rects.append(layout.creative)
        assert not any(area.rect.overlaps(layout.creative) for area in layout.areas)
    assert all(area.rect.inside(room) and area.rect.size.pixels > 0 for area in layout.areas)
    assert all(rect.inside(room) and min(rect.w, rect.h) > 0 for rect in rects)
    assert not any(a.overlaps(b) for i, a in enumerate(rects) for b in rects[:i])
    assert layout.coverage == pytest.approx(sum(r.w * r.h for r in rects) / layout.screen.pixels)
    assert 0 <= layout.coverage <= 1


def check_creative(layout: Layout, rect: Rect, creative: Size, zone: Rect, by: LayoutRules) -> None:
    """As large as its zone and its limit allow, never cropped, no side more than half a pixel off."""
    scale = min(Fraction(zone.w, creative.w), Fraction(zone.h, creative.h))
    if not by.scalable:
        longer = max(creative.w, creative.h)
        scale = min(scale, Fraction(max(1, round(longer * by.max_upscale)), longer))
    assert rect.inside(zone)
    for got, side in ((rect.w, creative.w), (rect.h, creative.h)):
        assert abs(got - side * scale) <= Fraction(1, 2) or (got == 1 and side * scale < 1)
    assert layout.scale == pytest.approx(float(scale))
    off = min(
        abs(rect.w - Fraction(rect.h * creative.w, creative.h)), abs(rect.h - Fraction(rect.w * creative.h, creative.w))
    )
    assert off <= Fraction(1, 2) or 1 in (rect.w, rect.h)


def check_panels(layout: Layout, asked: Sequence[PanelOffer]) -> None:
    """Each in an area, each kind at most once, none under its least or over its most, in order of importance."""
    wishes = {offer.kind: offer for offer in asked}
    kinds = [panel.kind for panel in layout.panels]
    assert kinds == [offer.kind for offer in asked if offer.kind in kinds]
    for panel in layout.panels:
        wish, size = wishes[panel.kind], panel.rect.size
        assert any(panel.rect.inside(area.rect) for area in layout.areas)
        assert size.w >= wish.min.w
        assert size.h >= wish.min.h
        if wish.max is not None:
            assert size.w <= wish.max.w
            assert size.h <= wish.max.h
